// A command for a terminal, with a button that copies it.

import { html, type TemplateResult } from "lit";
import type { Webhook } from "../hub/records.js";
import { t } from "../text/text.js";
import { iconButton } from "./marks.js";
import { attempt, say } from "./toasts.js";

export function command(text: string): TemplateResult {
  return html`<div class="command"><pre tabindex="0">${text}</pre>${iconButton("copy", t("act.copy"), () => void copy(text))}</div>`;
}

export async function copy(text: string): Promise<void> {
  if (await attempt(() => navigator.clipboard.writeText(text))) say(t("act.copied"));
}

/** How a webhook is called from a terminal; what is secret is left to be filled in. */
export function curlOf(webhook: Pick<Webhook, "webhook" | "methods" | "auth">, origin: string): string {
  const method = webhook.methods.includes("POST") ? "POST" : (webhook.methods[0] ?? "POST");
  const credentials: Record<string, string> = {
    bearer: ' \\\n  -H "Authorization: Bearer $TOKEN"',
    basic: ' \\\n  -u "$NAME:$PASSWORD"',
  };
  const body = method === "GET" ? "" : ` \\\n  -H 'Content-Type: application/json' \\\n  -d '{"title": "Hello"}'`;
  return `curl -X ${method} ${origin}/api/webhook/${webhook.webhook}${credentials[webhook.auth] ?? ""}${body}`;
}
