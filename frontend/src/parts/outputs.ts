// Outputs as small pictures that open in the lightbox.

import { html, nothing, type TemplateResult } from "lit";
import type { Piece, Run } from "../hub/records.js";
import { openLightbox } from "./lightbox.js";
import { small } from "./pictures.js";

export function tile(piece: Piece, open: () => void): TemplateResult {
  return html`<button type="button" class="tile" aria-label=${piece.name} title=${piece.name} @click=${open}>
    ${small(piece.url, piece.name)}
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
