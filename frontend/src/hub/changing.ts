// Values of a run's graph in a form, and what was changed in it.

import { choicesOf, type Described, guess, isConstant } from "./declaring.js";
import { plain } from "../text/format.js";
import type { Graph, Parameter } from "./records.js";

/** What nodes' classes take, as ComfyUI's `/object_info` describes them; by class and input. */
export type Descriptions = Record<string, Record<string, Described>>;

/** A node with the values that can be changed, as parameters by their names in the form. */
export interface Changeable {
  node: string;
  title: string;
  parameters: Record<string, Parameter>;
}

/** `1/text`: by this name an input's field goes in the form. */
export function fieldName(node: string, input: string): string {
  return `${node}/${input}`;
}

export function changeables(graph: Graph, described: Descriptions): Changeable[] {
  return Object.entries(graph)
    .map(([id, node]) => {
      const constants = Object.entries(node.inputs).filter(([, value]) => isConstant(value));
      const parameters = constants.map(([input, value]): [string, Parameter] => {
        const facts = described[node.class_type]?.[input];
        const guessed = guess(id, input, value, facts);
        const offered = choicesOf(facts);
        const options = offered && [...new Set([String(value), ...offered])];
        return [fieldName(id, input), { ...guessed, options, type: guessed.type, label: input, required: false, default: value }];
      });
      return { node: id, title: node._meta?.title ?? node.class_type, parameters: Object.fromEntries(parameters) };
    })
    .filter(({ parameters }) => Object.keys(parameters).length > 0);
}

/** What is different from the graph, by node and input; `filled` is by names of the form. */
export function changes(graph: Graph, nodes: Changeable[], filled: Record<string, unknown>): Record<string, Record<string, unknown>> {
  const found: Record<string, Record<string, unknown>> = {};
  for (const { node, parameters } of nodes) {
    for (const [name, { type, label = "" }] of Object.entries(parameters)) {
      const held = graph[node]?.inputs[label];
      const text = filled[name];
      const isMissing = text === undefined || (text === "" && type in FROM_TEXT);
      if (isMissing || plain(text) === plain(held)) continue;
      found[node] = { ...found[node], [label]: valueOf(type, text) };
    }
  }
  return found;
}

const FROM_TEXT: Record<string, (text: string) => unknown> = { integer: number, number, seed: number, object: JSON.parse };

function valueOf(type: string, value: unknown): unknown {
  return typeof value === "string" ? (FROM_TEXT[type]?.(value) ?? value) : value;
}

/** Digits that a browser's numbers cannot hold stay text. */
function number(text: string): unknown {
  if (text === "random") return Math.floor(Math.random() * 2 ** 48);
  const value = Number(text);
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
}
