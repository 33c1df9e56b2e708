// The gallery's pieces, read page by page as they are looked at.

import { get } from "./api.js";
import type { Piece } from "./records.js";

const FIRST = 200;
const FURTHER = 1000; // for those who scroll far

export class Pieces {
  all: Piece[] = [];
  isComplete = false;
  private reading: Promise<void> | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly filter: URLSearchParams) {}

  /** Read on until there are `count`, or no more. */
  async reach(count: number): Promise<void> {
    while (this.all.length < count && !this.isComplete) {
      this.reading ??= this.inTurn(() => this.readOn()).finally(() => (this.reading = undefined));
      await this.reading;
    }
  }

  /** Put those before the others that have come since. */
  renew(): Promise<void> {
    return this.inTurn(() => this.readNewest());
  }

  /** Read these anew: some may have been deleted, or fit the filter only now, or no more. */
  refresh(outputs: number[]): Promise<void> {
    return this.inTurn(() => this.readThese(outputs));
  }

  /** One after the other, as each answer is joined to what those before it gave. */
  private inTurn(read: () => Promise<void>): Promise<void> {
    const reading = this.last.then(read);
    this.last = reading.catch(() => undefined);
    return reading;
  }

  private async readNewest(): Promise<void> {
    const newest = await this.page({ limit: String(FIRST) });
    const known = new Set(this.all.map((piece) => piece.id));
    const fresh = newest.filter((piece) => !known.has(piece.id));
    if (fresh.length === FIRST) this.all = newest; // too many to join up
    else this.all = [...fresh, ...this.all];
  }

  private async readThese(outputs: number[]): Promise<void> {
    const fresh = await this.page({ outputs: outputs.join(","), limit: String(outputs.length) });
    const changed = new Set(outputs);
    const kept = this.all.filter((piece) => !changed.has(piece.id));
    const last = this.all.at(-1);
    const within = fresh.filter((piece) => this.isComplete || !last || byAge(piece, last) <= 0);
    this.all = [...kept, ...within].sort(byAge);
  }

  private async readOn(): Promise<void> {
    const last = this.all.at(-1);
    const limit = last ? FURTHER : FIRST;
    const place: Record<string, string> = last ? { before: `${last.run}.${last.id}` } : {};
    const older = await this.page({ ...place, limit: String(limit) });
    this.all = [...this.all, ...older];
    this.isComplete = older.length < limit;
  }

  private async page(which: Record<string, string>): Promise<Piece[]> {
    const query = new URLSearchParams({ ...Object.fromEntries(this.filter), ...which });
    return (await get<{ outputs: Piece[] }>(`/api/hub/outputs?${query}`)).outputs;
  }
}

/** The latest run's first, and of a run its last. */
function byAge(one: Piece, other: Piece): number {
  return other.run - one.run || other.id - one.id;
}
