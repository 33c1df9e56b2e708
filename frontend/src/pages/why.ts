// The place that explains why nothing happened: to a file, at a webhook, at some time.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { get } from "../hub/api.js";
import type { Explanation } from "../hub/records.js";
import { empty, failure, mark } from "../parts/marks.js";
import { addressOf, go } from "../router.js";
import { t } from "../text/text.js";
import { View } from "../view.js";

const KINDS = ["path", "webhook", "time"] as const;
type Kind = (typeof KINDS)[number];

@customElement("page-why")
export class WhyPage extends View {
  @property({ attribute: false }) query = new URLSearchParams();
  @state() private kind: Kind = "path";
  @state() private found: Explanation[] | undefined;
  @state() private error: string | undefined;

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("query")) return;
    this.kind = KINDS.find((kind) => this.query.has(kind)) ?? "path";
    void this.ask();
  }

  override render(): TemplateResult {
    return html`
      <div class="line"><h1>${t("why")}</h1></div>
      ${this.form()} ${failure(this.error)}
      ${this.found?.length === 0 ? empty(t("why.nothing"), t("why.nothing.advice")) : nothing}
      <ul id="explanations" class="cards">${(this.found ?? []).map((each) => html`<li>${card(each)}</li>`)}</ul>
    `;
  }

  private form(): TemplateResult {
    const choose = (event: Event): void => {
      this.kind = (event.target as HTMLSelectElement).value as Kind;
    };
    return html`<form class="card why" @submit=${this.submit}>
      <label>${t("why.about")}
        <select @change=${choose}>
          ${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === this.kind}>${t(`why.${kind}`)}</option>`)}
        </select>
      </label>
      <label class="wide">${t(`why.${this.kind}.which`)}
        <input name="about" required type=${this.kind === "time" ? "datetime-local" : "text"}
          .value=${this.query.get(this.kind) ?? ""} />
      </label>
      <button class="main" type="submit">${t("why.ask")}</button>
    </form>`;
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const about = new FormData(event.currentTarget as HTMLFormElement).get("about");
    const address = addressOf("why", "", { [this.kind]: String(about) });
    if (location.hash === address) void this.ask();
    else go(address);
  }

  private async ask(): Promise<void> {
    const about = this.query.get(this.kind);
    this.found = undefined;
    this.error = undefined;
    if (!about) return;
    const said = this.kind === "time" ? new Date(about).toISOString() : about;
    try {
      const address = `/api/hub/why?${this.kind}=${encodeURIComponent(said)}`;
      this.found = (await get<{ explanations: Explanation[] }>(address)).explanations;
    } catch (error) {
      this.error = (error as Error).message;
    }
  }
}

function card(each: Explanation): TemplateResult {
  return html`<article class="card">
    <p class="line">
      ${each.automation
        ? html`<strong><a href=${addressOf("automations", each.automation)}>${each.automation}</a></strong>`
        : nothing}
      ${mark("why_verdict", each.verdict)}
    </p>
    <p>${each.reason}</p>
    <p class="line">
      ${each.firings.map((firing) => html`<a href=${addressOf("firings", firing.id)}>${t("run.trace")}</a>`)}
      ${each.runs.map((run) => html`<a href=${addressOf("runs", String(run.number))}>${t("run.title", { number: run.number })}</a>`)}
    </p>
    ${each.runs.map((run) => (run.held_up ? html`<p>${t("run.held_up", { reason: run.held_up })}</p>` : nothing))}
    ${each.outputs.map((path) => html`<p class="quiet">${path}</p>`)}
  </article>`;
}
