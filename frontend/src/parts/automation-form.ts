// A form for one automation, made from what the hub says there is to set.

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type ListName, LISTS } from "../hub/kinds.js";
import { mistakesAt, nameOf, type Path, rearranged } from "../hub/places.js";
import type { Forms } from "../hub/records.js";
import { t } from "../text/text.js";
import { View } from "../view.js";
import { blockList } from "./block-list.js";
import { type Edited, type Editing, wrong } from "./editing.js";
import { settings } from "./setting-fields.js";

const BASICS = ["id", "alias", "description"];
const FIELDS = "input, select:not(.adder), textarea";

@customElement("automation-form")
export class AutomationForm extends View {
  @property({ attribute: false }) forms!: Forms;
  @property({ attribute: false }) value: Record<string, unknown> = {};
  @property({ attribute: false }) edited!: Edited;
  /** Blocks that are folded although they are at the top, or open although they are in others. */
  @state() private flipped: Path[] = [];
  @state() private told = "";

  override render(): TemplateResult {
    const { editing, forms, value } = this;
    const basics = forms.automation.filter((field) => BASICS.includes(field.name));
    const others = forms.automation.filter((field) => !basics.includes(field));
    const shown = [...forms.automation.map((field) => field.name), ...Object.entries(LISTS).flat()];
    return html`
      <section class="card settings">
        ${wrong(mistakesAt(editing.mistakes, [], shown), [])} ${settings(basics, value, [], editing)}
        <details><summary>${t("editor.other")}</summary>
          <div class="settings">${settings(others, value, [], editing)}</div></details>
      </section>
      ${(Object.keys(LISTS) as ListName[]).map((name) => this.list(name, editing))}
      <p class="unseen" role="status">${this.told}</p>
    `;
  }

  private list(name: ListName, editing: Editing): TemplateResult {
    const key = name in this.value || !(LISTS[name] in this.value) ? name : LISTS[name]; // the older spelling
    const list = { name: key, kind: name, needed: name !== "conditions", fields: [] };
    const items = this.value[key];
    const numbers = Array.isArray(items) ? [...items.keys()] : [];
    return html`<section aria-label=${t(`editor.${name}`)}>
      <h2>${t(`editor.${name}`)}</h2>
      ${wrong(mistakesAt(editing.mistakes, [key], numbers), [key])} ${blockList(list, items, [key], editing)}
    </section>`;
  }

  private get editing(): Editing {
    return {
      ...this.edited,
      forms: this.forms,
      isOpen: (path) => isOpenAtFirst(path) !== this.isFlipped(path),
      fold: (path, isOpen) => this.fold(path, isOpen),
      insert: (path, place, value) => void this.insert(path, place, value),
      arrange: (path, order, place, moved) => void this.arrange(path, order, place, moved),
    };
  }

  private isFlipped(path: Path): boolean {
    return this.flipped.some((each) => nameOf(each) === nameOf(path));
  }

  private fold(path: Path, isOpen: boolean): void {
    const others = this.flipped.filter((each) => nameOf(each) !== nameOf(path));
    this.flipped = isOpenAtFirst(path) === isOpen ? others : [...others, path];
  }

  /** What is new is open, and so is all in it. */
  private open(path: Path, value: unknown): void {
    this.fold(path, true);
    for (const [key, inner] of Object.entries(value as object)) {
      if (Array.isArray(inner)) inner.forEach((item, index) => this.open([...path, key, index], item));
    }
  }

  private async insert(path: Path, place: number, value: unknown): Promise<void> {
    this.open([...path, place], value);
    await this.edited.insert(path, value);
    await this.updateComplete;
    const block = this.block([...path, place]);
    (block?.querySelector<HTMLElement>('[aria-required="true"]') ?? block?.querySelector<HTMLElement>(FIELDS) ?? foldOf(block))?.focus();
  }

  /** The focus stays with the button of what is moved, or goes to what is at that place now. */
  private async arrange(path: Path, order: number[], place: number, moved?: string): Promise<void> {
    const held = buttonsOf(document.activeElement?.closest(".block")).indexOf(document.activeElement as HTMLButtonElement);
    this.flipped = this.flipped.flatMap((each) => rearranged(each, path, order));
    await this.edited.arrange(path, order);
    await this.updateComplete;
    const block = this.block([...path, place]);
    const button = moved === undefined ? undefined : buttonsOf(block)[held];
    (button?.disabled === false ? button : foldOf(block))?.focus();
    if (moved !== undefined) this.told = t("editor.moved", { name: moved, place: place + 1, count: order.length });
  }

  private block(path: Path): HTMLElement | null {
    return this.querySelector(`[data-place="${nameOf(path)}"]`);
  }
}

/** Those of the automation itself, but not those in others. */
function isOpenAtFirst(path: Path): boolean {
  return path.length <= 2;
}

function buttonsOf(block: Element | null | undefined): HTMLButtonElement[] {
  return [...(block?.querySelectorAll<HTMLButtonElement>(":scope > .line button") ?? [])];
}

function foldOf(block: HTMLElement | null): HTMLButtonElement | undefined {
  return buttonsOf(block)[0];
}
