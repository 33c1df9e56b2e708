// The lines of the hub's log that are shown: the latest, of some gravity, or as they were when
// somebody paused.

import type { LogLine } from "./records.js";

export const LEVELS = ["debug", "info", "warning", "error"] as const;
export type Level = (typeof LEVELS)[number];

const MOST = 1000; // lines that are held

export class LogLines {
  private latest: LogLine[] = [];
  private paused: LogLine[] | undefined;

  take(lines: LogLine[]): void {
    this.latest = [...this.latest, ...lines].slice(-MOST);
  }

  /** Begin anew, as after a restart of the hub; it tells again what it holds. */
  clear(): void {
    this.latest = [];
  }

  get isPaused(): boolean {
    return this.paused !== undefined;
  }

  /** How many came since it was paused, of those that are held. */
  get missed(): number {
    const last = this.paused?.at(-1)?.number ?? 0;
    return this.isPaused ? this.latest.filter((line) => line.number > last).length : 0;
  }

  /** Stand still, or go on. */
  pause(isPaused: boolean): void {
    this.paused = isPaused ? this.latest : undefined;
  }

  /** Those that are at least so grave and hold every word. */
  shown(level: Level, words: string): LogLine[] {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    const least = LEVELS.indexOf(level);
    return (this.paused ?? this.latest).filter((line) => {
      const text = line.text.toLowerCase();
      return LEVELS.indexOf(levelOf(line)) >= least && wanted.every((word) => text.includes(word));
    });
  }
}

/** How grave it is: an exception is an error, and so is what nobody knows. */
export function levelOf(line: LogLine): Level {
  return LEVELS.find((level) => level === line.level) ?? "error";
}
