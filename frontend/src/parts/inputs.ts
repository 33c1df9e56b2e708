// Files that went into a run, or came with an event, as small pictures that open as they are.

import { html, type TemplateResult } from "lit";
import type { GivenFile } from "../hub/records.js";
import { small } from "./pictures.js";

export function inputsOf(given: Pick<GivenFile, "url" | "title">[]): TemplateResult {
  return html`<ul class="tiles">
    ${given.map(({ url, title }) => html`<li>
      <a class="tile" href=${url} target="_blank" title=${title} aria-label=${title}>${small(url, title)}</a>
    </li>`)}
  </ul>`;
}
