// Settings: who may come in, what is kept and for how long, and the log.

import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { get } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import type { Me } from "../hub/records.js";
import { empty, failure } from "../parts/marks.js";
import { addressOf } from "../router.js";
import { t } from "../text/text.js";
import { View } from "../view.js";
import "./settings-access.js";
import "./settings-keeping.js";
import "./settings-log.js";

const PARTS = ["access", "keeping", "log"] as const;

@customElement("page-settings")
export class SettingsPage extends View {
  @property() shown = "access";
  private readonly me = new Reading(this, () => get<Me>("/api/hub/me"));

  override render(): TemplateResult {
    return html`
      <div class="line"><h1>${t("settings")}</h1></div>
      <div class="tabs" role="navigation" aria-label=${t("settings")}>
        ${PARTS.map(
          (part) => html`<a href=${addressOf("settings", part)} aria-current=${part === this.shown ? "page" : "false"}>${t(`settings.${part}`)}</a>`,
        )}
      </div>
      ${failure(this.me.error)} ${this.content()}
    `;
  }

  private content(): TemplateResult {
    if (this.shown === "access") return html`<settings-access></settings-access>`;
    if (!this.me.value) return html``;
    if (this.me.value.scope !== "admin") return empty(t("settings.admins"), t("settings.admins.advice"));
    return this.shown === "log" ? html`<settings-log></settings-log>` : html`<settings-keeping></settings-keeping>`;
  }
}
