// Of which kind the triggers, conditions and actions of an automation are.

import type { FormKind, Forms } from "./records.js";

/** The lists of an automation, with the key that says of which kind an item is. */
export const LISTS = { triggers: "trigger", conditions: "condition", actions: "action" } as const;
export type ListName = keyof typeof LISTS;
const JOINING = ["and", "or", "not"];

/** Whether it is known by its key, as the steps `if:` and `delay:` are. */
export function isByKey(name: ListName, kind: FormKind): boolean {
  return name === "actions" && kind.fields.some((field) => field.name === kind.name);
}

/** Of which kind an item is, in whichever of its spellings; undefined if the form has none. */
export function kindOf(name: ListName, item: Record<string, unknown> | undefined, forms: Forms): FormKind | undefined {
  if (typeof item !== "object" || item === null) return undefined;
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
