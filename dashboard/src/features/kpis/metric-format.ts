import type { Formatter } from "../../lib/format.ts";
import type { Metric } from "./metric-list.ts";

/** A metric's value in the page's language. */
export function metricText(metric: Metric, value: number | null, format: Formatter): string {
  if (metric.kind === "minutes") return format.minutes(value);
  return metric.kind === "percent" ? format.percent(value) : format.count(value);
}
