import { expect, test } from "vitest";
import type { FormField } from "../src/hub/records.js";
import { summaryOf } from "../src/parts/summary.js";

function field(name: string, changes: Partial<FormField> = {}): FormField {
  return { name, kind: "text", needed: false, help: "", default: "", options: [], fields: [], ...changes };
}

const KIND = {
  name: "workflow.run",
  about: "",
  fields: [field("alias"), field("tries", { kind: "number" }), field("data", { kind: "section", needed: true, fields: [field("workflow", { needed: true })] })],
};

test("a folded step says what people call it, what it needs, or else what is given", () => {
  expect(summaryOf(KIND, { alias: "Large", data: { workflow: "photo" } })).toBe("Large");
  expect(summaryOf(KIND, { tries: 3, data: { workflow: "photo" } })).toBe("photo");
  expect(summaryOf(KIND, { tries: 3 })).toBe("tries: 3");
  expect(summaryOf(KIND, {})).toBe("");
  expect(summaryOf(KIND, "{{ true }}")).toBe("{{ true }}");
});
