// @vitest-environment jsdom
import { expect, test } from "vitest";
import { Fragment } from "../src/hub/automation-document.js";
import type { FormField } from "../src/hub/records.js";
import { read } from "../src/parts/setting-fields.js";
import { changeBetween } from "../src/parts/yaml-editor.js";

function field(name: string, kind: string, options: string[] = []): FormField {
  return { name, kind, needed: false, help: "", default: "", options, fields: [] };
}

test("the smallest change between two texts is found", () => {
  expect(changeBetween("one two three", "one 2 three")).toEqual({ from: 4, to: 7, insert: "2" });
  expect(changeBetween("aa", "aaa")).toEqual({ from: 2, to: 2, insert: "a" });
  expect(changeBetween("same", "same")).toEqual({ from: 4, to: 4, insert: "" });
});

test("fields give what the file shall hold", () => {
  expect(read(field("depth", "number"), "3")).toBe(3);
  expect(read(field("at_once", "number"), "{{ many }}")).toBe("{{ many }}");
  expect(read(field("recursive", "boolean"), "false")).toBe(false);
  expect(read(field("ignore", "list"), "a\n\n b ")).toEqual(["a", "b"]);
  expect(read(field("data", "yaml"), "{x: 1}")).toEqual(new Fragment("{x: 1}"));
  expect(read(field("path", "text"), " ")).toBeUndefined();
});
