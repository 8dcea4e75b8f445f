// The few statistics the pages themselves need.

/** Fewer cases than this are shown muted, with a note: a rate of two is not a rate. */
export const FEW = 5;

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Whether two shares differ by no more than chance allows: pooled two-proportion z test, two-sided 5 %.
 * Without trials on a side nothing can be told, so it counts as chance.
 */
export function isWithinChance(share: number, trials: number, formerShare: number, formerTrials: number): boolean {
  if (trials <= 0 || formerTrials <= 0) return true;
  const pooled = (share * trials + formerShare * formerTrials) / (trials + formerTrials);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / trials + 1 / formerTrials));
  return error === 0 ? share === formerShare : Math.abs(share - formerShare) / error < 1.959964;
}

/** Wilson score interval, 95 % (Wilson 1927); null without trials. */
export function wilsonInterval(successes: number, trials: number): Interval | null {
  if (trials <= 0) return null;
  const z = 1.959964;
  const share = successes / trials;
  const denominator = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / denominator;
  const half = (z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials))) / denominator;
  return { lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
}
