import { expect, test } from "vitest";

import { lagDistributions, LONGEST_LAG_DAYS } from "./lags.ts";

const mean = (pmf: Float64Array): number => pmf.reduce((sum, share, lag) => sum + share * lag, 0);

test("many pairs give their own shape, few borrow the shape of all", () => {
  const counts = (at: number, pairs: number): Float64Array => {
    const out = new Float64Array(LONGEST_LAG_DAYS + 1);
    out[at] = pairs;
    return out;
  };
  const lags = lagDistributions(
    new Map([
      ["carrier", counts(3, 5000)],
      ["product", counts(20, 5000)],
      ["service", counts(40, 1)],
    ]),
  );
  expect(mean(lags.get("carrier")!)).toBeCloseTo(3, 0);
  expect(mean(lags.get("product")!)).toBeCloseTo(20, 0);
  expect(mean(lags.get("service")!)).toBeGreaterThan(10);
  expect(mean(lags.get("service")!)).toBeLessThan(14);
  for (const pmf of lags.values()) expect(pmf.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
});

test("without pairs there is still a shape", () => {
  const lags = lagDistributions(new Map([["product", new Float64Array(LONGEST_LAG_DAYS + 1)]]));
  expect(mean(lags.get("product")!)).toBeGreaterThan(8);
  expect(mean(lags.get("product")!)).toBeLessThan(20);
});
