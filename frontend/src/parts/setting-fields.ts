// Fields for the settings of automations, as the hub declares them.

import { html, nothing, type TemplateResult } from "lit";
import { fragment } from "../hub/automation-document.js";
import { mistakesAt, type Path } from "../hub/places.js";
import type { FormField } from "../hub/records.js";
import { help, t } from "../text/text.js";
import { blockList, isBlockList } from "./block-list.js";
import { type Editing, wrong, wrongAt } from "./editing.js";

const USUAL = new Set(["alias", "patterns", "media", "settle", "cron", "every", "at", "data", "workflow", "parameters", "token", "event", "for", "value_template"]);

const MOST_NAMED = 4;

/** What is needed, usual or given stands open; the rest can be unfolded. Blocks come last. */
export function settings(fields: FormField[], given: Record<string, unknown>, path: Path, editing: Editing): TemplateResult {
  const isOpen = (field: FormField): boolean => isShown(field, given[field.name]);
  const draw = (field: FormField): TemplateResult => setting(field, given[field.name], [...path, field.name], editing);
  const closed = fields.filter((field) => !isOpen(field));
  const open = fields.filter(isOpen);
  return html`
    ${open.filter((field) => !holdsBlocks(field)).map(draw)}
    ${closed.length
      ? html`<details><summary>${more(closed)}</summary><div class="settings">${closed.map(draw)}</div></details>`
      : nothing}
    ${open.filter(holdsBlocks).map(draw)}
  `;
}

/** What can be unfolded, by name where that is short. */
function more(closed: FormField[]): string {
  const names = closed.map(({ name }) => name).join(", ");
  return closed.length > MOST_NAMED ? t("editor.more") : t("editor.more_named", { names });
}

function isShown(field: FormField, value: unknown): boolean {
  return field.needed || value !== undefined || USUAL.has(field.name) || field.kind === "actions";
}

function holdsBlocks(field: FormField): boolean {
  return isBlockList(field) || field.fields.some(holdsBlocks);
}

export function setting(field: FormField, value: unknown, path: Path, editing: Editing): TemplateResult {
  if (isBlockList(field)) return blocks(field, value, path, editing);
  if (field.kind === "section") return section(field, value, path, editing);
  const mistakes = mistakesAt(editing.mistakes, path, []);
  return html`<div>
    <label>
      ${named(field)} ${control(field, value, path, editing, mistakes.length > 0)}
    </label>
    ${wrong(mistakes, path)} ${about(field)}
  </div>`;
}

function section(field: FormField, value: unknown, path: Path, editing: Editing): TemplateResult {
  const given = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const own = wrong(mistakesAt(editing.mistakes, path, field.fields.map(({ name }) => name)), path);
  const inner = html`${own} ${settings(field.fields, given, path, editing)}`;
  return holdsBlocks(field) ? inner : html`<fieldset><legend>${field.name}</legend>${inner}</fieldset>`;
}

/** A list of what an automation is made of, within one of these. */
function blocks(field: FormField, value: unknown, path: Path, editing: Editing): TemplateResult {
  const numbers = Array.isArray(value) ? [...value.keys()] : [];
  const isSingle = value !== undefined && !Array.isArray(value);
  return html`<div class="blocks" role="group" aria-label=${field.name}>
    <p>${named(field)}</p>
    ${isSingle ? nothing : wrong(mistakesAt(editing.mistakes, path, numbers), path)} ${about(field)}
    ${blockList(field, value, path, editing)}
  </div>`;
}

function named(field: FormField): TemplateResult {
  return html`<span class="named">${field.name}${field.needed ? html` <span class="quiet">${t("field.needed")}</span>` : nothing}</span>`;
}

function about(field: FormField): TemplateResult {
  return html`<p class="quiet">${help(field.help)}</p>`;
}

function control(field: FormField, value: unknown, path: Path, editing: Editing, isWrong: boolean): TemplateResult {
  const tell = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    try {
      void editing.change(path, read(field, input.value));
      input.setCustomValidity("");
    } catch (error) {
      input.setCustomValidity((error as Error).message);
      input.reportValidity();
    }
  };
  const wrongBy = isWrong ? wrongAt(path) : nothing;
  if (field.kind === "choice" || field.kind === "boolean") return choice(field, value, tell, wrongBy);
  if (field.kind === "yaml" || field.kind === "list" || isLong(value)) {
    return textArea(field, field.kind === "yaml" ? editing.textAt(path) : lines(value), tell, wrongBy);
  }
  return html`<span class="pair">
    ${textField(field, value, path, tell, wrongBy)}
    ${field.name === "webhook_id" ? generator(path, editing) : nothing}
  </span>`;
}

type Tell = (event: Event) => void;
/** The id of what says what is wrong with it. */
type WrongBy = string | typeof nothing;

/** With proposals where the hub has some, as of workflows. */
function textField(field: FormField, value: unknown, path: Path, tell: Tell, wrongBy: WrongBy): TemplateResult {
  const proposed = `proposed-${path.join("-")}`;
  return html`<input list=${field.options.length ? proposed : nothing} .value=${value === undefined ? "" : String(value)} placeholder=${field.default}
      aria-required=${String(field.needed)} aria-invalid=${String(wrongBy !== nothing)} aria-describedby=${wrongBy} @change=${tell} />
    ${field.options.length ? html`<datalist id=${proposed}>${field.options.map((option) => html`<option value=${option}></option>`)}</datalist>` : nothing}`;
}

function textArea(field: FormField, text: string, tell: Tell, wrongBy: WrongBy): TemplateResult {
  return html`<textarea rows=${rowsOf(text)} spellcheck="false" .value=${text} placeholder=${field.default} aria-required=${String(field.needed)}
    aria-invalid=${String(wrongBy !== nothing)} aria-describedby=${wrongBy} @change=${tell}></textarea>`;
}

function choice(field: FormField, value: unknown, tell: Tell, wrongBy: WrongBy): TemplateResult {
  const options = field.kind === "boolean" ? ["true", "false"] : field.options;
  const chosen = value === undefined ? "" : String(value);
  return html`<select aria-invalid=${String(wrongBy !== nothing)} aria-describedby=${wrongBy} @change=${tell}>
    <option value="" .selected=${chosen === ""}>${field.default ? t("editor.default", { value: field.default }) : "–"}</option>
    ${options.map((option) => html`<option value=${option} .selected=${option === chosen}>${option}</option>`)}
  </select>`;
}

/** An address that nobody guesses. */
function generator(path: Path, editing: Editing): TemplateResult {
  const generate = (): void => {
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    void editing.change(path, Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
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
