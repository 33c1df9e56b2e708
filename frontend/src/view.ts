// What all parts of the page are: elements without a tree of their own, so that one style sheet,
// headings, labels and the browser's search go through the whole page.

import { LitElement } from "lit";

export class View extends LitElement {
  protected override createRenderRoot(): this {
    return this;
  }
}
