import { expect, test } from "vitest";
import { lackedFiles } from "../src/hub/lacked-files.js";
import type { MissingModel } from "../src/hub/records.js";

function lacking(name: string): MissingModel {
  return { node: "1", class_type: "Loader", kind: "checkpoints", name, folder: "models/checkpoints", suggestion: null };
}

test("each file is told once, with all who need it; what most need comes first", () => {
  const missing = { one: [lacking("a"), lacking("b"), lacking("b")], two: [lacking("b")] };
  expect(lackedFiles(missing).map(({ name, workflows }) => [name, workflows])).toEqual([
    ["b", ["one", "two"]],
    ["a", ["one"]],
  ]);
});
