// Outputs as small pictures that open in the lightbox.

import { html, type TemplateResult } from "lit";
import type { Piece, Run } from "../hub/records.js";
import { icon } from "./icons.js";
import { openLightbox } from "./lightbox.js";
import { mediumOf } from "./media.js";

const THUMBNAIL = 384;

export function tile(piece: Piece, open: () => void): TemplateResult {
  const medium = mediumOf(piece);
  const isSeen = medium === "picture" || medium === "video";
  return html`<button type="button" class="tile" aria-label=${piece.name} title=${piece.name} @click=${open}>
    ${isSeen
      ? html`<img src="${piece.url}?thumbnail=${THUMBNAIL}" alt=${piece.name} loading="lazy" @error=${fallBack} />`
      : html`${icon(medium === "sound" ? "sound" : "file")}<span>${piece.name}</span>`}
    ${medium === "video" ? html`<span class="badge">${icon("play")}</span>` : ""}
  </button>`;
}

/** The outputs of one run in a line. */
export function outputsOf(run: Run): TemplateResult {
  const pieces = piecesOf(run);
  return html`<ul class="tiles">
    ${pieces.map((piece, index) => html`<li>${tile(piece, () => openLightbox(pieces, index))}</li>`)}
  </ul>`;
}

export function piecesOf(run: Run): Piece[] {
  return run.outputs.map((output) => ({
    ...output,
    tags: [],
    created_at: run.ended_at ?? run.created_at,
    run: run.number,
    workflow: run.workflow,
    automation: run.automation,
  }));
}

/** A file that is gone, or that no probe can open, is shown by its name. */
function fallBack(event: Event): void {
  const picture = event.currentTarget as HTMLImageElement;
  picture.hidden = true;
  picture.parentElement?.classList.add("unseen");
}
