// Outputs as small pictures that open in the lightbox.

import { html, nothing, type TemplateResult } from "lit";
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

/** The outputs of one run in a line; of more than `most`, the last tile says how many more. */
export function outputsOf(run: Run, most = Infinity): TemplateResult {
  const pieces = piecesOf(run);
  const shown = pieces.slice(0, most);
  const beyond = pieces.length - shown.length;
  return html`<ul class="tiles">
    ${shown.map((piece, index) => html`<li>
      ${tile(piece, () => openLightbox(pieces, index))}
      ${beyond && index === most - 1 ? html`<span class="rest" aria-hidden="true">+${beyond}</span>` : nothing}
    </li>`)}
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
