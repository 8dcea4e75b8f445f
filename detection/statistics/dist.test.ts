import { describe, expect, test } from "vitest";

import {
  betaCdf,
  gammaCdf,
  gammaQuantile,
  logGamma,
  negativeBinomialCdf,
  negativeBinomialQuantile,
  normalCdf,
  normalQuantile,
  poissonCdf,
  poissonQuantile,
} from "./dist.ts";

const TOLERANCE = 1e-9;
/** Error relative to values above 1, absolute below. */
const error = (actual: number, wanted: number): number => Math.abs(actual - wanted) / Math.max(1, Math.abs(wanted));

/** Sum of probabilities term by term: what the closed forms must agree with. */
function summedCdf(n: number, mean: number, dispersion: number): number {
  let probability = dispersion > 1 ? dispersion ** (-mean / (dispersion - 1)) : Math.exp(-mean);
  let sum = 0;
  for (let k = 0; k <= n; k++) {
    sum += probability;
    const size = mean / (dispersion - 1);
    probability *= dispersion > 1 ? (((size + k) / (k + 1)) * (dispersion - 1)) / dispersion : mean / (k + 1);
  }
  return sum;
}

/** Simpson's rule on the normal density. */
function integratedNormal(z: number): number {
  const steps = 20_000;
  const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(z);
  for (let i = 1; i < steps; i++) sum += (i % 2 ? 4 : 2) * density((z * i) / steps);
  return 0.5 + (sum * z) / steps / 3;
}

describe("distributions agree with independent formulas", () => {
  test("log gamma of whole numbers is the log of a factorial, of a half it is known", () => {
    let factorial = 1;
    for (let n = 1; n <= 20; n++) {
      expect(error(logGamma(n), Math.log(factorial))).toBeLessThan(TOLERANCE);
      factorial *= n;
    }
    expect(error(logGamma(0.5), Math.log(Math.sqrt(Math.PI)))).toBeLessThan(TOLERANCE);
    expect(error(logGamma(0.1), 2.252712651734206)).toBeLessThan(TOLERANCE);
  });

  test("the normal distribution function equals its integral and printed values", () => {
    for (const z of [-3.7, -1, -0.2, 0.5, 1.959963984540054, 2.5, 4])
      expect(error(normalCdf(z), integratedNormal(z))).toBeLessThan(TOLERANCE);
    expect(error(normalCdf(-6) / 9.865876450376946e-10, 1)).toBeLessThan(TOLERANCE);
    expect(error(normalQuantile(0.975), 1.959963984540054)).toBeLessThan(TOLERANCE);
    expect(error(normalQuantile(0.5), 0)).toBeLessThan(TOLERANCE);
    expect(error(normalQuantile(1e-6), -4.753424308822899)).toBeLessThan(TOLERANCE);
  });

  test("a gamma of whole shape is a Poisson tail, a gamma of shape one half a squared normal", () => {
    for (const x of [0.1, 1, 4.5, 20]) {
      expect(error(gammaCdf(x, 1), 1 - Math.exp(-x))).toBeLessThan(TOLERANCE);
      expect(error(gammaCdf(x, 5), 1 - summedCdf(4, x, 1))).toBeLessThan(TOLERANCE);
      expect(error(gammaCdf(x, 0.5), 2 * normalCdf(Math.sqrt(2 * x)) - 1)).toBeLessThan(TOLERANCE);
    }
  });

  test("Poisson and negative binomial distribution functions equal their sums", () => {
    for (const mean of [0.03, 0.7, 4, 35, 180]) {
      for (const n of [0, 1, 3, 10, 40, 200]) {
        expect(error(poissonCdf(n, mean), Math.min(1, summedCdf(n, mean, 1)))).toBeLessThan(TOLERANCE);
        for (const dispersion of [1.05, 1.5, 4]) {
          expect(
            error(negativeBinomialCdf(n, mean, dispersion), Math.min(1, summedCdf(n, mean, dispersion))),
          ).toBeLessThan(TOLERANCE);
        }
      }
    }
  });

  test("a beta with whole parameters is a binomial tail", () => {
    expect(error(betaCdf(0.3, 1, 1), 0.3)).toBeLessThan(TOLERANCE);
    expect(error(betaCdf(0.3, 2, 1), 0.09)).toBeLessThan(TOLERANCE);
    expect(error(betaCdf(0.25, 2, 3), 1 - (0.75 ** 4 + 4 * 0.25 * 0.75 ** 3))).toBeLessThan(TOLERANCE);
  });
});

describe("quantiles invert the distribution functions", () => {
  test("continuous ones to the last digits", () => {
    for (const p of [1e-5, 0.025, 0.3, 0.5, 0.9, 0.999]) {
      expect(error(normalCdf(normalQuantile(p)), p)).toBeLessThan(TOLERANCE);
      for (const shape of [0.2, 0.5, 1, 3.3, 40, 900])
        expect(error(gammaCdf(gammaQuantile(p, shape), shape), p)).toBeLessThan(TOLERANCE);
    }
  });

  test("discrete ones give the smallest count that reaches the probability", () => {
    for (const mean of [0.05, 1, 12, 150]) {
      for (const dispersion of [1, 1.3, 5]) {
        for (const p of [0.025, 0.5, 0.975, 0.9999]) {
          const n = negativeBinomialQuantile(p, mean, dispersion);
          expect(negativeBinomialCdf(n, mean, dispersion)).toBeGreaterThanOrEqual(p);
          expect(n === 0 ? 0 : negativeBinomialCdf(n - 1, mean, dispersion)).toBeLessThan(p);
        }
      }
      expect(poissonQuantile(0.5, mean)).toBe(negativeBinomialQuantile(0.5, mean, 1));
    }
  });
});
