// Several values of several parameters: every combination of them is a run.

export type Lists = Record<string, string[]>;

export const MOST = 200; // runs that are asked for at once

/** The values of one field: one a line; numbers also with commas between, or as `1..5`. */
export function valuesIn(text: string, isNumber: boolean): string[] {
  const parts = text.split(isNumber ? /[\n,;]/ : "\n").map((part) => part.trim()).filter(Boolean);
  return isNumber ? parts.flatMap(range) : parts;
}

/** How many runs that makes; what has no values counts as one. */
export function countOf(lists: Lists): number {
  return Object.values(lists).reduce((count, values) => count * Math.max(1, values.length), 1);
}

/** Every combination, the last parameter changing first. */
export function combinations(lists: Lists): Record<string, string>[] {
  return Object.entries(lists)
    .filter(([, values]) => values.length)
    .reduce<Record<string, string>[]>(
      (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
      [{}],
    );
}

function range(part: string): string[] {
  const [, first, last] = /^(-?\d+)\s*\.\.\s*(-?\d+)$/.exec(part) ?? [];
  if (first === undefined || last === undefined) return [part];
  const count = Math.min(Number(last) - Number(first) + 1, MOST + 1); // one too many is refused
  return count > 0 ? Array.from({ length: count }, (_, index) => String(Number(first) + index)) : [part];
}
