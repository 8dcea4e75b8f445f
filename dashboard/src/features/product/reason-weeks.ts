// Weekly counts by reason, the few largest reasons by name and the rest together.
import type { ReasonWeek } from "../../api/product.ts";
import type { Bucket } from "../../lib/period.ts";

export const OTHER = "·other";
/** Five named reasons and "other": more colours than that nobody tells apart. */
const NAMED = 5;

export interface WeekCounts extends Bucket {
  /** By reason code or `OTHER`. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface ReasonStack {
  /** Largest first, `OTHER` last and only if needed. */
  readonly reasons: readonly string[];
  readonly weeks: readonly WeekCounts[];
}

export function reasonStack(rows: readonly ReasonWeek[], weeks: readonly Bucket[]): ReasonStack {
  const totals = new Map<string, number>();
  for (const row of rows) totals.set(row.reason, (totals.get(row.reason) ?? 0) + row.returns);
  const ranked = [...totals].sort((a, b) => b[1] - a[1]).map(([reason]) => reason);
  // A sixth reason alone may keep its name: "other" would take the same room.
  const named = ranked.length <= NAMED + 1 ? ranked : ranked.slice(0, NAMED);
  const counts = new Map<string, Record<string, number>>(weeks.map((week) => [week.start, {}]));
  for (const row of rows) {
    const week = counts.get(row.week);
    const key = named.includes(row.reason) ? row.reason : OTHER;
    if (week) week[key] = (week[key] ?? 0) + row.returns;
  }
  return {
    reasons: named.length < ranked.length ? [...named, OTHER] : named,
    weeks: weeks.map((week) => ({ ...week, counts: counts.get(week.start) ?? {} })),
  };
}
