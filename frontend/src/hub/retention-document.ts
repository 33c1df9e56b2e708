// The section `retention:` in the text of hub.yaml, changed in places: all else stays as it is.

import { type Document, isMap, parseDocument } from "yaml";

/** Limits as they are written; an empty text is none. */
export type Limits = Record<string, string>;
/** Each section by name: its limits, or the one thing that is set by it. */
export type Retention = Record<string, Limits | string>;

const SECTION = "retention";

export class RetentionDocument {
  private readonly document: Document;

  constructor(text: string) {
    this.document = parseDocument(text);
  }

  get text(): string {
    return this.document.toString({ lineWidth: 0, flowCollectionPadding: false });
  }

  /** Whether the section is written here, or can be; not if it is included from elsewhere. */
  get isOpen(): boolean {
    const { contents, errors } = this.document;
    if (errors.length || !(contents === null || isMap(contents) || this.document.toJS() === null)) return false;
    const section: unknown = isMap(contents) ? contents.get(SECTION, true) : undefined;
    return section === undefined || isMap(section);
  }

  /** What holds: what is written, and where nothing is, what is `usual`. */
  read(usual: Retention): Retention {
    const written = ((this.document.toJS() ?? {}) as Record<string, unknown>)[SECTION] ?? {};
    return Object.fromEntries(
      Object.entries(usual).map(([name, limits]) => {
        const said = (written as Record<string, unknown>)[name];
        if (said === undefined) return [name, limits];
        return [name, typeof limits === "string" ? textOf(said) : limitsOf(limits, said)];
      }),
    );
  }

  /** Write a section so; the others stay. */
  set(name: string, limits: Limits | string): void {
    const place = [SECTION, name];
    if (typeof limits === "string") this.put(place, limits);
    else if (isMap(this.document.getIn(place))) {
      for (const [limit, text] of Object.entries(limits)) this.put([...place, limit], text);
    } else {
      const filled = Object.entries(limits).filter(([, text]) => text !== "");
      const values = filled.map(([limit, text]) => [limit, valueOf(text)]);
      this.document.setIn(place, this.document.createNode(Object.fromEntries(values), { flow: true }));
    }
  }

  private put(place: string[], text: string): void {
    if (text === "") this.document.deleteIn(place);
    else this.document.setIn(place, valueOf(text));
  }
}

function limitsOf(names: Limits, said: unknown): Limits {
  const given = (said ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.keys(names).map((name) => [name, textOf(given[name])]));
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

function valueOf(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}
