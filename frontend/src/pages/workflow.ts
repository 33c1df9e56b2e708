// One workflow: running it with a form, its graph, and what came of it lately.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { get, post } from "../hub/api.js";
import { combinations, countOf, MOST } from "../hub/matrix.js";
import { Reading } from "../hub/reading.js";
import type { Fills, Graph, MissingModel, Parameter, Piece, Run, Workflow } from "../hub/records.js";
import { fields, valuesOf } from "../parts/fields.js";
import { openLightbox } from "../parts/lightbox.js";
import { failure } from "../parts/marks.js";
import { listsOf, matrixFields, several } from "../parts/matrix-fields.js";
import { tile } from "../parts/outputs.js";
import { attempt } from "../parts/toasts.js";
import "../parts/workflow-parameters.js";
import { addressOf, go } from "../router.js";
import { t } from "../text/text.js";
import { View } from "../view.js";

interface Shown extends Workflow {
  graph: Graph;
  fills: Fills;
  /** What may be chosen for parameters, such as the model files that are there. */
  offered: Record<string, string[]>;
}

@customElement("page-workflow")
export class WorkflowPage extends View {
  @property() name = "";
  /** The number of a run whose parameters are taken over. */
  @property() from = "";
  /** How many runs the form asks for, and how many of them were sent. */
  @state() private count = 1;
  @state() private sent: number | undefined;
  @state() private hasSeveral = false;
  private readonly workflow = new Reading(
    this,
    () => get<Shown>(`/api/hub/workflows/${encodeURIComponent(this.name)}`),
    ["ConfigurationReloaded"],
  );
  private readonly given = new Reading(this, () => this.readGiven());
  private readonly missing = new Reading(this, () => this.readMissing(), ["ConfigurationReloaded"]);
  private readonly outputs = new Reading(
    this,
    async () => {
      const query = new URLSearchParams({ workflow: this.name, limit: "12" });
      return (await get<{ outputs: Piece[] }>(`/api/hub/outputs?${query}`)).outputs;
    },
    ["RunFinished"],
  );

  override render(): TemplateResult {
    const { value: workflow } = this.workflow;
    if (!workflow || !this.given.value) return html`${failure(this.workflow.error ?? this.given.error)}`;
    return html`
      <div class="line">
        <h1>${workflow.title || workflow.name}</h1>
        <span class="end"><a class="button" href=${addressOf("runs", "", { workflow: workflow.name })}>${t("runs")}</a></span>
      </div>
      ${this.lacking()}
      <div class="columns even">
        <div>
          <section><h2>${t("workflow.run")}</h2>${this.form(workflow, this.given.value)}</section>
          ${this.latest()}
        </div>
        <section>
          <h2>${t("workflow.graph")}</h2>
          <workflow-parameters .name=${workflow.name} .graph=${workflow.graph} .fills=${workflow.fills}></workflow-parameters>
        </section>
      </div>
    `;
  }

  private form(workflow: Shown, given: Record<string, unknown>): TemplateResult {
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      void this.start(workflow, event.currentTarget as HTMLFormElement);
    };
    const recount = (form: HTMLFormElement): void => {
      this.count = this.runsOf(form, workflow).length;
    };
    const unfolded = async (event: Event): Promise<void> => {
      const details = event.currentTarget as HTMLDetailsElement;
      this.hasSeveral = details.open;
      await this.updateComplete;
      recount(details.closest("form") as HTMLFormElement);
    };
    const isMany = this.count > MOST;
    return html`<form class="card" @submit=${submit} @input=${(event: Event) => recount(event.currentTarget as HTMLFormElement)}>
      ${fields(choosable(workflow), given)}
      ${several(workflow.parameters).length
        ? html`<details class="matrix" @toggle=${unfolded}><summary>${t("matrix")}</summary>${this.hasSeveral ? matrixFields(workflow.parameters) : nothing}</details>`
        : nothing}
      <div class="line">
        <button class="main" type="submit" ?disabled=${isMany || this.sent !== undefined}>${this.count > 1 ? t("matrix.run", { count: this.count }) : t("act.run")}</button>
        ${this.sent === undefined ? nothing : html`<span class="quiet" role="status">${t("matrix.sent", { count: this.sent, of: this.count })}</span>`}
        ${isMany ? html`<span class="error" role="status">${t("matrix.too_many", { most: MOST })}</span>` : nothing}
        <label class="end check">${t("workflow.times")} <input type="number" name="number of runs" min="1" max="100" value="1" /></label>
      </div>
    </form>`;
  }

  /** What is different about each of the runs that the form asks for. */
  private runsOf(form: HTMLFormElement, workflow: Workflow): Record<string, string>[] {
    const lists = listsOf(form, workflow.parameters);
    const times = Number(new FormData(form).get("number of runs")) || 1;
    if (countOf(lists) * times > MOST) return Array(MOST + 1).fill({});
    return Array.from({ length: times }, () => combinations(lists)).flat();
  }

  private latest(): TemplateResult | typeof nothing {
    const pieces = this.outputs.value ?? [];
    if (!pieces.length) return nothing;
    return html`<section>
      <h2>${t("overview.latest")}</h2>
      <ul class="tiles">
        ${pieces.map((piece, index) => html`<li>${tile(piece, () => openLightbox(pieces, index))}</li>`)}
      </ul>
    </section>`;
  }

  private lacking(): TemplateResult | typeof nothing {
    const missing = this.missing.value ?? [];
    if (!missing.length) return nothing;
    return html`<ul class="card concerns">
      ${missing.map(
        (model) => html`<li>
          <strong>${t("workflow.missing", { name: model.name })}</strong>
          <span class="details">${t("workflow.missing.advice", { folder: model.folder ?? "" })}${model.suggestion
            ? ` ${t("workflow.missing.like", { name: model.suggestion })}`
            : nothing}</span>
        </li>`,
      )}
    </ul>`;
  }

  private async start(workflow: Workflow, form: HTMLFormElement): Promise<void> {
    await attempt(async () => {
      const parameters = await valuesOf(form, workflow.parameters);
      const runs = this.runsOf(form, workflow);
      const address = `/api/hub/workflows/${encodeURIComponent(workflow.name)}/run`;
      let last: Run | undefined;
      for (const [index, one] of runs.entries()) {
        if (runs.length > 1) this.sent = index;
        last = (await post<{ run: Run }>(address, { parameters: { ...parameters, ...one } })).run;
      }
      if (last) go(runs.length > 1 ? addressOf("") : addressOf("runs", String(last.number)));
    });
    this.sent = undefined;
  }

  private async readGiven(): Promise<Record<string, unknown>> {
    if (!this.from) return {};
    return (await get<Run>(`/api/hub/runs/${encodeURIComponent(this.from)}`)).parameters;
  }

  private async readMissing(): Promise<MissingModel[]> {
    const { missing } = await get<{ missing: Record<string, MissingModel[]> }>("/api/hub/models");
    return missing[this.name] ?? [];
  }
}

/** Its parameters, with what may be chosen as options. */
function choosable({ parameters, offered }: Shown): Record<string, Parameter> {
  const entries = Object.entries(parameters);
  return Object.fromEntries(entries.map(([name, each]) => [name, { ...each, options: each.options ?? offered[name] }]));
}
