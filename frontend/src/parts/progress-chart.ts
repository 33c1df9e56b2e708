// How a run got on: how far each of its nodes was, second by second. Drawn by uPlot, which is loaded
// when there is something to draw.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type uPlot from "uplot";
import { pendingUntil } from "../hub/pending.js";
import type { ProgressPoint } from "../hub/records.js";
import { duration, number } from "../text/format.js";
import { t } from "../text/text.js";
import { View } from "../view.js";
import { colourOf, lookOfAxes } from "./chart.js";

const HEIGHT = 170;
const COLOURS = ["--busy", "--good", "--warn", "--accent", "--bad", "--quiet"];

export interface Course {
  /** Nodes in the order in which they began, each with the share that was done at each moment. */
  nodes: string[];
  shares: (number | null)[][];
  /** Seconds since the first point. */
  seconds: number[];
}

/** The course of a run's latest attempt. */
export function courseOf(points: ProgressPoint[]): Course {
  const attempt = Math.max(0, ...points.map((point) => point.attempt));
  const latest = points.filter((point) => point.attempt === attempt && point.maximum > 0);
  const nodes = [...new Set(latest.map((point) => point.node))];
  const begun = Date.parse(latest[0]?.at ?? "");
  return {
    nodes,
    seconds: latest.map((point) => (Date.parse(point.at) - begun) / 1000),
    shares: nodes.map((node) =>
      latest.map((point) => (point.node === node ? Math.min(1, point.value / point.maximum) : null)),
    ),
  };
}

@customElement("progress-chart")
export class ProgressChart extends View {
  @property({ attribute: false }) points: ProgressPoint[] = [];
  /** What a node is called. */
  @property({ attribute: false }) nameOf: (node: string) => string = (node) => node;
  private plot: uPlot | undefined;
  private drawn = "";
  private readonly size = new ResizeObserver(() => this.fit());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.size.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
  }

  override render(): TemplateResult | typeof nothing {
    const { nodes } = courseOf(this.points);
    if (!nodes.length) return nothing;
    const names = nodes.map((node) => this.nameOf(node));
    return html`<section>
      <h2>${t("run.course")}</h2>
      <figure class="card">
        <div class="plot" role="img" aria-label=${t("run.course.of", { nodes: names.join(", ") })}></div>
        <ul class="legend">
          ${names.map((name, index) => html`<li><span .style=${`background: var(${colour(index)})`}></span>${name}</li>`)}
        </ul>
      </figure>
    </section>`;
  }

  override updated(): void {
    void this.draw();
  }

  private async draw(): Promise<void> {
    const [{ default: Plot }] = await pendingUntil(Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]));
    const where = this.querySelector<HTMLElement>(".plot");
    if (!this.isConnected || !where) return;
    const { nodes, seconds, shares } = courseOf(this.points);
    const shape = nodes.join(" ");
    if (!this.plot || shape !== this.drawn) {
      this.drawn = shape;
      this.plot?.destroy();
      this.plot = new Plot(optionsFor(where, nodes), [[], ...nodes.map(() => [])], where);
      this.size.observe(this);
    }
    // What was told within a millisecond still comes one after another.
    this.plot.setData([seconds.map((second, index) => second + index * 1e-6), ...shares]);
  }

  private fit(): void {
    const width = this.querySelector(".plot")?.clientWidth ?? 0;
    if (this.plot && width && width !== this.plot.width) this.plot.setSize({ width, height: HEIGHT });
  }
}

function optionsFor(where: HTMLElement, nodes: string[]): uPlot.Options {
  const axis = lookOfAxes(where);
  return {
    width: where.clientWidth || 300,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 28, 0, 0],
    scales: { x: { time: false, range: (_plot, _least, most) => [0, Math.max(most, 0.01)] }, y: { range: [0, 1] } },
    axes: [
      { ...axis, space: 64, size: 28, values: (_plot, ticks) => ticks.map((tick) => duration(tick)) },
      { ...axis, size: 54, values: (_plot, ticks) => ticks.map((tick) => `${number(tick * 100)} %`) },
    ],
    series: [
      {},
      ...nodes.map((_, index) => {
        const stroke = colourOf(where, colour(index));
        return { stroke, width: 2, spanGaps: true, points: { show: true, size: 5, fill: stroke } };
      }),
    ],
  };
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? "--quiet";
}
