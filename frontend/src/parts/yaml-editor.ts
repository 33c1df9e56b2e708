// A text of YAML, coloured, with mistakes where they are and completion of settings. It has a shadow
// tree, unlike all else here, because CodeMirror then adds its styles in a way that the
// Content-Security-Policy allows.

import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type Suggestion, suggestionsAt } from "../hub/completing.js";
import type { Forms, Problem } from "../hub/records.js";
import { help } from "../text/text.js";

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.string, tags.content], color: "var(--text)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--busy)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]);

const LOOK = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--card)", height: "100%", fontSize: "0.875rem" },
  ".cm-content": { caretColor: "var(--text)", fontFamily: "ui-monospace, Menlo, Consolas, monospace" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--ground)", color: "var(--quiet)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 9%, transparent)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent) !important",
  },
  // Its own drawings are data: addresses, which the Content-Security-Policy does not allow.
  ".cm-lint-marker-error": { content: "'●'", color: "var(--bad)" },
  ".cm-lint-marker-warning": { content: "'●'", color: "var(--warn)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn)" },
  ".cm-tooltip": { backgroundColor: "var(--card)", color: "var(--text)", border: "1px solid var(--edge)" },
});

@customElement("yaml-editor")
export class YamlEditor extends LitElement {
  static override styles = css`
    :host { display: block; min-height: 20rem; border: 1px solid var(--edge); border-radius: 0.5rem; overflow: hidden; }
    #text { height: 100%; }
  `;

  @property() value = "";
  @property() label = "";
  /** The line at the top when it is shown. */
  @property({ type: Number }) line = 1;
  @property({ attribute: false }) problems: Problem[] = [];
  @property({ attribute: false }) forms: Forms | undefined;
  private view: EditorView | undefined;

  override render(): TemplateResult {
    return html`<div id="text"></div>`;
  }

  override firstUpdated(): void {
    this.view = new EditorView({
      doc: this.value,
      root: this.renderRoot as ShadowRoot,
      parent: this.renderRoot.querySelector("#text") as HTMLElement,
      extensions: [
        basicSetup,
        yaml(),
        syntaxHighlighting(COLOURS),
        LOOK,
        lintGutter(),
        autocompletion({ override: [(context) => this.complete(context)] }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": this.label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.edited(update.state.doc.toString());
        }),
      ],
    });
    this.show(this.line, "start");
  }

  override updated(changed: Map<string, unknown>): void {
    const { view } = this;
    if (!view) return;
    const shown = view.state.doc.toString();
    if (changed.has("value") && shown !== this.value) {
      const changes = changeBetween(shown, this.value);
      view.dispatch({ changes, effects: EditorView.scrollIntoView(changes.from) });
    }
    if (changed.has("problems")) view.dispatch(setDiagnostics(view.state, this.problems.map((each) => diagnostic(view, each))));
  }

  /** Bring a line into sight, and put the cursor there. */
  show(line: number, y: "start" | "center" = "center"): void {
    const { view } = this;
    if (!view) return;
    const at = view.state.doc.line(Math.min(line, view.state.doc.lines)).from;
    view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y }) });
  }

  private edited(text: string): void {
    if (text === this.value) return;
    this.value = text;
    this.dispatchEvent(new CustomEvent("edited", { detail: text }));
  }

  private complete(context: CompletionContext): CompletionResult | null {
    const word = context.matchBefore(/[\w.]*/);
    if (!this.forms || !word || (word.from === word.to && !context.explicit)) return null;
    const found = suggestionsAt(context.state.doc.toString(), word.from, word.to, this.forms);
    return { from: word.from, options: found.map(completion) };
  }
}

function completion({ name, help: said, isKey }: Suggestion): Completion {
  return { label: name, apply: isKey ? `${name}: ` : name, info: help(said), type: isKey ? "property" : "enum" };
}

function diagnostic(view: EditorView, problem: Problem): Diagnostic {
  const { doc } = view.state;
  const line = doc.line(Math.max(1, Math.min(problem.line, doc.lines)));
  const from = Math.min(line.from + Math.max(0, problem.column - 1), line.to);
  const to = problem.value && doc.sliceString(from, from + problem.value.length) === problem.value
    ? from + problem.value.length
    : line.to;
  return { from, to: Math.max(from, to), severity: problem.warning ? "warning" : "error", message: problem.message };
}

/** The smallest change that makes one text of the other, so that the cursor stays where it is. */
export function changeBetween(old: string, fresh: string): { from: number; to: number; insert: string } {
  let start = 0;
  while (start < Math.min(old.length, fresh.length) && old[start] === fresh[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, fresh.length) - start;
  while (end < most && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  return { from: start, to: old.length - end, insert: fresh.slice(start, fresh.length - end) };
}
