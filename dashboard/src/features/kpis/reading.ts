// What a card says about one figure: its value, or the reason there is none. Pure, so each state is tested.
import type { Values } from "../../api/metrics.ts";
import { deltaOf, type Delta } from "../../lib/delta.ts";
import { FEW, isWithinChance } from "../../lib/statistics.ts";
import type { Metric } from "./metric-list.ts";

export type Reading =
  | {
      readonly state: "value";
      readonly value: number;
      readonly n: number | null;
      /** Fewer cases than a reader should trust. */
      readonly isFew: boolean;
      readonly delta: Delta | null;
      /** Share of the cases whose window has passed; null where nothing has to mature. */
      readonly maturedShare: number | null;
    }
  | {
      readonly state: "none";
      readonly reason: "cases" | "matured_units" | "matured_customers" | "identity";
      /** Cases that are waiting for their window. */
      readonly waiting: number;
    };

export function readingOf(metric: Metric, current: Values, former: Values | null): Reading {
  const value = current[metric.value] ?? null;
  const { maturity } = metric;
  if (maturity && numberOf(current, maturity.matured) === 0) return immature(metric, current);
  if (value === null) return { state: "none", reason: "cases", waiting: 0 };
  const n = metric.n ? numberOf(current, metric.n.measure) : null;
  if (n === 0) return { state: "none", reason: "cases", waiting: 0 };
  const isFew = (n ?? value) < FEW;
  const formerCases = former && metric.n ? numberOf(former, metric.n.measure) : null;
  const isComparable = !isFew && former !== null && (formerCases === null || formerCases >= FEW);
  return {
    state: "value",
    value,
    n,
    isFew,
    delta: isComparable ? changeOf(metric, value, n, former[metric.value] ?? null, formerCases) : null,
    maturedShare: maturity
      ? numberOf(current, maturity.matured) / Math.max(1, numberOf(current, maturity.total))
      : null,
  };
}

function changeOf(
  metric: Metric,
  value: number,
  n: number | null,
  former: number | null,
  formerN: number | null,
): Delta | null {
  const delta = deltaOf(value, former, metric.kind === "percent" ? "points" : "relative", metric.better);
  if (delta === null || metric.kind !== "percent" || former === null) return delta;
  return isWithinChance(value, n ?? 0, former, formerN ?? 0)
    ? { ...delta, tone: "neutral", isWithinChance: true }
    : delta;
}

function immature(metric: Metric, current: Values): Reading {
  const waiting = metric.maturity ? numberOf(current, metric.maturity.total) : 0;
  if (waiting > 0 && metric.maturity) {
    return { state: "none", reason: metric.maturity.kind === "units" ? "matured_units" : "matured_customers", waiting };
  }
  const hasReturnsWithoutBuyer = metric.maturity?.kind === "customers" && numberOf(current, "returns") > 0;
  return { state: "none", reason: hasReturnsWithoutBuyer ? "identity" : "cases", waiting: 0 };
}

function numberOf(values: Values, measure: string): number {
  return values[measure] ?? 0;
}
