// A graph, drawn, with its nodes coloured by what became of them.

import { html, nothing, svg, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Graph } from "../hub/records.js";
import { t, word } from "../text/text.js";
import { View } from "../view.js";
import { type Box, type Edge, layOut, type Layout } from "./layout.js";

const LEAST = 0.75; // of its size is what a graph shrinks to before it is scrolled

/** What is said of one node: its state in a run, and a few words more. */
export interface NodeMark {
  state: string;
  note: string;
}

@customElement("workflow-graph")
export class WorkflowGraph extends View {
  @property({ attribute: false }) graph: Graph = {};
  @property({ attribute: false }) marks: Map<string, NodeMark> = new Map();
  /** Whether nodes can be chosen, which `chosen` events tell; and which one is. */
  @property({ type: Boolean }) choosable = false;
  @property() chosen = "";
  @state() private layout: Layout | undefined;
  @state() private isTooLarge = false;
  private drawn = "";

  override willUpdate(): void {
    const shape = JSON.stringify(this.graph);
    if (shape === this.drawn) return;
    this.drawn = shape;
    void this.lay();
  }

  override render(): TemplateResult | typeof nothing {
    const { layout } = this;
    if (this.isTooLarge) return html`<p class="card quiet">${t("graph.too_large")}</p>`;
    if (!layout) return nothing;
    return html`<div class="graph card" tabindex="0" role="group" aria-label=${t("workflow.graph")}>
      <svg viewBox="${layout.x} ${layout.y} ${layout.width} ${layout.height}" .style=${`max-width: ${layout.width}px; min-width: ${layout.width * LEAST}px`} role=${this.choosable ? "group" : "img"} aria-label=${this.words()}>
        ${layout.edges.map(edgeLine)} ${layout.boxes.map((box) => this.box(box))}
      </svg>
    </div>`;
  }

  private async lay(): Promise<void> {
    try {
      this.layout = await layOut(this.graph);
      this.isTooLarge = false;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.isTooLarge = true; // thousands of nodes in a row, which dagre follows by calling itself
    }
  }

  private box(box: Box): TemplateResult {
    const { mark, title } = { mark: this.marks.get(box.id), title: this.titleOf(box.id) };
    const [left, top] = [box.x - box.width / 2, box.y - box.height / 2];
    const below = mark ? [word("node_state", mark.state), mark.note].filter(Boolean).join(", ") : this.classOf(box.id);
    const choose = (): unknown => this.choosable && this.dispatchEvent(new CustomEvent("chosen", { detail: box.id }));
    const press = (event: KeyboardEvent): void => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    };
    return svg`<g class="node" data-state=${mark?.state ?? ""} transform="translate(${left} ${top})"
      role=${this.choosable ? "button" : nothing} tabindex=${this.choosable ? "0" : nothing}
      aria-pressed=${this.choosable ? String(box.id === this.chosen) : nothing} @click=${choose} @keydown=${press}>
      ${this.choosable ? nothing : svg`<title>${box.id}: ${title}</title>`}
      <rect width=${box.width} height=${box.height} rx="8" />
      <text x="12" y="21"><tspan class="id">${box.id}</tspan> ${shortened(title, 21)}</text>
      <text x="12" y="40" class="small">${shortened(below, 27)}</text>
    </g>`;
  }

  /** The same for those who do not see it. */
  private words(): string {
    return Object.keys(this.graph).map((id) => `${id} ${this.titleOf(id)}`).join(", ");
  }

  private titleOf(id: string): string {
    return this.graph[id]?._meta?.title ?? this.classOf(id);
  }

  private classOf(id: string): string {
    return this.graph[id]?.class_type ?? "";
  }
}

function edgeLine(edge: Edge): TemplateResult {
  const [first, ...rest] = edge.points;
  if (!first) return svg``;
  const line = `M${first.x} ${first.y}${rest.map((point) => `L${point.x} ${point.y}`).join("")}`;
  return svg`<path class="edge" d=${line} />`;
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
