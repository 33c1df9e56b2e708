// Of which kind the triggers, conditions and actions of an automation are.

import type { FormField, FormKind, Forms } from "./records.js";

/** The lists of an automation, with the key that says of which kind an item is. */
export const LISTS = { triggers: "trigger", conditions: "condition", actions: "action" } as const;
export type ListName = keyof typeof LISTS;
const JOINING = ["and", "or", "not"];

/** A kind as an item is written: one that is `itself` the value of a setting has no others. */
export interface Kind extends FormKind {
  itself?: FormField | undefined;
}

/** Whether it is known by its key, as the steps `if:` and `delay:` are. */
export function isByKey(name: ListName, kind: FormKind): boolean {
  return name === "actions" && kind.fields.some((field) => field.name === kind.name);
}

/** Of which kind an item is, in whichever of its spellings; undefined if the form has none. */
export function kindOf(name: ListName, item: unknown, forms: Forms): Kind | undefined {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return shortOf(name, item, forms);
  return kindOfMapping(name, item as Record<string, unknown>, forms);
}

/** The kind of an item that is nothing but a text, which is a template condition, or a list of
 * actions, which is a sequence. */
function shortOf(name: ListName, item: unknown, forms: Forms): Kind | undefined {
  if (typeof item === "string" && name !== "triggers") return itself(forms.conditions, "template", "value_template");
  return Array.isArray(item) && name === "actions" ? itself(forms.actions, "sequence", "sequence") : undefined;
}

function itself(kinds: FormKind[], name: string, setting: string): Kind | undefined {
  const kind = kinds.find((each) => each.name === name);
  return kind && { ...kind, fields: [], itself: kind.fields.find((field) => field.name === setting) };
}

function kindOfMapping(name: ListName, item: Record<string, unknown>, forms: Forms): Kind | undefined {
  const said = item[LISTS[name]] ?? (name === "actions" ? item["service"] : undefined);
  const known = forms[name].find((kind) => kind.name === said);
  if (known || said !== undefined) return known;
  const byKey = forms[name].find((kind) => isByKey(name, kind) && kind.name in item);
  if (byKey) return byKey;
  return name === "triggers" ? undefined : conditionOf(name, item, forms);
}

/** The kind of a condition that is written short, or as a step. */
function conditionOf(name: ListName, item: Record<string, unknown>, forms: Forms): FormKind | undefined {
  const joined = forms.conditions.find((kind) => JOINING.includes(kind.name) && kind.name in item);
  if (joined) return { ...joined, fields: joined.fields.map((field) => (field.name === "conditions" ? { ...field, name: joined.name } : field)) };
  return name === "actions" ? forms.conditions.find((kind) => kind.name === item["condition"]) : undefined;
}

/** Kinds that one chooses from together. */
export interface Group {
  name: "actions" | "flow" | "conditions";
  list: ListName;
  kinds: FormKind[];
}

/** What a list may get: among actions stand steps that lead elsewhere, and conditions. */
export function groupsOf(name: ListName, forms: Forms): Group[] {
  if (name !== "actions") return [{ name: "actions", list: name, kinds: forms[name] }];
  const others = forms.actions.filter((kind) => kind.name !== "condition");
  return [
    { name: "actions", list: name, kinds: others.filter((kind) => !isByKey(name, kind)) },
    { name: "flow", list: name, kinds: others.filter((kind) => isByKey(name, kind)) },
    { name: "conditions", list: "conditions", kinds: forms.conditions },
  ];
}

/** How those begin that are more than their name and empty lists. */
const BEGUN: Record<string, Record<string, unknown>> = {
  delay: { delay: "5s" },
  wait_template: { wait_template: "{{ true }}" },
  variables: { variables: { name: "value" } },
  stop: { stop: "It is enough." },
  choose: { choose: [{ conditions: [], sequence: [] }] },
  repeat: { repeat: { count: 2, sequence: [] } },
  template: { value_template: "{{ true }}" },
};
const LISTED = ["triggers", "conditions", "actions"];

/** A new item of that kind. */
export function begun(name: ListName, kind: FormKind): Record<string, unknown> {
  const tag = isByKey(name, kind) ? {} : { [LISTS[name]]: kind.name };
  const lists = kind.fields.filter((field) => field.needed && LISTED.includes(field.kind));
  return { ...tag, ...Object.fromEntries(lists.map((field) => [field.name, []])), ...BEGUN[kind.name] };
}
