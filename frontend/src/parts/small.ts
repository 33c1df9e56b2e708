// A file at a glance: a small picture of it, or its name.

import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icons.js";
import { mediumOf } from "./media.js";

const THUMBNAIL = 384;

/** What a tile shows of the file at `url`. */
export function small(url: string, name: string): TemplateResult {
  const medium = mediumOf({ name });
  const isSeen = medium === "picture" || medium === "video";
  return html`${isSeen
    ? html`<img src="${url}?thumbnail=${THUMBNAIL}" alt=${name} loading="lazy" @error=${fallBack} />`
    : html`${icon(medium === "sound" ? "sound" : "file")}<span>${name}</span>`}
  ${medium === "video" ? html`<span class="badge">${icon("play")}</span>` : nothing}`;
}

/** A file that is gone, or that no probe can open, is shown by its name. */
function fallBack(event: Event): void {
  const picture = event.currentTarget as HTMLImageElement;
  picture.hidden = true;
  picture.parentElement?.classList.add("unseen");
}
