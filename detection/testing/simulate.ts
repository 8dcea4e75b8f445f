// Simulated panels for tests: quiet by default, with what a test wants injected. Seeded, so a test gives the same verdict every time.
import type { Panel, Series } from "../series.ts";

export interface Defect {
  readonly product: number;
  readonly reason: number;
  /** Delivery days for a `lot`, arrival days for a `burst`: first (included) to last (excluded). */
  readonly from: number;
  readonly to: number;
  readonly ratio: number;
  /** `lot`: units delivered then come back more often; `burst`: more arrive then; `ramp`: like lot, growing from 1 to `ratio`. */
  readonly kind: "lot" | "burst" | "ramp";
}

export interface Simulation {
  readonly seed: number;
  readonly products?: number;
  readonly reasons?: number;
  readonly days?: number;
  /** Events per day of a middling series. */
  readonly meanPerDay?: number;
  /** Variance over mean; 1 = Poisson. */
  readonly dispersion?: number;
  readonly defects?: readonly Defect[];
  /** Deliveries of a product are multiplied by `factor` on these days. */
  readonly promotions?: readonly { product: number; from: number; to: number; factor: number }[];
  /** No rows from `from` to `to` (excluded); with `backlog` the events of those days are booked on day `to`. */
  readonly outages?: readonly { from: number; to: number; backlog: boolean }[];
}

/** Uniform numbers in [0, 1): mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Fast, middle and slow reasons: discrete gamma-like lags of mean about 3, 9 and 20 days. */
export const LAGS: readonly Float64Array[] = [1.2, 4, 9].map((scale) => {
  const shape = Float64Array.from({ length: 76 }, (_, lag) => (lag + 0.5) * Math.exp(-lag / scale));
  const total = shape.reduce((sum, share) => sum + share, 0);
  return shape.map((share) => share / total);
});

const WEEKDAY = [1.2, 1.1, 1, 1, 0.9, 0.7, 1.1];
const WARM_UP_DAYS = 80;

export function simulatePanel(simulation: Simulation): Panel {
  const { seed, products = 20, reasons = 3, days = 400, meanPerDay = 1 } = simulation;
  const random = randomNumbers(seed);
  const series: Series[] = [];
  for (let product = 0; product < products; product++) {
    const size = Math.exp(0.7 * normal(random));
    const deliveries = deliveriesOf(simulation, product, size, days, random);
    for (let reason = 0; reason < reasons; reason++) {
      const rate = (meanPerDay / 50) * Math.exp(0.4 * normal(random));
      const means = meansOf(simulation, product, reason, deliveries, rate, days);
      series.push({
        seriesId: `p${product}-r${reason}`,
        counts: countsOf(simulation, means, random),
        exposure: deliveries.slice(WARM_UP_DAYS),
        product: `p${product}`,
        reason: `r${reason}`,
        market: "all",
        category: `c${product % 3}`,
        lagGroup: `lag${reason % 3}`,
      });
    }
  }
  const lagDistributions = new Map(LAGS.map((lag, number) => [`lag${number}`, lag]));
  return { firstDate: "2025-01-01", dayCount: days, series, lagDistributions };
}

function deliveriesOf(
  simulation: Simulation,
  product: number,
  size: number,
  days: number,
  random: () => number,
): Float64Array {
  return Float64Array.from({ length: WARM_UP_DAYS + days }, (_, at) => {
    const day = at - WARM_UP_DAYS;
    let mean = 50 * size * WEEKDAY[((day % 7) + 7) % 7]! * (1 + 0.2 * Math.sin((2 * Math.PI * day) / 365));
    for (const promotion of simulation.promotions ?? []) {
      if (promotion.product === product && day >= promotion.from && day < promotion.to) mean *= promotion.factor;
    }
    return poisson(mean, random);
  });
}

/** Mean events per arrival day: each delivery day's units times rate, spread along the lag. */
function meansOf(
  simulation: Simulation,
  product: number,
  reason: number,
  deliveries: Float64Array,
  rate: number,
  days: number,
): Float64Array {
  const lag = LAGS[reason % 3]!;
  const defects = (simulation.defects ?? []).filter((one) => one.product === product && one.reason === reason);
  const raised = deliveries.map((units, at) => {
    const day = at - WARM_UP_DAYS;
    let factor = 1;
    for (const { kind, from, to, ratio } of defects) {
      if (kind === "burst" || day < from || day >= to) continue;
      factor *= kind === "lot" ? ratio : 1 + ((ratio - 1) * (day - from)) / (to - from);
    }
    return units * factor;
  });
  return Float64Array.from({ length: days }, (_, day) => {
    let mean = 0;
    for (let l = 0; l < lag.length; l++) mean += raised[day + WARM_UP_DAYS - l]! * lag[l]!;
    for (const { kind, from, to, ratio } of defects) if (kind === "burst" && day >= from && day < to) mean *= ratio;
    return mean * rate;
  });
}

function countsOf(simulation: Simulation, means: Float64Array, random: () => number): Float64Array {
  const counts = means.map((mean) => negativeBinomial(mean, simulation.dispersion ?? 1, random));
  for (const { from, to, backlog } of simulation.outages ?? []) {
    for (let day = from; day < to; day++) {
      if (backlog) counts[to]! += counts[day]!;
      counts[day] = Number.NaN;
    }
  }
  return counts;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function poisson(mean: number, random: () => number): number {
  if (mean > 30) return poisson(mean / 2, random) + poisson(mean / 2, random);
  let product = random();
  let n = 0;
  for (const limit = Math.exp(-mean); product > limit; n++) product *= random();
  return n;
}

/** A gamma-mixed Poisson count with variance = dispersion × mean. */
function negativeBinomial(mean: number, dispersion: number, random: () => number): number {
  if (dispersion <= 1) return poisson(mean, random);
  const scale = dispersion - 1;
  return poisson(scale * gamma(mean / scale, random), random);
}

/** Marsaglia & Tsang 2000. */
function gamma(shape: number, random: () => number): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const z = normal(random);
    const v = (1 + z / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
  }
}
