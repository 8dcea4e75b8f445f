// The one slice value that stands out most among a window's returns.
import type { Contribution } from "../../api/product.ts";
import { FEW, wilsonInterval } from "../../lib/statistics.ts";

/** A value must hold this multiple of its delivered share to be worth a sentence. */
const LIFT_MIN = 1.5;

/**
 * The value with the most units above its delivered share, if it is named, has enough cases, and its share's 95 % interval
 * lies above the delivered share; else null: a guess would send people after the wrong lot.
 */
export function mostOverRepresented(rows: readonly Contribution[]): Contribution | null {
  const totals = new Map<string, number>();
  for (const row of rows) totals.set(row.slice, (totals.get(row.slice) ?? 0) + row.returnedUnits);
  const candidates = rows.filter((row) => {
    const interval = wilsonInterval(row.returnedUnits, totals.get(row.slice) ?? 0);
    return (
      row.value !== "unknown" &&
      row.returnedUnits >= FEW &&
      (row.lift ?? 0) >= LIFT_MIN &&
      interval !== null &&
      row.deliveredShare !== null &&
      interval.lower > row.deliveredShare
    );
  });
  return candidates.sort((a, b) => surplus(b) - surplus(a))[0] ?? null;
}

function surplus(row: Contribution): number {
  return row.returnedShare - (row.deliveredShare ?? 0);
}
