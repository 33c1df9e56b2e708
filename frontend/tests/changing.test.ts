import { expect, test } from "vitest";
import { changeables, changes } from "../src/hub/changing.js";
import type { Graph } from "../src/hub/records.js";

const GRAPH: Graph = {
  "1": { class_type: "Loader", inputs: { ckpt_name: "a" } },
  "2": { class_type: "Sampler", inputs: { model: ["1", 0], seed: 3, cfg: 2.5, scheduler: "own", points: { x: 1 } } },
  "3": { class_type: "Decode", inputs: { samples: ["2", 0] } },
};
const NODES = changeables(GRAPH, { Loader: { ckpt_name: [["b"]] }, Sampler: { scheduler: [["simple", "karras"]] } });

test("what comes from other nodes is left out, and what the graph has is among the options", () => {
  expect(NODES.map(({ node, parameters }) => [node, Object.keys(parameters)])).toEqual([
    ["1", ["1/ckpt_name"]],
    ["2", ["2/seed", "2/cfg", "2/scheduler", "2/points"]],
  ]);
  expect(NODES[0]?.parameters["1/ckpt_name"]?.options).toEqual(["a", "b"]);
  expect(NODES[1]?.parameters["2/scheduler"]?.options).toEqual(["own", "simple", "karras"]);
});

test("only what is different is sent, numbers as numbers unless they are too large for a browser", () => {
  const same = { "1/ckpt_name": "a", "2/seed": "3", "2/cfg": "2.5", "2/scheduler": "own", "2/points": '{"x":1}' };
  expect(changes(GRAPH, NODES, same)).toEqual({});
  expect(changes(GRAPH, NODES, { ...same, "2/cfg": "7" })).toEqual({ "2": { cfg: 7 } });
  expect(changes(GRAPH, NODES, { ...same, "2/seed": "18446744073709551615" })).toEqual({ "2": { seed: "18446744073709551615" } });
  expect(changes(GRAPH, NODES, { ...same, "2/points": '{"x": 2}', "2/seed": "" })).toEqual({ "2": { points: { x: 2 } } });
  const { 2: rolled } = changes(GRAPH, NODES, { ...same, "2/seed": "random" });
  expect(Number.isSafeInteger(rolled?.["seed"])).toBe(true);
});
