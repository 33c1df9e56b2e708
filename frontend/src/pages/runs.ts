// All runs, latest first; by state, workflow and automation.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { get } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import type { Automation, Run, Workflow } from "../hub/records.js";
import { nameOf } from "../parts/automations.js";
import { empty, failure, iconButton } from "../parts/marks.js";
import { runLine } from "../parts/runs.js";
import { addressOf, go } from "../router.js";
import { t, word } from "../text/text.js";
import { View } from "../view.js";

const PAGE = 30;
const STATES = ["queued", "running", "succeeded", "failed", "cancelled"];

@customElement("page-runs")
export class Runs extends View {
  @property({ attribute: false }) query = new URLSearchParams();
  /** The number of a run that is to be compared with another one. */
  @state() private compared = "";
  private readonly runs = new Reading(this, () => this.read(), ["RunQueued", "RunStarted", "RunFinished"]);
  private readonly choices = new Reading(this, readChoices, ["ConfigurationReloaded"]);

  override updated(changed: Map<string, unknown>): void {
    if (changed.has("query") && changed.get("query")) void this.runs.again();
  }

  override render(): TemplateResult {
    const runs = this.runs.value;
    return html`
      <div class="line"><h1>${t("runs")}</h1>${this.filters()}</div>
      ${failure(this.runs.error)}
      ${runs?.length === 0 ? this.none() : nothing}
      <div id="runs" class="cards">
        ${repeat(runs ?? [], (run) => run.id, (run) => runLine(run, this.compare(run)))}
      </div>
      ${this.pages(runs ?? [])}
    `;
  }

  private none(): TemplateResult {
    const isChosen = [...this.query.values()].some(Boolean);
    return isChosen ? empty(t("runs.none"), t("runs.none.advice")) : empty(t("first.title"), t("runs.first"));
  }

  /** The first that is chosen waits for the second. */
  private compare(run: Run): TemplateResult {
    const [number, first] = [String(run.number), this.compared];
    const act = (): void => {
      if (!first) this.compared = number;
      else if (first === number) this.compared = "";
      else go(addressOf("compare", "", { one: first, other: number }));
    };
    const label = first && first !== number ? t("runs.compare_with", { number, first }) : t("runs.compare", { number });
    return iconButton("compare", label, act, { pressed: first === number });
  }

  private filters(): TemplateResult {
    const { workflows, automations } = this.choices.value ?? { workflows: [], automations: [] };
    return html`<form class="filters end" @change=${this.filter} @submit=${stay}>
      ${this.filterBy("state", STATES.map((state) => [state, word("state", state)]))}
      ${this.filterBy("workflow", workflows.map(({ name, title }) => [name, title || name]))}
      ${this.filterBy("automation", automations.map((each) => [each.id, nameOf(each)]))}
    </form>`;
  }

  private filterBy(name: "state" | "workflow" | "automation", choices: [string, string][]): TemplateResult {
    const chosen = this.query.get(name) ?? "";
    return html`<select name=${name} aria-label=${t(`runs.by.${name}`)}>
      <option value="" ?selected=${!chosen}>${t(`runs.any.${name}`)}</option>
      ${choices.map(
        ([value, label]) => html`<option value=${value} ?selected=${value === chosen}>${label}</option>`,
      )}
    </select>`;
  }

  private pages(runs: Run[]): TemplateResult {
    const last = runs.at(-1);
    const filter = Object.fromEntries(this.query);
    const older = addressOf("runs", "", { ...filter, before: String(last?.number ?? "") });
    const newest = addressOf("runs", "", { ...filter, before: "" });
    return html`<p class="pages">
      ${this.query.has("before") ? html`<a class="button" href=${newest}>${t("runs.newest")}</a>` : nothing}
      ${last && runs.length === PAGE && last.number > 1
        ? html`<a class="button" href=${older}>${t("runs.older")}</a>`
        : nothing}
    </p>`;
  }

  private filter(event: Event): void {
    const values = new FormData(event.currentTarget as HTMLFormElement);
    go(addressOf("runs", "", Object.fromEntries(values) as Record<string, string>));
  }

  private async read(): Promise<Run[]> {
    const query = new URLSearchParams(this.query);
    query.set("limit", String(PAGE));
    return (await get<{ runs: Run[] }>(`/api/hub/runs?${query}`)).runs;
  }
}

async function readChoices(): Promise<{ workflows: Workflow[]; automations: Automation[] }> {
  const [{ workflows }, { automations }] = await Promise.all([
    get<{ workflows: Workflow[] }>("/api/hub/workflows"),
    get<{ automations: Automation[] }>("/api/hub/automations"),
  ]);
  return { workflows, automations };
}

function stay(event: Event): void {
  event.preventDefault();
}
