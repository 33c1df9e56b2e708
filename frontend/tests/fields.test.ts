// @vitest-environment jsdom
import { render } from "lit";
import { expect, test } from "vitest";
import type { Parameter } from "../src/hub/records.js";
import { fields, valuesOf } from "../src/parts/fields.js";

function formOf(parameters: Record<string, Parameter>, given = {}): HTMLFormElement {
  const form = document.createElement("form");
  render(fields(parameters, given), form);
  return form;
}

function parameter(type: string, more: Partial<Parameter> = {}): Parameter {
  return { type, required: false, default: null, ...more };
}

test("what is left empty is left out", async () => {
  const parameters = { prompt: parameter("prompt"), steps: parameter("integer") };
  expect(await valuesOf(formOf(parameters), parameters)).toEqual({});
});

test("given values are filled in and come back", async () => {
  const parameters = {
    prompt: parameter("prompt"),
    large: parameter("boolean"),
    style: parameter("select", { options: ["oil", "ink"] }),
    photo: parameter("image"),
  };
  const given = { prompt: "a cat", large: true, style: "ink", photo: "0f.png" };
  expect(await valuesOf(formOf(parameters, given), parameters)).toEqual(given);
});

test("a number with both limits has a slider that goes along", () => {
  const form = formOf({ steps: parameter("integer", { min: 1, max: 50 }) });
  const [number, slider] = form.querySelectorAll("input");
  if (!slider || !number) throw new Error("there are two");
  slider.value = "30";
  slider.dispatchEvent(new Event("input"));
  expect(number.value).toBe("30");
});

test("the dice rolls a seed", () => {
  const form = formOf({ seed: parameter("seed", { default: "random" }) });
  form.querySelector("button")?.click();
  expect(form.querySelector("input")?.value).toMatch(/^\d+$/);
});

test("what is offered is chosen from, beside what stays and what was given but is not there any more", () => {
  const parameters = { model: parameter("model", { options: ["a", "b"], held: "shipped" }) };
  const labels = (given: Record<string, unknown>): string[] => [...formOf(parameters, given).querySelectorAll("option")].map((each) => each.textContent ?? "");
  expect(labels({})).toEqual(["shipped", "a", "b"]);
  expect(labels({ model: "gone" })).toEqual(["shipped", "gone", "a", "b"]);
});
