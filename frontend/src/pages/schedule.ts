// What will run in the coming days.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { get } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import type { Plan } from "../hub/records.js";
import { newAutomation } from "../parts/automations.js";
import { empty, failure } from "../parts/marks.js";
import { addressOf } from "../router.js";
import { clockTime, dayName, duration, moment } from "../text/format.js";
import { t, word } from "../text/text.js";
import { View } from "../view.js";

const SPANS = { week: 7, month: 31 } as const;
const DAY = 86_400_000;
const SHOWN = 12; // moments of one automation on one day; the rest is counted

/** One automation on one day. */
export interface Turn {
  plan: Plan;
  times: string[];
}

@customElement("page-schedule")
export class Schedule extends View {
  @state() private span: keyof typeof SPANS = "week";
  private readonly plans = new Reading(
    this,
    async () => (await get<{ planned: Plan[] }>(`/api/hub/schedule?days=${SPANS[this.span]}`)).planned,
    ["AutomationSwitched", "ConfigurationReloaded", "FiringChanged"],
  );

  override render(): TemplateResult {
    const plans = this.plans.value;
    return html`
      <div class="line"><h1>${t("schedule")}</h1>
        <span class="end line"><span class="quiet">${zone()}</span>
          <select aria-label=${t("schedule.span")} @change=${this.choose}>
            ${Object.keys(SPANS).map((span) => html`<option value=${span} ?selected=${span === this.span}>${word("schedule_span", span)}</option>`)}
          </select></span></div>
      ${failure(this.plans.error)}
      ${plans?.length === 0 ? empty(t("schedule.none"), t("schedule.none.advice"), newAutomation()) : nothing}
      ${plans ? next(plans) : nothing}
      <div class="calendar" data-span=${this.span} .style=${`--first: ${columnOf(new Date())}`}>${plans?.length ? daysOf(new Date(), SPANS[this.span]).map((day) => dayCard(day, plans)) : nothing}</div>
    `;
  }

  private choose(event: Event): void {
    this.span = (event.target as HTMLSelectElement).value as keyof typeof SPANS;
    void this.plans.again();
  }
}

/** The coming days, each from its midnight here. */
export function daysOf(now: Date, count: number): Date[] {
  return Array.from(
    { length: count },
    (_, ahead) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead),
  );
}

/** Where a day stands in a week that begins on Monday, from 1 to 7. */
export function columnOf(day: Date): number {
  return ((day.getDay() + 6) % 7) + 1;
}

/** Which of them comes first, and when. */
export function firstOf(plans: Plan[]): { plan: Plan; time: string } | undefined {
  const firsts = plans.flatMap((plan) => plan.times.slice(0, 1).map((time) => ({ plan, time })));
  return firsts.sort((one, other) => Date.parse(one.time) - Date.parse(other.time))[0];
}

/** What runs on a day, the earliest first. */
export function turnsOn(day: Date, plans: Plan[]): Turn[] {
  const turns = plans.map((plan) => ({
    plan,
    times: plan.times.filter((time) => new Date(time).toDateString() === day.toDateString()),
  }));
  return turns
    .filter((turn) => turn.times.length)
    .sort((one, other) => Date.parse(one.times[0] ?? "") - Date.parse(other.times[0] ?? ""));
}

/** Seconds that all of it takes, as far as is known; null if nothing is. */
export function expected(turns: Turn[]): number | null {
  const known = turns.filter(({ plan }) => plan.seconds !== null);
  return known.length ? known.reduce((sum, { plan, times }) => sum + times.length * (plan.seconds ?? 0), 0) : null;
}

/** Where on a day each of them stands, from 0 to 1, and how much of it it takes. */
export function places(day: Date, turns: Turn[]): { start: number; length: number }[] {
  return turns.flatMap(({ plan, times }) =>
    times.map((time) => {
      const start = (Date.parse(time) - day.getTime()) / DAY;
      return { start, length: Math.min(1 - start, ((plan.seconds ?? 0) * 1000) / DAY) };
    }),
  );
}

function next(plans: Plan[]): TemplateResult | typeof nothing {
  const first = firstOf(plans);
  if (!first) return nothing;
  const { plan, time } = first;
  return html`<p class="about lead">${t("schedule.next")} <a href=${addressOf("automations", plan.automation)}>${plan.alias || plan.automation}</a>, ${moment(time)}</p>`;
}

function dayCard(day: Date, plans: Plan[]): TemplateResult {
  const turns = turnsOn(day, plans);
  const count = turns.reduce((sum, { times }) => sum + times.length, 0);
  const seconds = expected(turns);
  return html`<section class="card day" data-quiet=${!turns.length}>
    <div class="line"><h2>${dayName(day)}</h2>
      ${count ? html`<span class="end quiet">${t("schedule.count", { count })}${seconds === null ? nothing : `, ${t("schedule.takes", { time: duration(seconds) })}`}</span>` : nothing}</div>
    ${turns.length
      ? html`<div class="hours" aria-hidden="true">${places(day, turns).map(({ start, length }) => html`<span .style=${`left: min(${start * 100}%, 100% - 4px); width: ${length * 100}%`}></span>`)}</div>
          <ul>${turns.map(turnLine)}</ul>`
      : html`<p class="quiet">${t("schedule.nothing")}</p>`}
  </section>`;
}

function turnLine({ plan, times }: Turn): TemplateResult {
  const beyond = times.length - SHOWN;
  return html`<li>
    <a href=${addressOf("automations", plan.automation)}>${plan.alias || plan.automation}</a>
    ${plan.seconds === null ? nothing : html`<span class="quiet">${t("schedule.takes", { time: duration(plan.seconds) })}</span>`}
    <span class="times">
      ${times.slice(0, SHOWN).map((time) => html`<time class="chip" datetime=${time}>${clockTime(time)}</time>`)}
      ${beyond > 0 ? html`<span class="quiet">${t("schedule.more", { count: beyond })}</span>` : nothing}
    </span>
  </li>`;
}

function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
