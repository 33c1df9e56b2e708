// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { RunDetails } from "../src/hub/records.js";
import { givenTo, isDifferent, nodesOf } from "../src/parts/comparison.js";

function run(parameters: Record<string, unknown>, steps: number, nodes: string[] = []): RunDetails {
  const graph = {
    1: { class_type: "Load", inputs: { name: "a" } },
    2: { class_type: "Sample", inputs: { model: ["1", 0], steps }, _meta: { title: "Sampler" } },
  };
  const reports = nodes.map((node) => ({ node, class_type: "Late", cached: false, seconds: 1 }));
  return { parameters, graph, nodes: reports } as unknown as RunDetails;
}

test("parameters are told by name, also those that only one has", () => {
  const given = givenTo(run({ prompt: "a cat", width: 64 }, 1), run({ prompt: "a dog" }, 1));
  expect(given).toEqual([
    { name: "prompt", one: "a cat", other: "a dog" },
    { name: "width", one: "64", other: "" },
  ]);
  expect(given.every(isDifferent)).toBe(true);
});

test("of posted prompts what nodes were given is told, but not their links", () => {
  const given = givenTo(run({}, 20), run({}, 30));
  expect(given.map(({ name }) => name)).toEqual(["1.name", "2.steps"]);
  expect(given.filter(isDifferent)).toEqual([{ name: "2.steps", one: "20", other: "30" }]);
});

test("each node of either is told once, with what became of it in both", () => {
  const pairs = nodesOf(run({}, 1, ["2", "2.0"]), run({}, 1, ["2"]));
  expect(pairs.map(({ node, name }) => `${node} ${name}`)).toEqual(["1 Load", "2 Sampler", "2.0 Late"]);
  expect(pairs.map(({ one, other }) => [Boolean(one), Boolean(other)])).toEqual([[false, false], [true, true], [true, false]]);
});
