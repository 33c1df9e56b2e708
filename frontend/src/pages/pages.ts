// Every page there is. Each is loaded when it is first gone to.

import { html } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { IconName } from "../parts/icons.js";
import type { Place } from "../router.js";
import type { Key } from "../text/text.js";

export interface PageEntry {
  /** The first word of its addresses. */
  name: string;
  title: Key;
  icon: IconName;
  inMenu?: boolean;
  /** The page of the menu under which it counts. */
  below?: string;
  load: () => Promise<unknown>;
  view: (place: Place) => unknown;
}

export const PAGES: readonly PageEntry[] = [
  {
    name: "",
    title: "overview",
    icon: "overview",
    inMenu: true,
    load: async () => undefined, // it came with the shell
    view: () => html`<page-overview></page-overview>`,
  },
  {
    name: "automations",
    title: "automations",
    icon: "automations",
    inMenu: true,
    load: () => Promise.all([import("./automations.js"), import("./automation.js")]),
    view: (place) =>
      place.item
        ? keyed(place.item, html`<page-automation .automation=${place.item}></page-automation>`)
        : html`<page-automations></page-automations>`,
  },
  {
    name: "runs",
    title: "runs",
    icon: "runs",
    inMenu: true,
    load: () => Promise.all([import("./runs.js"), import("./run.js")]),
    view: (place) =>
      place.item
        ? keyed(place.item, html`<page-run .number=${place.item}></page-run>`)
        : html`<page-runs .query=${place.query}></page-runs>`,
  },
  {
    name: "gallery",
    title: "gallery",
    icon: "gallery",
    inMenu: true,
    load: () => import("./gallery.js"),
    view: (place) => html`<page-gallery .query=${place.query}></page-gallery>`,
  },
  {
    name: "workflows",
    title: "workflows",
    icon: "workflows",
    inMenu: true,
    load: () => Promise.all([import("./workflows.js"), import("./workflow.js")]),
    view: (place) =>
      place.item
        ? keyed(
            place.item + place.query,
            html`<page-workflow .name=${place.item} .from=${place.query.get("from") ?? ""}></page-workflow>`,
          )
        : html`<page-workflows></page-workflows>`,
  },
  {
    name: "schedule",
    title: "schedule",
    icon: "schedule",
    inMenu: true,
    load: () => import("./schedule.js"),
    view: () => html`<page-schedule></page-schedule>`,
  },
  {
    name: "webhooks",
    title: "webhooks",
    icon: "webhooks",
    inMenu: true,
    load: () => import("./webhooks.js"),
    view: () => html`<page-webhooks></page-webhooks>`,
  },
  {
    name: "why",
    title: "why.short",
    icon: "why",
    inMenu: true,
    load: () => import("./why.js"),
    view: (place) => html`<page-why .query=${place.query}></page-why>`,
  },
  {
    name: "system",
    title: "system",
    icon: "system",
    inMenu: true,
    load: () => import("./system.js"),
    view: () => html`<page-system></page-system>`,
  },
  {
    name: "settings",
    title: "settings",
    icon: "settings",
    inMenu: true,
    load: () => import("./settings.js"),
    view: (place) => html`<page-settings .shown=${place.item || "access"}></page-settings>`,
  },
  {
    name: "edit",
    title: "editor",
    icon: "edit",
    below: "automations",
    load: () => import("./editor.js"),
    view: (place) => keyed(place.item, html`<page-editor .automation=${place.item}></page-editor>`),
  },
  {
    name: "change",
    title: "run.with_changes",
    icon: "edit",
    below: "runs",
    load: () => import("./change.js"),
    view: (place) => keyed(place.item, html`<page-change .number=${place.item}></page-change>`),
  },
  {
    name: "compare",
    title: "compare",
    icon: "compare",
    below: "runs",
    load: () => import("./compare.js"),
    view: (place) => html`<page-compare .query=${place.query}></page-compare>`,
  },
  {
    name: "firings",
    title: "firing",
    icon: "automations",
    below: "automations",
    load: () => import("./firing.js"),
    view: (place) => keyed(place.item, html`<page-firing .firing=${place.item}></page-firing>`),
  },
];
