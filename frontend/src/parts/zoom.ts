// A picture that is enlarged by wheel, pinch, double click, keys or buttons, and moved by dragging.

const MOST = 8;
const STEP = 1.5;

export class Zoom {
  private scale = 1;
  private x = 0;
  private y = 0;
  private readonly pointers = new Map<number, { x: number; y: number }>();

  /** `applied` hears of each change. */
  constructor(
    private readonly picture: () => HTMLElement | null,
    private readonly applied: () => void,
  ) {}

  /** As large as fits. */
  reset(): void {
    this.scale = 1;
    this.x = this.y = 0;
    this.pointers.clear();
    this.apply();
  }

  get isLarge(): boolean {
    return this.scale > 1;
  }

  in(): void {
    this.by(STEP);
  }

  out(): void {
    this.by(1 / STEP);
  }

  /** Between fitting and three times as large, around a point of the window. */
  toggle(x?: number, y?: number): void {
    if (this.isLarge) this.reset();
    else this.by(3, x, y);
  }

  readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    this.by(Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
  };

  readonly down = (event: PointerEvent): void => {
    if (!this.isLarge && event.pointerType === "mouse") return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };

  readonly move = (event: PointerEvent): void => {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, now);
    if (other) this.by(distance(now, other) / distance(before, other), other.x, other.y);
    else this.shift(now.x - before.x, now.y - before.y);
  };

  readonly up = (event: PointerEvent): void => {
    this.pointers.delete(event.pointerId);
  };

  /** Larger by a factor, so that what is at a point of the window stays there. */
  private by(factor: number, x?: number, y?: number): void {
    const box = this.picture()?.getBoundingClientRect();
    if (!box) return;
    const scale = Math.min(MOST, Math.max(1, this.scale * factor));
    const change = scale / this.scale;
    const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    this.scale = scale;
    if (scale === 1) this.x = this.y = 0;
    else this.moveBy(((x ?? centre.x) - centre.x) * (1 - change), ((y ?? centre.y) - centre.y) * (1 - change));
    this.apply();
  }

  private shift(x: number, y: number): void {
    if (!this.isLarge) return;
    this.moveBy(x, y);
    this.apply();
  }

  private moveBy(x: number, y: number): void {
    this.x += x;
    this.y += y;
  }

  private apply(): void {
    const style = this.picture()?.style;
    if (!style) return;
    style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    style.cursor = this.isLarge ? "grab" : "zoom-in";
    this.applied();
  }
}

function distance(one: { x: number; y: number }, other: { x: number; y: number }): number {
  return Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
}
