// Outputs that are about to be deleted: out of sight at once, and really gone only when nobody has
// taken it back for some seconds, or the page is left.

import { send } from "./api.js";

const PATIENCE = 8000;

const waiting = new Set<number>();
const gone = new Set<number>();
const hosts = new Set<() => void>();

/** Whether an output is out of sight. */
export function isGoing(output: number): boolean {
  return waiting.has(output) || gone.has(output);
}

/** Those of them that are in sight; the same list where all are. */
export function inSight<T extends { id: number }>(outputs: T[]): T[] {
  return waiting.size + gone.size ? outputs.filter((output) => !isGoing(output.id)) : outputs;
}

/** Call whenever that may have changed for any; gives the way to stop that. */
export function onChange(listener: () => void): () => void {
  hosts.add(listener);
  return () => hosts.delete(listener);
}

/** Delete them soon; gives the way to take that back. `failed` is told why one was not deleted. */
export function deleteSoon(outputs: number[], failed: (reason: string) => void): () => Promise<void> {
  const act = async (): Promise<void> => {
    for (const output of outputs) {
      waiting.delete(output);
      gone.add(output);
    }
    for (const output of outputs) {
      await send("DELETE", `/api/hub/outputs/${output}`).catch((error: Error) => {
        gone.delete(output);
        failed(error.message);
        tell();
      });
    }
  };
  for (const output of outputs) waiting.add(output);
  const timer = window.setTimeout(() => void act(), PATIENCE);
  tell();
  return async () => {
    clearTimeout(timer);
    for (const output of outputs) waiting.delete(output);
    tell();
  };
}

function tell(): void {
  for (const listener of hosts) listener();
}

addEventListener("pagehide", () => {
  for (const output of waiting) {
    void fetch(`/api/hub/outputs/${output}`, { method: "DELETE", keepalive: true });
  }
});
