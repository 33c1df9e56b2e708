// @vitest-environment jsdom
import { expect, test } from "vitest";
import { concerns } from "../src/hub/attention.js";
import type { Automation, Run, Status, Worker } from "../src/hub/records.js";

const NOW = Date.parse("2026-01-02T12:00:00Z");
const WELL: Status = {
  remaining: 0,
  waiting: 0,
  held_up: [],
  workers: [],
  paused: false,
  safe: false,
  configuration: { read_at: "", refused: null, mistakes: [], warnings: [], after_restart: [] },
  disk_free: 2 ** 40,
  disk_total: 2 ** 41,
  editor: false,
  quarantined: [],
  missed: [],
  overdue: [],
};

function failed(ended_at: string): Run {
  const error = { kind: "", message: "It broke.", exception_type: "", node: null, node_type: null, inputs: {}, traceback: [] };
  return { number: 7, ended_at, error } as unknown as Run;
}

function textsOf(status: Partial<Status>, runs: Run[] = []): string[] {
  return concerns({ ...WELL, ...status }, [], runs, NOW).map((concern) => concern.text);
}

test("nothing needs attention where all is well", () => {
  expect(textsOf({})).toEqual([]);
});

test("failures of today are told, older ones are not", () => {
  expect(textsOf({}, [failed("2026-01-02T08:00:00Z")])).toEqual(["A run failed since yesterday."]);
  expect(textsOf({}, [failed("2025-12-30T08:00:00Z")])).toEqual([]);
});

test("many of a kind are counted", () => {
  const runs = [failed("2026-01-02T08:00:00Z"), failed("2026-01-02T09:00:00Z")];
  expect(textsOf({}, runs)).toEqual(["2 runs failed since yesterday."]);
});

test("a refused configuration comes before a pause, each in words", () => {
  const configuration = { ...WELL.configuration, refused: "no YAML" };
  expect(textsOf({ paused: true, configuration })).toEqual([
    "The configuration cannot be followed; everything goes on as before.",
    "All automations are paused; events wait.",
  ]);
});

test("a full disk is told in bytes", () => {
  expect(textsOf({ disk_free: 300 * 2 ** 20 })).toEqual(["Only 300 MiB are left on the disk."]);
});

test("a worker that was started again is told for a day, with the reason", () => {
  const worker = (ended_at: string): Worker =>
    ({ name: "main", state: "ready", ready: true, ended_at, ended_why: "It ended by signal 9." }) as Worker;
  const told = (ended_at: string): unknown[] =>
    concerns({ ...WELL, workers: [worker(ended_at)] }, [], [], NOW).map(({ details }) => details);
  expect(told("2026-01-02T11:00:00Z")).toEqual([["It ended by signal 9."]]);
  expect(told("2025-12-30T11:00:00Z")).toEqual([]);
});

test("missed moments are counted, by the automation's name", () => {
  const missed = [{ automation: "a", count: 2, latest: "2026-01-02T11:00:00Z" }];
  const automations = [{ id: "a", alias: "Nightly", state: "on", triggers: [] }] as unknown as Automation[];
  const [concern] = concerns({ ...WELL, missed }, automations, [], NOW);
  expect([concern?.text, concern?.address]).toEqual(["Nightly missed 2 moments of its schedule.", "#/automations/a"]);
});

test("an automation with a mistake of the configuration is not told a second time", () => {
  const mistakes = ["automations.yaml:8:7: It is empty."];
  const status = { ...WELL, configuration: { ...WELL.configuration, mistakes } };
  const broken = (reason: string): Automation => ({ id: "a", alias: "", state: "unavailable", reason }) as Automation;
  const told = (reason: string): number => concerns(status, [broken(reason)], [], NOW).length;
  expect([told(mistakes[0] ?? ""), told("Its folder is gone.")]).toEqual([1, 2]);
});

test("what should have begun is told, and a trigger that does not watch with its reason", () => {
  const trigger = { id: "nightly", kind: "schedule", state: "failed", reason: "It broke.", next_times: [] };
  const automation = { id: "sheet", alias: "Sheet", state: "on", reason: "", triggers: [trigger] } as unknown as Automation;
  const late = { ...WELL, overdue: [{ automation: "sheet", since: "2026-01-01T23:55:00Z" }] };
  const [first, second] = concerns(late, [automation], [], NOW);
  expect(first).toMatchObject({ text: "The trigger nightly of Sheet does not watch.", details: ["It broke."] });
  expect(second?.text).toMatch(/^Sheet should have begun \(.+\) and has not\.$/);
  expect(concerns(WELL, [{ ...automation, state: "off" }], [], NOW)).toEqual([]);
});

test("why a run waits is told once", () => {
  const worker = { name: "main", state: "cannot_start", ready: false, ended_at: null, reason: "It lacks torch." } as Worker;
  const waiting = (reason: string) => ({ held_up: [{ count: 1, reason }], workers: [worker] });
  const detailsOf = (reason: string) => concerns({ ...WELL, ...waiting(reason) }, [], [], NOW).map((each) => each.details);
  expect(detailsOf("worker main cannot start: It lacks torch.")).toEqual([["It lacks torch."], []]);
  expect(detailsOf("worker gpu is starting")).toEqual([["It lacks torch."], ["worker gpu is starting"]]);
});
