// What a form of an automation knows of it, and how it changes it.

import { html, type TemplateResult } from "lit";
import type { Mistake, Path } from "../hub/places.js";
import type { Forms } from "../hub/records.js";
import { t } from "../text/text.js";

/** The text that a form changes. */
export interface Edited {
  mistakes: Mistake[];
  /** What stands there as it is written, comments included. */
  textAt: (path: Path) => string;
  /** Whether it says all there is to it, being no alias and no `!include`. */
  isPlain: (path: Path) => boolean;
  /** Told what now stands at a path; undefined that nothing does. */
  change: (path: Path, value: unknown) => Promise<void>;
  /** One more at the end of a list. */
  insert: (path: Path, value: unknown) => Promise<void>;
  /** Put the items of a list into that order; done when it is shown. */
  arrange: (path: Path, order: number[]) => Promise<void>;
}

/** The same with what is seen of it. */
export interface Editing extends Omit<Edited, "insert" | "arrange"> {
  forms: Forms;
  isOpen: (path: Path) => boolean;
  fold: (path: Path, isOpen: boolean) => void;
  /** One more at that place at the end of a list; it is what is filled in next. */
  insert: (path: Path, place: number, value: unknown) => void;
  /** Put the items of a list into that order, and go on at the one at that place; say so if
   * something was moved. */
  arrange: (path: Path, order: number[], place: number, moved?: string) => void;
}

/** The id of what says what is wrong at a place. */
export function wrongAt(path: Path): string {
  return `wrong-${path.join("-")}`;
}

/** What is wrong, beside where it is. */
export function wrong(mistakes: Mistake[], path: Path): TemplateResult | undefined {
  if (!mistakes.length) return undefined;
  return html`<ul id=${wrongAt(path)} class="wrong">
    ${mistakes.map(({ message, suggestion, warning }) => html`<li data-warning=${warning}>${message}
      ${suggestion ? html`<span class="quiet">${t("editor.suggestion", { text: suggestion })}</span>` : ""}</li>`)}
  </ul>`;
}
