// Automations in lists.

import { html, nothing, type TemplateResult } from "lit";
import { post } from "../hub/api.js";
import type { Automation, Happened, TriggerStatus } from "../hub/records.js";
import { addressOf } from "../router.js";
import { moment, roughly } from "../text/format.js";
import { t, word } from "../text/text.js";
import { icon } from "./icons.js";
import { mark, toggle } from "./marks.js";
import { attempt } from "./toasts.js";

export function nameOf(automation: Pick<Automation, "id" | "alias">): string {
  return automation.alias || automation.id;
}

/** Where a new one is made. */
export function newAutomation(): TemplateResult {
  return html`<a class="button" href=${addressOf("edit")}>${icon("edit")} ${t("editor.new")}</a>`;
}

/** What happened, in a word: the name of a file, a moment, a run. */
export function subjectOf({ subject }: Pick<Happened, "subject">): string {
  return Number.isNaN(Date.parse(subject)) || !/^\d{4}-\d\d-\d\dT/.test(subject) ? subject : roughly(subject);
}

/** `about` says what it is for, where there is room. */
export function automationCard(automation: Automation, { about = false } = {}): TemplateResult {
  const { reason, mistakes, waiting, triggers } = automation;
  return html`<article class="card">
    <div class="line">
      <h3><a href=${addressOf("automations", automation.id)}>${nameOf(automation)}</a></h3>
      <span class="end">${switchOf(automation)}</span>
    </div>
    ${about && automation.description ? html`<p class="about">${automation.description}</p>` : nothing}
    <p class="line quiet">${triggers.map(triggerMark)} ${nextTime(automation)} ${lastTime(automation)}</p>
    ${reason ? html`<p class=${automation.state === "unavailable" ? "error" : "quiet"}>${reason}</p>` : nothing}
    ${mistakes ? html`<p class="error">${t("automation.mistakes")} ${mistakes}</p>` : nothing}
    ${waiting ? html`<p class="quiet">${t("automation.waiting", { count: waiting })}</p>` : nothing}
  </article>`;
}

export function switchOf(automation: Automation): TemplateResult {
  if (automation.state === "unavailable") return mark("automation_state", automation.state);
  const address = `/api/hub/automations/${encodeURIComponent(automation.id)}`;
  return toggle(nameOf(automation), automation.state === "on", async (on) => {
    await attempt(() => post(`${address}/${on ? "turn_on" : "turn_off"}`));
  });
}

/** A trigger's kind; what is wrong with it, if anything is. */
export function triggerMark(trigger: TriggerStatus): TemplateResult {
  const isWell = trigger.state === "watching";
  return isWell
    ? html`<span class="chip">${word("trigger", trigger.kind)}</span>`
    : html`<span class="chip" title=${trigger.reason}>${word("trigger", trigger.kind)} ${mark("trigger_state", trigger.state)}</span>`;
}

function nextTime({ triggers }: Automation): TemplateResult | typeof nothing {
  const [first] = triggers.flatMap((trigger) => trigger.next_times).sort();
  return first ? html`<span>${t("automation.next")} ${moment(first)}</span>` : nothing;
}

function lastTime({ last }: Automation): TemplateResult | typeof nothing {
  if (!last) return nothing;
  return html`<span>
    ${t("automation.last")} <a href=${addressOf("firings", last.id)}>${moment(last.created_at)}</a>
    ${last.state === "succeeded" ? nothing : mark("firing_state", last.state)}
  </span>`;
}
