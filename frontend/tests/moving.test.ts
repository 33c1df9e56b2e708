// @vitest-environment jsdom
import { expect, test } from "vitest";
import { moved } from "../src/hub/moving.js";

test("one of a list comes to stand at another place, and the others close up", () => {
  expect(moved(["a", "b", "c", "d"], 3, 0)).toEqual(["d", "a", "b", "c"]);
  expect(moved(["a", "b", "c", "d"], 0, 2)).toEqual(["b", "c", "a", "d"]);
  expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
});
