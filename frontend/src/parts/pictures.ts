// A file as a small picture or its name, and a picture as it is.

import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icons.js";
import { mediumOf } from "./media.js";

const THUMBNAIL = 384;
const LARGEST = 2048; // that the hub makes

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

/** The picture as it is; one that browsers do not show, such as a TIFF, as a JPEG. */
export function whole(url: string, name: string, part: "before" | "" = ""): TemplateResult {
  return html`<img src=${url} alt=${name} draggable="false" class=${part} @error=${asJpeg} />`;
}

function asJpeg(event: Event): void {
  const picture = event.currentTarget as HTMLImageElement;
  const jpeg = new URL(picture.src);
  if (jpeg.search) return;
  jpeg.search = `?thumbnail=${LARGEST}`;
  picture.src = jpeg.href;
}
