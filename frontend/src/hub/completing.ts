// What may stand at a place of a file of automations, from what the hub says there is to set.

import { isMap, isPair, isScalar, isSeq, type Pair, parseDocument, type Scalar, visit, type YAMLMap } from "yaml";
import { isByKey, kindOf, type ListName, LISTS } from "./kinds.js";
import type { FormField, Forms } from "./records.js";

export interface Suggestion {
  name: string;
  help: string;
  /** Whether a value follows it, after a colon. */
  isKey: boolean;
}

/** What an item of a list is, or a map in it: its list if it has one, and what can be set there. */
interface Place {
  list?: ListName;
  fields: FormField[];
}

const HERE = "__here__";
/** Where other things of these lists stand. */
const HOLDS: Record<string, ListName> = {
  ...{ trigger: "triggers", triggers: "triggers", wait_for_trigger: "triggers" },
  ...{ condition: "conditions", conditions: "conditions", if: "conditions", and: "conditions", or: "conditions", not: "conditions", while: "conditions", until: "conditions" },
  ...{ action: "actions", actions: "actions", then: "actions", else: "actions", sequence: "actions", default: "actions", parallel: "actions" },
};

/** What may stand where the word from `from` to `to` stands, or begins. */
export function suggestionsAt(text: string, from: number, to: number, forms: Forms): Suggestion[] {
  const line = text.slice(text.lastIndexOf("\n", from - 1) + 1, from);
  const isKey = /^\s*(- +)*$/.test(line) || /[{,]\s*$/.test(line);
  const rest = text.slice(to).replace(isKey ? /^[\w.]*( *:[^\n,}]*)?/ : /^[\w.]*/, "");
  const document = parseDocument(text.slice(0, from) + HERE + (isKey ? ": 0" : "") + rest);
  let found: Suggestion[] = [];
  visit(document, {
    Scalar(_, node, ancestors) {
      if (node.value !== HERE) return undefined;
      found = suggestions(ancestors, node, isKey, forms);
      return visit.BREAK;
    },
  });
  return found;
}

function suggestions(ancestors: readonly unknown[], here: Scalar, isKey: boolean, forms: Forms): Suggestion[] {
  const maps = ancestors.filter((node) => isMap(node)) as YAMLMap[];
  const pairs = ancestors.filter((node) => isPair(node)) as Pair[];
  const map = maps.at(-1);
  if (!map) return [];
  const ways = pairs.filter((pair) => pair.key !== here).map((pair) => String((pair.key as Scalar).value));
  const place = placeOf(maps, isKey ? ways : ways.slice(0, -1), forms);
  if (!place) return [];
  return isKey ? keysAt(place, map, forms) : valuesOf(place, ways.at(-1) ?? "", forms);
}

/** Follow the keys that lead there, map by map; undefined where nothing is known of it. */
function placeOf(maps: YAMLMap[], ways: string[], forms: Forms): Place | undefined {
  let place: Place | undefined = { fields: forms.automation };
  for (const [index, key] of ways.entries()) {
    if (!place) return undefined;
    place = within(place, key, maps[index + 1], forms);
  }
  return place;
}

function within(place: Place, key: string, map: YAMLMap | undefined, forms: Forms): Place | undefined {
  const field = place.fields.find(({ name }) => name === key);
  if (field?.kind === "section" || field?.kind === "sections") return { fields: field.fields };
  const list = HOLDS[key];
  if (!list || !map) return undefined;
  const kind = kindOf(list, withoutHere(map), forms);
  return { list, fields: kind?.fields ?? [] };
}

function keysAt({ list, fields }: Place, map: YAMLMap, forms: Forms): Suggestion[] {
  const given = new Set(map.items.map((pair) => String((pair.key as Scalar).value)));
  const all = list ? [...kindKeys(list, fields, given, forms), ...fields] : isAutomation(fields, forms) ? [...fields, ...listKeys()] : fields;
  return all.filter(({ name }) => !given.has(name)).map(({ name, help }) => ({ name, help, isKey: true }));
}

/** The keys by which an item says of which kind it is, while it does not. */
function kindKeys(list: ListName, fields: FormField[], given: Set<string>, forms: Forms): FormField[] {
  if (fields.length || given.has(LISTS[list])) return [];
  const short = forms[list].filter((kind) => isByKey(list, kind)).map(({ name, about }) => ({ ...plainField(name), help: about }));
  return [plainField(LISTS[list]), ...short];
}

function isAutomation(fields: FormField[], forms: Forms): boolean {
  return fields === forms.automation;
}

function listKeys(): FormField[] {
  return Object.keys(LISTS).map(plainField);
}

function valuesOf({ list, fields }: Place, key: string, forms: Forms): Suggestion[] {
  if (list && key === LISTS[list]) return forms[list].map(({ name, about }) => ({ name, help: about, isKey: false }));
  const field = fields.find(({ name }) => name === key);
  const options = field?.kind === "boolean" ? ["true", "false"] : (field?.options ?? []);
  return options.map((name) => ({ name, help: field?.help ?? "", isKey: false }));
}

function withoutHere(map: YAMLMap): Record<string, unknown> {
  const entries = map.items.map((pair) => [String((pair.key as Scalar).value), valueOf(pair.value)]);
  return Object.fromEntries(entries.filter(([key, value]) => key !== HERE && value !== HERE));
}

function valueOf(node: unknown): unknown {
  if (isScalar(node)) return node.value;
  return isSeq(node) || isMap(node) ? [] : undefined;
}

function plainField(name: string): FormField {
  return { name, kind: "yaml", needed: false, help: "", default: "", options: [], fields: [] };
}
