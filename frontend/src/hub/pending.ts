// How much is being read or loaded for the first time, so that the page can say whether it is complete.

const watching = new Set<() => void>();
let count = 0;

/** Whether something of the page is still to come. */
export function isPending(): boolean {
  return count > 0;
}

/** Call whenever that changes. */
export function watchPending(listener: () => void): void {
  watching.add(listener);
}

/** Count as pending until this is done. */
export async function pendingUntil<T>(work: Promise<T>): Promise<T> {
  change(1);
  try {
    return await work;
  } finally {
    change(-1);
  }
}

function change(by: number): void {
  const before = count;
  count += by;
  if (!before !== !count) for (const listener of watching) listener();
}
