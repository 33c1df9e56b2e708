// Fields that take several values of parameters, for a run of each combination.

import { html, type TemplateResult } from "lit";
import { type Lists, valuesIn } from "../hub/matrix.js";
import type { Parameter } from "../hub/records.js";
import { t } from "../text/text.js";

const NUMBERS = new Set(["integer", "number", "seed"]);
const FILES = new Set(["image", "images", "mask", "video", "media", "file"]);

/** A field for each parameter that can have several values. */
export function matrixFields(parameters: Record<string, Parameter>): TemplateResult {
  return html`<p class="quiet">${t("matrix.about")}</p>
    ${several(parameters).map(([name, parameter]) => html`<label>${parameter.label || name}
      <textarea name=${fieldOf(name)} rows="1" placeholder=${NUMBERS.has(parameter.type) ? t("matrix.numbers") : t("matrix.texts")}></textarea></label>`)}`;
}

/** What those fields hold. */
export function listsOf(form: HTMLFormElement, parameters: Record<string, Parameter>): Lists {
  const data = new FormData(form);
  return Object.fromEntries(
    several(parameters).map(([name, parameter]) => [
      name,
      valuesIn(String(data.get(fieldOf(name)) ?? ""), NUMBERS.has(parameter.type)),
    ]),
  );
}

export function several(parameters: Record<string, Parameter>): [string, Parameter][] {
  return Object.entries(parameters).filter(([, { type }]) => !FILES.has(type) && type !== "boolean");
}

function fieldOf(name: string): string {
  return `several of ${name}`;
}
