// What a trigger would do as it is written just now: when it fires next, which files lie there, or
// how it is called.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { post } from "../hub/api.js";
import type { TriggerPreview } from "../hub/records.js";
import { moment } from "../text/format.js";
import { t } from "../text/text.js";
import { View } from "../view.js";
import { command, curlOf } from "./command.js";

const PAUSE = 400; // milliseconds after the last change before it is asked for
const ASKED = new Set(["folder", "schedule", "time", "time_pattern", "sun"]);

@customElement("trigger-preview")
export class TriggerPreviewPart extends View {
  @property({ attribute: false }) trigger: Record<string, unknown> = {};
  @state() private shown: TriggerPreview | undefined;
  private asked = "";
  private due = 0;

  override willUpdate(): void {
    const asked = JSON.stringify(this.trigger);
    if (asked === this.asked || !ASKED.has(String(this.trigger["trigger"]))) return;
    this.asked = asked;
    clearTimeout(this.due);
    this.due = window.setTimeout(() => void this.ask(asked), PAUSE);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.due);
  }

  override render(): TemplateResult | typeof nothing {
    if (this.trigger["trigger"] === "webhook") return howToCall(this.trigger);
    const { shown } = this;
    if (!shown) return nothing;
    if (shown.problem) return html`<p class="quiet preview-of" role="status">${shown.problem}</p>`;
    return html`${shown.times.length ? timesOf(shown) : nothing} ${this.trigger["trigger"] === "folder" ? filesOf(shown) : nothing}`;
  }

  private async ask(asked: string): Promise<void> {
    const told = await post<TriggerPreview>("/api/hub/triggers/preview", { trigger: this.trigger }).catch(
      (error: Error): TriggerPreview => ({ problem: error.message, times: [], files: [] }),
    );
    if (asked === this.asked) this.shown = told;
  }
}

function timesOf(shown: TriggerPreview): TemplateResult {
  return html`<div class="preview-of" role="status"><strong>${t("preview.times")}</strong>
    <ol>${shown.times.map((time) => html`<li>${moment(time)}</li>`)}</ol></div>`;
}

function filesOf(shown: TriggerPreview): TemplateResult {
  return html`<div class="preview-of" role="status"><strong>${t(shown.files.length ? "preview.files" : "preview.no_files")}</strong>
    <ul>${shown.files.map((file) => html`<li data-out=${file.against !== null}>
      <span>${file.name}</span> <span class="quiet">${moment(file.written_at)}</span>
      ${file.against ? html`<p class="quiet">${file.against}</p>` : nothing}
    </li>`)}</ul></div>`;
}

function howToCall(trigger: Record<string, unknown>): TemplateResult | typeof nothing {
  const id = trigger["webhook_id"];
  if (typeof id !== "string" || !id) return nothing;
  return html`<div class="preview-of"><strong>${t("preview.call")}</strong> ${command(curlOf(webhookOf(id, trigger), location.origin))}</div>`;
}

/** The webhook that a trigger would be. */
export function webhookOf(id: string, trigger: Record<string, unknown>): { webhook: string; methods: string[]; auth: string } {
  const { allowed_methods: methods, auth = trigger["token"] ? "bearer" : "" } = trigger;
  const kind = typeof auth === "object" && auth !== null ? (auth as Record<string, unknown>)["type"] : auth;
  return {
    webhook: id,
    methods: Array.isArray(methods) ? methods.map(String) : methods ? [String(methods)] : ["POST"],
    auth: String(kind),
  };
}
