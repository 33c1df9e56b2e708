import { expect, test } from "vitest";
import type { Plan } from "../src/hub/records.js";
import { columnOf, daysOf, expected, firstOf, places, turnsOn } from "../src/pages/schedule.js";
import { curlOf } from "../src/parts/command.js";
import { nameFrom } from "../src/pages/workflows.js";

function plan(automation: string, ...times: string[]): Plan {
  return { automation, alias: "", trigger: "0", times, more: false, seconds: null };
}

test("days begin at midnight, over the end of a month", () => {
  const days = daysOf(new Date(2026, 0, 31, 15), 3);
  expect(days.map((day) => day.getDate())).toEqual([31, 1, 2]);
  expect(days.every((day) => day.getHours() === 0)).toBe(true);
});

test("a day shows what runs on it, the earliest first", () => {
  const day = new Date(2026, 0, 31);
  const at = (hour: number, date = 31): string => new Date(2026, 0, date, hour).toISOString();
  const turns = turnsOn(day, [plan("late", at(22), at(23)), plan("early", at(3)), plan("other", at(3, 30))]);
  expect(turns.map((turn) => [turn.plan.automation, turn.times.length])).toEqual([
    ["early", 1],
    ["late", 2],
  ]);
});

test("of all that is planned the earliest comes next", () => {
  const at = (hour: number): string => new Date(2026, 0, 31, hour).toISOString();
  expect(firstOf([plan("late", at(22)), plan("never"), plan("early", at(3), at(5))])).toMatchObject({ plan: { automation: "early" }, time: at(3) });
  expect(firstOf([plan("never")])).toBeUndefined();
});

test("what a day takes is added up, as far as it is known, and stands where it runs", () => {
  const day = new Date(2026, 0, 31);
  const at = (hour: number): string => new Date(2026, 0, 31, hour).toISOString();
  const turns = turnsOn(day, [{ ...plan("slow", at(6), at(12)), seconds: 3600 }, plan("unknown", at(23))]);
  expect(expected(turns)).toBe(7200);
  expect(expected(turnsOn(day, [plan("unknown", at(23))]))).toBeNull();
  expect(places(day, turns)).toEqual([
    { start: 0.25, length: 1 / 24 }, { start: 0.5, length: 1 / 24 }, { start: 23 / 24, length: 0 },
  ]);
});

test("a command has a place for what is secret", () => {
  const webhook = { webhook: "card-demo", automation: "", alias: "", methods: ["GET"], auth: "bearer", respond: "" };
  expect(curlOf(webhook, "http://hub")).toBe(
    'curl -X GET http://hub/api/webhook/card-demo \\\n  -H "Authorization: Bearer $TOKEN"',
  );
});

test("a workflow is named after its file", () => {
  expect(nameFrom("My Best (2).final.json")).toBe("my_best_2_final");
  expect(nameFrom("….png")).toBe("workflow");
});

test("a week begins on Monday", () => {
  const [monday, sunday] = [new Date(2026, 10, 23), new Date(2026, 10, 29)];
  expect([columnOf(monday), columnOf(sunday)]).toEqual([1, 7]);
});
