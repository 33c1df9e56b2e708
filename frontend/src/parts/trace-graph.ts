// The graph of a trace: one node below the other; beside it the values at the one that is chosen.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { FiringDetails } from "../hub/records.js";
import { filesOf, firstOf, nodesOf, type TraceNode, UNREACHED } from "../hub/trace.js";
import { addressOf } from "../router.js";
import { duration, plain } from "../text/format.js";
import { t, word } from "../text/text.js";
import { View } from "../view.js";
import { icon, type IconName } from "./icons.js";
import { subjectOf } from "./automations.js";
import { inputsOf } from "./inputs.js";
import { mark } from "./marks.js";

const ICONS: Record<TraceNode["kind"], IconName> = { event: "automations", condition: "why", step: "play", end: "star" };
const MOVES: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

@customElement("trace-graph")
export class TraceGraph extends View {
  @property({ attribute: false }) trace!: FiringDetails;
  @state() private wanted = "";

  override render(): TemplateResult {
    const nodes = nodesOf(this.trace);
    const chosen = nodes.find((node) => node.id === this.wanted) ?? firstOf(nodes);
    return html`<div class="columns even tracing">
      <ol class="trace" aria-label=${t("firing")} @keydown=${this.move}>
        ${nodes.map((node) => html`<li data-state=${node.state} .style="margin-inline-start: ${node.depth * 1.5}rem">${this.button(node, node === chosen)}</li>`)}
      </ol>
      ${chosen ? this.details(chosen) : nothing}
    </div>`;
  }

  private button(node: TraceNode, isChosen: boolean): TemplateResult {
    const choose = (): void => {
      this.wanted = node.id;
    };
    const way = node.way.map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : part)).join(" › ");
    return html`<button type="button" class="card" aria-pressed=${String(isChosen)} aria-controls="values" @click=${choose} @focus=${choose}>
      ${icon(ICONS[node.kind])}
      <span><strong>${titleOf(node)}</strong> ${node.kind === "event" ? html`<span class="quiet">${subjectOf(this.trace)}</span>` : nothing} ${way ? html`<span class="quiet">${way}</span>` : nothing}</span>
      <span class="end line">${stateOf(node)} ${node.seconds === null ? nothing : html`<span class="quiet">${duration(node.seconds)}</span>`}</span>
    </button>`;
  }

  private details(node: TraceNode): TemplateResult {
    const files = node.kind === "event" ? filesOf(this.trace.trigger) : [];
    const isEmpty = !node.error && !Object.keys(node.values).length;
    return html`<section id="values" class="card values" aria-live="polite">
      <h2>${titleOf(node)}</h2>
      ${node.error ? html`<p class="error">${node.error}</p>` : nothing}
      ${files.length ? inputsOf(files) : nothing}
      ${isEmpty ? html`<p class="quiet">${t("firing.no_values")}</p>` : values(node.values)}
      ${node.kind === "end" ? this.runs() : nothing}
    </section>`;
  }

  private runs(): TemplateResult | typeof nothing {
    const { runs } = this.trace;
    if (!runs.length) return nothing;
    return html`<ul class="rows plain">${runs.map((run) => html`<li class="line">
      <a href=${addressOf("runs", String(run.number))}>${t("run.title", { number: run.number })}</a> ${mark("state", run.state)}
    </li>`)}</ul>`;
  }

  /** Arrow keys go from one node to the next. */
  private move(event: KeyboardEvent): void {
    const by = MOVES[event.key];
    if (!by) return;
    const buttons = [...this.querySelectorAll<HTMLButtonElement>(".trace button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = buttons[at + by];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  }
}

function titleOf(node: TraceNode): string {
  if (node.kind === "event") return word("trigger", node.name);
  return node.kind === "end" ? t("firing.end") : node.name;
}

function stateOf(node: TraceNode): TemplateResult | typeof nothing {
  if (node.kind === "event") return nothing;
  if (node.kind === "end") return mark("firing_state", node.state);
  if (UNREACHED.has(node.state)) return mark("node_state", node.state);
  if (node.kind === "step") return mark("state", node.state);
  const said = { succeeded: "passed", refused: "refused", failed: "mistake" }[node.state];
  return mark("verdict", said ?? node.state);
}

/** Whatever a step gave or an event holds, unfolded on demand. */
function values(value: unknown): TemplateResult {
  if (value === null || typeof value !== "object") return html`<p class="quiet">${plain(value)}</p>`;
  const entries = Object.entries(value).filter(([, inner]) => inner !== "" && inner !== null);
  const short = entries.filter(([, inner]) => typeof inner !== "object");
  const deep = entries.filter(([, inner]) => typeof inner === "object");
  return html`
    ${short.length ? html`<dl>${short.map(([name, inner]) => html`<dt>${name}</dt><dd>${plain(inner)}</dd>`)}</dl>` : nothing}
    ${deep.map(([name, inner]) => html`<details ?open=${deep.length === 1}><summary>${name}</summary>${values(inner)}</details>`)}
  `;
}
