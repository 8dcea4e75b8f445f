import { expect, it } from "vitest";
import { isWithinChance, wilsonInterval } from "./statistics.ts";

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

it("tells a change from chance as R's prop.test does", () => {
  // prop.test(c(619, 640), c(751, 760), correct = FALSE)$p.value = 0.34; with 600 of 760 it is 0.0009 the other way
  expect(isWithinChance(619 / 751, 751, 640 / 760, 760)).toBe(true);
  expect(isWithinChance(0.9, 800, 0.82, 800)).toBe(false);
  expect(isWithinChance(1, 10, 1, 20)).toBe(true);
  expect(isWithinChance(0.5, 0, 0.4, 10)).toBe(true);
});
