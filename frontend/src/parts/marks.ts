// Small things that stand on many pages.

import { html, nothing, type TemplateResult } from "lit";
import { word } from "../text/text.js";
import { icon, type IconName } from "./icons.js";

/** A state in words, with a coloured dot. */
export function mark(kind: string, state: string): TemplateResult {
  return html`<span class="state" data-state=${state}>${word(kind, state)}</span>`;
}

/** What a list shows while there is nothing in it, and what to do about that. */
export function empty(title: string, ...advice: (string | TemplateResult)[]): TemplateResult {
  return html`<div class="card empty">
    <h3>${title}</h3>
    ${advice.map((line) => html`<p>${line}</p>`)}
  </div>`;
}

/** What went wrong, where something did. */
export function failure(error: string | undefined): TemplateResult | typeof nothing {
  return error ? html`<p class="card error" role="alert">${error}</p>` : nothing;
}

/** A button that shows a picture and says its label to those who do not see it. */
export function iconButton(
  name: IconName,
  label: string,
  act: (event: Event) => void,
  { pressed, disabled = false }: { pressed?: boolean; disabled?: boolean } = {},
): TemplateResult {
  return html`<button
    type="button"
    class="icon-button"
    aria-label=${label}
    title=${label}
    ?disabled=${disabled}
    aria-pressed=${pressed === undefined ? nothing : String(pressed)}
    @click=${act}
  >
    ${icon(name)}
  </button>`;
}

/** On or off; `flip` is asked for the other. */
export function toggle(label: string, on: boolean, flip: (on: boolean) => Promise<void>): TemplateResult {
  const act = async (event: Event): Promise<void> => {
    const button = event.currentTarget as HTMLButtonElement;
    button.disabled = true;
    await flip(!on);
    button.disabled = false;
  };
  return html`<button
    type="button"
    role="switch"
    aria-checked=${String(on)}
    aria-label=${label}
    @click=${act}
  ></button>`;
}
