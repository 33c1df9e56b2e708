// The page that is kept open all day: what runs, what waits, what came out, and what needs somebody.

import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { get, post } from "../hub/api.js";
import { type Concern, concerns } from "../hub/attention.js";
import { isGoing } from "../hub/deletions.js";
import { Reading } from "../hub/reading.js";
import type { Automation, Hour, Piece, Run, Status } from "../hub/records.js";
import { automationCard, newAutomation } from "../parts/automations.js";
import "../parts/chart.js";
import { openLightbox } from "../parts/lightbox.js";
import { empty, failure } from "../parts/marks.js";
import { meters } from "../parts/meters.js";
import { tile } from "../parts/outputs.js";
import "../parts/queue.js";
import "../parts/running.js";
import { attempt } from "../parts/toasts.js";
import { addressOf } from "../router.js";
import { bytes } from "../text/format.js";
import { t } from "../text/text.js";
import { View } from "../view.js";

const RUN_NOTICES = ["RunQueued", "RunStarted", "RunFinished", "RunMoved"];
const QUEUE = 100;
const CHARTED = 300; // runs
const ENOUGH = 5; // runs that make a chart worth looking at

interface Queue {
  runs: Run[];
  count: number;
}

interface Now {
  running: Run[];
  queue: Queue;
  failed: Run[];
  /** The latest, of which the charts are made. */
  latest: Run[];
}

@customElement("page-overview")
export class Overview extends View {
  private readonly now = new Reading<Now>(this, readNow, RUN_NOTICES);
  private readonly latest = new Reading(
    this,
    async () => (await get<{ outputs: Piece[] }>("/api/hub/outputs?limit=12")).outputs,
    ["RunFinished", "HistoryPruned"],
  );
  private readonly status = new Reading(this, () => get<Status>("/api/hub/status"), [
    ...RUN_NOTICES,
    ...["WorkerChanged", "AutomationsPaused", "ConfigurationReloaded", "ConfigurationRefused"],
    ...["FileSighted", "MomentsMissed"],
  ]);
  private readonly hours = new Reading(
    this,
    async () => (await get<{ hours: Hour[] }>("/api/hub/statistics")).hours,
    ["RunFinished"],
  );
  private readonly automations = new Reading(
    this,
    async () => (await get<{ automations: Automation[] }>("/api/hub/automations")).automations,
    ["AutomationSwitched", "ConfigurationReloaded", "FiringChanged", "AutomationsPaused"],
  );

  override render(): TemplateResult {
    return html`
      <h1 class="unseen">${t("overview")}</h1>
      ${failure(this.now.error ?? this.status.error ?? this.automations.error)} ${this.facts()}
      ${this.attention()}
      <div class="columns">
        <div>${this.running()} ${this.queue()} ${this.outputs()}</div>
        <div>${this.switches()} ${this.charts()} ${this.status.value ? meters(this.status.value) : nothing}</div>
      </div>
    `;
  }

  private facts(): TemplateResult | typeof nothing {
    const status = this.status.value;
    if (!status) return nothing;
    const ready = status.workers.filter((worker) => worker.ready).length;
    const facts: [string | number, string][] = [
      [status.remaining - status.waiting, t("facts.under_way")],
      [status.waiting, t("facts.waiting")],
      [`${ready}/${status.workers.length}`, t("facts.workers")],
      [bytes(status.disk_free), t("facts.free")],
    ];
    return html`<ul id="facts" aria-label=${t("facts")}>
      ${facts.map(([value, what]) => html`<li><strong>${value}</strong> ${what}</li>`)}
    </ul>`;
  }

  private attention(): TemplateResult | typeof nothing {
    const { value: status } = this.status;
    if (!status) return nothing;
    const found = concerns(status, this.automations.value ?? [], this.now.value?.failed ?? [], Date.now());
    if (!found.length) return html`<p id="attention" class="quiet calm">${t("attention.none")}</p>`;
    return html`<ul id="attention" class="card concerns" aria-label=${t("attention")}>
      ${found.map(concernLine)}
    </ul>`;
  }

  private running(): TemplateResult | typeof nothing {
    const runs = this.now.value?.running ?? [];
    if (!runs.length) return this.now.value?.latest.length === 0 ? firstSteps() : nothing;
    return html`<section aria-labelledby="now-title">
      <h2 id="now-title">${t("overview.now")}</h2>
      <div id="running" class="cards">
        ${repeat(runs, (run) => run.id, (run) => html`<running-run .run=${run}></running-run>`)}
      </div>
    </section>`;
  }

  private queue(): TemplateResult | typeof nothing {
    const { runs = [], count = 0 } = this.now.value?.queue ?? {};
    if (!runs.length) return nothing;
    return html`<section aria-labelledby="queue-title">
      <h2 id="queue-title">${t("overview.queue")}</h2>
      <run-queue .runs=${runs} .count=${count}></run-queue>
    </section>`;
  }

  private outputs(): TemplateResult | typeof nothing {
    const pieces = (this.latest.value ?? []).filter((piece) => !isGoing(piece.id));
    if (!pieces.length) return nothing;
    return html`<section aria-labelledby="latest-title">
      <div class="line">
        <h2 id="latest-title">${t("overview.latest")}</h2>
        <a class="end" href=${addressOf("gallery")}>${t("overview.all_outputs")}</a>
      </div>
      <ul id="latest" class="tiles large">
        ${repeat(
          pieces,
          (piece) => piece.id,
          (piece, index) => html`<li>${tile(piece, () => openLightbox(pieces, index))}</li>`,
        )}
      </ul>
    </section>`;
  }

  private switches(): TemplateResult | typeof nothing {
    const automations = this.automations.value;
    if (!automations) return nothing;
    return html`<section aria-labelledby="automations-title">
      <div class="line">
        <h2 id="automations-title">${t("automations")}</h2>
        <span class="end">${this.pauseButton()}</span>
      </div>
      ${automations.length
        ? html`<ul id="automations" class="cards">
            ${repeat(automations, (each) => each.id, (each) => html`<li>${automationCard(each)}</li>`)}
          </ul>`
        : empty(t("automations.none"), t("automations.none.advice"), newAutomation())}
    </section>`;
  }

  private charts(): TemplateResult | typeof nothing {
    const ended = (this.now.value?.latest ?? []).filter((run) => run.ended_at);
    if (ended.length < ENOUGH) return nothing;
    return html`<section aria-labelledby="charts-title">
      <h2 id="charts-title">${t("charts")}</h2>
      <run-charts .runs=${ended} .hours=${this.hours.value ?? []}></run-charts>
    </section>`;
  }

  private pauseButton(): TemplateResult | typeof nothing {
    const status = this.status.value;
    if (!status) return nothing;
    const act = (): Promise<boolean> =>
      attempt(() => post(status.paused ? "/api/hub/resume" : "/api/hub/pause"));
    return html`<button type="button" @click=${act}>
      ${t(status.paused ? "overview.go_on" : "overview.pause")}
    </button>`;
  }
}

async function readNow(): Promise<Now> {
  const page = async (query: string): Promise<Run[]> =>
    (await get<{ runs: Run[] }>(`/api/hub/runs?${query}`)).runs;
  const [running, queue, failed, latest] = await Promise.all([
    page("state=running"),
    get<Queue>(`/api/hub/queue?limit=${QUEUE}`),
    page("state=failed&limit=20"),
    page(`limit=${CHARTED}`),
  ]);
  return { running, queue, failed, latest };
}

function concernLine(concern: Concern): TemplateResult {
  return html`<li>
    <strong>${concern.address ? html`<a href=${concern.address}>${concern.text}</a>` : concern.text}</strong>
    ${concern.details.map((line) => html`<span class="details">${line}</span>`)}
  </li>`;
}

function firstSteps(): TemplateResult {
  return html`<div id="empty" class="card empty">
    <h2>${t("first.title")}</h2>
    <p>${t("first.what")}</p>
    <ol>
      <li>${t("first.folder")}</li>
      <li>${t("first.workflow")} <a href=${addressOf("workflows")}>${t("workflows")}</a></li>
      <li>${t("first.prompt")} <code id="address">${location.origin}</code></li>
    </ol>
    <p>${t("first.why")} <a href=${addressOf("why")}>${t("why")}</a></p>
  </div>`;
}
