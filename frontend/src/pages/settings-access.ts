// Who may use the hub: oneself, the users, and the tokens of programs.

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { get, post, send } from "../hub/api.js";
import { Reading } from "../hub/reading.js";
import type { Me } from "../hub/records.js";
import { copy } from "../parts/command.js";
import { icon } from "../parts/icons.js";
import { failure, iconButton } from "../parts/marks.js";
import { ask } from "../parts/question.js";
import { attempt, say } from "../parts/toasts.js";
import { moment } from "../text/format.js";
import { t, word } from "../text/text.js";
import { View } from "../view.js";

interface User {
  name: string;
  role: string;
  created_at: string;
}

interface Token {
  id: string;
  name: string;
  user: string;
  scope: string;
  created_at: string;
  expires_at?: string | null;
}

const ROLES = ["viewer", "operator", "admin"];
const SCOPES = ["read", "run", "admin"];

@customElement("settings-access")
export class SettingsAccess extends View {
  @state() private secret = "";
  private readonly me = new Reading(this, () => get<Me>("/api/hub/me"));
  private readonly users = new Reading(this, async () => (await get<{ users: User[] }>("/api/hub/users")).users);
  private readonly tokens = new Reading(this, async () => (await get<{ tokens: Token[] }>("/api/hub/tokens")).tokens);

  override render(): TemplateResult {
    return html`
      <p class="line">${this.oneself()}</p>
      <div class="columns even">
        <section><h2>${t("access.users")}</h2>${failure(this.users.error)}${this.userList()}</section>
        <section><h2>${t("access.tokens")}</h2>${failure(this.tokens.error)}${this.tokenList()}</section>
      </div>
    `;
  }

  private oneself(): TemplateResult | typeof nothing {
    const me = this.me.value;
    if (!me) return nothing;
    if (!me.user) return html`<span class="card quiet with-icon">${icon("key")} ${t("access.nobody")}</span>`;
    const leave = (): Promise<boolean> =>
      attempt(async () => {
        await post("/api/hub/logout");
        location.reload();
      });
    return html`<span class="line"><span class="round" aria-hidden="true">${me.user.slice(0, 1).toUpperCase()}</span>
      <strong>${me.user}</strong> <span class="chip">${word("role", me.role ?? "")}</span>
      <button type="button" @click=${leave}>${t("access.log_out")}</button></span>`;
  }

  private userList(): TemplateResult {
    const users = this.users.value ?? [];
    return html`
      ${users.length
        ? html`<ul class="rows card">${users.map((user) => this.userLine(user))}</ul>`
        : html`<p class="card quiet with-icon">${icon("user")} ${t("access.no_users")}</p>`}
      <form class="card in-line" @submit=${this.addUser}>
        <label>${t("access.name")}<input name="name" required autocomplete="off" /></label>
        <label>${t("access.password")}<input name="password" type="password" required autocomplete="new-password" /></label>
        ${choice("role", t("access.role"), ROLES, "operator")}
        <button class="main" type="submit">${icon("plus")} ${t("access.add_user")}</button>
      </form>
    `;
  }

  private userLine(user: User): TemplateResult {
    const turn = (event: Event): Promise<boolean> =>
      this.doing(() => post(`${pathOf(user)}/role`, { role: (event.target as HTMLSelectElement).value }));
    const remove = async (): Promise<void> => {
      const question = t("access.remove_user", { name: user.name });
      if (await ask(question, t("act.remove"))) await this.doing(() => send("DELETE", pathOf(user)));
    };
    return html`<li class="line">
      <span class="round" aria-hidden="true">${user.name.slice(0, 1).toUpperCase()}</span>
      <strong>${user.name}</strong>
      <span class="end line">
        <select aria-label=${t("access.role_of", { name: user.name })} @change=${turn}>
          ${ROLES.map((role) => html`<option value=${role} ?selected=${role === user.role}>${word("role", role)}</option>`)}
        </select>
        ${iconButton("trash", t("access.remove_user", { name: user.name }), () => void remove())}
      </span>
    </li>`;
  }

  private tokenList(): TemplateResult {
    const tokens = this.tokens.value ?? [];
    return html`
      ${this.secret
        ? html`<div class="card secret" role="status"><p>${t("access.secret")}</p>
            <p class="line"><code>${this.secret}</code> ${iconButton("copy", t("act.copy"), () => void copy(this.secret))}</p></div>`
        : nothing}
      ${tokens.length
        ? html`<ul class="rows card">${tokens.map((token) => this.tokenLine(token))}</ul>`
        : html`<p class="card quiet with-icon">${icon("key")} ${t("access.no_tokens")}</p>`}
      ${this.tokenForm()}
    `;
  }

  /** Every token is somebody's, so there must be somebody. */
  private tokenForm(): TemplateResult | typeof nothing {
    const users = this.users.value ?? [];
    const isMine = Boolean(this.me.value?.user);
    if (!isMine && !users.length) return nothing;
    return html`<form class="card in-line" @submit=${this.addToken}>
      <label>${t("access.token_name")}<input name="name" required /></label>
      ${isMine ? nothing : choice("user", t("access.token_user"), users.map((user) => user.name), "")}
      ${choice("scope", t("access.scope"), SCOPES, "run")}
      <label>${t("access.days")}<input name="days" type="number" min="1" placeholder=${t("access.for_ever")} /></label>
      <button class="main" type="submit">${icon("plus")} ${t("access.add_token")}</button>
    </form>`;
  }

  private tokenLine(token: Token): TemplateResult {
    const remove = async (): Promise<void> => {
      const question = t("access.revoke", { name: token.name });
      const address = `/api/hub/tokens/${encodeURIComponent(token.id)}`;
      if (await ask(question, t("act.remove"))) await this.doing(() => send("DELETE", address));
    };
    const until = token.expires_at ? html`${t("access.until")} ${moment(token.expires_at)}` : t("access.for_ever");
    return html`<li class="line">
      <span class="round">${icon("key")}</span>
      <span><strong>${token.name}</strong>
        <span class="quiet">${token.user}, ${word("scope", token.scope)}, ${until}</span></span>
      <span class="end">${iconButton("trash", t("access.revoke", { name: token.name }), () => void remove())}</span>
    </li>`;
  }

  private addUser(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const body = Object.fromEntries(new FormData(form));
    void this.doing(async () => {
      await post("/api/hub/users", body);
      form.reset();
      say(t("access.added", { name: String(body["name"]) }));
    });
  }

  private addToken(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const { days, ...body } = Object.fromEntries(new FormData(form));
    void this.doing(async () => {
      const made = await post<{ token: string }>("/api/hub/tokens", days ? { ...body, days: Number(days) } : body);
      this.secret = made.token;
      form.reset();
    });
  }

  /** Do it, say so if it did not work, and read everything again. */
  private async doing(work: () => Promise<unknown>): Promise<boolean> {
    const done = await attempt(work);
    await Promise.all([this.users.again(), this.tokens.again()]);
    return done;
  }
}

function pathOf(user: User): string {
  return `/api/hub/users/${encodeURIComponent(user.name)}`;
}

function choice(name: string, label: string, options: string[], chosen: string): TemplateResult {
  return html`<label>${label}<select name=${name}>
    ${options.map((option) => html`<option value=${option} ?selected=${option === chosen}>${word(name, option)}</option>`)}
  </select></label>`;
}
