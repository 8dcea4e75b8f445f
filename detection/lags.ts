// How long after delivery events arrive: one distribution per group, from pairs (delivered, arrived) that had the time to complete.

export const LONGEST_LAG_DAYS = 75;
/** Fewer pairs than this say too little about a shape; the wider group's is used. */
const MINIMUM_PAIRS = 60;
/** Two-sided geometric kernel for the smoothing; a sharp peak in a few days survives it. */
const KERNEL = [0.04, 0.12, 0.68, 0.12, 0.04];

/** Without any pairs: returns come mostly in the second and third week. Gamma-shaped, mean about 14 days. */
const FALLBACK = normalised(
  Float64Array.from({ length: LONGEST_LAG_DAYS + 1 }, (_, lag) => (lag + 0.5) * Math.exp(-lag / 7)),
);

/**
 * Smoothed lag distribution per group, l = 0 … 75. `pairs` holds counts per group and lag of deliveries at least 75 days old only, so
 * that long lags aren't cut off (right-censoring, Lawless 1994). Small groups borrow the shape of all.
 */
export function lagDistributions(pairs: ReadonlyMap<string, Float64Array>): Map<string, Float64Array> {
  const all = new Float64Array(LONGEST_LAG_DAYS + 1);
  for (const counts of pairs.values()) for (const [lag, count] of counts.entries()) all[lag]! += count;
  const shapeOfAll = total(all) >= MINIMUM_PAIRS ? smoothed(all, FALLBACK) : FALLBACK;
  return new Map([...pairs].map(([group, counts]) => [group, smoothed(counts, shapeOfAll)]));
}

/** Kernel-smoothed shares, mixed with the wider shape as if that were MINIMUM_PAIRS more pairs. */
function smoothed(counts: Float64Array, wider: Float64Array): Float64Array {
  const out = new Float64Array(counts.length);
  for (const [lag, count] of counts.entries()) {
    for (const [i, weight] of KERNEL.entries()) {
      const to = Math.min(counts.length - 1, Math.max(0, lag + i - 2));
      out[to]! += count * weight;
    }
  }
  for (let lag = 0; lag < out.length; lag++) out[lag]! += wider[lag]! * MINIMUM_PAIRS;
  return normalised(out);
}

function normalised(values: Float64Array): Float64Array {
  const sum = total(values);
  return values.map((value) => value / sum);
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
