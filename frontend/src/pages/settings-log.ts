// The hub's log, as it is written.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { Connection } from "../hub/connection.js";
import { type Level, levelOf, LEVELS, LogLines } from "../hub/log-lines.js";
import type { LogLine } from "../hub/records.js";
import { icon } from "../parts/icons.js";
import { exactly, preciseTime } from "../text/format.js";
import { t, word } from "../text/text.js";
import { View } from "../view.js";

@customElement("settings-log")
export class SettingsLog extends View {
  @state() private level: Level = "info";
  @state() private words = "";
  @query(".log") private readonly list!: HTMLElement | null;
  private readonly lines = new LogLines();
  private readonly feed = new Connection<{ lines: LogLine[] }>("/api/hub/log/live");
  private isAtEnd = true;

  override connectedCallback(): void {
    super.connectedCallback();
    this.feed.hear(({ lines }) => {
      this.lines.take(lines);
      this.requestUpdate();
    });
    this.feed.watch(() => {
      if (this.feed.state === "live") this.lines.clear();
      this.requestUpdate();
    });
    this.feed.open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.feed.close();
  }

  override willUpdate(): void {
    const { list } = this;
    this.isAtEnd = !list || list.scrollHeight - list.scrollTop - list.clientHeight < 8;
  }

  override updated(): void {
    if (this.isAtEnd && this.list) this.list.scrollTop = this.list.scrollHeight;
  }

  override render(): TemplateResult {
    const shown = this.lines.shown(this.level, this.words);
    return html`
      <div class="line filters">${this.choices()} ${this.pauseButton()}</div>
      ${this.feed.state === "lost" ? html`<p class="error" role="status">${t("connection.lost")}</p>` : nothing}
      <div class="card log" tabindex="0" role="log" aria-live="off" aria-label=${t("settings.log")}>
        ${shown.length ? nothing : html`<p class="quiet">${t("log.none")}</p>`}
        <ol>${repeat(shown, (line) => line.number, logLine)}</ol>
      </div>
    `;
  }

  private choices(): TemplateResult {
    const choose = (event: Event): void => {
      this.level = (event.target as HTMLSelectElement).value as Level;
    };
    const search = (event: Event): void => {
      this.words = (event.target as HTMLInputElement).value;
    };
    return html`
      <select aria-label=${t("log.level")} @change=${choose}>
        ${LEVELS.map((level) => html`<option value=${level} ?selected=${level === this.level}>${word("log_from", level)}</option>`)}
      </select>
      <input type="search" aria-label=${t("act.search")} placeholder=${t("act.search")} @input=${search} />`;
  }

  private pauseButton(): TemplateResult {
    const { isPaused, missed } = this.lines;
    const turn = (): void => {
      this.lines.pause(!isPaused);
      this.requestUpdate();
    };
    return html`<button type="button" class="end" @click=${turn}>
      ${icon(isPaused ? "play" : "pause")} ${isPaused ? t("log.go_on") : t("log.pause")}
      ${missed ? html`<span class="chip">${t("log.missed", { count: missed })}</span>` : nothing}
    </button>`;
  }
}

function logLine(line: LogLine): TemplateResult {
  const level = levelOf(line);
  const [first, ...traceback] = line.text.replace(/^\[\w+\] /, "").trimEnd().split("\n");
  return html`<li data-level=${level}>
    <time datetime=${line.at} title=${exactly(line.at)}>${preciseTime(line.at)}</time>
    <span class="level">${word("level", level)}</span>
    <span>${first}
      ${traceback.length
        ? html`<details><summary>${t("run.traceback")}</summary><pre tabindex="0">${traceback.join("\n")}</pre></details>`
        : nothing}</span>
  </li>`;
}
