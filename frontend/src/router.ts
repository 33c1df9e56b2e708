// Addresses within the page stand behind the #, so that they never meet the protocol's.

export interface Place {
  page: string;
  /** What follows the page: the number of a run, the id of an automation. */
  item: string;
  query: URLSearchParams;
}

/** Where an address leads: `#/runs/12?from=3` is item 12 of the page `runs`. */
export function placeOf(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  const [page = "", ...rest] = path.split("/");
  return { page, item: rest.map(decoded).join("/"), query: new URLSearchParams(query) };
}

/** The address of a place; `query` leaves out what is empty. */
export function addressOf(page: string, item = "", query: Record<string, string> = {}): string {
  const filled = Object.entries(query).filter(([, value]) => value !== "");
  const end = filled.length ? `?${new URLSearchParams(filled)}` : "";
  return `#/${page}${item ? `/${encodeURIComponent(item)}` : ""}${end}`;
}

/** Go there; `replace` leaves no trace to go back to. */
export function go(address: string, { replace = false } = {}): void {
  if (!replace) location.hash = address;
  else location.replace(address);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
