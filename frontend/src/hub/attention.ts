// What needs somebody's attention, in words.

import { bytes, roughly } from "../text/format.js";
import { t } from "../text/text.js";
import type { Automation, Run, Status, Worker } from "./records.js";

const LITTLE_DISK = 2 ** 30;
const LATELY = 86_400_000; // a failure older than a day is history

export interface Concern {
  text: string;
  /** What the hub says about it. */
  details: string[];
  address?: string;
}

/** Everything that is not as it should be, the gravest first. */
export function concerns(
  status: Status,
  automations: Automation[],
  failed: Run[],
  now: number,
): Concern[] {
  const { mistakes } = status.configuration; // an automation with one of them is not told twice
  return [
    ...ofConfiguration(status),
    ...status.workers.filter(isInTrouble).map(ofWorker),
    ...status.workers.filter((each) => each.ready && isLately(each.ended_at, now)).map(ofRestart),
    ...ofWaiting(status),
    ...ofDisk(status),
    ...automations.filter((each) => each.state === "unavailable" && !mistakes.includes(each.reason)).map(ofAutomation),
    ...automations.filter((each) => each.state === "on").flatMap(ofTriggers),
    ...status.overdue.map((late) => ofOverdue(late, automations)),
    ...status.missed.map((missed) => ofMissed(missed, automations)),
    ...ofQuarantine(status),
    ...ofFailures(failed.filter((run) => isLately(run.ended_at, now))),
    ...ofSwitches(status),
  ];
}

function isLately(moment: string | null, now: number): boolean {
  return moment !== null && now - Date.parse(moment) < LATELY;
}

function ofConfiguration({ configuration }: Status): Concern[] {
  const { refused, mistakes, warnings, after_restart: waiting } = configuration;
  return [
    ...(refused ? [{ text: t("attention.refused"), details: [refused] }] : []),
    ...(mistakes.length
      ? [{ text: t("attention.mistakes", { count: mistakes.length }), details: mistakes }]
      : []),
    ...(warnings.length
      ? [{ text: t("attention.warnings", { count: warnings.length }), details: warnings }]
      : []),
    ...(waiting.length ? [{ text: t("attention.restart"), details: [waiting.join(", ")] }] : []),
  ];
}

function isInTrouble(worker: Worker): boolean {
  return worker.state === "cannot_start" || worker.state === "restarting";
}

function ofWorker(worker: Worker): Concern {
  const text = t(`attention.worker.${worker.state as "cannot_start" | "restarting"}`, { name: worker.name });
  return { text, details: worker.reason ? [worker.reason] : [], address: "#/system" };
}

function ofWaiting({ held_up, workers }: Status): Concern[] {
  const told = workers.filter(isInTrouble).flatMap(({ reason }) => reason ?? []); // just before
  return held_up.map(({ count, reason }) => ({
    text: t("attention.held_up", { count }),
    details: told.some((each) => reason.includes(each)) ? [] : [reason],
  }));
}

function ofRestart(worker: Worker): Concern {
  const text = t("attention.worker.restarted", { name: worker.name, when: roughly(worker.ended_at ?? "") });
  return { text, details: worker.ended_why ? [worker.ended_why] : [], address: "#/system" };
}

function ofTriggers(automation: Automation): Concern[] {
  return automation.triggers
    .filter(({ state }) => state === "failed" || state === "unavailable")
    .map(({ id, reason }) => ({
      text: t("attention.trigger", { name: automation.alias || automation.id, trigger: id }),
      details: reason ? [reason] : [],
      address: addressOf(automation.id),
    }));
}

function ofOverdue({ automation: id, since }: Status["overdue"][number], automations: Automation[]): Concern {
  const text = t("attention.overdue", { name: nameOf(id, automations), when: roughly(since) });
  return { text, details: [], address: addressOf(id) };
}

function ofMissed({ automation: id, count, latest }: Status["missed"][number], automations: Automation[]): Concern {
  return {
    text: t("attention.missed", { name: nameOf(id, automations), count }),
    details: [t("attention.missed.latest", { when: roughly(latest) })],
    address: addressOf(id),
  };
}

function nameOf(id: string, automations: Automation[]): string {
  return automations.find((each) => each.id === id)?.alias || id;
}

function addressOf(automation: string): string {
  return `#/automations/${encodeURIComponent(automation)}`;
}

function ofDisk(status: Status): Concern[] {
  if (status.disk_free >= LITTLE_DISK) return [];
  return [{ text: t("attention.disk", { free: bytes(status.disk_free) }), details: [] }];
}

function ofAutomation(automation: Automation): Concern {
  return {
    text: t("attention.unavailable", { name: automation.alias || automation.id }),
    details: [automation.reason],
  };
}

function ofQuarantine({ quarantined }: Status): Concern[] {
  return quarantined.map((file) => ({
    text: t("attention.quarantined", { name: file.name }),
    details: [file.reason],
    address: `#/why?path=${encodeURIComponent(file.path)}`,
  }));
}

function ofFailures(runs: Run[]): Concern[] {
  if (!runs.length) return [];
  const details = runs.slice(0, 3).map((run) => `#${run.number}: ${run.error?.message ?? ""}`);
  const text = t("attention.failed", { count: runs.length });
  return [{ text, details, address: "#/runs?state=failed" }];
}

function ofSwitches(status: Status): Concern[] {
  return [
    ...(status.paused ? [{ text: t("attention.paused"), details: [] }] : []),
    ...(status.safe ? [{ text: t("attention.safe"), details: [] }] : []),
  ];
}
