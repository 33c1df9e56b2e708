import { expect, test } from "vitest";
import { suggestionsAt } from "../src/hub/completing.js";
import type { FormField, FormKind, Forms } from "../src/hub/records.js";

function field(name: string, changes: Partial<FormField> = {}): FormField {
  return { name, kind: "text", needed: false, help: "", default: "", options: [], fields: [], ...changes };
}

function kind(name: string, ...fields: FormField[]): FormKind {
  return { name, about: "", fields };
}

const FORMS: Forms = {
  automation: [field("id"), field("mode", { kind: "choice", options: ["queued", "single"] }), field("retry", { kind: "section", fields: [field("attempts")] })],
  triggers: [kind("folder", field("path"), field("recursive", { kind: "boolean" })), kind("schedule", field("cron"))],
  conditions: [kind("state", field("state"))],
  actions: [
    kind("workflow.run", field("alias"), field("data", { kind: "section", fields: [field("workflow"), field("wait", { kind: "boolean" })] })),
    kind("delay", field("delay")),
    kind("if", field("if"), field("then")),
  ],
};

/** What is offered at the `|` of a text. */
function at(text: string): string[] {
  const place = text.indexOf("|");
  const whole = text.replace("|", "");
  const from = place - (/[\w.]*$/.exec(text.slice(0, place))?.[0].length ?? 0);
  return suggestionsAt(whole, from, place, FORMS).map(({ name }) => name);
}

test("an automation has its own settings and lists, but not those that it has already", () => {
  expect(at("- id: a\n  |")).toEqual(["mode", "retry", "triggers", "conditions", "actions"]);
  expect(at("- id: a\n  mo|\n  triggers: []\n")).toEqual(["mode", "retry", "conditions", "actions"]);
  expect(at("- id: a\n  mode: que|ued\n  retry: {}")).toEqual(["queued", "single"]);
  expect(at("- id: a\n  mo|de: queued\n")).toEqual(["mode", "retry", "triggers", "conditions", "actions"]);
  expect(at("- id: a\n  mode: |")).toEqual(["queued", "single"]);
  expect(at("- id: a\n  retry:\n    |")).toEqual(["attempts"]);
});

test("a trigger is asked for its kind first, and then offered what that kind has", () => {
  expect(at("- id: a\n  triggers:\n    - |")).toEqual(["trigger"]);
  expect(at("- id: a\n  triggers:\n    - trigger: |\n")).toEqual(["folder", "schedule"]);
  expect(at("- id: a\n  triggers:\n    - trigger: folder\n      pa|\n  actions: []")).toEqual(["path", "recursive"]);
  expect(at("- id: a\n  triggers: [{trigger: folder, recursive: |}]")).toEqual(["true", "false"]);
});

test("steps in blocks are offered what steps have, and conditions what these have", () => {
  const block = "- id: a\n  actions:\n    - if:\n        - condition: state\n          |\n      then:\n";
  expect(at(block)).toEqual(["state"]);
  expect(at(`${block.replace("|", "")}        - |`)).toEqual(["action", "delay", "if"]);
  expect(at(`${block.replace("|", "")}        - action: workflow.run\n          data:\n            wor|`)).toEqual(["workflow", "wait"]);
});

test("where anything may stand, nothing is offered", () => {
  expect(at("- id: a\n  variables:\n    |")).toEqual([]);
  expect(at("- id: |")).toEqual([]);
});
