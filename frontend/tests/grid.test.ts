import { expect, test } from "vitest";
import { shapeOf, windowOf } from "../src/parts/grid.js";

test("as many columns as fit, and never less than two", () => {
  expect(shapeOf(1000, 150, 8).columns).toBe(6);
  expect(shapeOf(100, 150, 8).columns).toBe(2);
});

test("tiles and gaps fill the width", () => {
  const shape = shapeOf(1000, 150, 8);
  expect(shape.columns * (shape.row - 8) + (shape.columns - 1) * 8).toBeCloseTo(1000);
});

test("of a hundred thousand tiles only those near the view exist", () => {
  const shape = shapeOf(1000, 150, 8);
  const window = windowOf(100_000, shape, 500_000, 800);
  expect(window.to - window.from).toBeLessThan(100);
  expect(window.above).toBeLessThanOrEqual(500_000);
  expect(window.above + ((window.to - window.from) / shape.columns) * shape.row).toBeGreaterThan(500_800);
  expect(window.height).toBeCloseTo(Math.ceil(100_000 / 6) * shape.row);
});

test("the end of the grid is reached", () => {
  const shape = shapeOf(1000, 150, 8);
  expect(windowOf(20, shape, 0, 800)).toMatchObject({ from: 0, to: 20, above: 0 });
  expect(windowOf(0, shape, 0, 800)).toMatchObject({ from: 0, to: 0, height: 0 });
});
