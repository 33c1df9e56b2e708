// The runs that wait, next first. Their order is changed by dragging, by buttons, or by arrow keys.

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { post } from "../hub/api.js";
import { moved } from "../hub/moving.js";
import type { Run } from "../hub/records.js";
import { addressOf } from "../router.js";
import { moment } from "../text/format.js";
import { t } from "../text/text.js";
import { View } from "../view.js";
import { icon } from "./icons.js";
import { iconButton } from "./marks.js";
import { originOf, titleOf } from "./runs.js";
import { attempt } from "./toasts.js";

@customElement("run-queue")
export class RunQueue extends View {
  @property({ attribute: false }) runs: Run[] = [];
  /** All that wait, of which `runs` are the first. */
  @property({ type: Number }) count = 0;
  /** The order while it is being changed, until the hub tells of it. */
  @state() private order: Run[] = [];
  @state() private dragged = "";
  @state() private told = "";

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("runs") && !this.dragged) this.order = this.runs;
  }

  override render(): TemplateResult {
    const beyond = this.count - this.order.length;
    return html`
      <ol id="queue" class="card rows">
        ${repeat(this.order, (run) => run.id, (run, place) => this.line(run, place))}
      </ol>
      ${beyond > 0 ? html`<p class="quiet more">${t("queue.beyond", { count: beyond })}</p>` : ""}
      <p class="unseen" role="status">${this.told}</p>
    `;
  }

  private line(run: Run, place: number): TemplateResult {
    const { number } = run;
    const cancel = (): void => void attempt(() => post(`/api/hub/runs/${run.id}/cancel`));
    return html`<li class="queued" data-dragged=${this.dragged === run.id}>
      <button
        type="button"
        class="icon-button grip"
        aria-label=${t("queue.move", { number })}
        title=${t("queue.move.how")}
        data-run=${run.id}
        @keydown=${(event: KeyboardEvent) => this.key(event, place)}
        @pointerdown=${(event: PointerEvent) => this.grasp(event, run)}
      >${icon("grip")}</button>
      <span class="what">
        <a href=${addressOf("runs", String(number))}><span class="number">#${number}</span> ${titleOf(run)}</a>
        <span class="quiet">${originOf(run)}, ${moment(run.created_at)}</span>
      </span>
      <span class="acts">
        ${iconButton("first", t("queue.first", { number }), () => void this.put(place, 0), { disabled: place === 0 })}
        ${iconButton("up", t("queue.up", { number }), () => void this.put(place, place - 1), { disabled: place === 0 })}
        ${iconButton("down", t("queue.down", { number }), () => void this.put(place, place + 1), { disabled: place === this.order.length - 1 })}
        ${iconButton("cancel", t("run.cancel", { number }), cancel)}
      </span>
    </li>`;
  }

  /** Arrow keys move by one, Home and End to the ends. */
  private key(event: KeyboardEvent, place: number): void {
    const last = this.order.length - 1;
    const to = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to >= 0 && to <= last) void this.put(place, to);
  }

  private grasp(event: PointerEvent, run: Run): void {
    if (event.button !== 0) return;
    this.dragged = run.id;
    // Of the window, as what is dragged is taken out and put in again elsewhere.
    const ended = new AbortController();
    const drop = (): void => {
      ended.abort();
      this.drop();
    };
    const { signal } = ended;
    window.addEventListener("pointermove", (moving) => this.drag(moving), { signal });
    window.addEventListener("pointerup", drop, { signal });
    window.addEventListener("pointercancel", drop, { signal });
  }

  /** What is dragged takes the place of the line that it is above. */
  private drag(event: PointerEvent): void {
    const lines = [...this.querySelectorAll<HTMLElement>(".queued")];
    const to = lines.findIndex((line) => event.clientY < line.getBoundingClientRect().bottom);
    const from = this.placeOf(this.dragged);
    const target = to < 0 ? lines.length - 1 : to;
    if (target !== from) this.order = moved(this.order, from, target);
  }

  private drop(): void {
    const from = this.runs.findIndex((run) => run.id === this.dragged);
    const to = this.placeOf(this.dragged);
    this.dragged = "";
    const isOther = from >= 0 && to >= 0 && from !== to;
    if (isOther) void this.tell(to);
    else this.order = this.runs;
  }

  /** Move it, by key or button; the focus stays with it. */
  private async put(from: number, to: number): Promise<void> {
    const held = document.activeElement as HTMLElement | null;
    this.order = moved(this.order, from, to);
    await this.updateComplete;
    const isOff = held instanceof HTMLButtonElement && held.disabled;
    const grip = this.querySelectorAll<HTMLElement>(".grip")[to];
    (isOff || !held?.isConnected ? grip : held)?.focus();
    await this.tell(to);
  }

  /** Ask the hub for the order as it is shown now, with the run at that place in another one. */
  private async tell(place: number): Promise<void> {
    const [run, next, earlier] = [this.order[place], this.order[place + 1], this.order[place - 1]];
    if (!run) return;
    const where = place === 0 ? {} : next ? { before: next.id } : { after: earlier?.id };
    const done = await attempt(() => post(`/api/hub/runs/${run.id}/move`, where));
    if (done) this.told = t("queue.moved", { number: run.number, place: place + 1, count: this.count });
    else this.order = this.runs;
  }

  private placeOf(run: string): number {
    return this.order.findIndex((each) => each.id === run);
  }
}
