// The saved workflows as cards, and taking in further ones.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { get, send } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import type { Piece, Status, Workflow } from "../hub/records.js";
import { icon } from "../parts/icons.js";
import { empty, failure } from "../parts/marks.js";
import { attempt, say } from "../parts/toasts.js";
import { addressOf, go } from "../router.js";
import { t } from "../text/text.js";
import { View } from "../view.js";

const THUMBNAIL = 384;

@customElement("page-workflows")
export class Workflows extends View {
  @state() private isOver = false;
  private readonly workflows = new Reading(
    this,
    async () => (await get<{ workflows: Workflow[] }>("/api/hub/workflows")).workflows,
    ["ConfigurationReloaded"],
  );
  private readonly status = new Reading(this, () => get<Status>("/api/hub/status"), []);
  private readonly examples = new Reading(this, () => readExamples(), ["ConfigurationReloaded"]);

  override render(): TemplateResult {
    const all = this.workflows.value;
    return html`
      <div class="line">
        <h1>${t("workflows")}</h1>
        ${this.status.value?.editor
          ? html`<span class="end"><a class="button" href="/editor/">${t("workflows.editor")}</a></span>`
          : nothing}
      </div>
      ${failure(this.workflows.error)}
      ${all?.length === 0 ? empty(t("workflows.none"), t("workflows.none.advice")) : nothing}
      <ul id="workflows" class="cards wide">
        ${(all ?? []).map((workflow) => html`<li>${this.card(workflow)}</li>`)}
        <li>${this.dropZone()}</li>
      </ul>
    `;
  }

  private card(workflow: Workflow): TemplateResult {
    const example = this.examples.value?.get(workflow.name);
    const names = Object.entries(workflow.parameters).map(([name, { label }]) => label || name);
    return html`<article class="card workflow">
      ${example
        ? html`<img src="${example.url}?thumbnail=${THUMBNAIL}" alt="" loading="lazy" />`
        : html`<span class="no-picture">${icon("workflows")}</span>`}
      <div>
        <h2><a href=${addressOf("workflows", workflow.name)}>${workflow.title || workflow.name}</a></h2>
        <p class="quiet">${names.length ? names.join(", ") : t("workflow.no_parameters")}</p>
      </div>
    </article>`;
  }

  private dropZone(): TemplateResult {
    const over = (event: DragEvent): void => {
      event.preventDefault();
      this.isOver = true;
    };
    const leave = (): void => {
      this.isOver = false;
    };
    return html`<label class="card import" data-over=${this.isOver} @dragover=${over} @dragleave=${leave} @drop=${this.dropped}>
      <span>${icon("upload")}</span>
      <strong>${t("workflows.import")}</strong>
      <span class="quiet">${t("workflows.import.advice")}</span>
      <input type="file" accept=".json,image/png,image/webp,video/mp4" @change=${this.chosen} />
    </label>`;
  }

  private dropped(event: DragEvent): void {
    event.preventDefault();
    this.isOver = false;
    const [file] = event.dataTransfer?.files ?? [];
    if (file) void take(file);
  }

  private chosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    if (file) void take(file).then(() => (input.value = ""));
  }
}

async function take(file: File): Promise<void> {
  await attempt(async () => {
    const name = nameFrom(file.name);
    const query = new URLSearchParams({ name });
    const made = await send<{ name: string; nodes: number; unknown: string[] }>(
      "POST",
      `/api/hub/workflows/import?${query}`,
      file,
    );
    const unknown = made.unknown.length ? ` ${t("workflows.unknown", { names: made.unknown.join(", ") })}` : "";
    say(t("workflows.imported", { name: made.name, count: made.nodes }) + unknown);
    go(addressOf("workflows", made.name));
  });
}

/** The name of a workflow from that of its file. */
export function nameFrom(file: string): string {
  const stem = file.replace(/\.[^.]*$/, "");
  return stem.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "") || "workflow";
}

/** The latest output of each workflow. */
async function readExamples(): Promise<Map<string, Piece>> {
  const { workflows } = await get<{ workflows: Workflow[] }>("/api/hub/workflows");
  const found = await Promise.all(
    workflows.map(async ({ name }) => {
      const query = new URLSearchParams({ workflow: name, limit: "1" });
      const { outputs } = await get<{ outputs: Piece[] }>(`/api/hub/outputs?${query}`);
      return [name, outputs[0]] as const;
    }),
  );
  return new Map(found.filter((entry): entry is [string, Piece] => entry[1] !== undefined));
}
