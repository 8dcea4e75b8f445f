import { describe, expect, test } from "vitest";

import { DEFAULT_OPTIONS, judgePanel } from "./detector.ts";
import { DEFAULT_DETECTOR } from "./detectors.ts";
import { CLOSING_DAYS, episodesOf, severityOf } from "./episodes.ts";
import { emptyJudgement } from "./judgement.ts";
import { cutPanel, type Panel, type Series } from "./series.ts";
import { simulatePanel } from "./testing/simulate.ts";

const DAYS = 200;

/** A series at 2 events a day that rises to 10 on the alarm days and `before` days earlier. */
function judgedWith(alarms: readonly number[], before = 3) {
  const judged = emptyJudgement("s", 0, DAYS);
  const counts = new Float64Array(DAYS).fill(2);
  judged.expected.fill(2);
  judged.exposure.fill(100);
  judged.score.fill(0);
  judged.pValue.fill(1);
  judged.qValue.fill(1);
  for (const day of alarms) {
    for (let d = day - before; d <= day; d++) counts[d] = 10;
    judged.isAlarm[day] = 1;
    judged.score[day] = 12;
    judged.pValue[day] = 1e-4;
    judged.qValue[day] = 1e-3;
  }
  const series: Series = {
    seriesId: "s",
    counts,
    exposure: null,
    product: "p",
    reason: "r",
    market: "all",
    category: "c",
    lagGroup: "",
  };
  return { judged, series };
}

const episodes = (alarms: readonly number[]) => {
  const { judged, series } = judgedWith(alarms);
  return episodesOf(series, judged, "2026-01-01");
};

describe("alarm days become anomalies", () => {
  test("alarms a few days apart are one anomaly, and it begins where the rise began", () => {
    const [one, ...others] = episodes([50, 52, 58]);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ startedOn: 47, detectedOn: 50, lastAlarmOn: 58, endedOn: 58, severity: "high" });
    expect(one!.exposure).toBe(100 * 12);
    expect(one!.observed - one!.expected).toBe(80);
  });

  test("after the closing days it is over, and the next alarm opens another", () => {
    expect(episodes([50, 50 + CLOSING_DAYS])).toHaveLength(2);
    expect(episodes([50, 50 + CLOSING_DAYS - 1])).toHaveLength(1);
  });

  test("it stays open until the closing days have passed", () => {
    expect(episodes([DAYS - CLOSING_DAYS])[0]!.endedOn).toBeNull();
    expect(episodes([DAYS - CLOSING_DAYS - 1])[0]!.endedOn).toBe(DAYS - CLOSING_DAYS - 1);
  });

  test("two in one month and one in another have three ids", () => {
    const ids = episodes([5, 27, 49]).map((one) => one.anomalyId);
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
  });

  test("what one buyer returned beyond the cap is observed, but neither judged nor excess", () => {
    const { judged, series } = judgedWith([50]);
    const reported = series.counts.map((count, day) => (day === 49 ? count + 40 : count));
    const [capped] = episodesOf({ ...series, reported }, judged, "2026-01-01");
    const [plain] = episodesOf(series, judged, "2026-01-01");
    expect(plain).toMatchObject({ observed: 40, judged: 40, severity: "high" });
    expect(capped).toEqual({ ...plain, observed: 80 });
  });

  test("severity follows excess, ratio and q", () => {
    expect(severityOf({ judged: 60, expected: 20, qValue: 0.01 })).toBe("high");
    expect(severityOf({ judged: 60, expected: 20, qValue: 0.1 })).toBe("medium");
    expect(severityOf({ judged: 9, expected: 3, qValue: 0.01 })).toBe("medium");
    expect(severityOf({ judged: 4, expected: 0.5, qValue: 0.01 })).toBe("low");
  });
});

test("more days of data keep ids, first days and detection days", () => {
  const panel = simulatePanel({
    seed: 51,
    days: 400,
    meanPerDay: 3,
    defects: [
      { product: 1, reason: 0, kind: "lot", from: 200, to: 230, ratio: 4 },
      { product: 1, reason: 0, kind: "lot", from: 320, to: 350, ratio: 4 },
      { product: 7, reason: 1, kind: "burst", from: 240, to: 244, ratio: 8 },
    ],
  });
  const found = (known: Panel) => {
    const judged = judgePanel(DEFAULT_DETECTOR, known, DEFAULT_OPTIONS);
    return known.series.flatMap((series, row) => episodesOf(series, judged[row]!, known.firstDate));
  };
  const later = new Map(found(panel).map((one) => [one.anomalyId, one]));
  expect(later.size).toBeGreaterThanOrEqual(3);
  for (const days of [235, 260, 340, 399]) {
    const earlier = found(cutPanel(panel, days));
    expect(earlier.length).toBeGreaterThan(0);
    for (const { anomalyId, startedOn, detectedOn } of earlier) {
      expect(later.get(anomalyId)).toMatchObject({ startedOn, detectedOn });
    }
  }
});
