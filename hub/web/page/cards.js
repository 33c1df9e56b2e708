// One card for each run, automation and file.

import { duration, element, moment, state } from "./elements.js";

const THUMBNAIL = 256;
const PICTURES = new Set(["images", "video"]);

export function runCard(run) {
  return element(
    "li",
    { class: "card" },
    headline(run, state(run.state)),
    element("p", { class: "line quiet" }, source(run), moment(run.created_at), took(run)),
    run.error ? element("p", { class: "error" }, run.error.message) : null,
    Object.keys(run.parameters).length ? parameters(run.parameters) : null,
    run.outputs.length ? outputs(run.outputs) : null,
  );
}

export function runningCard(run, cancel) {
  const button = element("button", { type: "button", class: "end" }, "Cancel");
  button.setAttribute("aria-label", `Cancel run ${run.number}`);
  button.onclick = () => {
    button.disabled = true;
    cancel(run);
  };
  return element(
    "li",
    { class: "card" },
    headline(run, button),
    element("p", { class: "line quiet" }, source(run), element("span", { class: "step" })),
    element("progress", { "aria-label": `Progress of run ${run.number}`, max: "1" }),
  );
}

// How far a run is: nodes that are done, and the share of the one at work.
export function showProgress(card, run, progress) {
  const share = progress.maximum ? progress.value / progress.maximum : 0;
  card.querySelector("progress").value = Math.min(1, (progress.done + share) / run.node_count);
  const steps = progress.maximum ? `, ${progress.value} of ${progress.maximum}` : "";
  card.querySelector(".step").textContent = progress.node ? `node ${progress.node}${steps}` : "";
}

export function automationCard(automation) {
  return element(
    "li",
    { class: "card" },
    element(
      "div",
      { class: "line" },
      element("h3", {}, automation.alias || automation.id),
      element("span", { class: "end" }, state(automation.state)),
    ),
    automation.reason ? element("p", { class: "quiet" }, automation.reason) : null,
    automation.waiting
      ? element("p", { class: "quiet" }, `${automation.waiting} waiting for their turn`)
      : null,
    automation.triggers.length
      ? element("ul", { class: "triggers" }, ...automation.triggers.map(triggerLine))
      : null,
  );
}

export function fileCard(file) {
  return element(
    "li",
    { class: "card" },
    element("h3", { title: file.path }, file.name),
    element("p", { class: "error" }, file.reason),
    element("p", { class: "line quiet" }, file.automation, moment(file.seen_at)),
  );
}

function headline(run, end) {
  const number = element("span", { class: "number" }, `#${run.number}`);
  const title = element("h3", {}, run.workflow ?? "Posted prompt");
  return element("div", { class: "line" }, number, title, element("span", { class: "end" }, end));
}

function source(run) {
  const origins = { automation: "an automation", api: "on request", prompt: "a ComfyUI client" };
  return element("span", {}, run.automation ?? origins[run.origin]);
}

function took(run) {
  return run.seconds === null ? null : element("span", {}, duration(run.seconds));
}

function parameters(values) {
  const text = (value) => (typeof value === "string" ? value : JSON.stringify(value));
  const pairs = Object.entries(values).flatMap(([name, value]) => [
    element("dt", {}, name),
    element("dd", {}, text(value)),
  ]);
  return element(
    "details",
    { class: "quiet" },
    element("summary", {}, "Parameters"),
    element("dl", {}, ...pairs),
  );
}

function outputs(files) {
  return element("ul", { class: "outputs" }, ...files.map((file) => element("li", {}, link(file))));
}

function link(file) {
  const anchor = element("a", { href: file.url, target: "_blank", rel: "noopener" });
  if (!PICTURES.has(file.kind)) {
    anchor.textContent = file.name;
    return anchor;
  }
  const source = `${file.url}?thumbnail=${THUMBNAIL}`;
  const picture = element("img", { src: source, alt: file.name, title: file.name, loading: "lazy" });
  picture.onerror = () => anchor.replaceChildren(file.name);
  anchor.append(picture);
  return anchor;
}

function triggerLine(trigger) {
  return element(
    "li",
    {},
    element("div", { class: "line" }, element("span", {}, trigger.kind), state(trigger.state)),
    trigger.next_times.length
      ? element("p", { class: "quiet" }, "next: ", moment(trigger.next_times[0]))
      : null,
    trigger.reason ? element("p", { class: "quiet" }, trigger.reason) : null,
  );
}
