// How far runs under way are, from the notices about their nodes. Notices of the time before the
// page was opened are made up for by what the run itself tells.

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { connection } from "./connection.js";
import type { Notice, Run } from "./records.js";

export interface Progress {
  done: Set<string>;
  node: string | null;
  value: number;
  maximum: number;
  preview: number;
}

const known = new Map<string, Progress>();
const hosts = new Set<ReactiveControllerHost>();

/** How far the run of this id is, as far as is known. */
export function progressOf(run: string): Progress | undefined {
  return known.get(run);
}

/** The share of a run that is done, from 0 to 1. */
export function share(run: Pick<Run, "node_count">, progress: Progress | undefined): number {
  if (!progress) return 0;
  const atWork = progress.maximum ? progress.value / progress.maximum : 0;
  return Math.min(1, (progress.done.size + atWork) / Math.max(1, run.node_count));
}

/** Seconds that are left if it goes on as before; undefined while that is a guess. */
export function secondsLeft(share: number, elapsed: number): number | undefined {
  return share < 0.05 || elapsed < 2 ? undefined : (elapsed / share) * (1 - share);
}

/** Takes in a notice; whether it was about progress. */
export function take(notice: Notice): boolean {
  const run = notice.run?.id;
  if (!run) return false;
  if (notice.type === "RunFinished") return known.delete(run);
  if (notice.type === "RunStarted") known.set(run, nothing());
  const change = CHANGES[notice.type];
  if (!change) return false;
  const progress = known.get(run) ?? nothing();
  known.set(run, progress);
  change(progress, notice);
  return true;
}

/** Redraws its host as progress is made. */
export class ProgressWatch implements ReactiveController {
  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    hosts.add(this.host);
  }

  hostDisconnected(): void {
    hosts.delete(this.host);
  }
}

const CHANGES: Record<string, (progress: Progress, notice: Notice) => void> = {
  NodesCached: (progress, notice) => {
    for (const node of notice.nodes ?? []) progress.done.add(node);
  },
  NodeStarted: (progress, notice) => at(progress, notice, 0, 0),
  NodeProgressed: (progress, notice) => at(progress, notice, notice.value ?? 0, notice.maximum ?? 0),
  NodeFinished: (progress, notice) => {
    if (notice.node) progress.done.add(notice.node);
    if (progress.node === notice.node) at(progress, {}, 0, 0);
  },
  PreviewChanged: (progress) => {
    progress.preview += 1;
  },
};

function at(progress: Progress, notice: { node?: string }, value: number, maximum: number): void {
  progress.node = notice.node ?? null;
  progress.value = value;
  progress.maximum = maximum;
}

function nothing(): Progress {
  return { done: new Set(), node: null, value: 0, maximum: 0, preview: 0 };
}

connection.hear((notice) => {
  if (take(notice)) for (const host of hosts) host.requestUpdate();
});
