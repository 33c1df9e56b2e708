import { expect, test } from "vitest";
import { type Mistake, mistakesAt, type Path, rearranged } from "../src/hub/places.js";

const AT: Path[] = [["actions", 0, "if", 0], ["actions", 0, "then", 1, "delay"], ["actions", 0, "foo"], ["actions", 0]];
const MISTAKES: Mistake[] = AT.map((path) => ({ path, file: "", line: 1, column: 1, value: null, message: "", suggestion: null, warning: false }));

test("a place tells what is wrong at it and in it, but for what its parts tell", () => {
  const at = (place: Path, shown: Path): unknown => mistakesAt(MISTAKES, place, shown).map(({ path }) => path);
  expect(at(["actions", 0], ["if", "then"])).toEqual([AT[2], AT[3]]);
  expect(at(["actions", 0], [])).toEqual(AT);
  expect(at(["actions", 0, "then"], [0])).toEqual([AT[1]]);
  expect(at(["actions", 1], [])).toEqual([]);
});

test("what stands in a list goes where its item goes: elsewhere, into both of two, or away", () => {
  const path: Path = ["actions", 0, "then", 1, "delay"];
  const list: Path = ["actions", 0, "then"];
  expect(rearranged(path, list, [1, 0])).toEqual([["actions", 0, "then", 0, "delay"]]);
  expect(rearranged(path, list, [0, 1, 1])).toEqual([path, ["actions", 0, "then", 2, "delay"]]);
  expect(rearranged(path, list, [0])).toEqual([]);
  expect(rearranged(path, ["actions", 1, "then"], [])).toEqual([path]);
});
