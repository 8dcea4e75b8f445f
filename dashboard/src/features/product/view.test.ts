import { expect, it } from "vitest";
import type { Anomaly, WatchedSeries } from "../../api/anomalies.ts";
import { anomalyWindow, productView } from "./view.ts";

const PERIOD = { from: "2026-10-26", to: "2026-11-23" };
const LAST = "2026-11-22";
const NOTHING = { anomaly: null, series: null };

function finding(id: string, fields: Partial<Anomaly>): Anomaly {
  return {
    anomaly_id: id,
    series_id: `s-${id}`,
    watch: "returns",
    product_id: "p",
    product_name: "Lamp",
    category: "home",
    reason: "quality_defect",
    severity: "high",
    is_open: true,
    started_on: "2026-11-03",
    detected_on: "2026-11-06",
    last_alarm_on: "2026-11-20",
    ended_on: null,
    observed: 32,
    expected: 11.2,
    excess: 20.8,
    rate_ratio: 2.9,
    p_value: 1e-6,
    q_value: 0.001,
    score: 9,
    excess_cost: null,
    ...fields,
  };
}

const series = (id: string, reason: string): WatchedSeries => ({
  series_id: id,
  watch: "returns",
  reason,
  observed: 1,
});

it("without a choice the strongest open finding leads, its own days are the window", () => {
  const ended = finding("a", { is_open: false, ended_on: "2026-09-10", started_on: "2026-09-01" });
  const view = productView(
    NOTHING,
    [ended, finding("b", {})],
    [series("s-a", "wrong_item"), series("s-b", "quality_defect")],
    PERIOD,
    LAST,
  );
  expect(view.anomaly?.anomaly_id).toBe("b");
  expect(view.series?.series_id).toBe("s-b");
  expect(view.window).toEqual({ from: "2026-11-03", to: "2026-11-23" });
  expect(view.reason).toBe("quality_defect");
});

it("a linked finding is shown even when another is stronger", () => {
  const view = productView(
    { ...NOTHING, anomaly: "b" },
    [finding("a", {}), finding("b", {})],
    [series("s-b", "poor_fit")],
    PERIOD,
    LAST,
  );
  expect(view.anomaly?.anomaly_id).toBe("b");
});

it("a series chosen by hand drops a finding of another series", () => {
  const view = productView({ anomaly: "a", series: "s-x" }, [finding("a", {})], [series("s-x", "all")], PERIOD, LAST);
  expect(view.anomaly).toBeNull();
  expect(view.window).toEqual(PERIOD);
  expect(view.reason).toBeNull();
});

it("the chart begins early enough to show what normal was and never passes the data's end", () => {
  const view = productView(NOTHING, [finding("a", { started_on: "2026-06-01" })], [], PERIOD, LAST);
  expect(view.chartPeriod).toEqual({ from: "2026-04-06", to: "2026-11-23" });
  const quiet = productView(NOTHING, [], [], PERIOD, LAST);
  expect(quiet.chartPeriod).toEqual({ from: "2026-07-20", to: "2026-11-23" });
});

it("a finding long over is drawn with some days after it, not up to today", () => {
  const ended = finding("a", { is_open: false, started_on: "2026-04-20", ended_on: "2026-06-03" });
  expect(productView(NOTHING, [ended], [], PERIOD, LAST).chartPeriod).toEqual({ from: "2026-02-23", to: "2026-07-16" });
});

it("an ended finding ends with its last day included", () => {
  const ended = finding("a", { is_open: false, ended_on: "2026-11-10" });
  expect(anomalyWindow(ended, LAST)).toEqual({ from: "2026-11-03", to: "2026-11-11" });
});
