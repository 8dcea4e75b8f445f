import { expect, it } from "vitest";
import { isJudgedInPart } from "./judged-in-part.ts";

it.each([
  ["all cases judged", { observed: 20, expected: 4.5, excess: 15.5 }, false],
  ["rounding only", { observed: 20, expected: 4.5, excess: 15.1 }, false],
  ["thirty units of one order count as a few", { observed: 50, expected: 4.5, excess: 18.5 }, true],
  ["nothing known", { observed: 50, expected: null, excess: null }, false],
])("%s", (_name, finding, expected) => {
  expect(isJudgedInPart(finding)).toBe(expected);
});
