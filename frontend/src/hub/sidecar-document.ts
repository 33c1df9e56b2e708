// The file beside a workflow's graph, in which its parameters are declared: changed in places.

import { type Document, parseDocument } from "yaml";
import type { Declared } from "./declaring.js";

const SECTION = "parameters";

export class SidecarDocument {
  private readonly document: Document;

  constructor(text: string) {
    this.document = parseDocument(text);
  }

  get text(): string {
    return this.document.toString({ lineWidth: 0, flowCollectionPadding: false });
  }

  declare(name: string, parameter: Declared): void {
    this.document.setIn([SECTION, name], this.document.createNode(parameter, { flow: true }));
  }

  withdraw(name: string): void {
    this.document.deleteIn([SECTION, name]);
  }
}
