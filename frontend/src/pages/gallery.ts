// Everything that came out, as pictures: found by workflow, tag and star; picked one by one or by
// the stretch, to be starred, tagged, downloaded or deleted together.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query as find, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { connection } from "../hub/connection.js";
import { deleteSoon, inSight, onChange } from "../hub/deletions.js";
import { mark } from "../hub/marks.js";
import { pendingUntil } from "../hub/pending.js";
import { Pieces } from "../hub/pieces.js";
import { get } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import type { Notice, Piece, Workflow } from "../hub/records.js";
import { type Shape, shapeOf, windowOf } from "../parts/grid.js";
import { icon } from "../parts/icons.js";
import { openLightbox } from "../parts/lightbox.js";
import { empty, failure, iconButton } from "../parts/marks.js";
import { tile } from "../parts/outputs.js";
import { Selection } from "../parts/selection.js";
import { readTags } from "../parts/tags.js";
import { attempt, say } from "../parts/toasts.js";
import { addressOf, go } from "../router.js";
import { dayName } from "../text/format.js";
import { t } from "../text/text.js";
import { View } from "../view.js";

const LEAST = 150; // pixels that a tile is wide
const LEAST_ON_PHONES = 105;
const PHONE = 600;
const GAP = 8;
const MOST_IN_ARCHIVE = 500;
const AHEAD = 120; // tiles that are read before they are in sight

@customElement("page-gallery")
export class Gallery extends View {
  @property({ attribute: false }) query = new URLSearchParams();
  @state() private shape: Shape = shapeOf(1000, LEAST, GAP);
  @state() private top = 0;
  @state() private error: string | undefined;
  @state() private hasRead = false;
  @find(".grid") private readonly grid!: HTMLElement | null;
  private pieces = new Pieces(this.query);
  private coming = this.pieces;
  private readonly selection = new Selection();
  private stop: (() => void)[] = [];
  private readonly size = new ResizeObserver(() => this.measure());
  private readonly workflows = new Reading(
    this,
    async () => (await get<{ workflows: Workflow[] }>("/api/hub/workflows")).workflows,
    ["ConfigurationReloaded"],
  );
  private readonly tags = new Reading(this, readTags, ["OutputsChanged"]);

  override connectedCallback(): void {
    super.connectedCallback();
    const scrolled = (): void => this.measure();
    window.addEventListener("scroll", scrolled, { passive: true });
    this.stop = [
      () => window.removeEventListener("scroll", scrolled),
      connection.hear((notice) => this.heard(notice)),
      onChange(() => this.requestUpdate()),
      connection.watch(() => void (connection.state === "live" && this.startOver(this.pieces.all.length))),
    ];
    this.size.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.size.disconnect();
    for (const stop of this.stop) stop();
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("query")) return;
    this.selection.clear();
    void this.startOver(0);
  }

  override render(): TemplateResult {
    const all = this.seen;
    this.selection.keep(all);
    return html`
      <div class="line"><h1>${t("gallery")}</h1>${this.filters()}</div>
      ${failure(this.error)}
      ${this.hasRead && !all.length ? this.emptiness() : nothing}
      ${this.day(all)} ${this.tiles(all)}
      ${this.selection.size ? this.toolbar() : nothing}
    `;
  }

  /** All but those that were just deleted. */
  private get seen(): Piece[] {
    return inSight(this.pieces.all);
  }

  private emptiness(): TemplateResult {
    const isFiltered = [...this.query.values()].some(Boolean);
    return isFiltered
      ? empty(t("gallery.none_like_that"), html`<a href=${addressOf("gallery")}>${t("gallery.show_all")}</a>`)
      : empty(t("gallery.none"), t("gallery.none.advice"));
  }

  private filters(): TemplateResult {
    const isStarred = this.query.get("starred") === "true";
    const tags = this.tags.value ?? [];
    return html`<span class="filters end">
      <button
        type="button"
        aria-pressed=${String(isStarred)}
        class="toggle"
        @click=${() => this.choose("starred", isStarred ? "" : "true")}
      >${icon("star")} ${t("gallery.starred")}</button>
      ${tags.length || this.query.get("tag")
        ? this.filterBy("tag", t("gallery.any_tag"), tags.map(({ tag, outputs }) => [tag, `${tag} (${outputs})`]))
        : nothing}
      ${this.filterBy(
        "workflow",
        t("runs.any.workflow"),
        (this.workflows.value ?? []).map(({ name, title }) => [name, title || name]),
      )}
    </span>`;
  }

  private filterBy(name: "tag" | "workflow", any: string, choices: string[][]): TemplateResult {
    const chosen = this.query.get(name) ?? "";
    const choose = (event: Event): void => this.choose(name, (event.target as HTMLSelectElement).value);
    return html`<select aria-label=${t(name === "tag" ? "tags" : "runs.by.workflow")} @change=${choose}>
      <option value="" ?selected=${!chosen}>${any}</option>
      ${choices.map(
        ([value = "", label]) => html`<option value=${value} ?selected=${value === chosen}>${label}</option>`,
      )}
    </select>`;
  }

  private choose(name: string, value: string): void {
    go(addressOf("gallery", "", { ...Object.fromEntries(this.query), [name]: value }));
  }

  /** Of which day the first pictures in sight are. */
  private day(all: Piece[]): TemplateResult | typeof nothing {
    const row = Math.floor(this.top / this.shape.row);
    const first = all[Math.min(row * this.shape.columns, all.length - 1)];
    return first ? html`<p class="of-day"><span class="chip">${dayName(new Date(first.created_at))}</span></p>` : nothing;
  }

  private tiles(all: Piece[]): TemplateResult {
    const sight = windowOf(all.length, this.shape, this.top, window.innerHeight);
    const columns = `grid-template-columns: repeat(${this.shape.columns}, minmax(0, 1fr)); gap: ${GAP}px; translate: 0 ${sight.above}px`;
    const shown = all.slice(sight.from, sight.to);
    return html`<div class="grid" data-picking=${this.selection.size > 0} .style=${`block-size: ${sight.height}px`}>
      <ul class="tiles" .style=${columns}>
        ${repeat(
          shown,
          (piece) => piece.id,
          (piece, index) => this.item(piece, sight.from + index, all),
        )}
      </ul>
    </div>`;
  }

  private item(piece: Piece, place: number, all: Piece[]): TemplateResult {
    const isPicked = this.selection.has(piece.id);
    const pick = (event: MouseEvent): void => this.pick(piece, event.shiftKey);
    const open = (): void => (this.selection.size ? this.pick(piece, false) : openLightbox(all, place));
    return html`<li
      data-picked=${isPicked}
      aria-setsize=${all.length}
      aria-posinset=${place + 1}
      @keydown=${(event: KeyboardEvent) => this.key(event, piece, place)}
    >
      ${tile(piece, open)}
      <input type="checkbox" class="pick" .checked=${isPicked} aria-label=${t("gallery.pick", { name: piece.name })} @click=${pick} />
      ${piece.starred ? html`<span class="starred" title=${t("gallery.starred")}>${icon("star")}</span>` : nothing}
    </li>`;
  }

  /** What is done with all that is picked. */
  private toolbar(): TemplateResult {
    const { ids } = this.selection;
    const areStarred = this.pieces.all.every((piece) => piece.starred || !this.selection.has(piece.id));
    return html`<div class="picked card" role="toolbar" aria-label=${t("gallery.with_picked")}>
      ${iconButton("cancel", t("gallery.unpick"), () => this.unpick())}
      <strong role="status">${t("gallery.picked", { count: ids.length })}</strong>
      <tag-editor .outputs=${ids}></tag-editor>
      ${iconButton("star", t("act.star"), () => void attempt(() => mark(ids, { starred: !areStarred })), { pressed: areStarred })}
      ${iconButton("download", t("act.download"), () => download(ids))}
      ${iconButton("trash", t("act.delete"), () => this.discard(ids))}
    </div>`;
  }

  private pick(piece: Piece, isStretch: boolean): void {
    this.selection.toggle(piece.id, this.seen, isStretch);
    this.requestUpdate();
  }

  private unpick(): void {
    this.selection.clear();
    this.requestUpdate();
  }

  private discard(ids: number[]): void {
    const undo = deleteSoon(ids, (reason) => say(reason));
    say(t("gallery.deleted", { count: ids.length }), undo);
  }

  private key(event: KeyboardEvent, piece: Piece, place: number): void {
    const { columns } = this.shape;
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const step = steps[event.key];
    const acts: Record<string, () => void> = {
      x: () => this.pick(piece, false),
      X: () => this.pick(piece, true),
      s: () => void attempt(() => mark([piece.id], { starred: !piece.starred })),
      Delete: () => this.discard(this.selection.size ? this.selection.ids : [piece.id]),
      Escape: () => this.unpick(),
    };
    if (step !== undefined) {
      event.preventDefault();
      void this.focusOn(place + step);
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey) acts[event.key]?.();
  }

  /** Put the focus on a tile, which may be out of sight yet. */
  private async focusOn(place: number): Promise<void> {
    if (!this.grid || place < 0 || place >= this.seen.length) return;
    const row = Math.floor(place / this.shape.columns);
    const above = this.grid.getBoundingClientRect().top + window.scrollY + row * this.shape.row;
    const [low, high] = [window.scrollY + 80, window.scrollY + window.innerHeight - this.shape.row - 80];
    if (above < low) window.scrollBy(0, above - low);
    else if (above > high) window.scrollBy(0, above - high);
    this.measure();
    await this.updateComplete;
    this.querySelector<HTMLElement>(`li[aria-posinset="${place + 1}"] .tile`)?.focus({ preventScroll: true });
  }

  /** What is in sight now; and read on where it soon ends. */
  private measure(): void {
    if (!this.grid) return;
    const box = this.grid.getBoundingClientRect();
    this.shape = shapeOf(box.width, box.width < PHONE ? LEAST_ON_PHONES : LEAST, GAP);
    this.top = Math.max(0, -box.top);
    const { to } = windowOf(this.pieces.all.length, this.shape, this.top, window.innerHeight);
    if (to + AHEAD > this.pieces.all.length) void this.reach(to + AHEAD);
  }

  /** Read at least so many from the first on; what is shown stays until they are there. */
  private async startOver(count: number): Promise<void> {
    const pieces = new Pieces(this.query);
    this.coming = pieces;
    await pendingUntil(this.trying(() => pieces.reach(Math.max(AHEAD, count))));
    if (this.coming !== pieces) return; // others were asked for meanwhile
    this.pieces = pieces;
    this.hasRead = true;
    this.requestUpdate();
  }

  private async reach(count: number): Promise<void> {
    const { pieces } = this;
    await this.trying(() => pieces.reach(count));
  }

  private heard(notice: Notice): void {
    const { pieces } = this;
    if (notice.type === "RunFinished") void this.trying(() => pieces.renew());
    if (notice.type === "OutputsChanged") void this.trying(() => pieces.refresh(notice["outputs"] as number[]));
    if (notice.type === "HistoryPruned" || notice.type === "NoticesLost") void this.startOver(pieces.all.length);
  }

  private async trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.error = undefined;
    } catch (error) {
      if (connection.state !== "lost") this.error = (error as Error).message;
    }
    this.requestUpdate();
  }
}

/** All in one archive, which the browser saves while the hub makes it. */
function download(ids: number[]): void {
  if (ids.length > MOST_IN_ARCHIVE) say(t("gallery.too_many", { most: MOST_IN_ARCHIVE }));
  else location.assign(`/api/hub/outputs/zip?outputs=${ids.join(",")}`);
}
