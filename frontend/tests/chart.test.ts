// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { Run, Status } from "../src/hub/records.js";
import { durations, eachOnce, perHour } from "../src/parts/chart.js";
import { metersOf } from "../src/parts/meters.js";

function run(ended_at: string, seconds: number | null): Run {
  return { ended_at, created_at: ended_at, seconds } as Run;
}

test("of each hour all runs are told, and those that did not fail", () => {
  const at = "2026-01-02T12:00:00Z";
  const { x, all, well } = perHour([{ at, succeeded: 3, cancelled: 1, failed: 2 }]);
  expect([x, all, well]).toEqual([[Date.parse(at) / 1000], [6], [4]]);
});

test("an axis does not say the same twice in a row", () => {
  expect(eachOnce(["1:50", "1:50", "1:51", "1:50"])).toEqual(["1:50", "", "1:51", "1:50"]);
});

test("durations are told in order of time, of runs that began", () => {
  const runs = [run("2026-01-02T12:00:00Z", 3), run("2026-01-02T11:00:00Z", null), run("2026-01-02T10:00:00Z", 2)];
  expect(durations(runs).y).toEqual([2, 3]);
});

test("a device that several workers use is told once, after the disk", () => {
  const worker = { devices: [{ name: "cuda:0", type: "cuda", total: 80, free: 20 }] };
  const status = { disk_free: 25, disk_total: 100, workers: [worker, worker] } as unknown as Status;
  expect(metersOf(status)).toEqual([
    { name: "Disk", used: 75, total: 100 },
    { name: "cuda:0", used: 60, total: 80 },
  ]);
});
