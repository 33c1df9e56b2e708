// A form for one automation, made from what the hub says there is to set.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { isByKey, kindOf, type ListName, LISTS } from "../hub/kinds.js";
import type { FormKind, Forms } from "../hub/records.js";
import { help, t, word } from "../text/text.js";
import { View } from "../view.js";
import { iconButton } from "./marks.js";
import { type Editing, settings } from "./setting-fields.js";
import "./trigger-preview.js";

const BASICS = ["id", "alias", "description"];

@customElement("automation-form")
export class AutomationForm extends View {
  @property({ attribute: false }) forms!: Forms;
  @property({ attribute: false }) value: Record<string, unknown> = {};
  @property({ attribute: false }) editing!: Editing;

  override render(): TemplateResult {
    const basics = this.forms.automation.filter((field) => BASICS.includes(field.name));
    const others = this.forms.automation.filter((field) => !basics.includes(field));
    return html`
      <section class="card settings">
        ${settings(basics, this.value, [], this.editing)}
        <details><summary>${t("editor.other")}</summary>
          <div class="settings">${settings(others, this.value, [], this.editing)}</div></details>
      </section>
      ${(Object.keys(LISTS) as ListName[]).map((name) => this.list(name))}
    `;
  }

  private list(name: ListName): TemplateResult {
    const items = this.value[name];
    if (items !== undefined && !Array.isArray(items)) return html`<section><h2>${t(`editor.${name}`)}</h2>${asWritten()}</section>`;
    const known = (items ?? []) as Record<string, unknown>[];
    return html`<section aria-label=${t(`editor.${name}`)}>
      <h2>${t(`editor.${name}`)}</h2>
      ${known.map((item, index) => this.item(name, item, index))} ${this.adder(name, known.length)}
    </section>`;
  }

  private item(name: ListName, item: Record<string, unknown>, index: number): TemplateResult {
    const kind = kindOf(name, item, this.forms);
    const remove = (): void => this.editing.change([name, index], undefined);
    return html`<div class="card settings">
      <p class="line">
        <strong>${kind ? titleOf(name, kind) : t("editor.step", { number: index + 1 })}</strong>
        <span class="end">${iconButton("trash", t("editor.remove", { name: kind?.name ?? "" }), remove)}</span>
      </p>
      ${kind ? html`<p class="quiet">${help(kind.about)}</p>${settings(kind.fields, item, [name, index], this.editing)}` : asWritten()}
      ${name === "triggers" ? html`<trigger-preview .trigger=${item}></trigger-preview>` : nothing}
    </div>`;
  }

  private adder(name: ListName, count: number): TemplateResult {
    const add = (event: Event): void => {
      const select = event.target as HTMLSelectElement;
      const kind = this.forms[name].find((each) => each.name === select.value);
      if (!kind) return;
      const fresh = begun(name, kind);
      if (count) this.editing.change([name, count], fresh);
      else this.editing.change([name], [fresh]);
      select.value = "";
    };
    return html`<select aria-label=${t(`editor.add.${name}`)} @change=${add}>
      <option value="">${t(`editor.add.${name}`)}</option>
      ${this.forms[name].map((kind) => html`<option value=${kind.name}>${titleOf(name, kind)}</option>`)}
    </select>`;
  }
}

function titleOf(name: ListName, kind: FormKind): string {
  return name === "triggers" ? word("trigger", kind.name) : kind.name;
}

/** How steps and conditions begin that are more than their name. */
const BEGUN: Record<string, unknown> = {
  delay: "5s",
  wait_template: "{{ true }}",
  variables: { name: "value" },
  stop: "It is enough.",
  choose: [{ conditions: [], sequence: [] }],
  repeat: { count: 2, sequence: [] },
};
function begun(name: ListName, kind: FormKind): Record<string, unknown> {
  if (isByKey(name, kind)) return { [kind.name]: BEGUN[kind.name] ?? [] };
  if (name === "actions" && kind.name === "condition") return { condition: "template", value_template: "{{ true }}" };
  return { [LISTS[name]]: kind.name };
}

function asWritten(): TemplateResult | typeof nothing {
  return html`<p class="quiet">${t("editor.as_written")}</p>`;
}
