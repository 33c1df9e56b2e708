// Places in an automation, as the keys and numbers that lead there, and what is wrong at them.

import type { Problem } from "./records.js";

export type Path = (string | number)[];

/** A mistake with its place. */
export interface Mistake extends Problem {
  path: Path;
}

/** A path as one word. */
export function nameOf(path: Path): string {
  return path.join("/");
}

/** What is wrong at a place, and at all in it but for what is shown at those of its keys. */
export function mistakesAt(mistakes: Mistake[], place: Path, shown: Path): Mistake[] {
  return mistakes.filter(({ path }) => {
    const next = path[place.length];
    return isWithin(path, place) && (next === undefined || !shown.includes(next));
  });
}

/** Where what stood at a path stands once a list has its items in that order: nowhere, once or
 * more often. */
export function rearranged(path: Path, list: Path, order: number[]): Path[] {
  const old = path[list.length];
  if (!isWithin(path, list) || typeof old !== "number") return [path];
  const fresh = [...order.keys()].filter((place) => order[place] === old);
  return fresh.map((place) => [...list, place, ...path.slice(list.length + 1)]);
}

function isWithin(path: Path, place: Path): boolean {
  return place.every((key, index) => path[index] === key);
}
