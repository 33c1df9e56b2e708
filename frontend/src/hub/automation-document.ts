// A file of automations that a form changes in places: comments, order and all else stay as they are.

import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, stringify, visit, type YAMLMap, YAMLSeq } from "yaml";
import type { Path } from "./places.js";
import type { Problem } from "./records.js";

/** A part of a file as it is written, with its comments. */
export class Fragment {
  constructor(readonly text: string) {}
}

export class AutomationDocument {
  private readonly document: Document;
  private readonly lines = new LineCounter();

  /** Takes any text; one with mistakes in its YAML is not `isSound`, and is left alone. */
  constructor(text: string) {
    this.document = parseDocument(text, { lineCounter: this.lines });
  }

  get isSound(): boolean {
    const { contents } = this.document;
    return !this.document.errors.length && (contents === null || isSeq(contents) || isEmpty(contents));
  }

  get text(): string {
    return this.document.toString({ lineWidth: 0, flowCollectionPadding: false });
  }

  /** Where the automation of that id stands; -1 if it does not. */
  indexOf(id: string): number {
    return this.items.findIndex((item) => isMap(item) && String(item.get("id")) === id);
  }

  /** The line in which the automation begins; the first one if there is none. */
  lineOf(index: number): number {
    const start = startOf(this.items[index]);
    return start === Infinity ? 1 : this.lines.linePos(start).line;
  }

  /** What the automation says, without its comments. */
  at(index: number): Record<string, unknown> {
    const item = this.items[index];
    return isMap(item) ? (item as YAMLMap).toJS(this.document) : {};
  }

  /** What stands at a path within an automation, as it is written; empty where nothing does. */
  textAt(index: number, path: Path): string {
    const node: unknown = this.document.getIn([index, ...path], true);
    return node === undefined ? "" : stringify(node, { lineWidth: 0, flowCollectionPadding: false }).trimEnd();
  }

  /** Append an automation; where it stands. */
  append(automation: Record<string, unknown>): number {
    if (!isSeq(this.document.contents)) this.document.contents = this.document.createNode([]) as never;
    const node = this.document.createNode(automation);
    node.spaceBefore = this.items.length > 0;
    (this.document.contents as unknown as YAMLSeq).add(node);
    return this.items.length - 1;
  }

  /** Set what stands at a path within an automation; undefined takes it away. */
  set(index: number, path: Path, value: unknown): void {
    const place = [index, ...path];
    if (value === undefined) this.document.deleteIn(place);
    else if (value instanceof Fragment) this.document.setIn(place, parseDocument(value.text).contents);
    else if (typeof value !== "object") this.document.setIn(place, value); // a comment behind it stays
    else this.document.setIn(place, this.document.createNode(value));
  }

  /** One more at the end of a list, which may not be there yet, or be a single value. */
  insert(index: number, path: Path, value: unknown): void {
    const list = this.listAt([index, ...path]);
    if (!list.items.length) list.flow = false;
    list.add(this.document.createNode(value));
  }

  /** Put the items of a list into that order: whichever it names twice is there twice, and whichever
   * it does not name is gone. */
  arrange(index: number, path: Path, order: number[]): void {
    const list = this.listAt([index, ...path]);
    list.items = order.map((from, place) => {
      const item = list.items[from];
      return order.indexOf(from) === place ? item : copyOf(item as Node);
    });
    const first: unknown = list.items[0];
    if (isNode(first)) first.spaceBefore = false; // a line left empty parts it from none before
  }

  /** Whether it says all there is to it: what an alias or a tag such as `!include` stands for is
   * elsewhere. */
  isPlain(index: number, path: Path): boolean {
    const node: unknown = this.document.getIn([index, ...path], true);
    return isNode(node) && !isAlias(node) && !node.tag?.startsWith("!");
  }

  /** The path to what a mistake in this very text is about. */
  pathOf({ line, column, value }: Problem): Path {
    const at = (this.lines.lineStarts[line - 1] ?? 0) + column - 1;
    return pathTo(this.document.contents, at, value !== null);
  }

  /** The list at a place; a single value there becomes its only item. */
  private listAt(place: Path): YAMLSeq {
    const node: unknown = this.document.getIn(place, true);
    if (isSeq(node)) return node as YAMLSeq;
    const list = new YAMLSeq(this.document.schema);
    if (isScalar(node) && node.value === null) list.comment = node.comment;
    else if (isNode(node)) list.add(node);
    this.document.setIn(place, list);
    return list;
  }

  private get items(): unknown[] {
    const { contents } = this.document;
    return isSeq(contents) ? contents.items : [];
  }
}

/** A text of YAML as the part that it is; undefined for an empty one. Throws a sentence. */
export function fragment(text: string): Fragment | undefined {
  const { errors } = parseDocument(text);
  if (errors[0]) throw new Error(errors[0].message);
  return text.trim() === "" ? undefined : new Fragment(text);
}

/** Anchors stay with the original. */
function copyOf(node: Node): Node {
  const copy = node.clone() as Node;
  visit(copy, { Value: (_, each) => void delete each.anchor });
  return copy;
}

/** Down to what begins last before an offset. What is wrong with a mapping itself is told of where
 * its first key begins; with `isValue` it is about that key. */
function pathTo(node: unknown, at: number, isValue: boolean): Path {
  if (isSeq(node)) {
    const index = node.items.findLastIndex((item) => startOf(item) <= at);
    return index < 0 ? [] : [index, ...pathTo(node.items[index], at, isValue)];
  }
  if (!isMap(node) || (!isValue && startOf(node) === at)) return [];
  const pair = node.items.findLast(({ key }) => startOf(key) <= at);
  return pair ? [String(pair.key), ...pathTo(pair.value, at, isValue)] : [];
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? Infinity) : Infinity;
}

function isEmpty(contents: unknown): boolean {
  return (contents as { value?: unknown }).value === null;
}
