// The shell: navigation, the state of the connection, and the page that the address names.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { connection } from "./hub/connection.js";
import { isPending, watchPending } from "./hub/pending.js";
import "./hub/progress.js";
import { icon } from "./parts/icons.js";
import "./parts/lightbox.js";
import "./parts/question.js";
import "./parts/toasts.js";
import { PAGES, type PageEntry } from "./pages/pages.js";
import { addressOf, type Place, placeOf } from "./router.js";
import { type Language, LANGUAGES, language, speak, t, word } from "./text/text.js";
import { chooseTheme, type Theme, theme, THEMES } from "./theme.js";
import { View } from "./view.js";

const TICK = 30_000; // how often "3 minutes ago" is written anew
const IN_BAR = 4; // entries that a phone shows beside "More"

@customElement("hub-app")
export class App extends View {
  /** What is shown, which is not yet what the address says while a page is loaded. */
  @state() private address = location.hash;
  @state() private place: Place = placeOf(location.hash);
  @state() private shown: PageEntry | undefined;
  @state() private failure = "";

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", () => void this.turn());
    connection.watch(() => this.requestUpdate());
    watchPending(() => this.requestUpdate());
    setInterval(() => this.redraw(), TICK);
    void this.turn();
  }

  override render(): TemplateResult {
    return html`
      <a class="skip" href="#main" @click=${this.skip}>${t("shell.skip")}</a>
      <header>
        <a class="brand" href="#/"><img src="/page/icon.svg" alt="" width="28" height="28" />Hub</a>
        <p id="connection" role="status" data-state=${connection.state}>
          ${t(`connection.${connection.state}`)}
        </p>
        ${this.preferences()}
      </header>
      ${this.navigation()}
      <main id="main" tabindex="-1" data-place=${this.address} aria-busy=${isPending()}>
        ${this.failure ? html`<p class="error" role="alert">${this.failure}</p>` : nothing}
        ${this.shown?.view(this.place)}
      </main>
      <hub-lightbox></hub-lightbox>
      <hub-question></hub-question>
      <hub-toasts></hub-toasts>
    `;
  }

  private navigation(): TemplateResult {
    const entries = PAGES.filter((page) => page.inMenu);
    const [first, rest] = [entries.slice(0, IN_BAR), entries.slice(IN_BAR)];
    return html`
      <nav aria-label=${t("shell.pages")}>
        <ul>
          ${first.map((page) => html`<li>${this.link(page)}</li>`)}
          ${rest.map((page) => html`<li class="beyond">${this.link(page)}</li>`)}
          <li class="more">
            <button type="button" popovertarget="more">${icon("more")}<span>${t("shell.more")}</span></button>
            <ul id="more" popover @click=${this.closeMore}>
              ${rest.map((page) => html`<li>${this.link(page)}</li>`)}
            </ul>
          </li>
        </ul>
      </nav>
    `;
  }

  private link(page: PageEntry): TemplateResult {
    const isCurrent = page === this.shown || page.name === this.shown?.below;
    return html`<a href=${addressOf(page.name)} aria-current=${isCurrent ? "page" : nothing}>
      ${icon(page.icon)}<span>${t(page.title)}</span>
    </a>`;
  }

  private preferences(): TemplateResult {
    const chooseLanguage = async (event: Event): Promise<void> => {
      const chosen = (event.target as HTMLSelectElement).value as Language;
      localStorage.setItem("language", chosen);
      await speak(chosen);
      this.redraw();
    };
    return html`
      <div class="preferences">
        <select aria-label=${t("shell.language")} @change=${chooseLanguage}>
          ${Object.entries(LANGUAGES).map(
            ([tag, name]) => html`<option value=${tag} ?selected=${tag === language()}>${name}</option>`,
          )}
        </select>
        <select aria-label=${t("shell.theme")} @change=${this.chooseTheme}>
          ${THEMES.map(
            (name) => html`<option value=${name} ?selected=${name === theme()}>${word("theme", name)}</option>`,
          )}
        </select>
      </div>
    `;
  }

  /** Go to the page that the address names now. */
  private async turn(): Promise<void> {
    const { hash } = location;
    const place = placeOf(hash);
    const page = PAGES.find((entry) => entry.name === place.page) ?? PAGES[0];
    const isOther = this.shown !== undefined && (page !== this.shown || place.item !== this.place.item);
    try {
      await page?.load();
      this.failure = "";
    } catch {
      this.failure = t("shell.cannot_load");
    }
    if (location.hash !== hash) return; // somebody went on meanwhile
    this.address = hash;
    this.place = place;
    this.shown = page;
    document.title = page && page.name ? `${t(page.title)} · Hub` : "Hub";
    await this.updateComplete;
    if (isOther) this.arrive();
  }

  private arrive(): void {
    window.scrollTo(0, 0);
    this.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
  }

  private skip(event: Event): void {
    event.preventDefault();
    this.querySelector<HTMLElement>("main")?.focus();
  }

  private chooseTheme(event: Event): void {
    chooseTheme((event.target as HTMLSelectElement).value as Theme);
  }

  private closeMore(event: Event): void {
    (event.currentTarget as HTMLElement).hidePopover();
  }

  /** Everything anew, as in another language, or for times that are told as "3 minutes ago". */
  private redraw(): void {
    this.requestUpdate();
    for (const view of this.querySelectorAll("*")) if (view instanceof View) view.requestUpdate();
  }
}
