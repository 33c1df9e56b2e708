// Model files that workflows name and that are not there.

import type { MissingModel } from "./records.js";

export interface Lacked {
  name: string;
  folder: string | null;
  /** The workflows that need it. */
  workflows: string[];
}

/** Each file once, those that most workflows need first. `missing` is by workflow. */
export function lackedFiles(missing: Record<string, MissingModel[]>): Lacked[] {
  const found = new Map<string, Lacked>();
  for (const [workflow, models] of Object.entries(missing)) {
    for (const { name, folder } of models) {
      const key = `${folder}/${name}`;
      const file = found.get(key) ?? { name, folder, workflows: [] };
      if (!file.workflows.includes(workflow)) file.workflows.push(workflow);
      found.set(key, file);
    }
  }
  return [...found.values()].sort((one, other) => other.workflows.length - one.workflows.length);
}
