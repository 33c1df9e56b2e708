import { expect, test } from "vitest";
import type { FiringDetails, PlannedStep, Step } from "../src/hub/records.js";
import { filesOf, firstOf, nodesOf } from "../src/hub/trace.js";

function step(key: string, state = "succeeded", result: unknown = null): Step {
  const at = "2026-01-02T12:00:00Z";
  return { key, action: "delay", state, started_at: at, ended_at: "2026-01-02T12:00:03Z", result, error: null };
}

function traceOf(steps: Step[], changes: Partial<FiringDetails> = {}): FiringDetails {
  return {
    id: "f", automation: "a", event: "e", state: "succeeded", reason: null, verdicts: [], actions: [], platform: "folder", subject: "x", runs: [],
    created_at: "2026-01-02T12:00:00Z", ended_at: "2026-01-02T12:00:10Z",
    trigger: { platform: "folder", id: "inbox", path: "/x" }, steps, ...changes,
  };
}

test("it goes from the event over conditions and steps to the end", () => {
  const verdicts = [{ condition: "template", passed: false, details: "it gave no", is_mistake: false }];
  const nodes = nodesOf(traceOf([step("actions/0")], { verdicts }));
  expect(nodes.map((node) => [node.kind, node.state])).toEqual([
    ["event", "succeeded"], ["condition", "refused"], ["step", "succeeded"], ["end", "succeeded"],
  ]);
  expect(nodes[0]?.values).toEqual({ id: "inbox", path: "/x" });
  expect([nodes[2]?.seconds, nodes[3]?.seconds]).toEqual([3, 10]);
});

test("steps within steps lie deeper, and tell the way to them", () => {
  const nodes = nodesOf(traceOf([step("actions/1"), step("actions/1/then/0"), step("variables")]));
  expect(nodes.slice(1, 4).map(({ depth, way }) => [depth, way])).toEqual([
    [0, ["1"]], [1, ["1", "then", "0"]], [0, []],
  ]);
});

test("one looks first at where it went wrong, else at what began it", () => {
  const failing = nodesOf(traceOf([step("actions/0"), step("actions/1", "failed")], { state: "failed" }));
  expect(firstOf(failing)?.id).toBe("actions/1");
  expect(firstOf(nodesOf(traceOf([step("actions/0")])))?.id).toBe("event");
});

test("whatever a step gives can be looked at", () => {
  const values = (result: unknown): unknown => nodesOf(traceOf([step("actions/0", "succeeded", result)]))[1]?.values;
  expect([values({ a: 1 }), values([1, 2]), values("text"), values(null)]).toEqual([
    { a: 1 }, { result: [1, 2] }, { result: "text" }, {},
  ]);
});

function planned(key: string, action = "delay"): PlannedStep {
  return { key, action, alias: "" };
}

function shown(trace: FiringDetails): string[] {
  return nodesOf(trace).slice(1, -1).map(({ id, state }) => `${id} ${state}`);
}

test("actions that were not reached are told before the end; while it runs they wait", () => {
  const actions = [planned("actions/0"), planned("actions/1"), planned("actions/2")];
  const trace = traceOf([step("actions/0/then/0"), step("actions/1", "failed")], { actions });
  expect(shown(trace).at(-1)).toBe("actions/2 not_reached");
  expect(shown({ ...trace, ended_at: null }).at(-1)).toBe("actions/2 waiting");
});

test("a branch that was not taken is told in its block, also while the firing goes on", () => {
  const actions = [planned("actions/0", "if"), planned("actions/0/then/0"), planned("actions/0/else/0"), planned("actions/1")];
  const steps = [step("actions/0"), step("actions/0/then/0"), step("actions/1")];
  const expected = ["actions/0 succeeded", "actions/0/then/0 succeeded", "actions/0/else/0 not_reached", "actions/1 succeeded"];
  expect(shown(traceOf(steps, { actions }))).toEqual(expected);
  expect(shown(traceOf(steps, { actions, ended_at: null }))).toEqual(expected);
});

test("while both branches are possible they wait, and of a block that was not reached nothing more is told", () => {
  const actions = [planned("actions/0", "choose"), planned("actions/0/0/0"), planned("actions/0/default/0"), planned("actions/1", "if"), planned("actions/1/then/0")];
  expect(shown(traceOf([step("actions/0", "running")], { actions, ended_at: null }))).toEqual([
    "actions/0 running", "actions/0/0/0 waiting", "actions/0/default/0 waiting", "actions/1 waiting",
  ]);
});

test("files of an event are shown by the names that they came with", () => {
  const url = "/api/hub/inputs/0f.png";
  expect(filesOf({ platform: "folder", input: "0f.png", file: "cat.png" })).toEqual([{ url, title: "cat.png" }]);
  expect(filesOf({ files: [{ input: "0f.png", file: "a.png" }, { input: null }] })).toEqual([{ url, title: "a.png" }]);
  expect(filesOf({ files: { photo: { input: "0f.png", filename: "b.png" } } })).toEqual([{ url, title: "b.png" }]);
  expect(filesOf({ platform: "schedule", files: "none" })).toEqual([]);
});
