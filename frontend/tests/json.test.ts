import { expect, test } from "vitest";
import { fromJson } from "../src/hub/json.js";

test("whole numbers that a browser would round keep their digits", () => {
  const answer = '{"seed":9015946690051091818,"least":-18446744073709551615,"list":[1,12345678901234567890]}';
  expect(fromJson(answer)).toEqual({ seed: "9015946690051091818", least: "-18446744073709551615", list: [1, "12345678901234567890"] });
});

test("all else is as it is written", () => {
  const held = { safe: 9007199254740991, part: 0.1234567890123456, large: 1e300, text: 'a " :12345678901234567890\\' };
  expect(fromJson(`[18446744073709551615,${JSON.stringify(held)}]`)).toEqual(["18446744073709551615", held]);
});
