// Two runs side by side: what they were given, how long their nodes took, and what came out.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { get } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import type { NodeReport, Run, RunDetails } from "../hub/records.js";
import { type Difference, givenTo, isDifferent, nodesOf } from "../parts/comparison.js";
import { empty, failure, mark } from "../parts/marks.js";
import { outputsOf } from "../parts/outputs.js";
import { titleOf } from "../parts/runs.js";
import { addressOf, go } from "../router.js";
import { duration, moment, roughly } from "../text/format.js";
import { t, word } from "../text/text.js";
import { View } from "../view.js";

const OFFERED = 50;

interface Compared {
  one: RunDetails | undefined;
  other: RunDetails | undefined;
  /** Runs that may be chosen. */
  offered: Run[];
}

@customElement("page-compare")
export class Compare extends View {
  @property({ attribute: false }) query = new URLSearchParams();
  private readonly runs = new Reading(this, () => this.read(), ["RunFinished"]);

  override updated(changed: Map<string, unknown>): void {
    if (changed.has("query") && changed.get("query")) void this.runs.again();
  }

  override render(): TemplateResult {
    const { one, other, offered } = this.runs.value ?? { offered: [] };
    return html`
      <div class="line"><h1>${t("compare")}</h1></div>
      ${failure(this.runs.error)}
      <form class="compare-choice card" @submit=${(event: Event) => event.preventDefault()}>
        ${this.choice("one", one, offered)} ${this.choice("other", other, offered)}
      </form>
      ${one && other ? this.comparison(one, other) : empty(t("compare.choose"), t("compare.choose.advice"))}
    `;
  }

  private choice(side: "one" | "other", chosen: Run | undefined, offered: Run[]): TemplateResult {
    const runs = chosen && !offered.some((run) => run.id === chosen.id) ? [chosen, ...offered] : offered;
    const choose = (event: Event): void => {
      const number = (event.target as HTMLSelectElement).value;
      go(addressOf("compare", "", { ...Object.fromEntries(this.query), [side]: number }), { replace: true });
    };
    return html`<label>${t(`compare.${side}`)}
      <select @change=${choose}>
        <option value="" ?selected=${!chosen}>–</option>
        ${runs.map(
          (run) => html`<option value=${run.number} ?selected=${run.id === chosen?.id}>
            #${run.number} ${titleOf(run)}, ${word("state", run.state)}, ${roughly(run.created_at)}
          </option>`,
        )}
      </select>
    </label>`;
  }

  private comparison(one: RunDetails, other: RunDetails): TemplateResult {
    const given = givenTo(one, other);
    const differing = given.filter(isDifferent);
    const rest = given.filter((each) => !isDifferent(each));
    const facts: [string, (run: RunDetails) => unknown][] = [
      [t("node.state"), (run) => mark("state", run.state)],
      [t("run.started"), (run) => moment(run.started_at)],
      [t("run.took"), (run) => (run.seconds === null ? "–" : duration(run.seconds))],
      [t("run.outputs"), (run) => (run.outputs.length ? outputsOf(run) : "–")],
    ];
    return html`
      ${table(one, other, t("run.facts"), facts.map(([name, value]) => row(name, value(one), value(other))))}
      ${differing.length
        ? table(one, other, t("compare.differs"), differing.map(differenceRow))
        : html`<p class="quiet calm">${t("compare.same")}</p>`}
      ${this.nodes(one, other)}
      ${rest.length
        ? html`<details class="same"><summary>${t("compare.equal", { count: rest.length })}</summary>
            ${table(one, other, t("compare.equals"), rest.map(differenceRow))}</details>`
        : nothing}
    `;
  }

  private nodes(one: RunDetails, other: RunDetails): TemplateResult {
    const pairs = nodesOf(one, other);
    const longest = Math.max(...[...one.nodes, ...other.nodes].map((report) => report.seconds), 0.001);
    const rows = pairs.map((pair) =>
      row(
        html`<span class="number">${pair.node}</span> ${pair.name}`,
        nodeTime(pair.one, longest),
        nodeTime(pair.other, longest),
      ),
    );
    return table(one, other, t("compare.times"), rows);
  }

  private async read(): Promise<Compared> {
    const find = (side: string): Promise<RunDetails> | undefined => {
      const number = this.query.get(side);
      return number ? get<RunDetails>(`/api/hub/runs/${encodeURIComponent(number)}`) : undefined;
    };
    const [one, other] = await Promise.all([find("one"), find("other")]);
    const query = new URLSearchParams({ limit: String(OFFERED) });
    const workflow = (one ?? other)?.workflow;
    if (workflow) query.set("workflow", workflow);
    const { runs } = await get<{ runs: Run[] }>(`/api/hub/runs?${query}`);
    return { one, other, offered: runs };
  }
}

function table(one: Run, other: Run, title: string, rows: TemplateResult[]): TemplateResult {
  const link = (run: Run): TemplateResult =>
    html`<a href=${addressOf("runs", String(run.number))}>#${run.number}</a>`;
  return html`<section>
    <h2>${title}</h2>
    <div class="card wide-table" tabindex="0" role="group" aria-label=${title}>
      <table class="compared">
        <thead><tr><td></td><th scope="col">${link(one)}</th><th scope="col">${link(other)}</th></tr></thead>
        <tbody>${rows}</tbody>
      </table>
    </div>
  </section>`;
}

function row(name: unknown, one: unknown, other: unknown): TemplateResult {
  return html`<tr><th scope="row">${name}</th><td>${one}</td><td>${other}</td></tr>`;
}

function differenceRow({ name, one, other }: Difference): TemplateResult {
  return row(name, one || "–", other || "–");
}

function nodeTime(report: NodeReport | undefined, longest: number): TemplateResult {
  if (!report) return html`<span class="quiet">${word("node_state", "not_reached")}</span>`;
  if (report.cached) return mark("node_state", "cached");
  const width = `inline-size: ${(report.seconds / longest) * 100}%`;
  return html`${duration(report.seconds)} <span class="bar" .style=${width}></span>`;
}
