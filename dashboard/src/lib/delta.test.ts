import { expect, it } from "vitest";
import { deltaOf } from "./delta.ts";

it("a rising rate is bad news where lower is better, in percentage points", () => {
  const delta = deltaOf(0.061, 0.048, "points", "down");
  expect(delta).toMatchObject({ direction: "up", tone: "bad", kind: "points" });
  expect(delta?.amount).toBeCloseTo(0.013, 10);
});

it("a falling duration is good news, relative to the former value", () => {
  expect(deltaOf(90, 120, "relative", "down")).toEqual({
    direction: "down",
    tone: "good",
    kind: "relative",
    amount: -0.25,
  });
});

it("a volume has no good or bad direction", () => {
  expect(deltaOf(110, 100, "relative", "neutral")?.tone).toBe("neutral");
});

it("a change that rounds to nothing is unchanged and has no tone", () => {
  expect(deltaOf(0.05004, 0.05, "points", "down")).toMatchObject({ direction: "flat", tone: "neutral" });
});

it("nothing is compared with a missing side or with zero", () => {
  expect(deltaOf(null, 1, "points", "up")).toBeNull();
  expect(deltaOf(1, null, "points", "up")).toBeNull();
  expect(deltaOf(5, 0, "relative", "up")).toBeNull();
  expect(deltaOf(0.1, 0, "points", "up")?.amount).toBeCloseTo(0.1, 10);
});
