// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import type { Graph } from "../src/hub/records.js";
import { WorkflowGraph } from "../src/parts/graph.js";

function chain(length: number): Graph {
  const nodes = Array.from({ length }, (_, index) => [String(index), { class_type: "Add", inputs: { from: [String(index - 1), 0] } }]);
  return Object.fromEntries(nodes);
}

test("a graph that cannot be drawn says so", async () => {
  const element = new WorkflowGraph();
  element.graph = chain(20_000);
  document.body.append(element);
  await vi.waitFor(() => expect(element.textContent).toContain("too large to be drawn"), { timeout: 20_000 });
}, 30_000);
