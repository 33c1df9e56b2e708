// What an input of a node would be as a parameter of its workflow.

import type { Parameter } from "./records.js";

/** A parameter as it stands in `workflows/<name>.yaml`. */
export interface Declared extends Partial<Parameter> {
  node: string;
  input: string;
  type: string;
}

/** An input as ComfyUI's `/object_info` describes it: its type or options, and facts. */
export type Described = [unknown, Record<string, unknown>?];

export const TYPES = [
  ...["text", "prompt", "integer", "number", "boolean", "select", "seed", "image", "images", "mask", "video", "media", "file"],
  ...["model", "lora", "sampler", "color", "color_rgb", "time", "datetime", "duration", "folder", "object", "template"],
];

const NUMBERS: Record<string, string> = { INT: "integer", FLOAT: "number", BOOLEAN: "boolean" };
const LARGEST_SLIDER = 100_000; // limits beyond are those of the type, and no help to anybody
const NAMES: [RegExp, string][] = [
  [/(^|_)seed$/, "seed"],
  [/^ckpt_name$|^unet_name$/, "model"],
  [/^lora_name$/, "lora"],
  [/^sampler_name$/, "sampler"],
  [/^text$|prompt/, "prompt"],
];

/** Whether an input holds a value, and not a link to another node. */
export function isConstant(value: unknown): boolean {
  return !Array.isArray(value);
}

/** The best guess at a parameter for that input. */
export function guess(node: string, input: string, value: unknown, described?: Described): Declared {
  const [kind, facts = {}] = described ?? [undefined];
  const type = typeOf(input, value, kind, facts);
  return { node, input, type, ...limitsOf(type, facts), ...optionsOf(type, described) };
}

/** What an input may be, if it is a choice: files of models too. */
export function choicesOf([kind, facts]: Described = [undefined]): string[] | undefined {
  const options = Array.isArray(kind) ? kind : facts?.["options"];
  return Array.isArray(options) ? options.map(String) : undefined;
}

/** A name for it that no other parameter has. */
export function freeName(input: string, taken: string[]): string {
  const plain = input.replace(/[^A-Za-z0-9_]+/g, "_");
  let name = plain;
  for (let number = 2; taken.includes(name); number += 1) name = `${plain}_${number}`;
  return name;
}

function typeOf(input: string, value: unknown, kind: unknown, facts: Record<string, unknown>): string {
  const named = NAMES.find(([pattern]) => pattern.test(input))?.[1];
  if (facts["image_upload"]) return "image";
  if (facts["video_upload"]) return "video";
  if (named) return named;
  if (Array.isArray(kind) || kind === "COMBO") return "select";
  if (facts["multiline"]) return "prompt";
  return NUMBERS[String(kind)] ?? plainType(value);
}

function plainType(value: unknown): string {
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value === "object" && value !== null ? "object" : "text";
}

function limitsOf(type: string, facts: Record<string, unknown>): Partial<Declared> {
  if (type !== "integer" && type !== "number") return {};
  const held = (name: string): Partial<Declared> => {
    const limit = facts[name];
    return typeof limit === "number" && Math.abs(limit) <= LARGEST_SLIDER ? { [name]: limit } : {};
  };
  return { ...held("min"), ...held("max") };
}

function optionsOf(type: string, described?: Described): Partial<Declared> {
  const options = choicesOf(described);
  return type === "select" && options ? { options } : {};
}
