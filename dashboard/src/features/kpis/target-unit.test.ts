import { expect, test } from "vitest";
import { parseTyped, typedValue, unitOf } from "./target-unit.ts";

test.each([
  ["minutes", 1440, "24"],
  ["minutes", 90, "1.5"],
  ["percent", 0.95, "95"],
  ["percent", 0.07, "7"],
  ["percent", 0.999, "99.9"],
  ["count", 4.8, "4.8"],
] as const)("a target in %s of %d is typed as %s and read back", (kind, value, typed) => {
  expect(typedValue(value, unitOf(kind))).toBe(typed);
  expect(parseTyped(typed, unitOf(kind))).toBe(value);
});

test.each(["", "  ", "-1", "1e3", "abc", "1.2.3", "101"])("%j is no share", (text) => {
  expect(parseTyped(text, "percent")).toBeNull();
});

test("a comma is a point", () => {
  expect(parseTyped("4,8", "number")).toBe(4.8);
});
