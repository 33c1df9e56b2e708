// What the hub is doing, live. Notices say that something changed; then what they are about is
// read again, at most a few times a second however much happens.

import { automationCard, fileCard, runCard, runningCard, showProgress } from "./cards.js";
import { bytes, element, show } from "./elements.js";
import { follow } from "./notices.js";

const PAGE = 30;
const PAUSE = 250;
const at = (id) => document.getElementById(id);

const progress = new Map(); // of running runs, by id: nodes done, the node at work, its steps
let older = []; // runs that were asked for with the button
let running = [];

async function read(address, options) {
  const response = await fetch(address, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error.message);
  return answer;
}

async function readRuns() {
  const [latest, now] = await Promise.all([
    read(`/api/hub/runs?limit=${PAGE}`),
    read("/api/hub/runs?state=running"),
  ]);
  const known = new Set(latest.runs.map((run) => run.id));
  older = older.filter((run) => !known.has(run.id));
  showRuns([...latest.runs, ...older]);
  showRunning(now.runs);
}

function showRuns(runs) {
  const notRunning = runs.filter((run) => run.state !== "running"); // those have their own list
  show(at("runs"), notRunning, (run) => run.id, runCard);
  at("empty").hidden = runs.length > 0;
  at("older").hidden = runs.length < PAGE || runs.at(-1).number === 1;
  at("older").onclick = async () => {
    const more = await read(`/api/hub/runs?limit=${PAGE}&before=${runs.at(-1).number}`);
    older = [...older, ...more.runs];
    showRuns([...runs, ...more.runs]);
  };
}

function showRunning(runs) {
  running = runs;
  at("now").hidden = runs.length === 0;
  const cancel = (run) => read(`/api/hub/runs/${run.id}/cancel`, { method: "POST" });
  show(at("running"), runs, (run) => run.id, (run) => runningCard(run, cancel));
  const ids = new Set(runs.map((run) => run.id));
  for (const id of progress.keys()) if (!ids.has(id)) progress.delete(id);
  for (const id of progress.keys()) showProgressOf(id);
}

function showProgressOf(id) {
  const card = at("running").querySelector(`[data-key="${CSS.escape(id)}"]`);
  const run = running.find((candidate) => candidate.id === id);
  if (card && run) showProgress(card, run, progress.get(id));
}

async function readStatus() {
  const [status, { automations }] = await Promise.all([
    read("/api/hub/status"),
    read("/api/hub/automations"),
  ]);
  const ready = status.workers.filter((worker) => worker.ready).length;
  const facts = [
    [status.remaining - status.waiting, "under way"],
    [status.waiting, "waiting"],
    [`${ready} of ${status.workers.length}`, "workers ready"],
    [bytes(status.disk_free), "free"],
  ];
  at("facts").replaceChildren(
    ...facts.map(([number, word]) => element("li", {}, element("strong", {}, `${number}`), ` ${word}`)),
  );
  show(at("automations"), automations, (automation) => automation.id, automationCard);
  at("no-automations").hidden = automations.length > 0;
  const fileKey = (file) => `${file.automation} ${file.path}`;
  show(at("quarantined"), status.quarantined, fileKey, fileCard);
  at("quarantine").hidden = status.quarantined.length === 0;
}

// Calls `work` soon after it is asked to, never twice at once, and again if asked meanwhile.
function soon(work) {
  let asked = false;
  let busy = false;
  const go = async () => {
    busy = true;
    while (asked) {
      asked = false;
      await work().catch((error) => tellConnection("waiting", error.message));
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    busy = false;
  };
  return () => {
    asked = true;
    if (!busy) go();
  };
}

const refreshRuns = soon(readRuns);
const refreshStatus = soon(readStatus);

function received(notice) {
  const id = notice.run?.id;
  const now = progress.get(id) ?? { done: 0, node: null, value: 0, maximum: 0 };
  switch (notice.type) {
    case "NodesCached":
      progress.set(id, { ...now, done: notice.nodes.length });
      break;
    case "NodeStarted":
      progress.set(id, { ...now, node: notice.node, value: 0, maximum: 0 });
      break;
    case "NodeProgressed":
      progress.set(id, { ...now, node: notice.node, value: notice.value, maximum: notice.maximum });
      break;
    case "NodeFinished":
      progress.set(id, { ...now, done: now.done + (notice.cached ? 0 : 1), value: 0, maximum: 0 });
      break;
    case "RunFinished":
      at("news").textContent = `Run ${notice.run.number} ${notice.run.state}.`;
      progress.delete(id);
      refreshRuns();
      return refreshStatus();
    default:
      refreshRuns();
      return refreshStatus();
  }
  showProgressOf(id);
}

function tellConnection(state, words) {
  at("connection").dataset.state = state;
  at("connection").textContent = words;
}

at("address").textContent = location.origin;
follow({
  opened() {
    tellConnection("live", "Live");
    refreshRuns();
    refreshStatus();
  },
  closed() {
    tellConnection("waiting", "The hub does not answer. Trying again …");
  },
  received,
});
