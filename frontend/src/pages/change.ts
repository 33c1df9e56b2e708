// A run once more with other values, for runs whose workflow is not saved: all that its nodes hold.

import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { get, post } from "../hub/api.js";
import { type Changeable, changeables, changes, type Descriptions } from "../hub/changing.js";
import type { Described } from "../hub/declaring.js";
import { Reading } from "../hub/reading.js";
import type { Run, RunDetails } from "../hub/records.js";
import { fields, valuesOf } from "../parts/fields.js";
import { empty, failure } from "../parts/marks.js";
import { attempt, say } from "../parts/toasts.js";
import { titleOf } from "../parts/runs.js";
import { addressOf, go } from "../router.js";
import { t } from "../text/text.js";
import { View } from "../view.js";

type Info = Record<string, { input: { required?: Record<string, Described>; optional?: Record<string, Described> } }>;

@customElement("page-change")
export class ChangePage extends View {
  @property() number = "";
  private readonly run = new Reading(this, () => this.read());

  override render(): TemplateResult {
    const { value } = this.run;
    if (!value) return html`${failure(this.run.error)}`;
    const { run, nodes } = value;
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      void this.start(run, nodes, event.currentTarget as HTMLFormElement);
    };
    return html`
      <div class="line">
        <h1>${t("run.with_changes")}</h1>
        <a href=${addressOf("runs", String(run.number))}>#${run.number} ${titleOf(run)}</a>
      </div>
      ${nodes.length ? html`<form class="change" @submit=${submit}>
        <div class="cards wide">${nodes.map(nodeCard)}</div>
        <p><button class="main" type="submit">${t("act.run")}</button></p>
      </form>` : empty(t("change.none"), t("change.none.advice"))}
    `;
  }

  private async read(): Promise<{ run: RunDetails; nodes: Changeable[] }> {
    const run = await get<RunDetails>(`/api/hub/runs/${encodeURIComponent(this.number)}`);
    const classes = [...new Set(Object.values(run.graph).map((node) => node.class_type))];
    const described = await Promise.all(classes.map(async (name) => [name, await describe(name)]));
    return { run, nodes: changeables(run.graph, Object.fromEntries(described) as Descriptions) };
  }

  private async start(run: RunDetails, nodes: Changeable[], form: HTMLFormElement): Promise<void> {
    await attempt(async () => {
      const parameters = Object.assign({}, ...nodes.map((node) => node.parameters));
      const inputs = changes(run.graph, nodes, { ...textsOf(form), ...(await valuesOf(form, parameters)) });
      if (!Object.keys(inputs).length) return say(t("change.nothing"));
      const { run: next } = await post<{ run: Run }>(`/api/hub/runs/${run.id}/again`, { inputs });
      go(addressOf("runs", String(next.number)));
    });
  }
}

function nodeCard({ node, title, parameters }: Changeable): TemplateResult {
  return html`<fieldset class="card settings">
    <legend><span class="number">${node}</span> ${title}</legend>
    ${fields(parameters)}
  </fieldset>`;
}

/** Texts that were emptied are changed too; numbers that are empty stay as they are. */
function textsOf(form: HTMLFormElement): Record<string, string> {
  const emptied = [...form.querySelectorAll<HTMLInputElement>("input:not([type]), textarea")].filter((field) => field.value === "");
  return Object.fromEntries(emptied.map((field) => [field.name, ""]));
}

async function describe(name: string): Promise<Record<string, Described>> {
  const info = await get<Info>(`/object_info/${encodeURIComponent(name)}`).catch((): Info => ({}));
  return { ...info[name]?.input.optional, ...info[name]?.input.required };
}
