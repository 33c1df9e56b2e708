// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import { de } from "../src/text/de.js";
import { en } from "../src/text/en.js";
import { dayName, duration, roughly } from "../src/text/format.js";
import { help, learnHelps, speak, t, word } from "../src/text/text.js";

afterEach(() => speak("en"));

test("both languages have the same gaps to be filled in, and the same forms", () => {
  const gaps = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    expect([key, gaps(de[key]), de[key].split(" | ").length]).toEqual([
      key,
      gaps(en[key]),
      en[key].split(" | ").length,
    ]);
  }
});

test("one thing and many are told apart", () => {
  expect(t("automation.waiting", { count: 1 })).toBe("One event waits for its turn");
  expect(t("automation.waiting", { count: 5 })).toBe("5 events wait for their turn");
});

test("a word that nobody translated is shown as it is", () => {
  expect(word("state", "succeeded")).toBe("succeeded");
  expect(word("state", "brand_new")).toBe("brand new");
});

test("the page speaks German", async () => {
  await speak("de");
  expect(t("runs")).toBe("Läufe");
  expect(word("state", "failed")).toBe("gescheitert");
});

test("help for settings follows the language, and what is not translated is shown as it is", async () => {
  await learnHelps();
  expect(help("What it is for.")).toBe("What it is for.");
  await speak("de");
  expect([help("What it is for."), help("New.")]).toEqual(["Wofür sie da ist.", "New."]);
});

test("times near now are told from now, others by clock and day", () => {
  const now = new Date("2026-01-02T12:00:00");
  expect(roughly("2026-01-02T11:58:00", now)).toBe("2 min. ago");
  expect(roughly("2026-01-02T11:59:50", now)).toBe("just now");
  expect(roughly("2026-01-02T08:30:00", now)).toBe("8:30 AM");
});

test("days of other years have their year", () => {
  const now = new Date("2026-01-02T12:00:00");
  expect(dayName(new Date("2026-01-01T12:00:00"), now)).toBe("Thursday, January 1");
  expect(dayName(new Date("2025-12-31T12:00:00"), now)).toBe("Wednesday, December 31, 2025");
});

test("durations have a unit that fits them", () => {
  expect([0.0123, 2.34, 75, 3700].map(duration)).toEqual(["12 ms", "2.3 s", "1 min 15 s", "1 h 1 min"]);
});
