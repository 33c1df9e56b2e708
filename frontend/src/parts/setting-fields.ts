// Fields for the settings of automations, as the hub declares them.

import { html, nothing, type TemplateResult } from "lit";
import { fragment, type Path } from "../hub/automation-document.js";
import type { FormField } from "../hub/records.js";
import { help, t } from "../text/text.js";

/** What a form changes. */
export interface Editing {
  /** Told what now stands at a path; undefined that nothing does. */
  change: (path: Path, value: unknown) => void;
  /** What stands there as it is written, comments included. */
  textAt: (path: Path) => string;
}

const USUAL = new Set(["alias", "patterns", "media", "settle", "cron", "every", "at", "data", "workflow", "parameters", "token", "event", "for", "value_template"]);

/** What is needed, usual or given stands open; the rest can be unfolded. */
export function settings(fields: FormField[], given: Record<string, unknown>, path: Path, editing: Editing): TemplateResult {
  const isOpen = (field: FormField): boolean => isShown(field, given[field.name]);
  const draw = (field: FormField): TemplateResult => setting(field, given[field.name], [...path, field.name], editing);
  const closed = fields.filter((field) => !isOpen(field));
  return html`
    ${fields.filter(isOpen).map(draw)}
    ${closed.length
      ? html`<details><summary>${t("editor.more")}</summary><div class="settings">${closed.map(draw)}</div></details>`
      : nothing}
  `;
}

function isShown(field: FormField, value: unknown): boolean {
  return field.needed || value !== undefined || USUAL.has(field.name);
}

function setting(field: FormField, value: unknown, path: Path, editing: Editing): TemplateResult {
  if (field.kind === "section") {
    const given = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
    return html`<fieldset><legend>${field.name}</legend>${settings(field.fields, given, path, editing)}</fieldset>`;
  }
  return html`<div>
    <label>
      <span>${field.name}${field.needed ? html` <span class="quiet">${t("field.needed")}</span>` : nothing}</span>
      ${control(field, value, path, editing)}
    </label>
    <p class="quiet">${help(field.help).replaceAll("`", "")}</p>
  </div>`;
}

function control(field: FormField, value: unknown, path: Path, editing: Editing): TemplateResult {
  const tell = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    try {
      editing.change(path, read(field, input.value));
      input.setCustomValidity("");
    } catch (error) {
      input.setCustomValidity((error as Error).message);
      input.reportValidity();
    }
  };
  if (field.kind === "choice" || field.kind === "boolean") return choice(field, value, tell);
  if (field.kind === "yaml" || field.kind === "list" || isLong(value)) {
    const text = field.kind === "list" ? lines(value) : field.kind === "yaml" ? editing.textAt(path) : String(value);
    return html`<textarea rows=${rowsOf(text)} spellcheck="false" .value=${text} placeholder=${field.default} @change=${tell}></textarea>`;
  }
  return html`<span class="pair">
    <input .value=${value === undefined ? "" : String(value)} placeholder=${field.default} @change=${tell} />
    ${field.name === "webhook_id" ? generator(path, editing) : nothing}
  </span>`;
}

function choice(field: FormField, value: unknown, tell: (event: Event) => void): TemplateResult {
  const options = field.kind === "boolean" ? ["true", "false"] : field.options;
  const chosen = value === undefined ? "" : String(value);
  return html`<select @change=${tell}>
    <option value="" ?selected=${chosen === ""}>${field.default ? t("editor.default", { value: field.default }) : "–"}</option>
    ${options.map((option) => html`<option value=${option} ?selected=${option === chosen}>${option}</option>`)}
  </select>`;
}

/** An address that nobody guesses. */
function generator(path: Path, editing: Editing): TemplateResult {
  const generate = (): void => {
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    editing.change(path, Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
  };
  return html`<button type="button" @click=${generate}>${t("editor.generate")}</button>`;
}

/** What was filled in, as what it shall be in the file; undefined for nothing. */
export function read(field: FormField, text: string): unknown {
  if (text.trim() === "") return undefined;
  switch (field.kind) {
    case "boolean":
      return text === "true";
    case "number":
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case "list":
      return text.split("\n").map((line) => line.trim()).filter(Boolean);
    case "yaml":
      return fragment(text);
    default:
      return text;
  }
}

/** As many as the text has, within reason. */
function rowsOf(text: string): number {
  return Math.min(16, Math.max(2, text.split("\n").length));
}

function lines(value: unknown): string {
  return Array.isArray(value) ? value.join("\n") : value === undefined ? "" : String(value);
}

function isLong(value: unknown): boolean {
  return typeof value === "string" && (value.length > 60 || value.includes("\n"));
}
