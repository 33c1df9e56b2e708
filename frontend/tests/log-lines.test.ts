import { expect, test } from "vitest";
import { LogLines } from "../src/hub/log-lines.js";
import type { LogLine } from "../src/hub/records.js";

function line(number: number, level = "info", text = `line ${number}`): LogLine {
  return { number, at: "2026-01-02T12:00:00Z", level, text };
}

const numbers = (lines: LogLine[]): number[] => lines.map(({ number }) => number);

test("only so grave ones are shown, and those that hold every word", () => {
  const lines = new LogLines();
  lines.take([line(1), line(2, "warning", "Worker ended"), line(3, "error", "Worker failed"), line(4, "exception")]);
  expect(numbers(lines.shown("debug", ""))).toEqual([1, 2, 3, 4]);
  expect(numbers(lines.shown("warning", ""))).toEqual([2, 3, 4]);
  expect(numbers(lines.shown("debug", "worker  FAILED"))).toEqual([3]);
});

test("while it is paused it stands still, and tells how many came", () => {
  const lines = new LogLines();
  lines.take([line(1)]);
  lines.pause(true);
  lines.take([line(2), line(3)]);
  expect([numbers(lines.shown("info", "")), lines.missed]).toEqual([[1], 2]);
  lines.pause(false);
  expect([numbers(lines.shown("info", "")), lines.missed]).toEqual([[1, 2, 3], 0]);
});

test("however much is logged, it holds a thousand lines", () => {
  const lines = new LogLines();
  for (let number = 1; number <= 2500; number += 500) {
    lines.take(Array.from({ length: 500 }, (_, index) => line(number + index)));
  }
  const shown = numbers(lines.shown("debug", ""));
  expect([shown.length, shown.at(-1)]).toEqual([1000, 2500]);
});
