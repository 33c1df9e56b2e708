import { expect, test } from "vitest";
import { addressOf, placeOf } from "../src/router.js";

test("an address leads to a page, one of its items, and a query", () => {
  const place = placeOf("#/runs/12?from=3");
  expect([place.page, place.item, place.query.get("from")]).toEqual(["runs", "12", "3"]);
});

test("no address leads to the overview", () => {
  expect(placeOf("").page).toBe("");
  expect(placeOf("#/").page).toBe("");
});

test("names of any kind survive an address", () => {
  const name = "näme / with?odd#signs & 100 %";
  expect(placeOf(addressOf("automations", name)).item).toBe(name);
  expect(placeOf(addressOf("why", "", { path: name })).query.get("path")).toBe(name);
});

test("an address that was cut off in the middle of a sign is taken as it is", () => {
  expect(placeOf("#/automations/a%E0").item).toBe("a%E0");
});

test("what is empty is left out of a query", () => {
  expect(addressOf("runs", "", { state: "", before: "7" })).toBe("#/runs?before=7");
});
