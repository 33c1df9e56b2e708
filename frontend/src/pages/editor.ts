// An automation as a form and as YAML, side by side. What the form changes is changed in the text;
// the text is what is saved, as it is written.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { get, post, send } from "../hub/api.js";
import { AutomationDocument } from "../hub/automation-document.js";
import { type Mistake, rearranged } from "../hub/places.js";
import { Reading } from "../hub/reading.js";
import type { AutomationText, Forms, Problem } from "../hub/records.js";
import "../parts/automation-form.js";
import type { Edited } from "../parts/editing.js";
import { failure } from "../parts/marks.js";
import { attempt, say } from "../parts/toasts.js";
import "../parts/yaml-editor.js";
import type { YamlEditor } from "../parts/yaml-editor.js";
import { addressOf, go } from "../router.js";
import { learnHelps, t } from "../text/text.js";
import { View } from "../view.js";

const PAUSE = 400; // milliseconds after the last key before the text is checked
const NEW_FILE = "automations.yaml";

@customElement("page-editor")
export class Editor extends View {
  /** The id of the automation; empty for a new one. */
  @property() automation = "";
  @state() private file: AutomationText | undefined;
  @state() private text = "";
  @state() private index = -1;
  @state() private problems: Problem[] = [];
  /** Those of them that are in this automation, and where. */
  @state() private mistakes: Mistake[] = [];
  @state() private isChecked = true;
  @query("yaml-editor") private readonly editor!: YamlEditor | null;
  private due = 0;
  private readonly forms = new Reading(this, async () => {
    const [forms] = await Promise.all([get<Forms>("/api/hub/automation_forms"), learnHelps()]);
    return forms;
  });
  private readonly files = new Reading(this, () => this.open());
  private readonly leaving = (event: BeforeUnloadEvent): void => {
    if (this.isEdited) event.preventDefault();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("beforeunload", this.leaving);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("beforeunload", this.leaving);
    clearTimeout(this.due);
  }

  override render(): TemplateResult {
    const title = this.automation ? t("editor.title", { name: this.automation }) : t("editor.new");
    return html`
      <div class="line">
        <h1>${title}</h1>
        <span class="quiet">${this.file?.name}</span>
        <span class="end line">
          <button class="main" type="button" ?disabled=${!this.isEdited} @click=${this.save}>${t("act.save")}</button>
        </span>
      </div>
      ${failure(this.files.error ?? this.forms.error)}
      ${this.file && this.forms.value ? this.halves(this.forms.value) : nothing}
    `;
  }

  private get isEdited(): boolean {
    return this.file !== undefined && this.text !== this.file.text;
  }

  private halves(forms: Forms): TemplateResult {
    const document = new AutomationDocument(this.text);
    return html`<div class="columns even editor">
      <div>
        ${document.isSound && this.index >= 0
          ? html`<automation-form .forms=${forms} .value=${document.at(this.index)} .edited=${this.edited(document)}></automation-form>`
          : html`<p class="card quiet">${t("editor.no_form")}</p>`}
      </div>
      <div class="beside">
        <yaml-editor .value=${this.text} .problems=${this.ofFile()} .forms=${forms} .label=${t("editor.text")}
          .line=${document.lineOf(this.index)}
          @edited=${(event: CustomEvent<string>) => this.write(event.detail)}></yaml-editor>
        ${this.verdict()}
      </div>
    </div>`;
  }

  private edited(document: AutomationDocument): Edited {
    return {
      mistakes: this.mistakes,
      textAt: (path) => document.textAt(this.index, path),
      isPlain: (path) => document.isPlain(this.index, path),
      change: (path, value) => this.edit((fresh) => fresh.set(this.index, path, value)),
      insert: (path, value) => this.edit((fresh) => fresh.insert(this.index, path, value)),
      arrange: (list, order) =>
        this.edit((fresh) => {
          fresh.arrange(this.index, list, order);
          this.mistakes = this.mistakes.flatMap((each) => rearranged(each.path, list, order).map((path) => ({ ...each, path })));
        }),
    };
  }

  /** Change the text in places; done when it is shown. */
  private async edit(act: (document: AutomationDocument) => void): Promise<void> {
    await attempt(async () => {
      const document = new AutomationDocument(this.text);
      act(document);
      this.write(document.text);
      await this.updateComplete;
    });
  }

  private verdict(): TemplateResult {
    if (!this.isChecked) return html`<p id="verdict" class="quiet" role="status">${t("editor.checking")}</p>`;
    if (!this.problems.length) return html`<p id="verdict" class="quiet calm" role="status">${t("editor.sound")}</p>`;
    return html`<div id="verdict" role="status"><ul class="card concerns">
      ${this.problems.map((problem) => this.problemLine(problem))}
    </ul></div>`;
  }

  private problemLine(problem: Problem): TemplateResult {
    const show = (): void => {
      this.editor?.show(problem.line);
      this.editor?.scrollIntoView({ block: "nearest" });
    };
    const isHere = problem.file === this.file?.name;
    return html`<li>
      ${isHere
        ? html`<button type="button" class="place" @click=${show}>${t("editor.line", { line: problem.line })}</button>`
        : html`<span class="quiet">${problem.file}:${problem.line}</span>`}
      ${problem.message}
      ${problem.suggestion ? html`<span class="quiet">${t("editor.suggestion", { text: problem.suggestion })}</span>` : nothing}
    </li>`;
  }

  private ofFile(): Problem[] {
    return this.problems.filter((problem) => problem.file === this.file?.name);
  }

  private located(): Mistake[] {
    const document = new AutomationDocument(this.text);
    const found = this.ofFile().map((problem) => ({ ...problem, path: document.pathOf(problem) }));
    return found.filter(({ path }) => path[0] === this.index).map((each) => ({ ...each, path: each.path.slice(1) }));
  }

  private async open(): Promise<void> {
    if (this.file) return; // what is being edited is not taken away
    const { files } = await get<{ files: AutomationText[] }>("/api/hub/automation_texts");
    const holds = (file: AutomationText): boolean => new AutomationDocument(file.text).indexOf(this.automation) >= 0;
    const found = this.automation ? files.find(holds) : files.find((file) => file.name === NEW_FILE);
    if (!found) throw new Error(t("editor.nowhere", { name: this.automation }));
    this.file = found;
    this.write(found.text); // what is wrong with it already is told too
    if (this.automation) this.index = new AutomationDocument(found.text).indexOf(this.automation);
    else this.begin();
  }

  /** A new automation at the end of the file, to be filled in. */
  private begin(): void {
    const document = new AutomationDocument(this.text);
    if (!document.isSound) return;
    this.index = document.append({ id: "new_automation", alias: "New automation", triggers: [], actions: [] });
    this.write(document.text);
  }

  private write(text: string): void {
    this.text = text;
    this.isChecked = false;
    clearTimeout(this.due);
    this.due = window.setTimeout(() => void this.check(), PAUSE);
  }

  /** The same check that the hub does when it reads the file. */
  private async check(): Promise<void> {
    const { text, file } = this;
    if (!file) return;
    await attempt(async () => {
      const body = { name: file.name, text };
      const { problems } = await post<{ problems: Problem[] }>("/api/hub/automation_texts/check", body);
      if (text !== this.text) return;
      this.problems = problems;
      this.mistakes = this.located();
      this.isChecked = true;
    });
  }

  private save(): void {
    const { file, text } = this;
    if (!file) return;
    void attempt(async () => {
      const body = { name: file.name, text, version: file.version };
      const saved = await send<{ version: string; refused: string | null }>("PUT", "/api/hub/automation_texts", body);
      this.file = { ...file, text, version: saved.version };
      if (saved.refused) throw new Error(saved.refused);
      const isSound = !this.problems.some((problem) => !problem.warning);
      say(t(isSound ? "editor.saved" : "editor.saved_with_mistakes"));
      const id = new AutomationDocument(text).at(this.index)["id"];
      if (isSound && typeof id === "string" && id !== this.automation) go(addressOf("automations", id));
    });
  }
}
