// Firing an automation by hand: with its form, or with what happened once before.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { get } from "../hub/api.js";
import { fire } from "../hub/fire.js";
import { Reading } from "../hub/reading.js";
import type { Happened, Parameter } from "../hub/records.js";
import { addressOf, go } from "../router.js";
import { exactly } from "../text/format.js";
import { t } from "../text/text.js";
import { View } from "../view.js";
import { subjectOf } from "./automations.js";
import { fields, valuesOf } from "./fields.js";
import { attempt, say } from "./toasts.js";

const PATIENCE = 1000; // milliseconds; most events have their turn at once

@customElement("trigger-form")
export class TriggerForm extends View {
  @property() automation = "";
  @property({ attribute: false }) past: Happened[] = [];
  private readonly form = new Reading(
    this,
    async () => (await get<{ parameters: Record<string, Parameter> | null }>(`${this.address}/form`)).parameters,
    ["ConfigurationReloaded"],
  );

  override render(): TemplateResult {
    const parameters = this.form.value ?? {};
    return html`<form class="card" @submit=${this.submit}>
      ${fields(parameters)}
      ${this.past.length
        ? html`<label>${t("trigger.event")}
            <select name="event of the past">
              <option value="">${t(Object.keys(parameters).length ? "trigger.filled_in" : "trigger.new_event")}</option>
              ${this.past.map((firing) => html`<option value=${firing.event}>${[exactly(firing.created_at), subjectOf(firing)].filter(Boolean).join(" · ")}</option>`)}
            </select></label>`
        : nothing}
      <button class="main" type="submit">${t("automation.run_now")}</button>
    </form>`;
  }

  private get address(): string {
    return `/api/hub/automations/${encodeURIComponent(this.automation)}`;
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void attempt(async () => {
      const { firing, begun } = await fire(this.automation, await this.asked(form));
      const waiting = setTimeout(() => say(t("trigger.waits")), PATIENCE);
      await begun;
      clearTimeout(waiting);
      if (this.isConnected) go(addressOf("firings", firing));
    });
  }

  private async asked(form: HTMLFormElement): Promise<unknown> {
    const event = new FormData(form).get("event of the past");
    if (event) return { event };
    const parameters = this.form.value;
    return parameters ? { parameters: await valuesOf(form, parameters) } : {};
  }
}
