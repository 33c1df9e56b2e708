// How full the disk is, and the memory of devices.

import { html, type TemplateResult } from "lit";
import type { Device, Status } from "../hub/records.js";
import { bytes, number } from "../text/format.js";
import { t } from "../text/text.js";

const NEARLY_FULL = 0.9;

export interface Meter {
  name: string;
  used: number;
  total: number;
}

/** The disk, then each device once, however many workers use it. */
export function metersOf(status: Status): Meter[] {
  const devices = new Map<string, Device>();
  for (const worker of status.workers) for (const device of worker.devices) devices.set(device.name, device);
  const disk = { name: t("meters.disk"), free: status.disk_free, total: status.disk_total };
  return [disk, ...devices.values()]
    .filter(({ total }) => total > 0)
    .map(({ name, free, total }) => ({ name, used: total - free, total }));
}

export function meters(status: Status): TemplateResult {
  return html`<section aria-labelledby="meters-title">
    <h2 id="meters-title">${t("meters")}</h2>
    <ul class="card meters">${metersOf(status).map(line)}</ul>
  </section>`;
}

function line({ name, used, total }: Meter): TemplateResult {
  const share = used / total;
  const words = t("system.memory", { used: bytes(used), total: bytes(total) });
  return html`<li>
    <span class="line"><span>${name}</span><span class="quiet end">${words}</span></span>
    <div
      class="meter"
      role="meter"
      aria-label=${name}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${number(share * 100)}
      aria-valuetext=${words}
      data-full=${share > NEARLY_FULL}
    ><span .style=${`inline-size: ${share * 100}%`}></span></div>
  </li>`;
}
