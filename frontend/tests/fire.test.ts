// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { connection } from "../src/hub/connection.js";
import { fire } from "../src/hub/fire.js";

function tell(firing: string): void {
  connection.tell({ type: "FiringChanged", firing });
}

function answer(status: number, told: unknown, meanwhile = (): void => undefined): void {
  vi.stubGlobal("fetch", async () => {
    meanwhile();
    return new Response(JSON.stringify(told), { status });
  });
}

async function isOver(work: Promise<void>): Promise<boolean> {
  return Promise.race([work.then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false)))]);
}

afterEach(() => vi.unstubAllGlobals());

test("a firing has begun once the hub tells of it, not of another", async () => {
  answer(202, { firing: "mine" });
  const { begun } = await fire("cards", {});
  tell("other");
  expect(await isOver(begun)).toBe(false);
  tell("mine");
  expect(await isOver(begun)).toBe(true);
});

test("the hub may tell of it before it answers", async () => {
  answer(202, { firing: "mine" }, () => tell("mine"));
  expect(await isOver((await fire("cards", {})).begun)).toBe(true);
});

test("a refusal is told", async () => {
  answer(409, { error: { message: "It is off." } });
  await expect(fire("cards", {})).rejects.toThrow("It is off.");
});
