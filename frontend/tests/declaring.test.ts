import { expect, test } from "vitest";
import { freeName, guess, isConstant } from "../src/hub/declaring.js";
import { SidecarDocument } from "../src/hub/sidecar-document.js";

test("what an input is is told by its name, by how it is described, or by what it holds", () => {
  expect(guess("3", "noise_seed", 7, ["INT", { min: 0 }]).type).toBe("seed");
  expect(guess("1", "image", "a.png", [["a.png"], { image_upload: true }]).type).toBe("image");
  expect(guess("2", "text", "a cat", ["STRING", { multiline: true }]).type).toBe("prompt");
  expect(guess("2", "anything", 0.5).type).toBe("number");
  expect(guess("2", "anything", "x").type).toBe("text");
});

test("limits and options come along, but for limits that help nobody", () => {
  expect(guess("3", "steps", 20, ["INT", { min: 1, max: 100 }])).toEqual({
    node: "3", input: "steps", type: "integer", min: 1, max: 100,
  });
  expect(guess("3", "count", 20, ["INT", { min: 1, max: 2 ** 53 }])).not.toHaveProperty("max");
  expect(guess("3", "method", "a", ["COMBO", { options: ["a", "b"] }]).options).toEqual(["a", "b"]);
});

test("names are free and fit for templates", () => {
  expect(freeName("width", [])).toBe("width");
  expect(freeName("images.image0", ["images_image0"])).toBe("images_image0_2");
});

test("a link is no constant", () => {
  expect([isConstant(["1", 0]), isConstant(5), isConstant("1")]).toEqual([false, true, true]);
});

test("a parameter is declared and withdrawn with all comments kept", () => {
  const text = "title: Card # mine\nparameters:\n  # what it says\n  title: {node: \"2\", input: text, type: text}\n";
  const document = new SidecarDocument(text);
  document.declare("width", { node: "1", input: "width", type: "integer", max: 100 });
  expect(document.text).toBe(`${text}  width: {node: "1", input: width, type: integer, max: 100}\n`);
  document.withdraw("width");
  expect(document.text).toBe(text);
});

test("a file that is not there yet is begun", () => {
  const document = new SidecarDocument("");
  document.declare("width", { node: "1", input: "width", type: "integer" });
  expect(document.text).toBe('parameters:\n  width: {node: "1", input: width, type: integer}\n');
});
