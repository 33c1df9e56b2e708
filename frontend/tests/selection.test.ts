import { expect, test } from "vitest";
import { Selection } from "../src/parts/selection.js";

const LIST = [5, 4, 3, 2, 1].map((id) => ({ id }));

test("one by one is picked, and no longer", () => {
  const selection = new Selection();
  selection.toggle(5, LIST);
  selection.toggle(3, LIST);
  selection.toggle(5, LIST);
  expect(selection.ids).toEqual([3]);
});

test("a stretch is picked from the last one on, in either direction", () => {
  const selection = new Selection();
  selection.toggle(2, LIST);
  selection.toggle(4, LIST, true);
  expect(selection.ids.sort()).toEqual([2, 3, 4]);
  selection.toggle(3, LIST, true);
  expect(selection.ids).toEqual([2]);
});

test("a stretch without a beginning is just the one", () => {
  const selection = new Selection();
  selection.toggle(3, LIST, true);
  expect(selection.ids).toEqual([3]);
});

test("what is gone is no longer picked", () => {
  const selection = new Selection();
  selection.toggle(5, LIST);
  selection.toggle(1, LIST);
  selection.keep(LIST.slice(1));
  expect(selection.ids).toEqual([1]);
});
