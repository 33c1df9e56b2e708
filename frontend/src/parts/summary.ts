// What tells an item of an automation from others of its kind while it is folded.

import type { Kind } from "../hub/kinds.js";
import type { FormField } from "../hub/records.js";

/** What people call it, or else the first setting that says something in a word. */
export function summaryOf(kind: Kind, item: unknown): string {
  if (typeof item !== "object" || item === null) return String(item);
  return said(kind.fields, item as Record<string, unknown>) ?? "";
}

function said(fields: FormField[], given: Record<string, unknown>): string | undefined {
  if (typeof given["alias"] === "string" && given["alias"]) return given["alias"];
  const needed = fields.filter((field) => field.needed);
  const others = fields.filter((field) => !field.needed);
  const found = needed.map((field) => inAWord(field, given[field.name])).find((text) => text !== undefined);
  if (found !== undefined) return found;
  const other = others.find((field) => inAWord(field, given[field.name]) !== undefined);
  return other && `${other.name}: ${inAWord(other, given[other.name])}`;
}

function inAWord(field: FormField, value: unknown): string | undefined {
  if (["string", "number", "boolean"].includes(typeof value)) return String(value);
  if (Array.isArray(value) && field.kind === "list") return value.join(", ");
  const isSection = field.kind === "section" && typeof value === "object" && value !== null;
  return isSection ? said(field.fields, value as Record<string, unknown>) : undefined;
}
