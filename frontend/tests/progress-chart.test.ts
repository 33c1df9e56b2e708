// @vitest-environment jsdom
import { expect, test } from "vitest";
import { courseOf } from "../src/parts/progress-chart.js";

function point(attempt: number, node: string, value: number, second: number) {
  return { attempt, node, value, maximum: 4, at: new Date(second * 1000).toISOString() };
}

test("each node has a line of its own, in seconds since the first", () => {
  const course = courseOf([point(1, "3", 1, 10), point(1, "3", 4, 12), point(1, "5", 2, 13)]);
  expect(course).toEqual({ nodes: ["3", "5"], seconds: [0, 2, 3], shares: [[0.25, 1, null], [null, null, 0.5]] });
});

test("only the latest attempt is told", () => {
  expect(courseOf([point(1, "3", 4, 1), point(2, "3", 1, 9)]).shares).toEqual([[0.25]]);
  expect(courseOf([]).nodes).toEqual([]);
});
