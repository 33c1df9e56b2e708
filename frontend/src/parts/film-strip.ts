// Some of the pictures that a run showed on its way, while the hub remembers them.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { get } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import { t } from "../text/text.js";
import { View } from "../view.js";

interface Frame {
  number: number;
  node: string;
  url: string;
}

@customElement("film-strip")
export class FilmStrip extends View {
  /** The id of a run. */
  @property() run = "";
  private readonly frames = new Reading(
    this,
    async () => (await get<{ frames: Frame[] }>(`/api/hub/runs/${this.run}/film`)).frames,
    (notice) => notice.type === "PreviewChanged" && notice.run?.id === this.run,
  );

  override render(): TemplateResult | typeof nothing {
    const frames = this.frames.value ?? [];
    if (!frames.length) return nothing;
    return html`<section>
      <h2>${t("run.film")}</h2>
      <ol class="film card" tabindex="0" aria-label=${t("run.film")}>
        ${repeat(
          frames,
          (frame) => frame.number,
          (frame) => html`<li><img src=${frame.url} alt=${t("run.frame", { number: frame.number + 1, node: frame.node })} /></li>`,
        )}
      </ol>
    </section>`;
  }
}
