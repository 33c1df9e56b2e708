// Webhooks: where they listen, how they are called, who called them, and the same again.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { get, post } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import type { Webhook, WebhookRequest } from "../hub/records.js";
import { newAutomation } from "../parts/automations.js";
import { command, copy, curlOf } from "../parts/command.js";
import { empty, failure, iconButton, mark } from "../parts/marks.js";
import { attempt, say } from "../parts/toasts.js";
import { addressOf } from "../router.js";
import { moment } from "../text/format.js";
import { t, word } from "../text/text.js";
import { View } from "../view.js";

@customElement("page-webhooks")
export class Webhooks extends View {
  private readonly webhooks = new Reading(
    this,
    async () => (await get<{ webhooks: Webhook[] }>("/api/hub/webhooks")).webhooks,
    ["ConfigurationReloaded", "AutomationSwitched"],
  );

  override render(): TemplateResult {
    const all = this.webhooks.value;
    return html`
      <div class="line"><h1>${t("webhooks")}</h1></div>
      ${failure(this.webhooks.error)}
      ${all?.length === 0 ? empty(t("webhooks.none"), t("webhooks.none.advice"), newAutomation()) : nothing}
      ${(all ?? []).map((webhook) => html`<webhook-card .webhook=${webhook}></webhook-card>`)}
    `;
  }
}

@customElement("webhook-card")
export class WebhookCard extends View {
  @property({ attribute: false }) webhook!: Webhook;
  @state() private shown = "";
  private readonly requests = new Reading(
    this,
    () => this.read(),
    ["FiringChanged", "RunQueued"],
  );

  override updated(changed: Map<string, unknown>): void {
    const before = changed.get("webhook") as Webhook | undefined;
    if (before && before.listens !== this.webhook.listens) void this.requests.again();
  }

  override render(): TemplateResult {
    const { webhook } = this;
    const address = `${location.origin}/api/webhook/${webhook.webhook}`;
    return html`<section class="card webhook">
      <div class="line">
        <h2><a href=${addressOf("automations", webhook.automation)}>${webhook.alias || webhook.automation}</a></h2>
        <span class="end line">${webhook.methods.map((method) => html`<span class="chip">${method}</span>`)}
          <span class="chip">${t("webhook.auth", { type: webhook.auth })}</span></span>
      </div>
      ${webhook.listens ? nothing : html`<p>${mark("webhook_state", "stopped")} ${t("webhook.off")}</p>`}
      <p class="address"><code>${address}</code> ${iconButton("copy", t("webhook.copy_address"), () => void copy(address))}</p>
      <p class="quiet">${word("webhook_respond", webhook.respond)}</p>
      ${command(curlOf(webhook, location.origin))} ${filling(webhook.auth)}
      ${this.past()}
    </section>`;
  }

  private past(): TemplateResult {
    const requests = this.requests.value ?? [];
    if (!requests.length) return html`${this.webhook.listens ? html`<p class="quiet">${t("webhook.none")}</p>` : nothing}${failure(this.requests.error)}`;
    return html`<h3>${t("webhook.requests")}</h3>
      <ul class="rows plain">${requests.map((request) => this.requestLine(request))}</ul>`;
  }

  private async read(): Promise<WebhookRequest[]> {
    if (!this.webhook.listens) return [];
    return (await get<{ requests: WebhookRequest[] }>(`${this.address}/requests?limit=20`)).requests;
  }

  private requestLine(request: WebhookRequest): TemplateResult {
    const { event } = request;
    const key = event ?? request.at;
    const turn = (): void => {
      this.shown = this.shown === key ? "" : key;
    };
    return html`<li>
      <div class="line">
        <button type="button" class="icon-button" aria-expanded=${String(this.shown === key)} @click=${turn}>${moment(request.at)}</button>
        ${mark("request_state", request.state)} <span class="quiet">${request.reason}</span>
        ${event
          ? html`<span class="end">${iconButton("again", t("webhook.replay"), () => void this.replay(event))}</span>`
          : nothing}
      </div>
      ${this.shown === key ? html`<pre tabindex="0">${JSON.stringify(request, null, 2)}</pre>` : nothing}
    </li>`;
  }

  private get address(): string {
    return `/api/hub/webhooks/${encodeURIComponent(this.webhook.webhook)}`;
  }

  private async replay(event: string): Promise<void> {
    await attempt(async () => {
      await post(`${this.address}/requests/${encodeURIComponent(event)}/replay`);
      say(t("webhook.replayed"));
      await this.requests.again();
    });
  }
}

/** What has to be filled in or added before the command is let in. */
function filling(auth: string): TemplateResult | typeof nothing {
  if (auth === "none") return nothing;
  const known = ["bearer", "basic"].includes(auth) ? auth : "signed";
  return html`<p class="quiet">${word("webhook_fill", known)}</p>`;
}
