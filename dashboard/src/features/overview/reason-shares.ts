// Reason shares among classified returns; what carries no usable reason stays visible on its own line.
import type { ReasonCount } from "../../api/overview.ts";

/** Codes that say nothing about why. */
const UNCLASSIFIED: ReadonlySet<string> = new Set(["unmapped", "no_reason", "unknown"]);

export interface ReasonShare {
  readonly reason: string;
  readonly group: string;
  readonly returns: number;
  /** Of the classified returns. */
  readonly share: number;
  /** Difference of shares against the comparison period; null without one. */
  readonly change: number | null;
}

export interface ReasonShares {
  readonly rows: readonly ReasonShare[];
  readonly total: number;
  readonly unclassified: number;
}

export function reasonShares(current: readonly ReasonCount[], former: readonly ReasonCount[] | null): ReasonShares {
  const counts = byReason(current);
  const formerCounts = former ? byReason(former) : null;
  const classified = sum(counts);
  const formerClassified = formerCounts ? sum(formerCounts) : 0;
  const groups = new Map(current.map((row) => [row.reason, row.reason_group]));
  const rows = [...counts]
    .filter(([reason]) => !UNCLASSIFIED.has(reason))
    .map(([reason, returns]) => ({
      reason,
      group: groups.get(reason) ?? "unknown",
      returns,
      share: returns / classified,
      change:
        formerCounts && formerClassified > 0
          ? returns / classified - (formerCounts.get(reason) ?? 0) / formerClassified
          : null,
    }))
    .sort((a, b) => b.returns - a.returns);
  const total = [...counts.values()].reduce((all, returns) => all + returns, 0);
  return { rows, total, unclassified: total - classified };
}

function byReason(rows: readonly ReasonCount[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row.reason, (counts.get(row.reason) ?? 0) + row.returns);
  return counts;
}

function sum(counts: ReadonlyMap<string, number>): number {
  let classified = 0;
  for (const [reason, returns] of counts) if (!UNCLASSIFIED.has(reason)) classified += returns;
  return classified;
}
