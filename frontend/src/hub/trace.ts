// The trace of a firing as the nodes of a graph, from the event down to how it ended.

import type { FiringDetails, GivenFile, PlannedStep, Step, Verdict } from "./records.js";

/** States that no step has. */
export const UNREACHED = new Set(["not_reached", "waiting"]);
const BRANCHING = new Set(["if", "choose"]);

export interface TraceNode {
  id: string;
  kind: "event" | "condition" | "step" | "end";
  /** What it is: a kind of trigger or action, a condition, the state at the end. */
  name: string;
  state: string;
  /** How deep it lies in steps that hold steps. */
  depth: number;
  /** The way to it there: `then`, `2`. */
  way: string[];
  seconds: number | null;
  error: string | null;
  values: Record<string, unknown>;
}

export function nodesOf(trace: FiringDetails): TraceNode[] {
  return [eventNode(trace), ...trace.verdicts.map(conditionNode), ...withUnreached(trace), endNode(trace)];
}

/** The steps; and where they would stand, actions that are still to come or never will. */
function withUnreached(trace: FiringDetails): TraceNode[] {
  const nodes = trace.steps.map(stepNode);
  const isBegun = (key: string): boolean => nodes.some((node) => isWithin(node.id, key));
  for (const planned of trace.actions.filter(({ key }) => !isBegun(key))) {
    if (trace.actions.some((outer) => isWithin(planned.key, outer.key) && isUnreached(nodes, outer.key))) continue;
    nodes.splice(placeOf(planned.key, nodes), 0, plannedNode(planned, trace));
  }
  return nodes;
}

function isWithin(key: string, outer: string): boolean {
  return key === outer || key.startsWith(`${outer}/`);
}

function isUnreached(nodes: TraceNode[], key: string): boolean {
  return nodes.some((node) => node.id === key && UNREACHED.has(node.state));
}

/** After all that stands in the same block, however far outside that is. */
function placeOf(key: string, nodes: TraceNode[]): number {
  const way = key.split("/").slice(0, -1);
  for (; way.length > 1; way.pop()) {
    const last = nodes.findLastIndex((node) => isWithin(node.id, way.join("/")));
    if (last >= 0) return last + 1;
  }
  return nodes.length;
}

function plannedNode({ key, action, alias }: PlannedStep, trace: FiringDetails): TraceNode {
  const state = trace.ended_at || isPassedBy(key, trace) ? "not_reached" : "waiting";
  return { ...blank(key, "step", alias || action, state), ...placing(key) };
}

/** Whether it lies in a branch that was not taken: there are steps in another one. */
function isPassedBy(key: string, { actions, steps }: FiringDetails): boolean {
  return actions
    .filter((outer) => BRANCHING.has(outer.action) && key.startsWith(`${outer.key}/`))
    .some((outer) => {
      const branch = key.slice(outer.key.length + 1).split("/")[0] ?? "";
      const inside = steps.filter((step) => step.key.startsWith(`${outer.key}/`));
      return inside.length > 0 && !inside.some((step) => isWithin(step.key, `${outer.key}/${branch}`));
    });
}

/** The files that came with an event. */
export function filesOf(trigger: Record<string, unknown>): Pick<GivenFile, "url" | "title">[] {
  const { files } = trigger;
  const several = files && typeof files === "object" ? (Object.values(files) as unknown[]) : [];
  return [trigger, ...several].flatMap((facts) => {
    const { input, file, filename } = (facts ?? {}) as Record<string, unknown>;
    if (typeof input !== "string") return [];
    return [{ url: `/api/hub/inputs/${encodeURIComponent(input)}`, title: String(file ?? filename ?? input) }];
  });
}

/** The one to look at first: where it went wrong, else what began it. */
export function firstOf(nodes: TraceNode[]): TraceNode | undefined {
  return nodes.find((node) => node.kind !== "end" && node.state === "failed") ?? nodes[0];
}

function eventNode(trace: FiringDetails): TraceNode {
  const { platform, ...values } = trace.trigger;
  return { ...blank("event", "event", String(platform), "succeeded"), values };
}

function conditionNode(verdict: Verdict, index: number): TraceNode {
  const state = verdict.is_mistake ? "failed" : verdict.passed ? "succeeded" : "refused";
  const values = verdict.details ? { details: verdict.details } : {};
  return { ...blank(`condition/${index}`, "condition", verdict.condition, state), values };
}

function stepNode(step: Step): TraceNode {
  const seconds = step.ended_at ? (Date.parse(step.ended_at) - Date.parse(step.started_at)) / 1000 : null;
  return { ...blank(step.key, "step", step.action, step.state), ...placing(step.key), seconds, error: step.error, values: valuesOf(step.result) };
}

/** How deep it lies in blocks, and the way to it there. */
function placing(key: string): { way: string[]; depth: number } {
  const [, ...way] = key.split("/");
  return { way, depth: Math.max(0, Math.ceil((way.length - 1) / 2)) };
}

function endNode(trace: FiringDetails): TraceNode {
  const ended = trace.ended_at ? (Date.parse(trace.ended_at) - Date.parse(trace.created_at)) / 1000 : null;
  return { ...blank("end", "end", trace.state, trace.state), seconds: ended, error: trace.state === "failed" ? trace.reason : null, values: trace.reason ? { reason: trace.reason } : {} };
}

function blank(id: string, kind: TraceNode["kind"], name: string, state: string): TraceNode {
  return { id, kind, name, state, depth: 0, way: [], seconds: null, error: null, values: {} };
}

function valuesOf(result: unknown): Record<string, unknown> {
  if (result === null || result === undefined || result === "") return {};
  return typeof result === "object" && !Array.isArray(result) ? (result as Record<string, unknown>) : { result };
}
