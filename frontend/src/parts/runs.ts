// Runs in lists.

import { html, nothing, type TemplateResult } from "lit";
import type { Run } from "../hub/records.js";
import { addressOf } from "../router.js";
import { duration, moment } from "../text/format.js";
import { t, word } from "../text/text.js";
import { mark } from "./marks.js";
import { outputsOf } from "./outputs.js";

const MOST = 4; // outputs in a line

export function titleOf(run: Pick<Run, "workflow">): string {
  return run.workflow ?? t("run.posted");
}

export function originOf(run: Run): string {
  return run.automation ?? word("origin", run.origin);
}

/** A run as a line of a list, with its outputs or its error. `end` stands at the right. */
export function runLine(run: Run, end: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<article class="card run">
    <div class="what">
      <h3><a href=${addressOf("runs", String(run.number))}><span class="number">#${run.number}</span> ${titleOf(run)}</a></h3>
      <p class="line quiet">
        <span>${originOf(run)}</span>
        <span>${moment(run.ended_at ?? run.started_at ?? run.created_at)}</span>
        ${run.seconds === null ? nothing : html`<span>${duration(run.seconds)}</span>`}
      </p>
      ${run.error ? html`<p class="error">${run.error.message}</p>` : nothing}
    </div>
    ${run.outputs.length ? outputsOf(run, MOST) : nothing}
    <span class="line end">${mark("state", run.state)}${end}</span>
  </article>`;
}
