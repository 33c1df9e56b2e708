// A file of automations that a form changes in places: comments, order and all else stay as they are.

import { type Document, isMap, isSeq, parseDocument, stringify, type YAMLMap, type YAMLSeq } from "yaml";

export type Path = (string | number)[];

/** A part of a file as it is written, with its comments. */
export class Fragment {
  constructor(readonly text: string) {}
}

export class AutomationDocument {
  private readonly document: Document;

  /** Takes any text; one with mistakes in its YAML is not `isSound`, and is left alone. */
  constructor(text: string) {
    this.document = parseDocument(text);
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

function isEmpty(contents: unknown): boolean {
  return (contents as { value?: unknown }).value === null;
}
