// Asking the hub. Its errors are sentences for people, and become the message of `HubError`.

import { fromJson } from "./json.js";

export class HubError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export async function get<T>(address: string): Promise<T> {
  return ask<T>(address);
}

export async function post<T>(address: string, body?: unknown): Promise<T> {
  return send<T>("POST", address, body);
}

/** `body` as JSON, or as it is if it is a file. */
export async function send<T>(method: string, address: string, body?: unknown): Promise<T> {
  const isFile = body instanceof Blob;
  const content = isFile ? body : body === undefined ? undefined : JSON.stringify(body);
  const type = isFile ? "application/octet-stream" : "application/json";
  return ask<T>(address, { method, body: content, headers: { "Content-Type": type } });
}

async function ask<T>(address: string, options?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address, options);
  } catch {
    throw new HubError("The hub does not answer.", 0);
  }
  const answer = await response.text().then(fromJson).catch(() => null);
  if (response.ok) return answer as T;
  if (response.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname)}${location.hash}`); // the login has ended
  throw new HubError(answer?.error?.message ?? response.statusText, response.status);
}
