import { expect, it } from "vitest";
import { wilsonInterval } from "./statistics.ts";

it("matches the published interval for 15 of 20", () => {
  // R: prop.test(15, 20, correct = FALSE)
  const interval = wilsonInterval(15, 20);
  expect(interval?.lower).toBeCloseTo(0.5313, 3);
  expect(interval?.upper).toBeCloseTo(0.8881, 3);
});

it("stays inside 0 and 1 and knows when there is nothing to say", () => {
  expect(wilsonInterval(0, 3)?.lower).toBe(0);
  expect(wilsonInterval(3, 3)?.upper).toBeCloseTo(1, 10);
  expect(wilsonInterval(0, 0)).toBeNull();
});
