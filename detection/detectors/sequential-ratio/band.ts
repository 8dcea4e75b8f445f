// Prediction interval of a negative binomial count.
import { negativeBinomialCdf, negativeBinomialQuantile } from "../../statistics/dist.ts";

const TAIL = 0.025;
/** Counts up to this mean are summed term by term; above, the incomplete beta function is faster. */
const SUM_UP_TO_MEAN = 60;

/**
 * Central 95 % interval of a count with this mean and variance / mean. Counts are discrete, so a plain quantile covers more than it
 * says; mid-p limits (Lancaster 1961) cover 95 % on average over many series: a count n lies within while both tails beyond it, half of
 * P(N = n) included, exceed 2.5 %.
 */
export function countBand(mean: number, dispersion: number, out: { lower: number; upper: number }): void {
  if (!(mean > 0)) {
    out.lower = 0;
    out.upper = 0;
    return;
  }
  const phi = Math.max(1.001, dispersion);
  if (mean > SUM_UP_TO_MEAN) {
    out.lower = negativeBinomialQuantile(TAIL, mean, phi);
    out.upper = midUpper(negativeBinomialQuantile(1 - TAIL, mean, phi), mean, phi);
    return;
  }
  const size = mean / (phi - 1);
  const step = (phi - 1) / phi;
  let probability = Math.exp(-size * Math.log(phi));
  let below = 0;
  let n = 0;
  out.lower = -1;
  for (;;) {
    const middle = below + probability / 2;
    if (out.lower < 0 && middle >= TAIL) out.lower = n;
    if (middle >= 1 - TAIL) break;
    below += probability;
    probability *= ((size + n) / (n + 1)) * step;
    n++;
    if (n > 100_000) break;
  }
  out.upper = Math.max(0, n - 1);
}

function midUpper(upper: number, mean: number, dispersion: number): number {
  const below = negativeBinomialCdf(upper - 1, mean, dispersion);
  return (below + negativeBinomialCdf(upper, mean, dispersion)) / 2 >= 1 - TAIL ? upper - 1 : upper;
}
