// A list of triggers, conditions, actions or options, each to be folded, moved, doubled and removed.
// What an item sets may be such a list again, to any depth.

import { html, nothing, type TemplateResult } from "lit";
import { begun, groupsOf, type Kind, kindOf, type ListName } from "../hub/kinds.js";
import { moved } from "../hub/moving.js";
import { type Mistake, mistakesAt, nameOf, type Path } from "../hub/places.js";
import type { FormField } from "../hub/records.js";
import { help, t, word } from "../text/text.js";
import { type Editing, wrong } from "./editing.js";
import { iconButton } from "./marks.js";
import { setting, settings } from "./setting-fields.js";
import { summaryOf } from "./summary.js";
import "./trigger-preview.js";

/** What is listed: kinds of things, or `sections` that all have the same settings. */
export type BlockList = Pick<FormField, "name" | "kind" | "needed" | "fields">;

/** Where an item stands: at a path, which is the list's own for a single one without a list. */
interface Place {
  list: BlockList;
  listPath: Path;
  path: Path;
  index: number;
  count: number;
}

export function isBlockList(field: FormField): boolean {
  return ["triggers", "conditions", "actions", "sections"].includes(field.kind);
}

export function blockList(list: BlockList, value: unknown, listPath: Path, editing: Editing): TemplateResult {
  const isThere = value !== undefined && value !== null;
  if (isThere && !editing.isPlain(listPath)) return asWritten();
  const items: unknown[] = Array.isArray(value) ? value : isThere ? [value] : [];
  const draw = (item: unknown, index: number): TemplateResult => {
    const path = Array.isArray(value) ? [...listPath, index] : listPath;
    return block(item, { list, listPath, path, index, count: items.length }, editing);
  };
  return html`${items.map(draw)} ${adder(list, listPath, items.length, editing)}`;
}

function block(item: unknown, place: Place, editing: Editing): TemplateResult {
  const { list, path, index, count } = place;
  const kind = editing.isPlain(path) ? kindIn(list, item, editing) : undefined;
  const name = kind ? titleOf(list, kind, index) : t("editor.step", { number: index + 1 });
  const isOpen = editing.isOpen(path);
  return html`<div class="card settings block" role="group" data-place=${nameOf(path)}
    aria-label=${t("editor.block", { name, place: index + 1, count })}>
    <div class="line">
      <button type="button" class="fold" aria-expanded=${String(isOpen)} @click=${() => editing.fold(path, !isOpen)}>
        <strong>${name}</strong> ${kind && !isOpen ? html`<span class="quiet">${summaryOf(kind, item)}</span>` : nothing}
      </button>
      <span class="acts end">${acts(name, place, editing)}</span>
    </div>
    ${wrong(ownMistakes(isOpen ? kind : undefined, path, editing), path)} ${isOpen ? body(kind, item, place, editing) : nothing}
  </div>`;
}

/** Those that none of what it shows will tell. */
function ownMistakes(shown: Kind | undefined, path: Path, { mistakes }: Editing): Mistake[] {
  return shown?.itself ? [] : mistakesAt(mistakes, path, shown?.fields.map(({ name }) => name) ?? []);
}

function kindIn({ kind, fields }: BlockList, item: unknown, { forms }: Editing): Kind | undefined {
  if (kind !== "sections") return kindOf(kind as ListName, item, forms);
  return typeof item === "object" && item !== null && !Array.isArray(item) ? { name: "", about: "", fields } : undefined;
}

function titleOf(list: BlockList, kind: Kind, index: number): string {
  if (list.kind === "sections") return t("editor.option", { number: index + 1 });
  return list.kind === "triggers" ? word("trigger", kind.name) : kind.name;
}

function body(kind: Kind | undefined, item: unknown, { list, path }: Place, editing: Editing): TemplateResult {
  if (!kind) return asWritten();
  const given = item as Record<string, unknown>;
  return html`
    ${kind.about ? html`<p class="quiet">${help(kind.about)}</p>` : nothing}
    ${kind.itself ? setting(kind.itself, item, path, editing) : settings(kind.fields, given, path, editing)}
    ${list.kind === "triggers" ? html`<trigger-preview .trigger=${given}></trigger-preview>` : nothing}
  `;
}

function acts(name: string, { list, listPath, index, count }: Place, editing: Editing): TemplateResult {
  const all = [...Array(count).keys()];
  const put = (to: number): void => editing.arrange(listPath, moved(all, index, to), to, name);
  const double = (): void => editing.arrange(listPath, [...all.slice(0, index + 1), ...all.slice(index)], index + 1);
  const remove = (): void => {
    const rest = all.filter((each) => each !== index);
    if (rest.length || list.needed) editing.arrange(listPath, rest, Math.min(index, count - 2));
    else void editing.change(listPath, undefined);
  };
  return html`
    ${iconButton("up", t("editor.up", { name }), () => put(index - 1), { disabled: index === 0 })}
    ${iconButton("down", t("editor.down", { name }), () => put(index + 1), { disabled: index === count - 1 })}
    ${iconButton("copy", t("editor.double", { name }), double)}
    ${iconButton("trash", t("editor.remove", { name }), remove)}
  `;
}

function adder(list: BlockList, path: Path, count: number, editing: Editing): TemplateResult {
  if (list.kind === "sections") return sectionAdder(list, path, count, editing);
  const groups = groupsOf(list.kind as ListName, editing.forms);
  const add = (event: Event): void => {
    const select = event.target as HTMLSelectElement;
    const fresh = groups.flatMap((group) => group.kinds.filter((kind) => kind.name === select.value).map((kind) => begun(group.list, kind)));
    select.value = "";
    if (fresh[0]) editing.insert(path, count, fresh[0]);
  };
  const label = t(`editor.add.${list.kind as ListName}`);
  return html`<select class="adder" aria-label=${path.length > 1 ? `${label} (${list.name})` : label} @change=${add}>
    <option value="">${label}</option>
    ${groups.map(({ name, list: of, kinds }) => {
      const options = kinds.map((kind) => html`<option value=${kind.name}>${of === "triggers" ? word("trigger", kind.name) : kind.name}</option>`);
      return groups.length > 1 ? html`<optgroup label=${t(`editor.group.${name}`)}>${options}</optgroup>` : options;
    })}
  </select>`;
}

function sectionAdder({ fields }: BlockList, path: Path, count: number, editing: Editing): TemplateResult {
  const lists = fields.filter((field) => field.needed && isBlockList(field)).map((field) => [field.name, []]);
  const add = (): void => editing.insert(path, count, Object.fromEntries(lists));
  return html`<button type="button" class="adder" @click=${add}>${t("editor.add.sections")}</button>`;
}

function asWritten(): TemplateResult {
  return html`<p class="quiet">${t("editor.as_written")}</p>`;
}
