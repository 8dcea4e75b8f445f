import { expect, test } from "vitest";

import { DEFAULT_OPTIONS, judgePanel } from "./detector.ts";
import { DETECTORS } from "./detectors.ts";
import { controlFalseDiscoveries, DailyFamilies, LARGEST_Q, qValues } from "./false-discovery.ts";
import { emptyJudgement } from "./judgement.ts";
import { normalCdf } from "./statistics/dist.ts";
import { randomNumbers, simulatePanel } from "./testing/simulate.ts";

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

test("a family counts tests whose p-values are left out of the list", () => {
  const whole = qValues(Float64Array.from([0.01, 0.04, 0.6, 0.9]));
  expect([...qValues(Float64Array.from([0.01, 0.04]), 4)]).toEqual(Array.from(whole.slice(0, 2)));
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

/** One judged day per series; all of them alarm by themselves. */
const dayOf = (pValues: readonly number[]) =>
  pValues.map((p, i) => {
    const judged = emptyJudgement(`s${i}`, 0, 1);
    judged.pValue[0] = p;
    judged.isAlarm[0] = 1;
    return judged;
  });

test("a day's q-values over several chunks are those of the whole list; beyond one half they are 1", () => {
  const random = randomNumbers(9);
  const p = Array.from({ length: 400 }, (_, i) => (i < 20 ? 1e-4 * random() : i === 30 ? Number.NaN : random()));
  const judged = dayOf(p);
  const families = new DailyFamilies(1);
  for (const one of judged) families.add(one);
  const whole = qValues(Float64Array.from(p));
  for (const one of judged) families.control(one, 0.2);
  const expected = whole.map((q) => (q > LARGEST_Q ? 1 : q));
  expect(judged.map((one) => one.qValue[0])).toEqual([...expected]);
  expect(expected.filter((q) => q < 1).length).toBeGreaterThan(20);
});

test("the same alarm counts among ten series and not among a thousand, unless others alarm with it", () => {
  const alarms = (pValues: readonly number[], rate = 0.2): number => {
    const judged = dayOf(pValues);
    controlFalseDiscoveries(judged, 1, rate);
    return judged.filter((one) => one.isAlarm[0] === 1).length;
  };
  const quiet = (count: number): number[] => Array.from({ length: count }, () => 1);
  expect(alarms([0.01, ...quiet(9)])).toBe(1);
  expect(alarms([0.01, ...quiet(999)])).toBe(0);
  expect(alarms([0.01, ...quiet(999)], 1)).toBe(1000);
  expect(alarms([...Array.from({ length: 60 }, () => 0.01), ...quiet(940)])).toBe(60);
});

test.each(DETECTORS.map((detector) => [detector.name, detector] as const))(
  "%s: no day alarms with a q-value above the rate, and a smaller rate only takes alarms away",
  (_, detector) => {
    const defects = [1, 4, 7].map((product) => ({
      product,
      reason: 0,
      kind: "lot" as const,
      from: 200,
      to: 240,
      ratio: 2 + product / 3,
    }));
    const panel = simulatePanel({ seed: 61, days: 300, products: 60, meanPerDay: 2, defects });
    const run = (falseDiscoveryRate: number) => judgePanel(detector, panel, { ...DEFAULT_OPTIONS, falseDiscoveryRate });
    const [all, some, few] = [run(1), run(0.2), run(0.01)];
    let [taken, left] = [0, 0];
    for (const [row, one] of some.entries()) {
      for (const [at, isAlarm] of one.isAlarm.entries()) {
        expect(isAlarm).toBe(all[row]!.isAlarm[at] && one.qValue[at]! <= 0.2 ? 1 : 0);
        expect(few[row]!.isAlarm[at]! <= isAlarm).toBe(true);
        taken += all[row]!.isAlarm[at]! - few[row]!.isAlarm[at]!;
        left += few[row]!.isAlarm[at]!;
      }
    }
    expect(taken).toBeGreaterThan(0);
    expect(left).toBeGreaterThan(0);
  },
);

test.each([0, 0.7, 1.5, Number.NaN])("a rate of %s is refused", (falseDiscoveryRate) => {
  const panel = simulatePanel({ seed: 1, products: 1, reasons: 1, days: 60 });
  expect(() => judgePanel(DETECTORS[0]!, panel, { ...DEFAULT_OPTIONS, falseDiscoveryRate })).toThrow(
    /falseDiscoveryRate/,
  );
});
