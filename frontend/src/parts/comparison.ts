// In what two runs differ.

import type { Graph, NodeReport, RunDetails } from "../hub/records.js";
import { plain } from "../text/format.js";

export interface Difference {
  name: string;
  one: string;
  other: string;
}

/** What they were given under the same names; of posted prompts, which have no parameters, what
 * their nodes were. */
export function givenTo(one: RunDetails, other: RunDetails): Difference[] {
  const haveParameters = [one, other].some((run) => Object.keys(run.parameters).length);
  return haveParameters
    ? pairs(one.parameters, other.parameters)
    : pairs(constantsOf(one), constantsOf(other));
}

export function isDifferent({ one, other }: Difference): boolean {
  return one !== other;
}

/** The inputs of a graph that are no links, as `node.input`. */
function constantsOf({ graph }: RunDetails): Record<string, unknown> {
  const found = Object.entries(graph).flatMap(([node, { inputs }]) =>
    Object.entries(inputs)
      .filter(([, value]) => !(Array.isArray(value) && value.length === 2 && String(value[0]) in graph))
      .map(([name, value]) => [`${node}.${name}`, value] as const),
  );
  return Object.fromEntries(found);
}

function pairs(one: Record<string, unknown>, other: Record<string, unknown>): Difference[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.map((name) => ({ name, one: plain(one[name]), other: plain(other[name]) }));
}

export interface NodePair {
  node: string;
  name: string;
  one: NodeReport | undefined;
  other: NodeReport | undefined;
}

/** Each node of either, with what became of it in both. */
export function nodesOf(one: RunDetails, other: RunDetails): NodePair[] {
  const [ofOne, ofOther] = [reportsOf(one), reportsOf(other)];
  const graph = { ...other.graph, ...one.graph };
  const ids = new Set([...Object.keys(one.graph), ...Object.keys(other.graph), ...ofOne.keys(), ...ofOther.keys()]);
  return [...ids].map((node) => {
    const [first, second] = [ofOne.get(node), ofOther.get(node)];
    return { node, name: nameIn(graph, node) || ((first ?? second)?.class_type ?? ""), one: first, other: second };
  });
}

function reportsOf(run: RunDetails): Map<string, NodeReport> {
  return new Map(run.nodes.map((report) => [report.node, report]));
}

function nameIn(graph: Graph, node: string): string {
  return graph[node]?._meta?.title ?? graph[node]?.class_type ?? "";
}
