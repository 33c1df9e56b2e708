import { expect, test } from "vitest";
import { AutomationDocument, fragment } from "../src/hub/automation-document.js";

const TEXT = `# mine, all mine
- id: photos # by day
  triggers:
    - trigger: folder
      path: inbox # on the big disk

  # at last
  actions:
    - action: workflow.run
      data: {workflow: photo, parameters: {key: !secret token}}
`;

test("what a form changes leaves every comment, tag and order as it is", () => {
  const document = new AutomationDocument(TEXT);
  document.set(0, ["triggers", 0, "path"], "outbox");
  expect(document.text).toBe(TEXT.replace("inbox", "outbox"));
});

test("untouched, the text stays the very same", () => {
  expect(new AutomationDocument(TEXT).text).toBe(TEXT);
});

test("a setting is added, and taken away again", () => {
  const document = new AutomationDocument(TEXT);
  document.set(0, ["mode"], "single");
  expect(document.text).toContain("\n  mode: single\n");
  document.set(0, ["mode"], undefined);
  expect(document.text).toBe(TEXT);
});

test("the line is told in which an automation begins", () => {
  const document = new AutomationDocument(`${TEXT}\n- id: asked\n`);
  expect([0, 1, -1].map((index) => document.lineOf(index))).toEqual([2, 12, 1]);
});

test("an automation is found by its id, and another one appended", () => {
  const document = new AutomationDocument(TEXT);
  expect([document.indexOf("photos"), document.indexOf("other")]).toEqual([0, -1]);
  const index = document.append({ id: "other", triggers: [], actions: [] });
  expect(document.at(index)["id"]).toBe("other");
  expect(document.text.startsWith(TEXT)).toBe(true);
});

test("an empty file takes its first automation", () => {
  for (const text of ["", "# nothing yet\n", "[]\n"]) {
    const document = new AutomationDocument(text);
    expect(document.isSound).toBe(true);
    document.append({ id: "first" });
    expect(new AutomationDocument(document.text).indexOf("first")).toBe(0);
  }
});

test("broken YAML, and what is no list, has no form", () => {
  expect(new AutomationDocument("- [").isSound).toBe(false);
  expect(new AutomationDocument("id: alone").isSound).toBe(false);
});

test("a part is shown as it is written, and put back with its comments and tags", () => {
  const document = new AutomationDocument(TEXT);
  expect(document.textAt(0, ["actions", 0, "data", "parameters"])).toBe("{key: !secret token}");
  expect(document.textAt(0, ["nothing", "there"])).toBe("");
  document.set(0, ["actions", 0], fragment("if: []\nthen:\n  # later\n  - delay: 5s\n"));
  expect(document.text).toContain("    - if: []\n      then:\n        # later\n        - delay: 5s\n");
  expect(new AutomationDocument(document.text).textAt(0, ["actions", 0, "then"])).toBe("# later\n- delay: 5s");
});

test("a part that is no YAML is refused with a sentence, and an empty one is none", () => {
  expect(() => fragment("[1, 2")).toThrow();
  expect(fragment("  ")).toBeUndefined();
});

const NESTED = `- id: deep
  actions:
    - if: "{{ true }}"
      then: {delay: 1s} # a breath
      else:
        # the rest
        - &one
          delay: 2s # long
        # then
        - stop: Enough.
`;

/** The text once something was done to it. */
function after(act: (document: AutomationDocument) => void, text = NESTED): string {
  const document = new AutomationDocument(text);
  act(document);
  return document.text;
}

test("a single value becomes a list when it gets company, and keeps its comment", () => {
  const text = after((document) => document.insert(0, ["actions", 0, "then"], { stop: "x" }));
  expect(text).toBe(NESTED.replace("then: {delay: 1s} # a breath", "then:\n        - {delay: 1s} # a breath\n        - stop: x"));
});

test("a list that is not there, empty or nothing gets its first item", () => {
  for (const given of ["", "\n  actions: []", "\n  actions:"]) {
    const text = after((document) => document.insert(0, ["actions"], { delay: "5s" }), `- id: a${given}\n`);
    expect(text).toBe("- id: a\n  actions:\n    - delay: 5s\n");
  }
});

test("items of a list are moved, doubled and removed, each with its comments", () => {
  const place = ["actions", 0, "else"];
  const turned = after((document) => document.arrange(0, place, [1, 0]));
  expect(turned).toContain("        # then\n        - stop: Enough.\n        - &one\n          delay: 2s # long\n");
  const doubled = after((document) => document.arrange(0, place, [0, 0, 1]));
  expect(doubled).toContain("        - &one\n          delay: 2s # long\n        - delay: 2s # long\n        # then\n");
  expect(after((document) => document.arrange(0, place, [1]))).not.toContain("delay: 2s");
  const single = after((document) => document.arrange(0, ["actions", 0, "then"], [0, 0]));
  expect(single).toContain("      then:\n        - {delay: 1s} # a breath\n        - {delay: 1s} # a breath\n");
});

test("an empty line parts the first item of a list from nothing", () => {
  const text = after((document) => document.arrange(0, ["actions"], [1, 0]), "- id: a\n  actions:\n    - stop: x\n\n    - stop: y\n");
  expect(text).toBe("- id: a\n  actions:\n    - stop: y\n    - stop: x\n");
});

test("what an alias or a tag stands for is not taken for what it looks like", () => {
  const document = new AutomationDocument("- a: &x [1]\n  b: *x\n  c: !include steps.yaml\n  d: !!str 5\n");
  const plain = ["a", "b", "c", "d", "e"].map((key) => document.isPlain(0, [key]));
  expect([...plain, document.isPlain(0, ["b", 0])]).toEqual([true, false, false, true, false, false]);
});

test("a mistake is led to from the automation, by keys and numbers", () => {
  const document = new AutomationDocument(NESTED);
  const path = (line: number, column: number, value: string | null = null): unknown =>
    document.pathOf({ file: "", line, column, value, message: "", suggestion: null, warning: false });
  expect(path(4, 21, "1s")).toEqual([0, "actions", 0, "then", "delay"]);
  expect(path(3, 7)).toEqual([0, "actions", 0]); // of the step itself
  expect(path(3, 7, "if")).toEqual([0, "actions", 0, "if"]);
  expect(path(10, 17, "Enough.")).toEqual([0, "actions", 0, "else", 1, "stop"]);
  expect(path(7, 9)).toEqual([0, "actions", 0, "else"]);
});
