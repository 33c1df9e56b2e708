// One automation: how its triggers are, what it did lately, and running it by hand.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { get } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import type { Automation, Happened, TriggerStatus } from "../hub/records.js";
import { nameOf, subjectOf, switchOf, triggerMark } from "../parts/automations.js";
import { icon } from "../parts/icons.js";
import { empty, failure, mark } from "../parts/marks.js";
import "../parts/trigger-form.js";
import { addressOf } from "../router.js";
import { moment } from "../text/format.js";
import { t, word } from "../text/text.js";
import { View } from "../view.js";
import { AUTOMATION_NOTICES } from "./automations.js";

@customElement("page-automation")
export class AutomationPage extends View {
  @property() automation = "";
  private readonly status = new Reading(this, () => this.read(), AUTOMATION_NOTICES);
  private readonly firings = new Reading(
    this,
    async () => {
      const query = new URLSearchParams({ automation: this.automation, limit: "50" });
      return (await get<{ firings: Happened[] }>(`/api/hub/firings?${query}`)).firings;
    },
    ["FiringChanged"],
  );

  override render(): TemplateResult {
    const { value: automation } = this.status;
    if (!automation) return html`${failure(this.status.error)}`;
    return html`
      <div class="line">
        <h1>${nameOf(automation)}</h1>
        <span>${switchOf(automation)}</span>
        <span class="end line">
          <a class="button" href=${addressOf("edit", automation.id)}>${icon("edit")} ${t("act.edit")}</a>
          <a class="button" href=${addressOf("runs", "", { automation: automation.id })}>${t("runs")}</a>
        </span>
      </div>
      ${automation.description ? html`<p class="about lead">${automation.description}</p>` : nothing}
      ${automation.reason ? html`<p class="card reason">${automation.reason}</p>` : nothing}
      ${automation.mistakes ? html`<p class="card reason error">${t("automation.mistakes")} ${automation.mistakes}</p>` : nothing}
      <div class="columns even">
        <div>${this.past()}</div>
        ${automation.state === "unavailable" ? nothing : this.future(automation)}
      </div>
    `;
  }

  private future(automation: Automation): TemplateResult {
    return html`<div>
      <section><h2>${t("automation.triggers")}</h2>${automation.triggers.map(triggerCard)}</section>
      <section>
        <h2>${t("automation.run_now")}</h2>
        <trigger-form .automation=${automation.id} .past=${this.firings.value ?? []}></trigger-form>
      </section>
    </div>`;
  }

  private past(): TemplateResult {
    const firings = this.firings.value ?? [];
    return html`<section>
      <h2>${t("automation.firings")}</h2>
      ${failure(this.firings.error)}
      ${this.firings.value && !firings.length ? empty(t("firings.none"), t("firings.none.advice")) : nothing}
      <ol id="firings" class="rows card" ?hidden=${!firings.length}>${firings.map(firingLine)}</ol>
    </section>`;
  }

  private async read(): Promise<Automation> {
    const { automations } = await get<{ automations: Automation[] }>("/api/hub/automations");
    const found = automations.find((each) => each.id === this.automation);
    if (!found) throw new Error(t("automation.unknown", { name: this.automation }));
    return found;
  }
}

function firingLine(firing: Happened): TemplateResult {
  const refused = firing.verdicts.find((verdict) => !verdict.passed);
  const why = firing.reason ?? refused?.details;
  return html`<li>
    <p class="line">
      <a href=${addressOf("firings", firing.id)}>${subjectOf(firing) || word("trigger", firing.platform ?? "")}</a>
      <span class="quiet">${moment(firing.created_at)}</span>
      <span class="end">${mark("firing_state", firing.state)}</span>
    </p>
    ${why ? html`<p class="quiet">${why}</p>` : nothing}
  </li>`;
}

function triggerCard(trigger: TriggerStatus): TemplateResult {
  const times = trigger.next_times;
  return html`<div class="card">
    <p class="line"><strong>${trigger.id}</strong> ${triggerMark(trigger)}</p>
    ${trigger.reason ? html`<p class="quiet">${trigger.reason}</p>` : nothing}
    ${times.length
      ? html`<details ?open=${times.length < 4}><summary>${t("automation.next")} ${moment(times[0] ?? null)}</summary>
          <ul>${times.map((time) => html`<li>${moment(time)}</li>`)}</ul></details>`
      : nothing}
  </div>`;
}
