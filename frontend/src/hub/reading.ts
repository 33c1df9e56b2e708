// Something read from the hub, and read again whenever it may have changed.

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { connection } from "./connection.js";
import { pendingUntil } from "./pending.js";
import type { Notice } from "./records.js";

const PAUSE = 250; // however much happens, it is read at most four times a second

/** `concerns` says of which notices it may have changed; their names, or a question. */
export class Reading<T> implements ReactiveController {
  value: T | undefined;
  error: string | undefined;
  private stop: (() => void)[] = [];
  private due = 0;
  private isReading = false;
  private isFirst = true;
  private isStale = false;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly read: () => Promise<T>,
    private readonly concerns: readonly string[] | ((notice: Notice) => boolean) = [],
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.stop = [
      connection.hear((notice) => this.heard(notice)),
      connection.watch(() => this.reconnected()),
    ];
    void this.again();
  }

  hostDisconnected(): void {
    for (const stop of this.stop) stop();
    clearTimeout(this.due);
    this.due = 0;
  }

  /** Read it now. */
  async again(): Promise<void> {
    if (this.isReading) {
      this.isStale = true;
      return;
    }
    this.isReading = true;
    try {
      this.value = await (this.isFirst ? pendingUntil(this.read()) : this.read());
      this.error = undefined;
    } catch (error) {
      if (connection.state !== "lost") this.error = (error as Error).message;
    }
    this.isReading = false;
    this.isFirst = false;
    this.host.requestUpdate();
    if (this.isStale) {
      this.isStale = false;
      this.soon();
    }
  }

  private heard(notice: Notice): void {
    const { concerns } = this;
    const isOurs = Array.isArray(concerns)
      ? concerns.includes(notice.type)
      : (concerns as (notice: Notice) => boolean)(notice);
    if (isOurs || notice.type === "NoticesLost") this.soon();
  }

  private reconnected(): void {
    if (connection.state === "live") void this.again();
  }

  private soon(): void {
    this.due ||= window.setTimeout(() => {
      this.due = 0;
      void this.again();
    }, PAUSE);
  }
}
