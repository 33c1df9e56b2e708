import { expect, test } from "vitest";
import { RetentionDocument } from "../src/hub/retention-document.js";

const USUAL = { runs: { age: "90d", count: "" }, outputs: { age: "", count: "", bytes: "" }, every: "6h" };
const TEXT = `# mine
server: {port: 8188} # as ever
retention:
  # a year is enough
  outputs: {age: 365d, bytes: 200 GB} # on the big disk
notify: {phone: !secret phone}
`;

test("what is written holds, and where nothing is, what is usual", () => {
  expect(new RetentionDocument(TEXT).read(USUAL)).toEqual({
    runs: { age: "90d", count: "" },
    outputs: { age: "365d", count: "", bytes: "200 GB" },
    every: "6h",
  });
  expect(new RetentionDocument("").read(USUAL)).toEqual(USUAL);
});

test("a limit is changed where it stands, with all comments and secrets kept", () => {
  const document = new RetentionDocument(TEXT);
  document.set("outputs", { age: "", count: "1000", bytes: "200 GB" });
  expect(document.text).toBe(TEXT.replace("{age: 365d, bytes: 200 GB}", "{bytes: 200 GB, count: 1000}"));
});

test("a section that was usual is written with all that holds", () => {
  const document = new RetentionDocument("");
  document.set("runs", { age: "90d", count: "5" });
  document.set("every", "1h");
  expect(document.text).toBe("retention:\n  runs: {age: 90d, count: 5}\n  every: 1h\n");
});

test("no limit at all is written too, as it is not what is usual", () => {
  const document = new RetentionDocument("");
  document.set("runs", { age: "", count: "" });
  expect(document.text).toBe("retention:\n  runs: {}\n");
});

test("what stands in another file is left alone", () => {
  expect(new RetentionDocument(TEXT).isOpen).toBe(true);
  expect(new RetentionDocument("").isOpen).toBe(true);
  expect(new RetentionDocument("retention: !include retention.yaml\n").isOpen).toBe(false);
  expect(new RetentionDocument("retention: [").isOpen).toBe(false);
});
