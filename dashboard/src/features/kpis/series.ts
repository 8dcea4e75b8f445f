// A metric's values laid over all buckets of a period.
import type { SeriesRow } from "../../api/metrics.ts";
import type { Bucket } from "../../lib/period.ts";
import type { Metric } from "./metric-list.ts";

export interface MetricPoint extends Bucket {
  readonly value: number | null;
}

/** A bucket without rows counts 0 for counts and has no value for rates and durations. Immature rates have none either. */
export function metricPoints(metric: Metric, buckets: readonly Bucket[], rows: readonly SeriesRow[]): MetricPoint[] {
  const byStart = new Map(rows.map((row) => [row.start, row.values]));
  return buckets.map((bucket) => {
    const values = byStart.get(bucket.start);
    const absent = metric.kind === "count" ? 0 : null;
    const isImmature = metric.maturity !== undefined && !values?.[metric.maturity.matured];
    return { ...bucket, value: isImmature ? null : (values?.[metric.value] ?? absent) };
  });
}
