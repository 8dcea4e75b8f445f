// Which finding, series, days and reason a product's page shows: worked out from the address and the data. Pure.
import type { Anomaly, WatchedSeries } from "../../api/anomalies.ts";
import { addDays, maxDay, minDay, startOfWeek, type Day } from "../../lib/day.ts";
import type { Period } from "../../lib/period.ts";

export interface ProductState {
  readonly anomaly: string | null;
  readonly series: string | null;
}

export interface ProductView {
  readonly series: WatchedSeries | null;
  readonly anomaly: Anomaly | null;
  /** Days drawn in the charts. */
  readonly chartPeriod: Period;
  /** Days whose rows and shares are shown: the finding's, else the selected period's. */
  readonly window: Period;
  /** The reason that the series watches; null when it watches all. */
  readonly reason: string | null;
}

/** Enough quiet days before a finding to see what normal was. */
const LEAD_DAYS = 56;
const TAIL_DAYS = 42;
const CHART_DAYS_MIN = 120;
const CHART_DAYS_MAX = 400;

/** Watches over all reasons carry one of these instead of a reason. */
const ALL_REASONS: ReadonlySet<string> = new Set(["all", "unknown", ""]);

export function productView(
  state: ProductState,
  anomalies: readonly Anomaly[],
  seriesList: readonly WatchedSeries[],
  period: Period,
  lastReported: Day,
): ProductView {
  const anomaly = chosenAnomaly(state, anomalies);
  const seriesId = state.series ?? anomaly?.series_id ?? seriesList[0]?.series_id ?? null;
  const series = seriesList.find((candidate) => candidate.series_id === seriesId) ?? null;
  const reason = series?.reason ?? anomaly?.reason ?? "all";
  return {
    series,
    anomaly,
    chartPeriod: chartPeriod(period, anomaly, lastReported),
    window: anomaly ? anomalyWindow(anomaly, lastReported) : period,
    reason: ALL_REASONS.has(reason) ? null : reason,
  };
}

/** The one in the address; with a series chosen by hand, that series' own; else the strongest open one, else the strongest. */
function chosenAnomaly(state: ProductState, anomalies: readonly Anomaly[]): Anomaly | null {
  const candidates =
    state.series === null ? anomalies : anomalies.filter((anomaly) => anomaly.series_id === state.series);
  return (
    candidates.find((anomaly) => anomaly.anomaly_id === state.anomaly) ??
    candidates.find((anomaly) => anomaly.is_open) ??
    candidates[0] ??
    null
  );
}

export function anomalyWindow(anomaly: Anomaly, lastReported: Day): Period {
  const from = anomaly.started_on ?? anomaly.detected_on ?? lastReported;
  const last = anomaly.ended_on ?? (anomaly.is_open ? lastReported : (anomaly.last_alarm_on ?? lastReported));
  return { from, to: addDays(maxDay(last, from), 1) };
}

/** The finding with quiet days before and, once it is over, some after; without one the selected period. Whole weeks first. */
function chartPeriod(period: Period, anomaly: Anomaly | null, lastReported: Day): Period {
  const window = anomaly ? anomalyWindow(anomaly, lastReported) : period;
  const to = minDay(anomaly ? addDays(window.to, TAIL_DAYS) : window.to, addDays(lastReported, 1));
  const earliest = minDay(addDays(window.from, -LEAD_DAYS), addDays(to, -CHART_DAYS_MIN));
  return { from: startOfWeek(maxDay(earliest, addDays(to, -CHART_DAYS_MAX))), to };
}
