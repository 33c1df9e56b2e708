// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { FormField, Forms } from "../src/hub/records.js";
import { begun, groupsOf, kindOf } from "../src/hub/kinds.js";

function kind(name: string, ...fields: string[]): Forms["actions"][number] {
  const field = (each: string): FormField => {
    const [key = "", kind = "yaml"] = each.split(":");
    return { name: key, kind, needed: kind !== "yaml", help: "", default: "", options: [], fields: [] };
  };
  return { name, about: "", fields: fields.map(field) };
}

const FORMS: Forms = {
  automation: [],
  triggers: [kind("folder", "path")],
  conditions: [kind("state", "state"), kind("template", "value_template"), kind("and", "conditions:conditions")],
  actions: [
    kind("workflow.run", "data"),
    kind("delay", "delay"),
    kind("if", "if:conditions", "then:actions"),
    kind("sequence", "sequence:actions"),
    kind("condition", "test"),
  ],
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
});

test("a text alone is a template condition, and a list alone a sequence of actions", () => {
  const short = (name: "triggers" | "conditions" | "actions", item: unknown): unknown[] => {
    const kind = kindOf(name, item, FORMS);
    return [kind?.name, kind?.itself?.name];
  };
  expect(short("conditions", "{{ true }}")).toEqual(["template", "value_template"]);
  expect(short("actions", "{{ true }}")).toEqual(["template", "value_template"]);
  expect(short("actions", [{ delay: "5s" }])).toEqual(["sequence", "sequence"]);
  expect([short("triggers", "x"), short("conditions", []), short("actions", 5)]).toEqual(Array(3).fill([undefined, undefined]));
});

test("what is new begins with the lists that it needs, and as its key or kind", () => {
  const fresh = (name: string): unknown => begun("actions", FORMS.actions.find((each) => each.name === name) as never);
  expect(fresh("if")).toEqual({ if: [], then: [] });
  expect(fresh("delay")).toEqual({ delay: "5s" });
  expect(fresh("workflow.run")).toEqual({ action: "workflow.run" });
  expect(begun("conditions", FORMS.conditions[2] as never)).toEqual({ condition: "and", conditions: [] });
});

test("among the actions to choose from stand conditions, by their kinds", () => {
  const names = groupsOf("actions", FORMS).map(({ kinds }) => kinds.map(({ name }) => name));
  expect(names).toEqual([["workflow.run"], ["delay", "if", "sequence"], ["state", "template", "and"]]);
});
