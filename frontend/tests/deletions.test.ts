// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deleteSoon, isGoing } from "../src/hub/deletions.js";

let asked: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  vi.stubGlobal("fetch", async (address: string, options: RequestInit) => {
    asked.push(`${options.method} ${address}`);
    return new Response(address.endsWith("/3") ? '{"error": {"message": "It is in use."}}' : "{}", {
      status: address.endsWith("/3") ? 409 : 200,
    });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a deleted output is out of sight at once, and gone after a while", async () => {
  deleteSoon([1], () => undefined);
  expect([isGoing(1), asked]).toEqual([true, []]);
  await vi.runAllTimersAsync();
  expect([isGoing(1), asked]).toEqual([true, ["DELETE /api/hub/outputs/1"]]);
});

test("what is taken back in time is never deleted", async () => {
  const undo = deleteSoon([2], () => undefined);
  await undo();
  await vi.runAllTimersAsync();
  expect([isGoing(2), asked]).toEqual([false, []]);
});

test("what cannot be deleted comes back, with the reason", async () => {
  const reasons: string[] = [];
  deleteSoon([3], (reason) => reasons.push(reason));
  await vi.runAllTimersAsync();
  expect([isGoing(3), reasons]).toEqual([false, ["It is in use."]]);
});

test("who leaves the page has decided", () => {
  deleteSoon([4], () => undefined);
  window.dispatchEvent(new Event("pagehide"));
  expect(asked).toEqual(["DELETE /api/hub/outputs/4"]);
});
