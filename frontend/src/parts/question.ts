// Asking before something cannot be taken back.

import { html, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { t } from "../text/text.js";
import { View } from "../view.js";

let shown: Question | undefined;

/** Whether somebody says yes; `act` is what the button says that does it. */
export async function ask(question: string, act: string): Promise<boolean> {
  return (await shown?.ask(question, act)) ?? false;
}

@customElement("hub-question")
export class Question extends View {
  @state() private question = "";
  @state() private act = "";
  @query("dialog") private readonly dialog!: HTMLDialogElement;
  private answer: (yes: boolean) => void = () => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    shown = this; // eslint-disable-line @typescript-eslint/no-this-alias -- there is one
  }

  async ask(question: string, act: string): Promise<boolean> {
    this.question = question;
    this.act = act;
    await this.updateComplete;
    this.dialog.returnValue = "";
    this.dialog.showModal();
    return new Promise((resolve) => (this.answer = resolve));
  }

  override render(): TemplateResult {
    return html`<dialog class="card question" aria-label=${this.question} @close=${this.closed}>
      <form method="dialog">
        <p>${this.question}</p>
        <p class="line">
          <button value="">${t("act.cancel")}</button>
          <button class="main end" value="yes">${this.act}</button>
        </p>
      </form>
    </dialog>`;
  }

  private closed(): void {
    this.answer(this.dialog.returnValue === "yes");
  }
}
