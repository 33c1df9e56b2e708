// Two pictures in one frame: left of a line the one, right of it the other. The line stands still
// on the screen while the pictures are enlarged and moved below it.

import { html, type TemplateResult } from "lit";
import { t } from "../text/text.js";
import { whole } from "./pictures.js";

const HANDLE = 44; // pixels, as in the style

export interface Sized {
  url: string;
  name: string;
  width: number;
  height: number;
}

/** What was before, laid over what came of it, in the size of the latter. */
export function twoPictures(before: { url: string; title: string }, after: Sized): TemplateResult {
  const size = `--width: ${after.width}; --height: ${after.height}`;
  return html`<div class="wipe" .style=${size}>
    ${whole(after.url, after.name)} ${whole(before.url, before.title, "before")}
  </div>`;
}

/** The line, over the whole width of what surrounds the pictures; `moved` draws them anew. */
export function line(moved: () => void): TemplateResult {
  return html`<input type="range" class="wipe-line" min="0" max="1" step="0.002" value="0.5" aria-label=${t("lightbox.wipe")} @input=${moved} />`;
}

/** Cut both pictures where the line is. */
export function cut(root: ParentNode): void {
  const pictures = root.querySelector<HTMLElement>(".wipe");
  const line = root.querySelector<HTMLInputElement>(".wipe-line");
  if (!pictures || !line) return;
  const [frame, track] = [pictures.getBoundingClientRect(), line.getBoundingClientRect()];
  const at = track.left + HANDLE / 2 + line.valueAsNumber * (track.width - HANDLE);
  const share = (at - frame.left) / frame.width;
  pictures.style.setProperty("--at", String(Math.min(1, Math.max(0, share))));
}
