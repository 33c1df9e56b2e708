// How many runs there were each hour, and how long runs took: two small charts by uPlot, which is
// loaded when there is something to draw.

import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type uPlot from "uplot";
import { pendingUntil } from "../hub/pending.js";
import type { Hour, Run } from "../hub/records.js";
import { clockTime, dayShort, duration, number } from "../text/format.js";
import { t } from "../text/text.js";
import { View } from "../view.js";

const HEIGHT = 130;
const WHOLE = Array.from({ length: 8 }, (_, power) => [1, 2, 5].map((each) => each * 10 ** power)).flat();

export interface Series {
  /** Seconds since 1970. */
  x: number[];
  y: number[];
}

/** How many runs ended in each hour: all, and those that did not fail. */
export function perHour(hours: Hour[]): { x: number[]; all: number[]; well: number[] } {
  return {
    x: hours.map((hour) => Date.parse(hour.at) / 1000),
    all: hours.map((hour) => hour.succeeded + hour.cancelled + hour.failed),
    well: hours.map((hour) => hour.succeeded + hour.cancelled),
  };
}

/** How long each run that ended took, the earliest first. */
export function durations(runs: Run[]): Series {
  const ended = runs.filter((run) => run.seconds !== null).sort((one, other) => secondsOf(one) - secondsOf(other));
  return { x: ended.map(secondsOf), y: ended.map((run) => run.seconds ?? 0) };
}

@customElement("run-charts")
export class RunCharts extends View {
  /** The latest that ended. */
  @property({ attribute: false }) runs: Run[] = [];
  @property({ attribute: false }) hours: Hour[] = [];
  private plots: uPlot[] = [];
  private readonly size = new ResizeObserver(() => this.fit());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.size.disconnect();
    this.clear();
  }

  override render(): TemplateResult {
    const took = durations(this.runs).y.sort((one, other) => one - other);
    const median = took[Math.floor(took.length / 2)] ?? 0;
    const sum = (name: "failed" | "succeeded" | "cancelled"): number =>
      this.hours.reduce((total, hour) => total + hour[name], 0);
    const [failed, count] = [sum("failed"), sum("failed") + sum("succeeded") + sum("cancelled")];
    return html`
      ${figure(t("charts.per_hour"), t("charts.day", { count, failed }))}
      ${figure(t("charts.durations"), t("charts.mostly", { time: duration(median) }))}
    `;
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has("runs") || changed.has("hours")) void this.draw();
  }

  private async draw(): Promise<void> {
    const [{ default: Plot }] = await pendingUntil(Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]));
    if (!this.isConnected) return;
    this.clear();
    const [hours, times] = this.querySelectorAll<HTMLElement>(".plot");
    if (!hours || !times) return;
    const { x, all, well } = perHour(this.hours);
    const took = durations(this.runs);
    const bars = { paths: Plot.paths.bars?.({ size: [0.7, 24] }), points: { show: false } };
    const dots = { paths: () => null, points: { show: true, size: 5, width: 1 } };
    this.plots = [
      plot(Plot, hours, [x, all, well], ["--bad", "--busy"], bars, { incrs: WHOLE, values: texts(number) }),
      plot(Plot, times, [took.x, took.y], ["--busy"], dots, { values: texts(duration) }),
    ];
    this.size.observe(this);
  }

  private fit(): void {
    for (const each of this.plots) {
      const width = each.root.parentElement?.clientWidth ?? 0;
      if (width && width !== each.width) each.setSize({ width, height: HEIGHT });
    }
  }

  private clear(): void {
    for (const each of this.plots) each.destroy();
    this.plots = [];
  }
}

function figure(title: string, words: string): TemplateResult {
  return html`<figure class="card">
    <figcaption class="line"><span>${title}</span><span class="quiet end">${words}</span></figcaption>
    <div class="plot" role="img" aria-label="${title}: ${words}"></div>
  </figure>`;
}

function texts(asText: (value: number) => string): uPlot.Axis.DynamicValues {
  return (_plot, ticks) => ticks.map((tick) => asText(tick));
}

function plot(
  Plot: typeof uPlot,
  where: HTMLElement,
  data: uPlot.AlignedData,
  colours: string[],
  look: Partial<uPlot.Series>,
  axisOfValues: uPlot.Axis,
): uPlot {
  const axis = lookOfAxes(where);
  const options: uPlot.Options = {
    width: where.clientWidth || 300,
    height: HEIGHT,
    padding: [8, 28, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(most, 0.001) * 1.15] } },
    axes: [
      { ...axis, space: 64, size: 28, values: (_plot, ticks) => eachOnce(ticks.map(timeOf)) },
      { ...axis, size: 64, space: 28, ...axisOfValues },
    ],
    series: [
      {},
      ...colours.map((name) => {
        const stroke = colourOf(where, name);
        return { stroke, fill: stroke, width: 0, ...look };
      }),
    ],
  };
  return new Plot(options, data, where);
}

/** What a label before says already is not said again, as where one minute has several. */
export function eachOnce(labels: string[]): string[] {
  return labels.map((label, index) => (label === labels[index - 1] ? "" : label));
}

/** A moment of an axis, in the words of the chosen language. */
function timeOf(seconds: number): string {
  const moment = new Date(seconds * 1000);
  const isMidnight = moment.getHours() === 0 && moment.getMinutes() === 0;
  return isMidnight ? dayShort(moment) : clockTime(moment.toISOString());
}

/** Axes in the colours of the present theme. */
export function lookOfAxes(where: HTMLElement): uPlot.Axis {
  const [quiet, line] = ["--quiet", "--line"].map((name) => colourOf(where, name));
  return { stroke: quiet, grid: { stroke: line, width: 1 }, ticks: { stroke: line } };
}

/** A colour of the style sheet as a canvas takes it, in the present theme. */
export function colourOf(where: HTMLElement, name: string): string {
  where.style.color = `var(${name})`;
  const { color } = getComputedStyle(where);
  where.style.color = "";
  return color;
}

function secondsOf(run: Run): number {
  return Date.parse(run.ended_at ?? run.created_at) / 1000;
}
