import { assert as holds, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";

import { DEFAULT_OPTIONS, judgePanel, type JudgedSeries } from "../../detector.ts";
import { naiveRate } from "../naive-rate/naive-rate.ts";
import { cutPanel, type Panel } from "../../series.ts";
import { simulatePanel, type Defect, type Simulation } from "../../testing/simulate.ts";
import { countBand } from "./band.ts";
import { sequentialRatio } from "./sequential-ratio.ts";

const detector = sequentialRatio();
const judge = (panel: Panel, judgeFrom = 150): JudgedSeries[] =>
  judgePanel(detector, panel, { ...DEFAULT_OPTIONS, judgeFrom });

/** Alarms that open: no alarm in the 7 days before. */
function alerts(judged: readonly JudgedSeries[]): number {
  let count = 0;
  for (const one of judged) {
    let last = Number.NEGATIVE_INFINITY;
    for (const [at, isAlarm] of one.isAlarm.entries()) {
      if (!isAlarm) continue;
      if (at - last > 7) count++;
      last = at;
    }
  }
  return count;
}

const alarmDays = (judged: readonly JudgedSeries[], id: string): number[] => {
  const one = judged.find((other) => other.seriesId === id)!;
  return [...one.isAlarm.entries()].filter(([, isAlarm]) => isAlarm).map(([at]) => at + one.firstIndex);
};

describe("quiet data", () => {
  test.each([
    ["Poisson, sparse", { meanPerDay: 0.2 }],
    ["Poisson", { meanPerDay: 2 }],
    ["overdispersed", { meanPerDay: 2, dispersion: 2.5 }],
    ["overdispersed, dense", { meanPerDay: 15, dispersion: 1.8 }],
  ])("%s: false alerts stay within the budget", (_, changes) => {
    let count = 0;
    let years = 0;
    for (const seed of [11, 12, 13]) {
      const judged = judge(simulatePanel({ seed, days: 515, products: 25, ...changes }));
      count += alerts(judged);
      years += (judged.length * judged[0]!.score.length) / 365.25;
    }
    expect(years).toBeGreaterThan(200);
    expect(count / years).toBeLessThanOrEqual(DEFAULT_OPTIONS.alarmBudget);
  });

  test("the control alarms many times more often than the budget on the same data", () => {
    const panel = simulatePanel({ seed: 11, days: 515, meanPerDay: 2 });
    const judged = judgePanel(naiveRate, panel, { ...DEFAULT_OPTIONS, judgeFrom: 150 });
    expect(alerts(judged) / ((judged.length * judged[0]!.score.length) / 365.25)).toBeGreaterThan(1);
  });

  test("the 95 % band holds about 95 % of the days, and the expectation is unbiased", () => {
    for (const simulation of [
      { seed: 3, meanPerDay: 2, dispersion: 1.5 },
      { seed: 4, meanPerDay: 10, dispersion: 1.5 },
      { seed: 5, meanPerDay: 1, dispersion: 3 },
    ]) {
      const panel = simulatePanel({ days: 600, ...simulation });
      let [days, above, below, observed, expected] = [0, 0, 0, 0, 0];
      for (const [row, one] of judge(panel).entries()) {
        for (let at = 0; at < one.expected.length; at++) {
          const count = panel.series[row]!.counts[150 + at]!;
          days++;
          above += count > one.upper[at]! ? 1 : 0;
          below += count < one.lower[at]! ? 1 : 0;
          observed += count;
          expected += one.expected[at]!;
        }
      }
      expect(above / days).toBeGreaterThan(0.01);
      expect(above / days).toBeLessThan(0.035);
      expect(below / days).toBeLessThan(0.035);
      expect(observed / expected).toBeGreaterThan(0.95);
      expect(observed / expected).toBeLessThan(1.05);
    }
  });

  test("without lags, exposure or companions it still judges", () => {
    const { series, ...panel } = simulatePanel({ seed: 8, products: 1, reasons: 1, meanPerDay: 3 });
    const judged = judge({ ...panel, lagDistributions: new Map(), series: [{ ...series[0]!, exposure: null }] });
    expect(judged[0]!.expected.every((mean) => mean > 0)).toBe(true);
  });
});

describe("defects", () => {
  const found = (defect: Defect, changes: Partial<Simulation> = {}): number[] => {
    const panel = simulatePanel({ seed: 21, meanPerDay: 3, days: 420, defects: [defect], ...changes });
    return alarmDays(judge(panel), `p${defect.product}-r${defect.reason}`);
  };

  test("a bad lot is found while its returns arrive", () => {
    const days = found({ product: 2, reason: 1, kind: "lot", from: 300, to: 330, ratio: 3 });
    expect(days[0]).toBeGreaterThan(300);
    expect(days[0]).toBeLessThan(325);
  });

  test("a lasting step is found", () => {
    const days = found({ product: 2, reason: 0, kind: "lot", from: 300, to: 420, ratio: 2 });
    expect(days[0]).toBeGreaterThan(300);
    expect(days[0]).toBeLessThan(330);
  });

  test("a burst of arrivals is found the same or the next days", () => {
    const days = found({ product: 4, reason: 2, kind: "burst", from: 300, to: 304, ratio: 6 });
    expect(days[0]).toBeGreaterThanOrEqual(300);
    expect(days[0]).toBeLessThanOrEqual(303);
  });

  test("a slow ramp is found", () => {
    const days = found({ product: 5, reason: 1, kind: "ramp", from: 280, to: 340, ratio: 4 });
    expect(days[0]).toBeGreaterThan(285);
    expect(days[0]).toBeLessThan(340);
  });

  test("its product's other reasons don't alarm with it", () => {
    const defect: Defect = { product: 2, reason: 1, kind: "lot", from: 300, to: 330, ratio: 5 };
    const judged = judge(simulatePanel({ seed: 21, meanPerDay: 3, days: 420, defects: [defect] }));
    expect(alarmDays(judged, "p2-r0")).toEqual([]);
    expect(alarmDays(judged, "p2-r2")).toEqual([]);
  });

  test("the alarm ends some weeks after the last bad returns", () => {
    const days = found({ product: 2, reason: 0, kind: "lot", from: 280, to: 300, ratio: 4 });
    expect(days.at(-1)).toBeLessThan(345);
  });

  test("a rise that stays becomes the new normal after the stated time", () => {
    const days = found({ product: 2, reason: 0, kind: "lot", from: 250, to: 620, ratio: 3 }, { days: 620 });
    expect(days.length).toBeGreaterThan(100);
    expect(days.at(-1)).toBeLessThan(520);
  });

  test("a rise too small to matter doesn't alarm, however certain", () => {
    const days = found({ product: 2, reason: 0, kind: "lot", from: 250, to: 420, ratio: 1.15 }, { meanPerDay: 60 });
    expect(days).toEqual([]);
  });
});

describe("what is no defect", () => {
  test("a promotion whose returns rise with the units sold doesn't alarm, though the counts multiply", () => {
    const promotions = [0, 3, 7].map((product) => ({ product, from: 300, to: 308, factor: 6 }));
    const panel = simulatePanel({ seed: 31, meanPerDay: 4, promotions });
    const peak = Math.max(...panel.series[0]!.counts.subarray(300, 330));
    expect(peak).toBeGreaterThan(3 * Math.max(...panel.series[0]!.counts.subarray(200, 300)) * 0.8);
    expect(alerts(judge(panel))).toBe(0);
  });

  test("missing days, with their backlog booked on the first day back, don't alarm", () => {
    const panel = simulatePanel({
      seed: 32,
      meanPerDay: 4,
      outages: [
        { from: 250, to: 254, backlog: true },
        { from: 310, to: 312, backlog: true },
        { from: 350, to: 353, backlog: false },
      ],
    });
    const judged = judge(panel);
    expect(alerts(judged)).toBe(0);
    expect(judged[0]!.expected[251 - 150]).toBeNaN();
  });
});

describe("contract", () => {
  test("a judgement uses no later day", () => {
    const panel = simulatePanel({
      seed: 41,
      days: 320,
      products: 8,
      meanPerDay: 2,
      defects: [{ product: 1, reason: 1, kind: "lot", from: 200, to: 240, ratio: 4 }],
      outages: [{ from: 210, to: 213, backlog: true }],
    });
    const full = judge(panel, 60);
    holds(
      property(integer({ min: 61, max: 319 }), (cut) => {
        const known = judge(cutPanel(panel, cut), 60);
        for (const [row, one] of known.entries()) {
          for (const column of ["expected", "lower", "upper", "score", "pValue", "qValue", "isAlarm"] as const) {
            expect(one[column]).toEqual(full[row]![column].slice(0, cut - 60));
          }
        }
      }),
      { numRuns: 12, seed: 1 },
    );
  });

  test("the same panel gives the same judgement, and the order of series doesn't matter", () => {
    const panel = simulatePanel({ seed: 42, days: 200, products: 6 });
    const once = judge(panel);
    expect(judge(panel)).toEqual(once);
    const reversed = judge({ ...panel, series: panel.series.toReversed() }).toReversed();
    for (const [row, one] of reversed.entries()) {
      for (let at = 0; at < one.score.length; at++) expect(one.score[at]).toBeCloseTo(once[row]!.score[at]!, 6);
    }
  });

  test("p and q values are probabilities, and alarms carry small ones", () => {
    const defects: Defect[] = [{ product: 1, reason: 0, kind: "lot", from: 200, to: 240, ratio: 5 }];
    for (const one of judge(simulatePanel({ seed: 43, days: 300, products: 8, meanPerDay: 3, defects }))) {
      for (let at = 0; at < one.pValue.length; at++) {
        expect(one.pValue[at]).toBeGreaterThanOrEqual(0);
        expect(one.pValue[at]).toBeLessThanOrEqual(1);
        expect(one.qValue[at]).toBeGreaterThanOrEqual(one.pValue[at]!);
        expect(one.isAlarm[at] ? one.pValue[at] : 0).toBeLessThan(0.02);
      }
    }
  });

  test("a panel that is none is refused with the series' name", () => {
    const panel = simulatePanel({ seed: 44, days: 100, products: 1, reasons: 1 });
    const one = panel.series[0]!;
    expect(() => judge({ ...panel, series: [one, one] })).toThrow(/p0-r0 is in the panel twice/);
    expect(() => judge({ ...panel, series: [{ ...one, counts: new Float64Array(3) }] })).toThrow(/p0-r0 has 3 days/);
    expect(() => judge({ ...panel, lagDistributions: new Map([["x", new Float64Array([0.5])]]) })).toThrow(
      /add up to 0.5/,
    );
    expect(() => judgePanel(detector, panel, { ...DEFAULT_OPTIONS, alarmBudget: 0 })).toThrow(/alarmBudget/);
  });
});

test("both ways of finding the band agree where they meet", () => {
  for (const dispersion of [1.2, 3]) {
    const [low, high] = [
      { lower: 0, upper: 0 },
      { lower: 0, upper: 0 },
    ];
    countBand(60, dispersion, low);
    countBand(60.0001, dispersion, high);
    expect(Math.abs(high.upper - low.upper)).toBeLessThanOrEqual(1);
    expect(Math.abs(high.lower - low.lower)).toBeLessThanOrEqual(1);
  }
});
