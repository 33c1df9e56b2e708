import { expect, test } from "vitest";
import { layOut, linksOf } from "../src/parts/layout.js";

test("links of a graph are found once, and lists are none", () => {
  const graph = {
    "1": { class_type: "A", inputs: {} },
    "2": { class_type: "B", inputs: { one: ["1", 0], two: ["1", 1], size: [64, 64], far: ["9", 0] } },
  };
  expect(linksOf(graph)).toEqual([["1", "2"]]);
});

test("all boxes and links lie within the frame, also links led around boxes", async () => {
  const sampler = { model: ["checkpoint", 0], positive: ["positive", 0], negative: ["negative", 0], latent: ["size", 0] };
  const { x, y, width, height, boxes, edges } = await layOut({
    checkpoint: { class_type: "CheckpointLoaderSimple", inputs: {} },
    positive: { class_type: "CLIPTextEncode", inputs: { clip: ["checkpoint", 1] } },
    negative: { class_type: "CLIPTextEncode", inputs: { clip: ["checkpoint", 1] } },
    size: { class_type: "EmptyLatentImage", inputs: {} },
    sampler: { class_type: "KSampler", inputs: sampler },
    decode: { class_type: "VAEDecode", inputs: { samples: ["sampler", 0], vae: ["checkpoint", 2] } },
  });
  const points = edges.flatMap((edge) => edge.points);
  for (const box of boxes) {
    points.push({ x: box.x - box.width / 2, y: box.y - box.height / 2 });
    points.push({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  }
  for (const point of points) {
    expect(point.x).toBeGreaterThanOrEqual(x);
    expect(point.y).toBeGreaterThanOrEqual(y);
    expect(point.x).toBeLessThanOrEqual(x + width);
    expect(point.y).toBeLessThanOrEqual(y + height);
  }
});
