// One output as large as the window, with what is known about it.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { get } from "../hub/api.js";
import { connection } from "../hub/connection.js";
import { deleteSoon } from "../hub/deletions.js";
import { mark } from "../hub/marks.js";
import type { FiringDetails, GivenFile, Notice, Piece, RunDetails } from "../hub/records.js";
import { addressOf } from "../router.js";
import { bytes, exactly, plain } from "../text/format.js";
import { t } from "../text/text.js";
import { View } from "../view.js";
import { icon } from "./icons.js";
import { inputLink } from "./inputs.js";
import { iconButton } from "./marks.js";
import { mediumOf } from "./media.js";
import { small, whole } from "./pictures.js";
import "./tags.js";
import { attempt, say } from "./toasts.js";
import { cut, line, twoPictures } from "./wipe.js";
import { Zoom } from "./zoom.js";

let shown: Lightbox | undefined;

/** Show one of these, with the others before and after it. */
export function openLightbox(pieces: Piece[], index: number): void {
  shown?.open(pieces, index);
}

@customElement("hub-lightbox")
export class Lightbox extends View {
  @state() private pieces: Piece[] = [];
  @state() private index = 0;
  @state() private run: RunDetails | undefined;
  /** The picture that went into the run, while it is compared with what came out. */
  @state() private original: GivenFile | undefined;
  @state() private firing: FiringDetails | undefined;
  @query("dialog") private dialog!: HTMLDialogElement;
  private readonly zoom = new Zoom(() => this.querySelector<HTMLElement>(".zoomable"), () => cut(this));

  override connectedCallback(): void {
    super.connectedCallback();
    shown = this; // eslint-disable-line @typescript-eslint/no-this-alias -- there is one
    window.addEventListener("hashchange", () => this.dialog.close());
    window.addEventListener("resize", () => cut(this));
    connection.hear((notice) => void this.heard(notice));
  }

  open(pieces: Piece[], index: number): void {
    this.pieces = pieces;
    this.turnTo(index);
    this.dialog.showModal();
  }

  override updated(): void {
    cut(this);
  }

  override render(): TemplateResult {
    const { piece } = this;
    return html`<dialog class="lightbox" aria-label=${piece?.name ?? ""} @keydown=${this.key} @close=${this.forget}>
      ${piece ? this.content(piece) : nothing}
    </dialog>`;
  }

  private get piece(): Piece | undefined {
    return this.pieces[this.index];
  }

  private content(piece: Piece): TemplateResult {
    return html`
      <div class="stage">${this.medium(piece)}</div>
      <div class="stage-buttons">
        ${iconButton("previous", t("lightbox.previous"), () => this.turnTo(this.index - 1), { disabled: this.index === 0 })}
        ${iconButton("next", t("lightbox.next"), () => this.turnTo(this.index + 1), { disabled: this.index === this.pieces.length - 1 })}
        ${mediumOf(piece) === "picture"
          ? html`${this.comparable(piece).length
                ? iconButton("compare", t("lightbox.compare"), () => this.compare(piece), { pressed: !!this.original })
                : nothing}
              ${iconButton("larger", t("lightbox.larger"), () => this.zoom.in())}
              ${iconButton("smaller", t("lightbox.smaller"), () => this.zoom.out())}`
          : nothing}
        ${iconButton("star", t("act.star"), () => this.star(piece), { pressed: piece.starred })}
        <a class="button icon-button" href=${piece.url} download=${piece.name} aria-label=${t("act.download")} title=${t("act.download")}>
          ${icon("download")}
        </a>
        ${iconButton("trash", t("act.delete"), () => this.discard(piece))}
        ${iconButton("cancel", t("act.close"), () => this.dialog.close())}
      </div>
      <aside>${this.facts(piece)}</aside>
    `;
  }

  private medium(piece: Piece): TemplateResult {
    switch (mediumOf(piece)) {
      case "picture":
        return html`<div
          class="zoomable"
          @wheel=${this.zoom.wheel}
          @pointerdown=${this.zoom.down}
          @pointermove=${this.zoom.move}
          @pointerup=${this.zoom.up}
          @pointercancel=${this.zoom.up}
          @dblclick=${(event: MouseEvent) => this.zoom.toggle(event.clientX, event.clientY)}
        >
          ${this.original && isSized(piece)
            ? twoPictures(this.original, piece)
            : whole(piece.url, piece.name)}
        </div>
        ${this.original && isSized(piece) ? line(() => cut(this)) : nothing}`;
      case "video":
        return html`<video src=${piece.url} controls loop></video>`;
      case "sound":
        return html`<audio src=${piece.url} controls></audio>`;
      case "file":
        return html`<p>${piece.name}</p>`;
    }
  }

  private facts(piece: Piece): TemplateResult {
    const size = piece.width && piece.height ? `${piece.width} × ${piece.height}, ` : "";
    return html`
      <h2>${piece.name}</h2>
      <p class="quiet">${size}${bytes(piece.size)}<br />${exactly(piece.created_at)}</p>
      <p class="quiet path">${piece.path}</p>
      <h3>${t("tags")}</h3>
      <tag-editor .outputs=${[piece.id]} .tags=${piece.tags}></tag-editor>
      <h3>${t("lightbox.lineage")}</h3>
      <ol class="lineage">
        ${this.source()}
        ${piece.automation
          ? html`<li><a href=${addressOf("automations", piece.automation)}>${piece.automation}</a></li>`
          : nothing}
        ${piece.workflow
          ? html`<li><a href=${addressOf("workflows", piece.workflow)}>${piece.workflow}</a></li>`
          : nothing}
        <li><a href=${addressOf("runs", String(piece.run))}>${t("run.title", { number: piece.run })}</a></li>
      </ol>
      ${this.given(piece)} ${this.parameters()}
    `;
  }

  /** What went into the run; a picture of it is compared with what came out. */
  private given(piece: Piece): TemplateResult | typeof nothing {
    const given = this.run?.inputs ?? [];
    if (!given.length) return nothing;
    const comparable = this.comparable(piece);
    return html`<h3>${t("run.given")}</h3>
      <ul class="tiles">
        ${given.map((file) => html`<li>${comparable.includes(file) ? this.comparing(piece, file) : inputLink(file)}</li>`)}
      </ul>`;
  }

  private comparing(piece: Piece, file: GivenFile): TemplateResult {
    const label = t("lightbox.compare_with", { name: file.title });
    return html`<button type="button" class="tile" aria-pressed=${String(file === this.original)} title=${label} aria-label=${label}
      @click=${() => this.compare(piece, file)}>${small(file.url, file.title)}</button>`;
  }

  /** Pictures that a picture can be compared with. */
  private comparable(piece: Piece): GivenFile[] {
    if (mediumOf(piece) !== "picture" || !isSized(piece)) return [];
    return this.run?.inputs.filter((file) => mediumOf(file) === "picture") ?? [];
  }

  /** Compare, or no longer. */
  private compare(piece: Piece, file = this.original ?? this.comparable(piece)[0]): void {
    this.original = this.original === file ? undefined : file;
  }

  /** What began it: a file, a request, a moment. */
  private source(): TemplateResult | typeof nothing {
    const { firing } = this;
    if (!firing) return nothing;
    const { platform, path } = firing.trigger as { platform: string; path?: string };
    return html`<li>
      <a href=${addressOf("firings", firing.id)}>${path ? path.split("/").at(-1) : platform}</a>
    </li>`;
  }

  private parameters(): TemplateResult | typeof nothing {
    const values = Object.entries(this.run?.parameters ?? {});
    if (!values.length) return nothing;
    return html`<h3>${t("run.parameters")}</h3>
      <dl>${values.map(([name, value]) => html`<dt>${name}</dt><dd>${plain(value)}</dd>`)}</dl>`;
  }

  private turnTo(index: number): void {
    if (index < 0 || index >= this.pieces.length) return;
    this.index = index;
    this.zoom.reset();
    void this.learn();
  }

  /** Where it comes from. */
  private async learn(): Promise<void> {
    const { piece } = this;
    if (this.run?.number !== piece?.run) this.run = this.original = undefined;
    this.firing = undefined;
    if (!piece) return;
    void this.refresh(piece.id);
    const run = await get<RunDetails>(`/api/hub/runs/${piece.run}`).catch(() => undefined);
    const firing = run?.firing
      ? await get<FiringDetails>(`/api/hub/firings/${run.firing}`).catch(() => undefined)
      : undefined;
    if (this.piece?.id !== piece.id) return;
    this.run = run;
    this.original = run?.inputs.find((file) => file.name === this.original?.name);
    this.firing = firing;
  }

  /** Somebody, perhaps here, changed what is shown. */
  private async heard(notice: Notice): Promise<void> {
    const { piece } = this;
    if (!piece || notice.type !== "OutputsChanged") return;
    if ((notice["outputs"] as number[]).includes(piece.id)) await this.refresh(piece.id);
  }

  /** Its marks as they are now; a run does not tell the tags of its outputs. */
  private async refresh(output: number): Promise<void> {
    const { outputs } = await get<{ outputs: Piece[] }>(`/api/hub/outputs?outputs=${output}`);
    this.pieces = this.pieces.map((each) => outputs.find((fresh) => fresh.id === each.id) ?? each);
  }

  private star(piece: Piece): void {
    void attempt(() => mark([piece.id], { starred: !piece.starred }));
  }

  private discard(piece: Piece): void {
    const undo = deleteSoon([piece.id], (reason) => say(reason));
    this.dialog.close();
    say(t("lightbox.deleted", { name: piece.name }), undo);
  }

  private key(event: KeyboardEvent): void {
    const { piece } = this;
    if (!piece || isFor(event.target, event.key)) return;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => this.turnTo(this.index - 1),
      ArrowRight: () => this.turnTo(this.index + 1),
      "+": () => this.zoom.in(),
      "-": () => this.zoom.out(),
      0: () => this.zoom.reset(),
      z: () => this.zoom.toggle(),
      s: () => this.star(piece),
      c: () => this.compare(piece),
      Delete: () => this.discard(piece),
    };
    acts[event.key]?.();
  }

  private forget(): void {
    this.pieces = [];
    this.run = this.original = undefined;
  }
}

/** Whether a field wants the key itself: one for texts each, the line between two pictures arrows. */
function isFor(target: EventTarget | null, key: string): boolean {
  return target instanceof HTMLInputElement && (target.type !== "range" || key.startsWith("Arrow"));
}

function isSized(piece: Piece): piece is Piece & { width: number; height: number } {
  return Boolean(piece.width && piece.height);
}
