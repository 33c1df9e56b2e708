// The graph of a workflow, whose nodes are chosen to make their inputs parameters.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { get, send } from "../hub/api.js";
import { type Declared, type Described, freeName, guess, isConstant, TYPES } from "../hub/declaring.js";
import { Reading } from "../hub/reading.js";
import type { Fills, Graph, Me } from "../hub/records.js";
import { plain } from "../text/format.js";
import { t } from "../text/text.js";
import { View } from "../view.js";
import "./graph.js";
import type { NodeMark } from "./graph.js";
import { iconButton } from "./marks.js";
import { attempt, say } from "./toasts.js";

interface Written {
  text: string;
  version: string | null;
}

type Info = Record<string, { input: { required?: Record<string, Described>; optional?: Record<string, Described> } }>;

@customElement("workflow-parameters")
export class WorkflowParameters extends View {
  @property() name = "";
  @property({ attribute: false }) graph: Graph = {};
  @property({ attribute: false }) fills: Fills = {};
  @state() private chosen = "";
  @state() private described: Record<string, Described> = {};
  private readonly me = new Reading(this, () => get<Me>("/api/hub/me"));

  override render(): TemplateResult {
    const mayDeclare = this.me.value?.scope === "admin";
    return html`
      ${mayDeclare ? html`<p class="quiet advice">${t("declare.how")}</p>` : nothing}
      <workflow-graph .graph=${this.graph} .marks=${this.marks()} .chosen=${this.chosen} ?choosable=${mayDeclare}
        @chosen=${(event: CustomEvent<string>) => void this.choose(event.detail)}></workflow-graph>
      ${mayDeclare && this.graph[this.chosen] ? this.panel() : nothing}
    `;
  }

  /** Which nodes have parameters. */
  private marks(): Map<string, NodeMark> {
    const marks = new Map<string, NodeMark>();
    for (const [name, { nodes }] of Object.entries(this.fills)) {
      for (const node of nodes) {
        const note = [marks.get(node)?.note, name].filter(Boolean).join(", ");
        marks.set(node, { state: "", note });
      }
    }
    return marks;
  }

  private async choose(node: string): Promise<void> {
    this.chosen = node;
    const kind = this.graph[node]?.class_type ?? "";
    const info = await get<Info>(`/object_info/${encodeURIComponent(kind)}`).catch((): Info => ({}));
    this.described = { ...info[kind]?.input.optional, ...info[kind]?.input.required };
  }

  private panel(): TemplateResult {
    const node = this.graph[this.chosen];
    const inputs = Object.entries(node?.inputs ?? {}).filter(([, value]) => isConstant(value));
    return html`<section class="card" aria-label=${t("declare.inputs", { node: this.chosen })}>
      <h3>${node?._meta?.title ?? node?.class_type}</h3>
      ${inputs.length ? html`<ul class="rows plain">${inputs.map(([input, value]) => this.row(input, value))}</ul>` : html`<p class="quiet">${t("declare.none")}</p>`}
    </section>`;
  }

  private row(input: string, value: unknown): TemplateResult {
    const name = this.nameOf(input);
    return html`<li>
      <p class="line"><strong>${input}</strong> <span class="quiet">${shortened(plain(value))}</span>
        ${name
          ? html`<span class="end line"><span class="chip">${name}</span>
              ${iconButton("trash", t("declare.withdraw", { name }), () => void this.withdraw(name))}</span>`
          : nothing}</p>
      ${name ? nothing : html`<details><summary>${t("declare.make")}</summary>${this.form(input, value)}</details>`}
    </li>`;
  }

  private form(input: string, value: unknown): TemplateResult {
    const guessed = guess(this.chosen, input, value, this.described[input]);
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      void this.declare(event.currentTarget as HTMLFormElement, guessed);
    };
    return html`<form class="declaring" @submit=${submit}>
      <label>${t("declare.name")}<input name="name" required pattern="[A-Za-z_][A-Za-z0-9_]*" .value=${freeName(input, Object.keys(this.fills))} /></label>
      <label>${t("declare.type")}<select name="type">${TYPES.map((type) => html`<option value=${type} ?selected=${type === guessed.type}>${type}</option>`)}</select></label>
      <label>${t("declare.label")}<input name="label" /></label>
      <label>${t("declare.min")}<input name="min" type="number" step="any" .value=${plain(guessed.min)} /></label>
      <label>${t("declare.max")}<input name="max" type="number" step="any" .value=${plain(guessed.max)} /></label>
      <label class="check"><input type="checkbox" name="required" /> ${t("declare.required")}</label>
      <button class="main" type="submit">${t("declare.make")}</button>
    </form>`;
  }

  private nameOf(input: string): string | undefined {
    const found = Object.entries(this.fills).find(([, { nodes, inputs }]) => nodes.includes(this.chosen) && inputs.includes(input));
    return found?.[0];
  }

  private async declare(form: HTMLFormElement, guessed: Declared): Promise<void> {
    const filled = Object.fromEntries(new FormData(form)) as Record<string, string>;
    const name = filled["name"] ?? "";
    const declared = declaredBy(filled, guessed);
    await this.change((document) => document.declare(name, declared), t("declare.made", { name }));
  }

  private async withdraw(name: string): Promise<void> {
    await this.change((document) => document.withdraw(name), t("declare.withdrawn", { name }));
  }

  private async change(edit: (document: Editing) => void, told: string): Promise<void> {
    await attempt(async () => {
      const { SidecarDocument } = await import("../hub/sidecar-document.js");
      const address = `/api/hub/workflows/${encodeURIComponent(this.name)}/text`;
      const written = await get<Written>(address);
      const document = new SidecarDocument(written.text);
      edit(document);
      const body = { text: document.text, version: written.version };
      const saved = await send<{ refused: string | null }>("PUT", address, body);
      if (saved.refused) throw new Error(saved.refused);
      say(told);
    });
  }
}

interface Editing {
  declare(name: string, parameter: Declared): void;
  withdraw(name: string): void;
}

/** What the form says, without what fits no parameter of that type. */
export function declaredBy(filled: Record<string, string>, guessed: Declared): Declared {
  const type = filled["type"] ?? guessed.type;
  const isNumber = type === "integer" || type === "number";
  const limit = (name: "min" | "max"): Partial<Declared> =>
    isNumber && filled[name] ? { [name]: Number(filled[name]) } : {};
  return {
    node: guessed.node,
    input: guessed.input,
    type,
    ...(filled["label"] ? { label: filled["label"] } : {}),
    ...(filled["required"] ? { required: true } : {}),
    ...limit("min"),
    ...limit("max"),
    ...(type === "select" && guessed.options ? { options: guessed.options } : {}),
  };
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
