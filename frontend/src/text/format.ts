// Numbers and times as people of the chosen language and zone write them.

import { html, type TemplateResult } from "lit";
import { language, t } from "./text.js";

const MINUTE = 60;
const DAY = 86_400;

/** A moment: how long ago or ahead it is, and as its title when exactly. */
export function moment(text: string | null): TemplateResult | string {
  if (!text) return "–";
  return html`<time datetime=${text} title=${exactly(text)}>${roughly(text)}</time>`;
}

export function exactly(text: string): string {
  return dates({ dateStyle: "full", timeStyle: "long" }).format(new Date(text));
}

export function clockTime(text: string): string {
  return dates({ timeStyle: "short" }).format(new Date(text));
}

/** With seconds, for lines that follow each other closely. */
export function preciseTime(text: string): string {
  return dates({ timeStyle: "medium" }).format(new Date(text));
}

/** With the year where it is another one. */
export function dayName(day: Date, now = new Date()): string {
  const year = day.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return dates({ weekday: "long", day: "numeric", month: "long", year }).format(day);
}

export function dayShort(day: Date): string {
  return dates({ weekday: "short", day: "numeric" }).format(day);
}

/** Today the time alone, else with the day. */
export function roughly(text: string, now = new Date()): string {
  const time = new Date(text);
  const seconds = (time.getTime() - now.getTime()) / 1000;
  if (Math.abs(seconds) < MINUTE * 60) return relative(seconds);
  const isToday = time.toDateString() === now.toDateString();
  const isNear = Math.abs(seconds) < 6 * DAY;
  return dates(
    isToday
      ? { timeStyle: "short" }
      : isNear
        ? { weekday: "short", hour: "numeric", minute: "2-digit" }
        : { dateStyle: "medium", timeStyle: "short" },
  ).format(time);
}

export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < MINUTE) return `${number(seconds, seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / MINUTE);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % MINUTE)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function bytes(count: number): string {
  const power = Math.min(4, Math.floor(Math.log2(Math.max(1, count)) / 10));
  const unit = ["B", "KiB", "MiB", "GiB", "TiB"][power];
  return `${number(count / 1024 ** power, power > 2 ? 1 : 0)} ${unit}`;
}

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

/** A value of a parameter as a short text. */
export function plain(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

function relative(seconds: number): string {
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: "auto", style: "short" });
  if (Math.abs(seconds) < 45) return t("time.now");
  return format.format(Math.round(seconds / MINUTE), "minute");
}

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale(), options);
}

/** The browser's own region where it speaks the page's language. */
function locale(): string {
  return navigator.languages.find((tag) => tag.startsWith(language())) ?? language();
}
