// Line drawings on a grid of 24.

import { svg, html, type TemplateResult } from "lit";

const DRAWINGS = {
  overview: "M4 13h6V4H4zM14 20h6v-9h-6zM14 7h6V4h-6zM4 20h6v-3H4z",
  automations: "M13 3 5 14h6l-1 7 8-11h-6z",
  workflows: "M4 5h6v5H4zM14 14h6v5h-6zM7 10v6.5h7",
  runs: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  gallery: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  schedule: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  webhooks: "M9 15a3.5 3.5 0 1 1-3-3M12 5a3.5 3.5 0 1 1 2.6 6M12 8.5l-5 8M12 8l5 8.5M6 16.5h8.5M18 13a3.5 3.5 0 1 1-3 5",
  system: "M5 4h14v6H5zM5 14h14v6H5zM8 7h.01M8 17h.01",
  why: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18h.01",
  settings: "M4 7h8M18 7h2M4 17h2M12 17h8M15 4.5v5M9 14.5v5",
  more: "M4 6h16M4 12h16M4 18h16",
  play: "M7 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
  cancel: "M6 6l12 12M18 6 6 18",
  again: "M5 12a7 7 0 1 1 2 5M5 12V7M5 12h5",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  previous: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  star: "M12 4l2.5 5.2 5.5.8-4 4 1 5.6-5-2.7-5 2.7 1-5.6-4-4 5.5-.8z",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  dice: "M5 5h14v14H5zM9 9h.01M15 9h.01M9 15h.01M15 15h.01M12 12h.01",
  upload: "M12 16V5M7 9l5-5 5 5M5 20h14",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  sound: "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-2.5-2.5A2.5 2.5 0 0 1 9 18zM19 16a2.5 2.5 0 1 1-2.5-2.5A2.5 2.5 0 0 1 19 16z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  first: "M12 19V6M6 11l6-6 6 6M5 3h14",
  compare: "M4 5h7v14H4zM13 5h7v14h-7z",
  larger: "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM15.5 15.5L20 20M10.5 8v5M8 10.5h5",
  smaller: "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM15.5 15.5L20 20M8 10.5h5",
  plus: "M12 5v14M5 12h14",
  user: "M12 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8zM4 20c1-4 4-6 8-6s7 2 8 6",
  key: "M8 11a4 4 0 1 1 0 8a4 4 0 0 1 0-8zM11 12l8-8M16 7l3 3M13 10l2 2",
  pack: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  tag: "M4 4h8l8 8-8 8-8-8zM8.5 8.5h.01",
} as const;

export type IconName = keyof typeof DRAWINGS;

/** Decoration: what it stands for is said by a text beside it, or by the label of its button. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${DRAWINGS[name]} />`}</svg>`;
}
