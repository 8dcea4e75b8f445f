import { expect, test } from "vitest";

import { qValues } from "./false-discovery.ts";
import { normalCdf } from "./statistics/dist.ts";
import { randomNumbers } from "./testing/simulate.ts";

test("q-values of the published worked example (Benjamini & Hochberg 1995, §4) call four tests at 5 %", () => {
  const p = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ];
  const q = qValues(Float64Array.from(p));
  expect([...q].filter((value) => value <= 0.05)).toHaveLength(4);
  expect(q[0]).toBeCloseTo(0.0015, 10);
  expect(q[3]).toBeCloseTo((0.0095 * 15) / 4, 10);
});

test("missing p-values stay missing and don't count as tests", () => {
  const q = qValues(Float64Array.from([0.01, Number.NaN, 0.5]));
  expect(q[0]).toBeCloseTo(0.02, 12);
  expect(q[1]).toBeNaN();
});

test("under arbitrary dependence the harmonic factor is paid", () => {
  const q = qValues(Float64Array.from([0.001, 0.9]), "arbitrary");
  expect(q[0]).toBeCloseTo(0.001 * 2 * 1.5, 12);
});

test("calling at q <= 10 % keeps the share of false calls at 10 %", () => {
  const random = randomNumbers(5);
  let falseShare = 0;
  const rounds = 200;
  for (let round = 0; round < rounds; round++) {
    const p = Float64Array.from({ length: 200 }, (_, i) => (i < 20 ? normalCdf(-3 - random()) : random()));
    const called = [...qValues(p).entries()].filter(([, q]) => q <= 0.1).map(([i]) => i);
    falseShare += called.filter((i) => i >= 20).length / Math.max(1, called.length) / rounds;
  }
  expect(falseShare).toBeGreaterThan(0.05);
  expect(falseShare).toBeLessThan(0.12);
});
