import { expect, test } from "vitest";
import { combinations, countOf, MOST, valuesIn } from "../src/hub/matrix.js";

test("texts stand one a line, numbers also with commas between, or from one to another", () => {
  expect(valuesIn("a cat, asleep\n\n a dog ", false)).toEqual(["a cat, asleep", "a dog"]);
  expect(valuesIn("1, 2.5\n7..9", true)).toEqual(["1", "2.5", "7", "8", "9"]);
  expect(valuesIn("9..7", true)).toEqual(["9..7"]);
});

test("each combination is a run; what has no values is left as it is", () => {
  const lists = { size: ["1", "2"], style: ["ink", "oil"], seed: [] };
  expect(countOf(lists)).toBe(4);
  expect(combinations(lists)).toEqual([
    { size: "1", style: "ink" }, { size: "1", style: "oil" }, { size: "2", style: "ink" }, { size: "2", style: "oil" },
  ]);
  expect([countOf({}), combinations({})]).toEqual([1, [{}]]);
});

test("a range without end is more than may be asked for, and no more than that", () => {
  expect(valuesIn("1..999999999", true).length).toBe(MOST + 1);
});
