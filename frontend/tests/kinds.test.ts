// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { FormField, Forms } from "../src/hub/records.js";
import { kindOf } from "../src/hub/kinds.js";

function kind(name: string, ...fields: string[]): Forms["actions"][number] {
  const field = (each: string): FormField => ({ name: each, kind: "yaml", needed: false, help: "", default: "", options: [], fields: [] });
  return { name, about: "", fields: fields.map(field) };
}

const FORMS: Forms = {
  automation: [],
  triggers: [kind("folder", "path")],
  conditions: [kind("state", "state"), kind("template", "value_template"), kind("and", "conditions")],
  actions: [kind("workflow.run", "data"), kind("delay", "delay"), kind("if", "if", "then"), kind("condition", "test")],
};

test("a step is known by its action, in the old spelling too, or by its key", () => {
  const named = (item: Record<string, unknown>): string | undefined => kindOf("actions", item, FORMS)?.name;
  expect(named({ action: "workflow.run" })).toBe("workflow.run");
  expect(named({ service: "workflow.run" })).toBe("workflow.run");
  expect(named({ if: [], then: [] })).toBe("if");
  expect(named({ delay: "5s", alias: "a" })).toBe("delay");
  expect(named({ condition: "template" })).toBe("template");
  expect(named({ nonsense: 1 })).toBeUndefined();
});

test("conditions that join others may be written short", () => {
  expect(kindOf("conditions", { condition: "state" }, FORMS)?.name).toBe("state");
  const short = kindOf("conditions", { and: [] }, FORMS);
  expect([short?.name, short?.fields[0]?.name]).toEqual(["and", "and"]);
  expect(kindOf("conditions", "{{ true }}" as never, FORMS)).toBeUndefined();
});
