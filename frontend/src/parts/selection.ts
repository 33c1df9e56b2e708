// What was picked of a list, one by one or a stretch at a time.

export class Selection {
  private readonly picked = new Set<number>();
  private anchor: number | undefined;

  get ids(): number[] {
    return [...this.picked];
  }

  get size(): number {
    return this.picked.size;
  }

  has(id: number): boolean {
    return this.picked.has(id);
  }

  /** Pick it, or no longer. `isStretch` does the same to all between it and the last one. */
  toggle(id: number, list: readonly { id: number }[], isStretch = false): void {
    const on = !this.picked.has(id);
    const ids = isStretch ? between(list, this.anchor, id) : [id];
    for (const each of ids) {
      if (on) this.picked.add(each);
      else this.picked.delete(each);
    }
    this.anchor = id;
  }

  /** Forget those that are not in the list any more. */
  keep(list: readonly { id: number }[]): void {
    if (!this.picked.size) return;
    const there = new Set(list.map((each) => each.id));
    for (const id of this.picked) if (!there.has(id)) this.picked.delete(id);
  }

  clear(): void {
    this.picked.clear();
    this.anchor = undefined;
  }
}

function between(list: readonly { id: number }[], one: number | undefined, other: number): number[] {
  const places = [one, other].map((id) => list.findIndex((each) => each.id === id));
  const [from, to] = [Math.min(...places), Math.max(...places)];
  return from < 0 ? [other] : list.slice(from, to + 1).map((each) => each.id);
}
