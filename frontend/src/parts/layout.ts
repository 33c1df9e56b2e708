// Where the nodes of a graph stand: from left to right, by dagre, which is loaded when it is needed.

import { pendingUntil } from "../hub/pending.js";
import type { Graph } from "../hub/records.js";

export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Edge {
  from: string;
  to: string;
  points: { x: number; y: number }[];
}

/** What is drawn, and the frame that all of it lies in. */
export interface Layout {
  x: number;
  y: number;
  width: number;
  height: number;
  boxes: Box[];
  edges: Edge[];
}

export const BOX = { width: 190, height: 52 };
const MARGIN = 8;

/** The links of a graph in API format: an input that is `[node, slot]`. */
export function linksOf(graph: Graph): [from: string, to: string][] {
  const links = new Map<string, [string, string]>();
  for (const [to, node] of Object.entries(graph)) {
    for (const value of Object.values(node.inputs)) {
      const from = Array.isArray(value) && value.length === 2 ? String(value[0]) : "";
      if (from in graph) links.set(`${from} ${to}`, [from, to]);
    }
  }
  return [...links.values()];
}

export async function layOut(graph: Graph): Promise<Layout> {
  const { default: dagre } = await pendingUntil(import("@dagrejs/dagre"));
  const drawn = new dagre.graphlib.Graph();
  drawn.setGraph({ rankdir: "LR", nodesep: 16, ranksep: 40 });
  drawn.setDefaultEdgeLabel(() => ({}));
  for (const id of Object.keys(graph)) drawn.setNode(id, { ...BOX });
  for (const [from, to] of linksOf(graph)) drawn.setEdge(from, to);
  dagre.layout(drawn);
  const boxes = drawn.nodes().map((id) => ({ id, ...(drawn.node(id) as Omit<Box, "id">) }));
  const edges = drawn.edges().map(({ v, w }) => {
    const { points } = drawn.edge({ v, w }) as Pick<Edge, "points">;
    return { from: v, to: w, points };
  });
  return { ...frameOf(boxes, edges), boxes, edges };
}

/** Links may be led around boxes, and so beyond the outermost of them. */
function frameOf(boxes: Box[], edges: Edge[]): Omit<Layout, "boxes" | "edges"> {
  const points = edges.flatMap((edge) => edge.points);
  const across = [...boxes.flatMap(({ x, width }) => [x - width / 2, x + width / 2]), ...points.map(({ x }) => x)];
  const down = [...boxes.flatMap(({ y, height }) => [y - height / 2, y + height / 2]), ...points.map(({ y }) => y)];
  const [x, y] = [Math.min(0, ...across) - MARGIN, Math.min(0, ...down) - MARGIN];
  return { x, y, width: Math.max(0, ...across) + MARGIN - x, height: Math.max(0, ...down) + MARGIN - y };
}
