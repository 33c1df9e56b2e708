// Stars and tags of outputs.

import { post } from "./api.js";

export interface Change {
  starred?: boolean;
  add?: string[];
  remove?: string[];
}

export interface Tag {
  tag: string;
  outputs: number;
}

const AT_ONCE = 500;

/** Change the marks of these outputs; a notice tells everybody. */
export async function mark(outputs: number[], change: Change): Promise<void> {
  for (let from = 0; from < outputs.length; from += AT_ONCE) {
    await post("/api/hub/outputs/mark", { outputs: outputs.slice(from, from + AT_ONCE), ...change });
  }
}
