// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pieces } from "../src/hub/pieces.js";
import type { Piece } from "../src/hub/records.js";

const COUNT = 100_000;
let asked: string[] = [];
let gone = new Set<number>();

/** What the hub would answer, which has one output of each run. */
function answer(query: URLSearchParams): Piece[] {
  const known = query.get("outputs")?.split(",").map(Number);
  const before = Number(query.get("before")?.split(".")[0] ?? COUNT + 1);
  const limit = Number(query.get("limit"));
  const enough = Math.min(limit + gone.size, before - 1);
  const ids = known ?? Array.from({ length: enough }, (_, index) => before - 1 - index);
  const there = ids.filter((id) => !gone.has(id));
  return there.slice(0, limit).map((id) => ({ id, run: id }) as Piece);
}

beforeEach(() => {
  asked = [];
  gone = new Set();
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    return new Response(JSON.stringify({ outputs: answer(new URL(address, "http://hub").searchParams) }));
  });
});

afterEach(() => vi.unstubAllGlobals());

test("a hundred thousand are read in about a hundred requests, each once", async () => {
  const pieces = new Pieces(new URLSearchParams());
  await pieces.reach(COUNT + 1);
  expect([pieces.all.length, pieces.isComplete]).toEqual([COUNT, true]);
  expect(new Set(pieces.all.map((piece) => piece.id)).size).toBe(COUNT);
  expect(asked.length).toBeLessThan(105);
});

test("what was deleted elsewhere is gone, and what comes in stands at its place", async () => {
  gone = new Set([COUNT - 1]);
  const pieces = new Pieces(new URLSearchParams({ starred: "true" }));
  await pieces.reach(10);
  gone = new Set([COUNT]);
  await pieces.refresh([COUNT, COUNT - 1, 7]);
  expect(pieces.all.slice(0, 2).map((piece) => piece.id)).toEqual([COUNT - 1, COUNT - 2]);
  expect(pieces.all.some((piece) => piece.id === 7)).toBe(false); // not reached yet
  expect(asked.at(-1)).toContain("starred=true");
});

test("a run that ends while the first are read is there once", async () => {
  const atOnce = fetch;
  vi.stubGlobal("fetch", async (address: string) => {
    const isFirst = asked.length === 0;
    const response = await atOnce(address);
    if (isFirst) await new Promise((resolve) => setTimeout(resolve)); // whoever asked later is answered before
    return response;
  });
  const pieces = new Pieces(new URLSearchParams());
  await Promise.all([pieces.reach(10), pieces.renew()]);
  expect(pieces.all.length).toBe(200);
});
