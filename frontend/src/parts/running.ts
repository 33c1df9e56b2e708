// A run under way: how far it is, and what it has so far.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { post } from "../hub/api.js";
import { progressOf, ProgressWatch, secondsLeft, share } from "../hub/progress.js";
import type { Run } from "../hub/records.js";
import { addressOf } from "../router.js";
import { duration } from "../text/format.js";
import { t } from "../text/text.js";
import { View } from "../view.js";
import { attempt } from "./toasts.js";
import { iconButton } from "./marks.js";
import { originOf, titleOf } from "./runs.js";

@customElement("running-run")
export class RunningRun extends View {
  @property({ attribute: false }) run!: Run;
  readonly watch = new ProgressWatch(this);

  override render(): TemplateResult {
    const { run } = this;
    const progress = progressOf(run.id);
    const done = share(run, progress);
    const steps = progress?.maximum ? t("run.steps", { value: progress.value, maximum: progress.maximum }) : "";
    return html`<article class="card running">
      <live-preview .run=${run.id} .count=${progress?.preview ?? 0} .label=${t("run.so_far", { number: run.number })}></live-preview>
      <div class="body">
        <div class="line">
          <h3><a href=${addressOf("runs", String(run.number))}><span class="number">#${run.number}</span> ${titleOf(run)}</a></h3>
          <span class="end">${iconButton("cancel", t("run.cancel", { number: run.number }), (event) => cancel(run, event))}</span>
        </div>
        <p class="line quiet"><span>${originOf(run)}</span>
          ${progress?.node ? html`<span>${t("run.at_node", { node: progress.node })}${steps}</span>` : nothing}
          ${this.timeLeft(done)}
        </p>
        <progress aria-label=${t("run.progress_of", { number: run.number })} max="1" .value=${done}></progress>
      </div>
    </article>`;
  }

  private timeLeft(done: number): TemplateResult | typeof nothing {
    if (!this.run.started_at) return nothing;
    const elapsed = (Date.now() - Date.parse(this.run.started_at)) / 1000;
    const left = secondsLeft(done, elapsed);
    return left === undefined ? nothing : html`<span>${t("run.left", { time: duration(left) })}</span>`;
  }
}

/** The latest picture of what a run has so far. The next is asked for when the last one is there,
 * however many there are. */
@customElement("live-preview")
export class LivePreview extends View {
  @property() run = "";
  @property({ type: Number }) count = 0;
  @property() label = "";
  @state() private shown = "";
  private isLoading = false;
  private loaded = 0;

  override render(): TemplateResult | typeof nothing {
    return this.shown ? html`<img class="preview" src=${this.shown} alt=${this.label} />` : nothing;
  }

  override updated(): void {
    if (this.isLoading || this.count <= this.loaded) return;
    const count = this.count;
    const next = new Image();
    this.isLoading = true;
    next.onload = () => this.finished(count, next.src);
    next.onerror = () => this.finished(count, this.shown);
    next.src = `/api/hub/runs/${this.run}/preview?${count}`;
  }

  private finished(count: number, address: string): void {
    this.isLoading = false;
    this.loaded = count;
    this.shown = address;
    this.requestUpdate();
  }
}

function cancel(run: Run, event: Event): void {
  (event.currentTarget as HTMLButtonElement).disabled = true;
  void attempt(() => post(`/api/hub/runs/${run.id}/cancel`));
}
