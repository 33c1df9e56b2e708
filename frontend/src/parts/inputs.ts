// Files that went into a run, or came with an event, as small pictures that open as they are.

import { html, type TemplateResult } from "lit";
import type { GivenFile } from "../hub/records.js";
import { small } from "./pictures.js";

type Shown = Pick<GivenFile, "url" | "title">;

export function inputsOf(given: Shown[]): TemplateResult {
  return html`<ul class="tiles">${given.map((file) => html`<li>${inputLink(file)}</li>`)}</ul>`;
}

export function inputLink({ url, title }: Shown): TemplateResult {
  return html`<a class="tile" href=${url} target="_blank" title=${title} aria-label=${title}>${small(url, title)}</a>`;
}
