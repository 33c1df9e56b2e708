// One run: how far it is or how it ended, node by node, from what, and what came out.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { get, post } from "../hub/api.js";
import { connection } from "../hub/connection.js";
import { progressOf, ProgressWatch } from "../hub/progress.js";
import { Reading } from "../hub/reading.js";
import type { NodeReport, Notice, Run, RunDetails, RunError } from "../hub/records.js";
import "../parts/film-strip.js";
import "../parts/graph.js";
import type { NodeMark } from "../parts/graph.js";
import { icon } from "../parts/icons.js";
import { inputsOf } from "../parts/inputs.js";
import { failure, mark } from "../parts/marks.js";
import { outputsOf } from "../parts/outputs.js";
import "../parts/progress-chart.js";
import { originOf, titleOf } from "../parts/runs.js";
import "../parts/running.js";
import { shownTexts } from "../parts/shown-texts.js";
import { attempt } from "../parts/toasts.js";
import { addressOf, go } from "../router.js";
import { duration, moment, plain } from "../text/format.js";
import { t } from "../text/text.js";
import { View } from "../view.js";

const NOTICES = ["RunQueued", "RunStarted", "RunFinished", "NodeFinished"];

@customElement("page-run")
export class RunPage extends View {
  @property() number = "";
  readonly progress = new ProgressWatch(this);
  private readonly run = new Reading(
    this,
    () => get<RunDetails>(`/api/hub/runs/${encodeURIComponent(this.number)}`),
    (notice) => notice.type === "WorkerChanged" || (this.isAbout(notice) && NOTICES.includes(notice.type)),
  );
  private stop = (): void => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.stop = connection.hear((notice) => this.noteProgress(notice));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop();
  }

  override render(): TemplateResult {
    const run = this.run.value;
    if (!run) return html`${failure(this.run.error)}`;
    return html`
      <div class="line">
        <h1><span class="number">#${run.number}</span> ${titleOf(run)}</h1>
        <span>${mark("state", run.state)}</span>
        <span class="end line">${this.actions(run)}</span>
      </div>
      ${run.state === "running" ? html`<running-run .run=${run}></running-run>` : nothing}
      ${run.held_up ? html`<p class="card failure">${t("run.held_up", { reason: run.held_up })}</p>` : nothing}
      ${run.error ? errorCard(run.error) : nothing}
      <div class="in-and-out">
        ${run.inputs.length ? html`<section><h2>${t("run.given")}</h2>${inputsOf(run.inputs)}</section>` : nothing}
        ${run.outputs.length ? html`<section><h2>${t("run.outputs")}</h2>${outputsOf(run)}</section>` : nothing}
      </div>
      ${shownTexts(run.nodes, (report) => nameOf(run, report.node, report))}
      <film-strip .run=${run.id}></film-strip>
      <section>
        <h2>${t("workflow.graph")}</h2>
        <workflow-graph .graph=${run.graph} .marks=${marksOf(run)}></workflow-graph>
      </section>
      <div class="columns even">
        <div>${this.nodes(run)}</div>
        <div>
          <progress-chart .points=${run.progress} .nameOf=${(node: string) => `${node} ${nameOf(run, node, undefined)}`}></progress-chart>
          ${facts(run)}${parameters(run)}
        </div>
      </div>
    `;
  }

  private actions(run: RunDetails): TemplateResult {
    const isOver = !["queued", "running"].includes(run.state);
    const cancel = (): Promise<boolean> => attempt(() => post(`/api/hub/runs/${run.id}/cancel`));
    const again = (): Promise<boolean> =>
      attempt(async () => {
        const { run: next } = await post<{ run: Run }>(`/api/hub/runs/${run.id}/again`);
        go(addressOf("runs", String(next.number)));
      });
    if (!isOver) return html`<button type="button" @click=${cancel}>${icon("cancel")} ${t("act.cancel")}</button>`;
    const number = String(run.number);
    const changing = run.workflow ? addressOf("workflows", run.workflow, { from: number }) : addressOf("change", number);
    return html`<button type="button" @click=${again}>${icon("again")} ${t("run.again")}</button>
      <a class="button" href=${changing}>${icon("edit")} ${t("run.with_changes")}</a>
      <a class="button" href=${addressOf("compare", "", { one: String(run.number) })}>${icon("compare")} ${t("run.compare")}</a>`;
  }

  private nodes(run: RunDetails): TemplateResult {
    const reports = new Map(run.nodes.map((report) => [report.node, report]));
    const ids = [...Object.keys(run.graph), ...run.nodes.map((report) => report.node)];
    const longest = Math.max(...run.nodes.map((report) => report.seconds), 0.001);
    return html`<section>
      <h2>${t("run.nodes")}</h2>
      <div class="card wide-table" tabindex="0" role="group" aria-label=${t("run.nodes")}>
        <table class="nodes">
          <thead>
            <tr><th>${t("node")}</th><th>${t("node.state")}</th><th class="right">${t("node.time")}</th></tr>
          </thead>
          <tbody>
            ${[...new Set(ids)].map((id) => nodeRow(run, id, reports.get(id), longest))}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  private isAbout({ run }: Notice): boolean {
    return run !== undefined && [run.id, String(run.number)].includes(this.number);
  }

  /** Goes on with the history where what was read of it ends. */
  private noteProgress(notice: Notice): void {
    const run = this.run.value;
    if (!run || notice.type !== "NodeProgressed" || !this.isAbout(notice)) return;
    const { node = "", value = 0, maximum = 0 } = notice;
    const point = { attempt: run.attempt, node, value, maximum, at: new Date().toISOString() };
    run.progress = [...run.progress, point];
  }
}

function nodeRow(run: RunDetails, id: string, report: NodeReport | undefined, longest: number): TemplateResult {
  const width = `inline-size: ${((report?.seconds ?? 0) / longest) * 100}%`;
  return html`<tr>
    <td>
      <span class="number">${id}</span> ${nameOf(run, id, report)}
      ${report?.blocked ? html`<p class="error">${report.blocked}</p>` : nothing}
    </td>
    <td>${mark("node_state", nodeState(run, id, report))}</td>
    <td class="right">
      ${report && !report.cached ? duration(report.seconds) : ""}
      ${report && !report.cached ? html`<span class="bar" .style=${width}></span>` : nothing}
    </td>
  </tr>`;
}

/** A node's title in the graph, or its class. Nodes of expansions are in the report alone. */
function nameOf(run: RunDetails, id: string, report: NodeReport | undefined): string {
  const node = run.graph[id];
  return node?._meta?.title ?? node?.class_type ?? report?.class_type ?? "";
}

/** What became of a node, or is becoming of it. */
export function nodeState(run: RunDetails, id: string, report: NodeReport | undefined): string {
  if (run.error?.node === id) return "failed";
  if (report) return reportedState(report);
  const progress = progressOf(run.id);
  if (progress?.node === id) return "running";
  if (progress?.done.has(id)) return "done";
  return run.state === "running" || run.state === "queued" ? "waiting" : "not_reached";
}

/** What the drawn graph says of each node. */
function marksOf(run: RunDetails): Map<string, NodeMark> {
  const reports = new Map(run.nodes.map((report) => [report.node, report]));
  return new Map(
    Object.keys(run.graph).map((id) => {
      const report = reports.get(id);
      const note = report && !report.cached ? duration(report.seconds) : "";
      return [id, { state: nodeState(run, id, report), note }];
    }),
  );
}

function reportedState(report: NodeReport): string {
  if (report.blocked) return "blocked";
  return report.cached ? "cached" : "done";
}

function errorCard(error: RunError): TemplateResult {
  const inputs = Object.entries(error.inputs);
  return html`<section class="card failure">
    <h2>${error.node ? t("run.failed_at", { node: error.node, type: error.node_type ?? "" }) : t("run.failed")}</h2>
    <p class="error">${error.message}</p>
    ${inputs.length
      ? html`<details><summary>${t("run.inputs")}</summary>
          <dl>${inputs.map(([name, value]) => html`<dt>${name}</dt><dd>${plain(value)}</dd>`)}</dl></details>`
      : nothing}
    ${error.traceback.length
      ? html`<details><summary>${t("run.traceback")}</summary><pre tabindex="0">${error.traceback.join("")}</pre></details>`
      : nothing}
  </section>`;
}

function facts(run: RunDetails): TemplateResult {
  const rows: [string, TemplateResult | string][] = [
    [t("run.asked_by"), html`${originOf(run)}`],
    [t("run.created"), html`${moment(run.created_at)}`],
    [t("run.started"), html`${moment(run.started_at)}`],
    [t("run.ended"), html`${moment(run.ended_at)}`],
    [t("run.took"), run.seconds === null ? "–" : duration(run.seconds)],
    [t("run.attempt"), String(run.attempt)],
  ];
  return html`<section>
    <h2>${t("run.facts")}</h2>
    <dl class="card">
      ${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
      ${run.firing
        ? html`<dt>${t("run.event")}</dt><dd><a href=${addressOf("firings", run.firing)}>${t("run.trace")}</a></dd>`
        : nothing}
    </dl>
  </section>`;
}

function parameters(run: RunDetails): TemplateResult | typeof nothing {
  const values = Object.entries(run.parameters);
  if (!values.length) return nothing;
  const titles = new Map<unknown, string>(run.inputs.map(({ name, title }) => [name, title]));
  return html`<section>
    <h2>${t("run.parameters")}</h2>
    <dl class="card">${values.map(([name, value]) => html`<dt>${name}</dt><dd>${titles.get(value) ?? plain(value)}</dd>`)}</dl>
  </section>`;
}
