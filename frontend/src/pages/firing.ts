// The trace of one firing: the event, what each condition said of it, and step by step what was done.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { get } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import type { FiringDetails, Notice } from "../hub/records.js";
import { failure, mark } from "../parts/marks.js";
import "../parts/trace-graph.js";
import { addressOf } from "../router.js";
import { moment } from "../text/format.js";
import { t } from "../text/text.js";
import { View } from "../view.js";

@customElement("page-firing")
export class FiringPage extends View {
  @property() firing = "";
  private readonly trace = new Reading(
    this,
    () => get<FiringDetails>(`/api/hub/firings/${encodeURIComponent(this.firing)}`),
    (notice: Notice) => notice.type === "FiringChanged" && notice["firing"] === this.firing,
  );

  override render(): TemplateResult {
    const trace = this.trace.value;
    if (!trace) return html`${failure(this.trace.error)}`;
    return html`
      <div class="line">
        <h1>${t("firing.of")} <a href=${addressOf("automations", trace.automation)}>${trace.automation}</a></h1>
        ${mark("firing_state", trace.state)}
        <span class="quiet">${moment(trace.created_at)}</span>
        <span class="end line">${trace.runs.map((run) => html`<a class="button" href=${addressOf("runs", String(run.number))}>${t("run.title", { number: run.number })}</a>`)}</span>
      </div>
      ${trace.reason ? html`<p class="card reason">${trace.reason}</p>` : nothing}
      <trace-graph .trace=${trace}></trace-graph>
    `;
  }
}
