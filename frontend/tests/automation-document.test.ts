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
