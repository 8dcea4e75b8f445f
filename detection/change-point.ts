// Where a rise most likely began, and how large it has been since.

export interface Rise {
  /** Index of the first day of the rise. */
  readonly onset: number;
  readonly observed: number;
  readonly expected: number;
}

/** How far back an onset is looked for. */
export const LONGEST_RISE_DAYS = 84;

/**
 * The change point k <= day that maximises the Poisson likelihood ratio of "raised since k": O log(O/E) − (O − E) with the sums since k
 * (Page 1954; Siegmund 1985, §II.6). Reads days <= `day` only; days that are NaN don't count. Null if nothing lies above expectation.
 * `offset` is added to day numbers to find a day in the arrays.
 */
export function likeliestRise(counts: Float64Array, expected: Float64Array, day: number, offset = 0): Rise | null {
  let observedSum = 0;
  let expectedSum = 0;
  let best: Rise | null = null;
  let bestRatio = 0;
  for (let k = day; k >= Math.max(0, day - LONGEST_RISE_DAYS); k--) {
    const count = counts[offset + k]!;
    const mean = expected[offset + k]!;
    if (Number.isNaN(count) || Number.isNaN(mean)) continue;
    observedSum += count;
    expectedSum += mean;
    if (observedSum <= expectedSum || expectedSum <= 0) continue;
    const ratio = observedSum * Math.log(observedSum / expectedSum) - (observedSum - expectedSum);
    if (ratio > bestRatio) {
      bestRatio = ratio;
      best = { onset: k, observed: observedSum, expected: expectedSum };
    }
  }
  return best;
}
