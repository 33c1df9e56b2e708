// The trace of a firing as the nodes of a graph, from the event down to how it ended.

import type { FiringDetails, Step, Verdict } from "./records.js";

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
  return [eventNode(trace), ...trace.verdicts.map(conditionNode), ...trace.steps.map(stepNode), ...unreached(trace), endNode(trace)];
}

/** Actions of which no step was carried out: they are still to come, or never will. */
function unreached({ actions, steps, ended_at: ended }: FiringDetails): TraceNode[] {
  const begun = new Set(steps.map((step) => step.key.split("/").slice(0, 2).join("/")));
  return actions
    .filter(({ key }) => !begun.has(key))
    .map(({ key, action, alias }) => {
      const [, ...way] = key.split("/");
      return { ...blank(key, "step", alias || action, ended ? "not_reached" : "waiting"), way };
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
  const [, ...way] = step.key.split("/");
  const seconds = step.ended_at ? (Date.parse(step.ended_at) - Date.parse(step.started_at)) / 1000 : null;
  const depth = Math.max(0, Math.ceil((way.length - 1) / 2));
  return { ...blank(step.key, "step", step.action, step.state), way, depth, seconds, error: step.error, values: valuesOf(step.result) };
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
