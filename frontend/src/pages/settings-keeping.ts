// What is kept and for how long, what may go now, and a backup of it all.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { get, post, send } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import type { Status } from "../hub/records.js";
import { type Limits, type Retention, RetentionDocument } from "../hub/retention-document.js";
import { icon } from "../parts/icons.js";
import { failure } from "../parts/marks.js";
import { attempt, say } from "../parts/toasts.js";
import { bytes } from "../text/format.js";
import { t, word } from "../text/text.js";
import { View } from "../view.js";

interface Written {
  text: string;
  version: string | null;
  usual: Retention;
}

interface Pruned {
  pruned: Record<string, number>;
}

const ORDER = ["outputs", "previews", "inputs", "unused_inputs", "runs", "firings", "progress", "gone_files", "every"];
const BACKUP = { inputs: true, outputs: false, secrets: true };

@customElement("settings-keeping")
export class SettingsKeeping extends View {
  /** What was changed and is not saved yet, by section. */
  @state() private edited: Retention = {};
  @state() private chosen = BACKUP;
  private readonly written = new Reading(this, () => get<Written>("/api/hub/retention"), ["ConfigurationReloaded"]);
  private readonly status = new Reading(this, () => get<Status>("/api/hub/status"), ["HistoryPruned", "RunFinished"]);

  override render(): TemplateResult {
    return html`${failure(this.written.error ?? this.status.error)}
      <div class="columns even">
        <section><h2>${t("retention")}</h2>${this.written.value ? this.limits(this.written.value) : nothing}</section>
        <div>
          <section><h2>${t("retention.now")}</h2>${this.now()}</section>
          <section><h2>${t("backup")}</h2>${this.backup()}</section>
        </div>
      </div>`;
  }

  private limits(written: Written): TemplateResult {
    const document = new RetentionDocument(written.text);
    if (!document.isOpen) return html`<p class="card quiet">${t("retention.elsewhere")}</p>`;
    const held = { ...document.read(written.usual), ...this.edited };
    const isEdited = Object.keys(this.edited).length > 0;
    return html`<form class="card limits" @submit=${this.save}>
      <p class="quiet">${t("retention.about")}</p>
      ${ORDER.filter((name) => name in held).map((name) => this.section(name, held[name] ?? ""))}
      <p class="line">
        <button class="main" type="submit" ?disabled=${!isEdited}>${t("act.save")}</button>
        ${isEdited ? html`<button type="button" @click=${() => (this.edited = {})}>${t("act.discard")}</button>` : nothing}
      </p>
    </form>`;
  }

  private section(name: string, limits: Limits | string): TemplateResult {
    const all = typeof limits === "string" ? { [name === "every" ? "every" : "age"]: limits } : limits;
    const tell = (limit: string, text: string): void => {
      const fresh = typeof limits === "string" ? text : { ...limits, [limit]: text };
      this.edited = { ...this.edited, [name]: fresh };
    };
    return html`<fieldset>
      <legend>${word("retention", name)}</legend>
      <p class="quiet">${word("retention_about", name)}</p>
      ${Object.entries(all).map(([limit, text]) => html`<label>
        <span>${word("limit", limit)}</span>
        <input .value=${text} placeholder=${word("limit_none", limit)} spellcheck="false"
          @input=${(event: Event) => tell(limit, (event.target as HTMLInputElement).value.trim())} />
      </label>`)}
    </fieldset>`;
  }

  private now(): TemplateResult {
    const look = (): Promise<boolean> =>
      attempt(async () => {
        const { pruned } = await post<Pruned>("/api/hub/prune", { dry_run: true });
        if (!Object.values(pruned).some(Boolean)) return say(t("system.nothing_to_prune"));
        const act = async (): Promise<void> => {
          const done = await post<Pruned>("/api/hub/prune", { dry_run: false });
          say(t("system.pruned", prunedWords(done.pruned)));
        };
        say(t("system.would_prune", prunedWords(pruned)), act, t("system.prune"));
      });
    const free = this.status.value?.disk_free;
    return html`<div class="card line">
      <span>${free === undefined ? nothing : t("system.free", { free: bytes(free) })}</span>
      <button class="end" type="button" @click=${look}>${t("system.look")}</button>
    </div>`;
  }

  private backup(): TemplateResult {
    const choice = (name: keyof typeof BACKUP): TemplateResult => html`<label class="check">
      <input type="checkbox" .checked=${this.chosen[name]} @change=${(event: Event) => {
        this.chosen = { ...this.chosen, [name]: (event.target as HTMLInputElement).checked };
      }} />${t(`backup.${name}`)}</label>`;
    const query = new URLSearchParams(Object.entries(this.chosen).map(([name, on]) => [name, String(on)]));
    return html`<form class="card">
      <p class="quiet">${t("backup.about")}</p>
      ${choice("inputs")} ${choice("outputs")} ${choice("secrets")}
      ${this.chosen.secrets ? html`<p class="quiet">${t("backup.safe")}</p>` : nothing}
      <p class="line"><a class="button main" href="/api/hub/backup?${query}" download>${icon("download")} ${t("backup.make")}</a></p>
      <p class="quiet">${t("backup.back")} <code>hub restore ${t("backup.file")}</code></p>
    </form>`;
  }

  private save(event: SubmitEvent): void {
    event.preventDefault();
    const written = this.written.value;
    if (!written) return;
    void attempt(async () => {
      const document = new RetentionDocument(written.text);
      for (const [name, limits] of Object.entries(this.edited)) document.set(name, limits);
      const body = { text: document.text, version: written.version };
      const saved = await send<{ refused: string | null }>("PUT", "/api/hub/retention", body);
      this.edited = {};
      await this.written.again();
      if (saved.refused) throw new Error(saved.refused);
      say(t("retention.saved"));
    });
  }
}

function prunedWords(pruned: Record<string, number>): Record<string, string | number> {
  return { ...pruned, bytes: bytes(pruned["bytes"] ?? 0) };
}
