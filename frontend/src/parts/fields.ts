// Forms made from declared parameters, and what was filled into them.

import { html, nothing, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { send } from "../hub/api.js";
import type { Parameter } from "../hub/records.js";
import { plain } from "../text/format.js";
import { t } from "../text/text.js";
import { icon } from "./icons.js";

const FILES: Record<string, string> = {
  image: "image/*",
  images: "image/*",
  mask: "image/*",
  video: "video/*",
  media: "image/*,video/*,audio/*",
  file: "",
};
const SEEDS = 2 ** 48; // beyond 2**53 a browser's numbers are not exact

/** A field for each parameter, with `given` in it where that is there. */
export function fields(
  parameters: Record<string, Parameter>,
  given: Record<string, unknown> = {},
): TemplateResult[] {
  return Object.entries(parameters).map(([name, parameter]) =>
    field(name, parameter, given[name] ?? parameter.default),
  );
}

/** What a form made by `fields` holds; files are handed to the hub and named. Left out is what was
 * left empty. */
export async function valuesOf(
  form: HTMLFormElement,
  parameters: Record<string, Parameter>,
): Promise<Record<string, unknown>> {
  const data = new FormData(form);
  const found: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const value = await valueOf(data, name, parameter);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

async function valueOf(data: FormData, name: string, parameter: Parameter): Promise<unknown> {
  if (parameter.type === "boolean") return data.has(name);
  if (parameter.type in FILES) return filesOf(data, name, parameter);
  const text = String(data.get(name) ?? "");
  return text === "" ? undefined : text;
}

async function filesOf(data: FormData, name: string, parameter: Parameter): Promise<unknown> {
  const chosen = data.getAll(name).filter((entry): entry is File => entry instanceof File && entry.size > 0);
  const kept = String(data.get(`${name}, as before`) ?? "");
  if (!chosen.length) return kept ? (parameter.type === "images" ? JSON.parse(kept) : kept) : undefined;
  const names = [];
  for (const file of chosen) names.push(await upload(file));
  return parameter.type === "images" ? names : names[0];
}

/** Hand a file to the hub; the name that runs can refer to it by. */
async function upload(file: File): Promise<string> {
  const address = `/api/hub/inputs?name=${encodeURIComponent(file.name)}`;
  return (await send<{ name: string }>("POST", address, file)).name;
}

function field(name: string, parameter: Parameter, value: unknown): TemplateResult {
  const label = html`<span>${parameter.label || name}${parameter.required ? html` <span class="quiet">${t("field.needed")}</span>` : nothing}</span>`;
  if (parameter.type === "boolean") {
    return html`<label class="check"><input type="checkbox" name=${name} .checked=${value === true} /> ${label}</label>`;
  }
  return html`<label>${label}${control(name, parameter, value)}</label>`;
}

type Control = (name: string, parameter: Parameter, value: unknown) => TemplateResult;

const CONTROLS: Record<string, Control> = {
  select: choice,
  integer: numberField,
  number: numberField,
  seed: seedField,
  color: textField,
  datetime: (name, _, value) => html`<input type="datetime-local" name=${name} .value=${plain(value)} />`,
  prompt: textArea,
  template: textArea,
};

function control(name: string, parameter: Parameter, value: unknown): TemplateResult {
  const special = parameter.type in FILES ? filePicker : CONTROLS[parameter.type];
  return (special ?? (parameter.options?.length ? choice : parameter.multiline ? textArea : textField))(name, parameter, value);
}

function textField(name: string, parameter: Parameter, value: unknown): TemplateResult {
  return html`<input name=${name} ?required=${parameter.required} placeholder=${plain(parameter.held)} .value=${plain(value)} />`;
}

function textArea(name: string, parameter: Parameter, value: unknown): TemplateResult {
  return html`<textarea name=${name} rows="3" ?required=${parameter.required} placeholder=${plain(parameter.held)} .value=${plain(value)}></textarea>`;
}

/** Without a choice, what the graph has stays. A value that is not offered (any more) stays among them. */
function choice(name: string, parameter: Parameter, value: unknown): TemplateResult {
  const offered = [...new Set([...(value ? [plain(value)] : []), ...(parameter.options ?? [])])];
  return html`<select name=${name}>
    ${parameter.required ? nothing : html`<option value="">${plain(parameter.held)}</option>`}
    ${offered.map(
      (option) => html`<option value=${option} ?selected=${option === value}>${option}</option>`,
    )}
  </select>`;
}

/** With both limits a slider too. */
function numberField(name: string, parameter: Parameter, value: unknown): TemplateResult {
  const isWhole = parameter.type === "integer";
  const [min, max] = [parameter.min ?? undefined, parameter.max ?? undefined];
  const input = html`<input type="number" name=${name} min=${ifDefined(min)} max=${ifDefined(max)}
    step=${isWhole ? "1" : "any"} ?required=${parameter.required} placeholder=${plain(parameter.held)}
    .value=${plain(value)} @input=${pairUp} />`;
  if (min === undefined || max === undefined) return input;
  const step = isWhole ? 1 : (max - min) / 200;
  return html`<span class="pair">
    ${input}
    <input type="range" aria-label=${t("field.slider", { name })} min=${min} max=${max} step=${step}
      .value=${plain(value ?? parameter.held ?? min)} @input=${pairUp} />
  </span>`;
}

function pairUp(event: Event): void {
  const moved = event.currentTarget as HTMLInputElement;
  for (const other of moved.closest(".pair")?.querySelectorAll("input") ?? []) {
    if (other !== moved) other.value = moved.value;
  }
}

function seedField(name: string, _: Parameter, value: unknown): TemplateResult {
  const roll = (event: Event): void => {
    const input = (event.currentTarget as HTMLElement).previousElementSibling as HTMLInputElement;
    input.value = String(Math.floor(Math.random() * SEEDS));
  };
  return html`<span class="pair">
    <input name=${name} pattern="[0-9]+|random" title=${t("field.seed")} .value=${plain(value ?? "random")} />
    <button type="button" class="icon-button" aria-label=${t("field.roll")} title=${t("field.roll")} @click=${roll}>
      ${icon("dice")}
    </button>
  </span>`;
}

/** Files are chosen, or dropped on it. */
function filePicker(name: string, parameter: Parameter, value: unknown): TemplateResult {
  const several = parameter.type === "images";
  const kept = plain(value ?? "");
  return html`<span class="drop" @dragover=${allow} @drop=${dropped}>
    ${[value].flat().filter(isStored).map((stored) => html`<img src="/api/hub/inputs/${stored}?thumbnail=128" alt="" />`)}
    <span class="quiet">${kept ? t("field.kept", { name: kept }) : t("field.drop")}</span>
    <input type="file" name=${name} accept=${FILES[parameter.type] || nothing} ?multiple=${several}
      ?required=${parameter.required && !kept} />
    <input type="hidden" name="${name}, as before" .value=${kept} />
  </span>`;
}

/** Whether it is the name of a file that the hub keeps. */
function isStored(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{64}\.[a-z0-9]{1,8}$/.test(value);
}

function allow(event: DragEvent): void {
  event.preventDefault();
}

function dropped(event: DragEvent): void {
  event.preventDefault();
  const input = (event.currentTarget as HTMLElement).querySelector<HTMLInputElement>("input[type=file]");
  if (input && event.dataTransfer?.files.length) input.files = event.dataTransfer.files;
}
