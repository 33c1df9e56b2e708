// Short messages at the edge of the page: what was done, with a way back, and what went wrong.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { t } from "../text/text.js";
import { View } from "../view.js";

const SHOWN_FOR = 8000;

interface Toast {
  text: string;
  isError: boolean;
  act?: (() => Promise<void>) | undefined;
  label?: string | undefined;
}

/** Say what was done; `act` is offered with it: to take it back, or what `label` says. */
export function say(text: string, act?: () => Promise<void>, label?: string): void {
  shown?.add({ text, act, label, isError: false });
}

/** Do something, and say so if it did not work; whether it did. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    shown?.add({ text: (error as Error).message, isError: true });
    return false;
  }
}

let shown: Toasts | undefined;

@customElement("hub-toasts")
export class Toasts extends View {
  @state() private toasts: Toast[] = [];

  /** What went wrong stays until it is closed, or its page is left. */
  private readonly turned = (): void => {
    this.toasts = this.toasts.filter((toast) => !toast.isError);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    shown = this; // eslint-disable-line @typescript-eslint/no-this-alias -- there is one
    window.addEventListener("hashchange", this.turned);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.turned);
  }

  add(toast: Toast): void {
    this.toasts = [...this.toasts.slice(-2), toast];
    if (!toast.isError) setTimeout(() => this.dismiss(toast), SHOWN_FOR);
  }

  override render(): TemplateResult {
    return html`<div class="toasts" role="status" aria-live="polite">
      ${this.toasts.map((toast) => this.line(toast))}
    </div>`;
  }

  private line(toast: Toast): TemplateResult {
    const act = async (): Promise<void> => {
      this.dismiss(toast);
      if (toast.act) await attempt(toast.act);
    };
    return html`<p class="toast ${toast.isError ? "error" : ""}">
      <span>${toast.text}</span>
      ${toast.act
        ? html`<button type="button" @click=${act}>${toast.label ?? t("act.undo")}</button>`
        : nothing}
      <button type="button" @click=${() => this.dismiss(toast)}>${t("act.close")}</button>
    </p>`;
  }

  private dismiss(toast: Toast): void {
    this.toasts = this.toasts.filter((other) => other !== toast);
  }
}
