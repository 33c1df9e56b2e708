// Tags of outputs: those there are, with a way to take each off, and a field for one more.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { mark, type Tag } from "../hub/marks.js";
import { get } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import { t } from "../text/text.js";
import { View } from "../view.js";
import { icon } from "./icons.js";
import { attempt } from "./toasts.js";

let fields = 0;

/** All tags there are. */
export async function readTags(): Promise<Tag[]> {
  return (await get<{ tags: Tag[] }>("/api/hub/tags")).tags;
}

@customElement("tag-editor")
export class TagEditor extends View {
  /** Ids of the outputs that are tagged. */
  @property({ attribute: false }) outputs: number[] = [];
  /** The tags that they have; of many outputs none are shown. */
  @property({ attribute: false }) tags: string[] = [];
  private readonly known = new Reading(this, readTags, ["OutputsChanged"]);
  private readonly list = `tags-${(fields += 1)}`;

  override render(): TemplateResult {
    return html`
      ${this.tags.length
        ? html`<ul class="tags" aria-label=${t("tags")}>
            ${this.tags.map((tag) => html`<li class="chip">${tag}
              <button type="button" aria-label=${t("tags.remove", { tag })} title=${t("tags.remove", { tag })} @click=${() => this.change({ remove: [tag] })}>
                ${icon("cancel")}
              </button></li>`)}
          </ul>`
        : nothing}
      <form class="pair" @submit=${this.submit}>
        <input name="tag" list=${this.list} maxlength="50" required pattern="[^,]*[^,\\s][^,]*" autocomplete="off" aria-label=${t("tags.add")} placeholder=${t("tags.add")} />
        <datalist id=${this.list}>${(this.known.value ?? []).map(({ tag }) => html`<option value=${tag}></option>`)}</datalist>
        <button type="submit">${t("act.add")}</button>
      </form>
    `;
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const tag = String(new FormData(form).get("tag")).trim();
    if (await this.change({ add: [tag] })) form.reset();
  }

  private change(change: { add?: string[]; remove?: string[] }): Promise<boolean> {
    return attempt(() => mark(this.outputs, change));
  }
}
