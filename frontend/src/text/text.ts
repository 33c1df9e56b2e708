// Texts of the page in the language of its user. Sentences that the hub itself says stay as they are.

import { en, type Key, type Texts } from "./en.js";

export type { Key };

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

const LOADERS: Record<Language, () => Promise<Texts>> = {
  en: async () => en,
  de: async () => (await import("./de.js")).de,
};

/** What the hub says of settings; English is what it sends. */
const HELPS: Record<Language, () => Promise<Record<string, string>>> = {
  en: async () => ({}),
  de: async () => (await import("./helps-de.js")).helps,
};

let helps: Record<string, string> | undefined;
let texts: Texts = en;
let chosen: Language = "en";

/** The language of the page, and with its region the one that times are written in. */
export function language(): Language {
  return chosen;
}

/** Which one was asked for, or else fits the browser's. */
export function wantedLanguage(): Language {
  const asked = localStorage.getItem("language") ?? "";
  const words = [asked, ...navigator.languages].map((tag) => tag.slice(0, 2));
  return (words.find((word) => word in LANGUAGES) ?? "en") as Language;
}

export async function speak(language: Language): Promise<void> {
  texts = await LOADERS[language]();
  chosen = language;
  if (helps) await learnHelps();
  document.documentElement.lang = language;
}

/** Have what the hub says of settings at hand, in this language and each that is chosen later. */
export async function learnHelps(): Promise<void> {
  helps = await HELPS[chosen]();
}

/** What the hub says of a setting, in the language of the page, without the marks of code in it. */
export function help(said: string): string {
  return (helps?.[said] ?? said).replaceAll("`", "");
}

/** The text of that key. `{name}` in it is filled from `values`; of two forms with a | between
 * them, the first is for a `count` of one. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const [one = "", other = one] = texts[key].split(" | ");
  const form = other !== one && values["count"] === 1 ? one : other;
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The text for a word of the hub's, such as a state; the word itself where there is none. */
export function word(kind: string, name: string): string {
  const key = `${kind}.${name}`;
  return key in texts ? texts[key as Key] : name.replaceAll("_", " ");
}
