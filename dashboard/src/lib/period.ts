// Half-open periods of days, their comparison period and their buckets.
import { addDays, addMonths, daysBetween, nextStart, startOf, startOfMonth, type Day, type Grain } from "./day.ts";

/** `[from, to)`: `to` is the first day that no longer belongs. */
export interface Period {
  readonly from: Day;
  readonly to: Day;
}

export const PRESETS = ["7d", "28d", "90d", "month", "last_month", "12m"] as const;
export type Preset = (typeof PRESETS)[number];

export const COMPARISONS = ["previous", "year", "none"] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface Bucket {
  readonly start: Day;
  /** Exclusive. */
  readonly end: Day;
  /** Cut by the period's ends or not yet fully reported; drawn dashed and never read as a drop. */
  readonly isIncomplete: boolean;
}

export function lengthInDays(period: Period): number {
  return daysBetween(period.from, period.to);
}

/** The last day inside the period, for display and for Cube's inclusive ranges. */
export function lastDay(period: Period): Day {
  return addDays(period.to, -1);
}

/**
 * The day data ends with: the watermark's date, or the day before when the watermark is exactly midnight.
 * `completeTo` is an ISO timestamp in the reporting zone.
 */
export function lastReportedDay(completeTo: string): Day {
  const day = completeTo.slice(0, 10);
  const time = completeTo.slice(11, 19);
  return time === "00:00:00" || time === "00:00" ? addDays(day, -1) : day;
}

/** From this time on a day counts as whole: shops and helpdesks rarely have an event in each of the last minutes. */
const DAY_END_TIME = "23:00";

/** The last day that is fully reported. `completeTo` is an ISO timestamp in the reporting zone. */
export function lastWholeDay(completeTo: string): Day {
  const day = completeTo.slice(0, 10);
  return completeTo.slice(11, 16) >= DAY_END_TIME ? day : addDays(day, -1);
}

/**
 * Ends with the last whole day: half a day would make every total fall short of the period it's compared with. Months too
 * are those of that day, so that "this month" always has a whole one.
 */
export function presetPeriod(preset: Preset, lastWhole: Day): Period {
  const to = addDays(lastWhole, 1);
  const monthStart = startOfMonth(lastWhole);
  const periods: Record<Preset, Period> = {
    "7d": { from: addDays(to, -7), to },
    "28d": { from: addDays(to, -28), to },
    "90d": { from: addDays(to, -90), to },
    month: { from: monthStart, to },
    last_month: { from: addMonths(monthStart, -1), to: monthStart },
    "12m": { from: addMonths(to, -12), to },
  };
  return periods[preset];
}

/** The period of equal length just before, or the same days a year (52 weeks, so weekdays match) earlier. */
export function comparisonPeriod(period: Period, comparison: Comparison): Period | null {
  if (comparison === "none") return null;
  const shift = comparison === "year" ? 364 : lengthInDays(period);
  return shiftPeriod(period, -shift);
}

export function shiftPeriod(period: Period, days: number): Period {
  return { from: addDays(period.from, days), to: addDays(period.to, days) };
}

/** The latest period of the same length whose every day is at least `days` old at `lastReported`. */
export function latestMaturedPeriod(period: Period, days: number, lastReported: Day): Period {
  const to = addDays(lastReported, 1 - days);
  return { from: addDays(to, -lengthInDays(period)), to };
}

/** The period itself when some of it is `days` old, else the latest period of the same length that is. */
export function maturedPeriod(period: Period, days: number, lastReported: Day): Period {
  return period.from <= addDays(lastReported, -days) ? period : latestMaturedPeriod(period, days, lastReported);
}

/** Coarse enough that a spark stays readable and fine enough to show a week's change. */
export function grainFor(period: Period): Grain {
  const days = lengthInDays(period);
  if (days <= 35) return "day";
  return days <= 200 ? "week" : "month";
}

/** Every bucket that touches the period, in order. `completeTo`: ISO timestamp of the watermark. */
export function bucketsOf(period: Period, grain: Grain, completeTo: string): Bucket[] {
  const buckets: Bucket[] = [];
  const reportedTo = addDays(lastWholeDay(completeTo), 1);
  for (let start = startOf(grain, period.from); start < period.to; start = nextStart(grain, start)) {
    const end = nextStart(grain, start);
    buckets.push({ start, end, isIncomplete: start < period.from || end > period.to || end > reportedTo });
  }
  return buckets;
}
