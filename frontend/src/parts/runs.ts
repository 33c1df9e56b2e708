// Runs in lists.

import { html, nothing, type TemplateResult } from "lit";
import type { Run } from "../hub/records.js";
import { addressOf } from "../router.js";
import { duration, moment } from "../text/format.js";
import { t, word } from "../text/text.js";
import { mark } from "./marks.js";
import { outputsOf } from "./outputs.js";

export function titleOf(run: Pick<Run, "workflow">): string {
  return run.workflow ?? t("run.posted");
}

export function originOf(run: Run): string {
  return run.automation ?? word("origin", run.origin);
}

/** A run as a line of a list, with its outputs or its error. `end` stands at the right. */
export function runLine(run: Run, end: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<article class="card run">
    <div class="line">
      <h3><a href=${addressOf("runs", String(run.number))}><span class="number">#${run.number}</span> ${titleOf(run)}</a></h3>
      <span class="end line">${mark("state", run.state)}${end}</span>
    </div>
    <p class="line quiet">
      <span>${originOf(run)}</span>
      <span>${moment(run.ended_at ?? run.started_at ?? run.created_at)}</span>
      ${run.seconds === null ? nothing : html`<span>${duration(run.seconds)}</span>`}
    </p>
    ${run.error ? html`<p class="error">${run.error.message}</p>` : nothing}
    ${run.outputs.length ? outputsOf(run) : nothing}
  </article>`;
}
