import { expect, it } from "vitest";
import { OTHER, reasonStack } from "./reason-weeks.ts";

const week = (start: string) => ({ start, end: start, isIncomplete: false });

it("keeps the largest reasons by name, sums the rest and leaves no week out", () => {
  const rows = ["a", "b", "c", "d", "e", "f", "g"].map((reason, index) => ({
    reason,
    week: "2026-11-02",
    returns: 10 - index,
  }));
  const stack = reasonStack(rows, [week("2026-10-26"), week("2026-11-02")]);
  expect(stack.reasons).toEqual(["a", "b", "c", "d", "e", OTHER]);
  expect(stack.weeks.map((entry) => entry.counts)).toEqual([{}, { a: 10, b: 9, c: 8, d: 7, e: 6, [OTHER]: 9 }]);
});

it("six reasons need no other", () => {
  const rows = ["a", "b", "c", "d", "e", "f"].map((reason) => ({ reason, week: "2026-11-02", returns: 1 }));
  expect(reasonStack(rows, [week("2026-11-02")]).reasons).toHaveLength(6);
});
