// What nodes of a run showed as text, as PreviewAny does.

import { html, nothing, type TemplateResult } from "lit";
import type { NodeReport } from "../hub/records.js";
import { plain } from "../text/format.js";
import { t } from "../text/text.js";

const LONG = 300; // characters from which one may have to be scrolled, by keyboard too

/** Each text with the name of its node, in the order in which they came. */
export function shownTexts(reports: NodeReport[], nameOf: (report: NodeReport) => string): TemplateResult | typeof nothing {
  const shown = reports.flatMap((report) => textsOf(report).map((text) => ({ name: nameOf(report), text })));
  if (!shown.length) return nothing;
  return html`<section>
    <h2>${t("run.texts")}</h2>
    <dl class="card shown-texts">${shown.map(({ name, text }) => html`<dt>${name}</dt><dd tabindex=${text.length > LONG ? "0" : nothing}>${text}</dd>`)}</dl>
  </section>`;
}

function textsOf({ ui }: NodeReport): string[] {
  return [ui?.["text"] ?? []].flat().map(plain).filter(Boolean);
}
