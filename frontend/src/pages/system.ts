// What the hub is made of: workers with their memory, node packs, model files, and what is kept.

import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { get } from "../hub/api.js";
import { type Lacked, lackedFiles } from "../hub/lacked-files.js";
import { Reading } from "../hub/reading.js";
import type { MissingModel, ModelKind, Pack, Status, Worker } from "../hub/records.js";
import { icon } from "../parts/icons.js";
import { failure, mark } from "../parts/marks.js";
import { meters } from "../parts/meters.js";
import { addressOf } from "../router.js";
import { bytes, duration } from "../text/format.js";
import { t, word } from "../text/text.js";
import { View } from "../view.js";

interface Models {
  kinds: ModelKind[];
  missing: Record<string, MissingModel[]>;
}

@customElement("page-system")
export class SystemPage extends View {
  private readonly status = new Reading(this, () => get<Status>("/api/hub/status"), [
    ...["WorkerChanged", "RunFinished", "HistoryPruned", "ConfigurationReloaded"],
    "ConfigurationRefused",
  ]);
  private readonly packs = new Reading(
    this,
    async () => (await get<{ packs: Pack[] }>("/api/hub/packs")).packs,
    ["WorkerChanged"],
  );
  private readonly models = new Reading(this, () => get<Models>("/api/hub/models"), [
    "ConfigurationReloaded",
  ]);

  override render(): TemplateResult {
    const { value: status } = this.status;
    return html`
      <div class="line"><h1>${t("system")}</h1></div>
      ${failure(this.status.error ?? this.packs.error ?? this.models.error)}
      <div class="columns">
        <div>
          <section><h2>${t("system.workers")}</h2>${status?.workers.map(workerCard)}</section>
          ${this.lacking()}
          <section><h2>${t("system.models")}</h2>${this.modelList()}</section>
        </div>
        <div>
          ${status ? meters(status) : nothing}
          <section><h2>${t("system.packs")}</h2>${this.packList()}</section>
        </div>
      </div>
    `;
  }

  private packList(): TemplateResult {
    const packs = this.packs.value ?? [];
    if (!packs.length) return html`<p class="card quiet with-icon">${icon("pack")} ${t("system.no_packs")}</p>`;
    return html`<ul class="rows card">${packs.map(packLine)}</ul>`;
  }

  private modelList(): TemplateResult {
    const held = (this.models.value?.kinds ?? []).filter((kind) => kind.files.length);
    if (!held.length) return html`<p class="card quiet with-icon">${icon("file")} ${t("system.no_models")}</p>`;
    return html`<ul class="rows card">${held.map(kindLine)}</ul>`;
  }

  /** What workflows name and nobody has, each file once. */
  private lacking(): TemplateResult | typeof nothing {
    const files = lackedFiles(this.models.value?.missing ?? {});
    if (!files.length) return nothing;
    return html`<section>
      <h2>${t("system.missing")}</h2>
      <ul class="rows card">${files.map(lackedLine)}</ul>
    </section>`;
  }
}

function workerCard(worker: Worker): TemplateResult {
  return html`<article class="card worker">
    <p class="line">
      <span class="round">${icon("system")}</span>
      <strong>${worker.name}</strong> <span class="quiet">${worker.hardware ?? worker.device}</span>
      <span class="end">${mark("worker_state", worker.state)}</span>
    </p>
    ${worker.reason ? html`<p class="error">${worker.reason}</p>` : nothing}
    ${worker.models.length
      ? html`<details><summary>${t("system.loaded", { count: worker.models.length })}</summary>
          <ul class="files">${worker.models.map((model) => fileLine(model.name, `${model.part}, ${model.device}`, model.bytes))}</ul></details>`
      : nothing}
  </article>`;
}

function fileLine(name: string, about: string, size: number): TemplateResult {
  return html`<li class="line"><span>${name}</span> <span class="quiet">${about}</span> <span class="quiet end">${bytes(size)}</span></li>`;
}

function packLine(pack: Pack): TemplateResult {
  return html`<li>
    <p class="line"><strong>${pack.name}</strong>
      <span class="quiet">${t("system.nodes", { count: pack.nodes.length })}, ${duration(pack.seconds)}</span>
      <span class="end">${mark("pack_state", pack.error ? "failed" : "ready")}</span></p>
    <p class="quiet">${pack.folder}</p>
    ${pack.error ? html`<p class="error">${pack.error}</p>` : nothing}
    ${pack.problems.map((problem) => html`<p class="quiet">${problem}</p>`)}
    ${pack.traceback ? html`<details><summary>${t("run.traceback")}</summary><pre tabindex="0">${pack.traceback}</pre></details>` : nothing}
  </li>`;
}

function lackedLine(file: Lacked): TemplateResult {
  const links = file.workflows.map((name) => html`<a class="chip" href=${addressOf("workflows", name)}>${name}</a>`);
  return html`<li>
    <p class="line"><strong>${file.name}</strong></p>
    <p class="quiet">${t("workflow.missing.advice", { folder: file.folder ?? "" })}</p>
    <p class="line quiet">${t("system.needed_by")} ${links}</p>
  </li>`;
}

function kindLine(kind: ModelKind): TemplateResult {
  const size = kind.files.reduce((sum, file) => sum + file.size, 0);
  return html`<li><details>
    <summary class="line">
      <strong>${word("model_kind", kind.kind)}</strong>
      <span class="quiet">${t("system.files", { count: kind.files.length })}</span> <span class="quiet end">${bytes(size)}</span>
    </summary>
    <p class="quiet">${kind.folders.join(", ")}</p>
    <ul class="files">${kind.files.map((file) => fileLine(file.name, "", file.size))}</ul>
  </details></li>`;
}
