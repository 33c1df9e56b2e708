// The WebSocket of notices, and the like of it. It comes back by itself when the connection or the hub went away; whoever
// shows something reads it anew then, because notices of the time between are lost.

import type { Notice } from "./records.js";

const SHORTEST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

export type ConnectionState = "connecting" | "live" | "lost";

export class Connection<T> {
  state: ConnectionState = "connecting";
  private pause = SHORTEST_PAUSE;
  private waiting = 0;
  private socket: WebSocket | undefined;
  private readonly hearing = new Set<(message: T) => void>();
  private readonly watching = new Set<() => void>();

  constructor(private readonly path: string) {}

  /** Connect, and stay connected until it is closed. */
  open(): void {
    const protocol = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${protocol}://${location.host}${this.path}`);
    this.socket = socket;
    socket.onopen = () => {
      this.pause = SHORTEST_PAUSE;
      this.become("live");
    };
    socket.onmessage = (message: MessageEvent<string>) => this.tell(JSON.parse(message.data));
    socket.onclose = () => {
      this.become("lost");
      this.waiting = window.setTimeout(() => this.open(), this.pause);
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    };
    window.ononline = () => this.hurry();
  }

  close(): void {
    clearTimeout(this.waiting);
    if (this.socket) this.socket.onclose = null;
    this.socket?.close();
  }

  /** Call with every message from now on; gives the way to stop that. */
  hear(listener: (message: T) => void): () => void {
    this.hearing.add(listener);
    return () => this.hearing.delete(listener);
  }

  /** Call whenever `state` has changed; gives the way to stop that. */
  watch(listener: () => void): () => void {
    this.watching.add(listener);
    return () => this.watching.delete(listener);
  }

  /** Hand a message to all who hear. */
  tell(message: T): void {
    for (const listener of this.hearing) listener(message);
  }

  private hurry(): void {
    if (this.state !== "lost") return;
    clearTimeout(this.waiting);
    this.open();
  }

  private become(state: ConnectionState): void {
    this.state = state;
    for (const listener of this.watching) listener();
  }
}

/** What happens in the hub, as long as the page is open. */
export const connection = new Connection<Notice>("/api/hub/notices");
