// @vitest-environment jsdom
import { nothing, render } from "lit";
import { expect, test } from "vitest";
import type { NodeReport } from "../src/hub/records.js";
import { shownTexts } from "../src/parts/shown-texts.js";

function report(node: string, ui: NodeReport["ui"]): NodeReport {
  return { node, class_type: "PreviewAny", cached: false, seconds: 0, ui, display: null, blocked: null };
}

test("texts that nodes showed stand with their nodes", () => {
  const reports = [report("1", { text: ["a cat", ""] }), report("2", { images: [] }), report("3", { text: "alone" }), report("4", { text: [[2, 3]] })];
  const place = document.createElement("div");
  render(shownTexts(reports, ({ node }) => `node ${node}`), place);
  const rows = [...place.querySelectorAll("dt, dd")].map((row) => row.textContent);
  expect(rows).toEqual(["node 1", "a cat", "node 3", "alone", "node 4", "[2,3]"]);
});

test("without texts nothing is there", () => {
  expect(shownTexts([report("1", null)], () => "")).toBe(nothing);
});
