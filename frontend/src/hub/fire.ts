// Firing an automation by hand.

import { post } from "./api.js";
import { connection } from "./connection.js";

/** What was asked for; `begun` resolves once it is on record, which may be long after: events wait for their turn. */
export interface Asked {
  firing: string;
  begun: Promise<void>;
}

/** Ask the hub for a firing, with what `body` says. */
export async function fire(automation: string, body: unknown): Promise<Asked> {
  const heard = new Set<unknown>(); // also those of which the hub tells before it answers
  let told = (): void => undefined;
  const stop = connection.hear((notice) => {
    if (notice.type === "FiringChanged") heard.add(notice["firing"]);
    told();
  });
  try {
    const address = `/api/hub/automations/${encodeURIComponent(automation)}/trigger`;
    const { firing } = await post<{ firing: string }>(address, body);
    const begun = new Promise<void>((resolve) => {
      told = () => {
        if (!heard.has(firing)) return;
        stop();
        resolve();
      };
    });
    told();
    return { firing, begun };
  } catch (error) {
    stop();
    throw error;
  }
}
