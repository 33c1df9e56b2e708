import { expect, test } from "vitest";
import { progressOf, secondsLeft, share, take } from "../src/hub/progress.js";

const run = { id: "a", number: 1 };

test("a run is as far as its nodes are", () => {
  take({ type: "RunStarted", run });
  take({ type: "NodesCached", run, nodes: ["1"] });
  take({ type: "NodeStarted", run, node: "2" });
  take({ type: "NodeProgressed", run, node: "2", value: 5, maximum: 10 });
  expect(share({ node_count: 4 }, progressOf("a"))).toBe(0.375);
  take({ type: "NodeFinished", run, node: "2" });
  expect(share({ node_count: 4 }, progressOf("a"))).toBe(0.5);
  expect(progressOf("a")?.node).toBeNull();
});

test("another attempt begins anew", () => {
  take({ type: "NodesCached", run, nodes: ["1", "2"] });
  take({ type: "RunStarted", run });
  expect(share({ node_count: 4 }, progressOf("a"))).toBe(0);
});

test("an ended run is forgotten", () => {
  take({ type: "RunStarted", run });
  expect(take({ type: "RunFinished", run })).toBe(true);
  expect(progressOf("a")).toBeUndefined();
});

test("other notices are none of its business", () => {
  expect(take({ type: "WorkerChanged" })).toBe(false);
});

test("the time left is told once it is no guess", () => {
  expect(secondsLeft(0.01, 60)).toBeUndefined();
  expect(secondsLeft(0.25, 10)).toBe(30);
});
