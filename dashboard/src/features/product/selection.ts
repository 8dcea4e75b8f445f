// The day or week whose rows a product's page shows.
import type { AnomalyPoint } from "../../api/anomalies.ts";
import { addDays, isDay, startOfWeek, type Day } from "../../lib/day.ts";
import type { Period } from "../../lib/period.ts";

export interface Selection {
  readonly start: Day;
  readonly grain: "day" | "week";
}

/** From the address; a week is any of its days. Unreadable text selects nothing. */
export function selectionOf(day: string | null, week: string | null): Selection | null {
  if (day && isDay(day)) return { start: day, grain: "day" };
  return week && isDay(week) ? { start: startOfWeek(week), grain: "week" } : null;
}

export function selectionPeriod({ start, grain }: Selection): Period {
  return { from: start, to: addDays(start, grain === "week" ? 7 : 1) };
}

/** Daily points as whole weeks. The band stays behind: the ends of seven daily bands don't add up to a weekly one. */
export function weeklyPoints(points: readonly AnomalyPoint[]): AnomalyPoint[] {
  const weeks = new Map<Day, AnomalyPoint>();
  for (const point of points) {
    const day = startOfWeek(point.day);
    const week = weeks.get(day);
    weeks.set(day, {
      day,
      observed: (week?.observed ?? 0) + point.observed,
      expected: sum(week?.expected, point.expected),
      exposure: sum(week?.exposure, point.exposure),
      lower: null,
      upper: null,
      qValue: null,
      isAlarm: (week?.isAlarm ?? false) || point.isAlarm,
    });
  }
  return [...weeks.values()];
}

function sum(left: number | null | undefined, right: number | null): number | null {
  return left === undefined || left === null ? right : left + (right ?? 0);
}
