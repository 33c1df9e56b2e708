// All automations, with search.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { get } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import type { Automation } from "../hub/records.js";
import { automationCard, nameOf, newAutomation } from "../parts/automations.js";
import { empty, failure } from "../parts/marks.js";
import { t } from "../text/text.js";
import { View } from "../view.js";

export const AUTOMATION_NOTICES = ["AutomationSwitched", "ConfigurationReloaded", "FiringChanged"];

@customElement("page-automations")
export class Automations extends View {
  @state() private wanted = "";
  private readonly automations = new Reading(
    this,
    async () => (await get<{ automations: Automation[] }>("/api/hub/automations")).automations,
    AUTOMATION_NOTICES,
  );

  override render(): TemplateResult {
    const all = this.automations.value ?? [];
    const shown = all.filter((each) => matches(each, this.wanted));
    const search = (event: Event): void => {
      this.wanted = (event.target as HTMLInputElement).value;
    };
    return html`
      <div class="line">
        <h1>${t("automations")}</h1>
        <span class="end line">
          <input type="search" placeholder=${t("act.search")} aria-label=${t("act.search")} @input=${search} />
          ${newAutomation()}
        </span>
      </div>
      ${failure(this.automations.error)}
      ${this.automations.value && !all.length ? empty(t("automations.none"), t("automations.none.advice")) : nothing}
      <ul id="automations" class="cards wide">
        ${repeat(shown, (each) => each.id, (each) => html`<li>${automationCard(each, { about: true })}</li>`)}
      </ul>
    `;
  }
}

/** Whether every word that is searched for is in its name, id or triggers. */
export function matches(automation: Automation, wanted: string): boolean {
  const kinds = automation.triggers.map((trigger) => trigger.kind);
  const text = [nameOf(automation), automation.id, ...kinds].join(" ").toLowerCase();
  return wanted.toLowerCase().split(/\s+/).every((part) => text.includes(part));
}
