// Findings and the daily points behind them.
import { useQuery } from "@tanstack/react-query";
import * as z from "zod/mini";
import type { Period } from "../lib/period.ts";
import { anyOf, cubeOptions, inclusive } from "./cube.ts";
import { count, day, flag, nullableDay, nullableNumber, text } from "./parse.ts";
import { useStatus } from "./status.ts";

const anomalySchema = z.object({
  anomaly_id: z.string(),
  series_id: text,
  watch: text,
  product_id: text,
  product_name: text,
  category: text,
  reason: text,
  severity: text,
  is_open: flag,
  started_on: nullableDay,
  detected_on: nullableDay,
  last_alarm_on: nullableDay,
  ended_on: nullableDay,
  observed: nullableNumber,
  expected: nullableNumber,
  excess: nullableNumber,
  rate_ratio: nullableNumber,
  p_value: nullableNumber,
  q_value: nullableNumber,
  score: nullableNumber,
  excess_cost: nullableNumber,
});

/** One finding: a stretch of days in which a product's count for one reason ran above what was expected. */
export type Anomaly = z.output<typeof anomalySchema>;

const ANOMALY_MEMBERS = Object.keys(anomalySchema.shape).map((key) => `anomaly_report.${key}`);

/** The latest findings of one product, or of all when `productId` is null; open ones only if so asked. Strongest first. */
export function useAnomalies(options: { productId?: string; openOnly?: boolean }) {
  const { version } = useStatus();
  const filters = [
    ...anyOf("anomaly_report.product_id", options.productId === undefined ? [] : [options.productId]),
    ...anyOf("anomaly_report.is_open", options.openOnly ? ["true"] : []),
  ];
  return useQuery(
    cubeOptions(
      version,
      { dimensions: ANOMALY_MEMBERS, filters, order: { "anomaly_report.score": "desc" }, limit: 2000 },
      anomalySchema,
    ),
  );
}

const seriesSchema = z.object({ series_id: z.string(), watch: text, reason: text, observed: count });
export type WatchedSeries = z.output<typeof seriesSchema>;

/** Whether detection judged any series at all: without one, no finding means nothing. */
export function useIsAnythingWatched() {
  const { version } = useStatus();
  const query = { dimensions: ["anomaly_days.series_id"], limit: 1 };
  return useQuery({
    ...cubeOptions(version, query, z.object({ series_id: z.string() })),
    select: (rows) => rows.length > 0,
  });
}

/** The watched series of a product, the fullest first. */
export function useWatchedSeries(productId: string) {
  const { version } = useStatus();
  return useQuery(
    cubeOptions(
      version,
      {
        dimensions: ["anomaly_days.series_id", "anomaly_days.watch", "anomaly_days.reason"],
        measures: ["anomaly_days.observed"],
        filters: anyOf("anomaly_days.product_id", [productId]),
        order: { "anomaly_days.observed": "desc" },
      },
      seriesSchema,
    ),
  );
}

const pointSchema = z.pipe(
  z.object({
    "day.day": day,
    is_alarm: flag,
    observed: count,
    exposure: nullableNumber,
    expected: nullableNumber,
    lower: nullableNumber,
    upper: nullableNumber,
    q_value_min: nullableNumber,
  }),
  z.transform(({ "day.day": on, is_alarm, q_value_min, ...rest }) => ({
    ...rest,
    day: on,
    isAlarm: is_alarm,
    qValue: q_value_min,
  })),
);

/** One day of one series: what came, what was expected and the 95 % band. */
export type AnomalyPoint = z.output<typeof pointSchema>;

export function useAnomalyPoints(seriesId: string | null, period: Period) {
  const { version } = useStatus();
  return useQuery({
    ...cubeOptions(
      version,
      {
        dimensions: ["anomaly_days.is_alarm"],
        measures: ["observed", "exposure", "expected", "lower", "upper", "q_value_min"].map(
          (measure) => `anomaly_days.${measure}`,
        ),
        timeDimensions: [{ dimension: "anomaly_days.day", dateRange: inclusive(period), granularity: "day" }],
        filters: anyOf("anomaly_days.series_id", [seriesId ?? ""]),
        order: { "anomaly_days.day": "asc" },
      },
      pointSchema,
    ),
    enabled: seriesId !== null,
  });
}
