// What the hub is made of: workers with their memory, node packs, model files, and what is kept.

import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { get } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import type { Device, MissingModel, ModelKind, Pack, Status, Worker } from "../hub/records.js";
import { failure, mark } from "../parts/marks.js";
import { addressOf } from "../router.js";
import { bytes, duration, number } from "../text/format.js";
import { t } from "../text/text.js";
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
      <div class="columns even">
        <div>
          <section><h2>${t("system.workers")}</h2>${status?.workers.map(workerCard)}</section>
          <section><h2>${t("system.packs")}</h2>${this.packList()}</section>
        </div>
        <div>
          <section><h2>${t("system.models")}</h2>${this.modelList()}</section>
        </div>
      </div>
    `;
  }

  private packList(): TemplateResult {
    const packs = this.packs.value ?? [];
    if (!packs.length) return html`<p class="card quiet">${t("system.no_packs")}</p>`;
    return html`<ul class="rows card">${packs.map(packLine)}</ul>`;
  }

  private modelList(): TemplateResult {
    const { kinds = [], missing = {} } = this.models.value ?? {};
    const held = kinds.filter((kind) => kind.files.length);
    return html`${Object.entries(missing).map(([name, lacking]) => missingCard(name, lacking))}
      ${held.length ? nothing : html`<p class="card quiet">${t("system.no_models")}</p>`}
      ${held.map(kindCard)}`;
  }
}

function workerCard(worker: Worker): TemplateResult {
  return html`<div class="card">
    <p class="line"><strong>${worker.name}</strong> <span class="quiet">${worker.hardware ?? worker.device}</span>
      <span class="end">${mark("worker_state", worker.state)}</span></p>
    ${worker.reason ? html`<p class="error">${worker.reason}</p>` : nothing}
    ${worker.devices.map(deviceLine)}
    ${worker.models.length
      ? html`<details><summary>${t("system.loaded", { count: worker.models.length })}</summary>
          <ul>${worker.models.map((model) => html`<li>${model.name} <span class="quiet">${model.part}, ${bytes(model.bytes)}, ${model.device}</span></li>`)}</ul></details>`
      : nothing}
  </div>`;
}

function deviceLine(device: Device): TemplateResult {
  const used = device.total - device.free;
  const told = t("system.memory", { used: bytes(used), total: bytes(device.total) });
  return html`<p class="quiet">${device.name}: ${told}</p>
    <progress max="1" .value=${device.total ? used / device.total : 0} aria-label="${device.name}: ${told}"></progress>`;
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

function missingCard(workflow: string, missing: MissingModel[]): TemplateResult {
  return html`<div class="card">
    <p><a href=${addressOf("workflows", workflow)}>${workflow}</a> ${t("system.lacks")}</p>
    <ul>${missing.map((model) => html`<li>${model.name} <span class="quiet">→ ${model.folder}</span></li>`)}</ul>
  </div>`;
}

function kindCard(kind: ModelKind): TemplateResult {
  return html`<details class="card">
    <summary>${kind.kind} <span class="quiet">${number(kind.files.length)}</span></summary>
    <p class="quiet">${kind.folders.join(", ")}</p>
    <ul>${kind.files.map((file) => html`<li>${file.name} <span class="quiet">${bytes(file.size)}</span></li>`)}</ul>
  </details>`;
}
