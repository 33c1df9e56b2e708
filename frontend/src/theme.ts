// Light, dark, or as the system has it.

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export function theme(): Theme {
  const kept = localStorage.getItem("theme");
  return THEMES.find((name) => name === kept) ?? "system";
}

export function chooseTheme(name: Theme): void {
  localStorage.setItem("theme", name);
  applyTheme();
}

export function applyTheme(): void {
  document.documentElement.dataset["theme"] = theme();
}
