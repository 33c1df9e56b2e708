// A grid of equal tiles of which only those in sight exist, however many there are.

export interface Shape {
  columns: number;
  /** Height of a row with the gap below it, in pixels. */
  row: number;
}

export interface Window {
  /** The first tile in sight, and the one after the last. */
  from: number;
  to: number;
  /** Pixels above the first one, and of the whole. */
  above: number;
  height: number;
}

const SPARE = 2; // rows beyond the edges, for those who scroll

/** As many columns as fit into `width`, of tiles at least `least` wide. */
export function shapeOf(width: number, least: number, gap: number): Shape {
  const columns = Math.max(2, Math.floor((width + gap) / (least + gap)));
  return { columns, row: (width - gap * (columns - 1)) / columns + gap };
}

/** Which of `count` tiles are in sight, `top` pixels below the first, in a view of that height. */
export function windowOf(count: number, shape: Shape, top: number, view: number): Window {
  const rows = Math.ceil(count / shape.columns);
  const first = Math.min(rows, Math.max(0, Math.floor(top / shape.row) - SPARE));
  const last = Math.min(rows, Math.ceil((top + view) / shape.row) + SPARE);
  return {
    from: first * shape.columns,
    to: Math.min(count, last * shape.columns),
    above: first * shape.row,
    height: rows * shape.row,
  };
}
