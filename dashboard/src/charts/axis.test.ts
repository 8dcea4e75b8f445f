import { expect, it } from "vitest";
import { niceTicks, rowAt } from "./axis.ts";

it("marks are round and reach past the largest value", () => {
  expect(niceTicks(0, 46.3)).toEqual([0, 20, 40, 60]);
  expect(niceTicks(0, 0.0831)).toEqual([0, 0.05, 0.1]);
  expect(niceTicks(0.78, 0.93)).toEqual([0.75, 0.8, 0.85, 0.9, 0.95]);
});

it("counts have whole marks", () => {
  expect(niceTicks(0, 2, 3, true)).toEqual([0, 1, 2]);
  expect(niceTicks(0, 7, 3, true)).toEqual([0, 3, 6, 9]);
});

it("a flat series still has an axis", () => {
  expect(niceTicks(0, 0, 3, true)).toEqual([0, 1]);
  expect(niceTicks(0, 0)).toEqual([0, 1]);
});

it("a click picks the column it hits and nothing beside the plot", () => {
  const rows = ["a", "b", "c", "d"];
  // 34 px of axis, 8 px of margin: the plot is 400 px wide.
  expect(rowAt(rows, 34, 442)).toBe("a");
  expect(rowAt(rows, 34 + 199, 442)).toBe("b");
  expect(rowAt(rows, 34 + 399, 442)).toBe("d");
  expect(rowAt(rows, 20, 442)).toBeNull();
  expect(rowAt(rows, 438, 442)).toBeNull();
  expect(rowAt([], 100, 442)).toBeNull();
});
