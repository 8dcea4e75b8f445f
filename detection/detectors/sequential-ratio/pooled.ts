// What series have in common, learned from pooled counts: the weekday of a market, the slow drift of a reason, the shock of a
// market's day, and the factor a product's other reasons show. Each is a ratio of discounted sums observed / expected, shrunk to 1.
import type { Groups } from "./groups.ts";
import type { SequentialRatioSettings } from "./settings.ts";

export const decay = (halfLifeDays: number): number => 2 ** (-1 / halfLifeDays);

/** Observed and expected, discounted, per group. */
class PooledRatio {
  readonly observed: Float64Array;
  readonly expected: Float64Array;

  constructor(
    groups: number,
    private readonly keep: number,
    private readonly priorEvents: number,
  ) {
    this.observed = new Float64Array(groups);
    this.expected = new Float64Array(groups);
  }

  add(group: number, observed: number, expected: number): void {
    this.observed[group]! += observed;
    this.expected[group]! += expected;
  }

  forget(): void {
    for (let group = 0; group < this.observed.length; group++) {
      this.observed[group]! *= this.keep;
      this.expected[group]! *= this.keep;
    }
  }

  ratio(group: number): number {
    return (this.priorEvents + this.observed[group]!) / (this.priorEvents + this.expected[group]!);
  }
}

/** Weekday effect per market, mean 1 over the week. */
export class WeekdayEffect {
  private readonly pooled: PooledRatio;
  private readonly factors: Float64Array;

  constructor(markets: number, settings: SequentialRatioSettings) {
    this.pooled = new PooledRatio(markets * 7, decay(settings.weekdayHalfLifeDays), settings.weekdayPriorEvents);
    this.factors = new Float64Array(markets * 7).fill(1);
  }

  factor(market: number, weekday: number): number {
    return this.factors[market * 7 + weekday]!;
  }

  add(market: number, weekday: number, observed: number, expected: number): void {
    this.pooled.add(market * 7 + weekday, observed, expected);
  }

  endDay(): void {
    this.pooled.forget();
    for (let market = 0; market < this.factors.length / 7; market++) {
      let sum = 0;
      for (let day = 0; day < 7; day++) sum += this.pooled.ratio(market * 7 + day);
      for (let day = 0; day < 7; day++) this.factors[market * 7 + day] = (7 * this.pooled.ratio(market * 7 + day)) / sum;
    }
  }
}

/** Slow movement all products of a reason share: season, trend, a change in how returns are registered. */
export class ReasonDrift {
  private readonly pooled: PooledRatio;

  constructor(reasons: number, settings: SequentialRatioSettings) {
    this.pooled = new PooledRatio(reasons, decay(settings.driftHalfLifeDays), settings.driftPriorEvents);
  }

  factor(reason: number): number {
    return this.pooled.ratio(reason);
  }

  add(reason: number, observed: number, expected: number): void {
    this.pooled.add(reason, observed, expected);
  }

  endDay(): void {
    this.pooled.forget();
  }
}

/** Factor of a product's day from its other reasons (leave one out): a wave of buyers lifts them all, a defect one or two. */
export class ProductFactor {
  private readonly observed: Float64Array;
  private readonly expected: Float64Array;
  private readonly productObserved: Float64Array;
  private readonly productExpected: Float64Array;
  private readonly keep: number;

  constructor(
    private readonly groups: Groups,
    series: number,
    settings: SequentialRatioSettings,
  ) {
    this.observed = new Float64Array(series);
    this.expected = new Float64Array(series);
    this.productObserved = new Float64Array(groups.product.count);
    this.productExpected = new Float64Array(groups.product.count);
    this.keep = decay(settings.productHalfLifeDays);
  }

  /** One reason's day; `weight` is low while that reason itself is under suspicion. */
  add(row: number, observed: number, expected: number, weight: number): void {
    this.observed[row]! += weight * observed;
    this.expected[row]! += weight * expected;
  }

  /** Sums per product, each reason capped so that a defect in one doesn't excuse another. */
  gather(dispersion: Float64Array): void {
    this.productObserved.fill(0);
    this.productExpected.fill(0);
    for (let row = 0; row < this.observed.length; row++) {
      const product = this.groups.product.of[row]!;
      this.productObserved[product]! += this.capped(row, dispersion[row]!);
      this.productExpected[product]! += this.expected[row]!;
    }
  }

  factor(row: number, priorEvents: number, dispersion: number): number {
    const product = this.groups.product.of[row]!;
    const observed = this.productObserved[product]! - this.capped(row, dispersion);
    const expected = this.productExpected[product]! - this.expected[row]!;
    return (priorEvents + Math.max(0, observed)) / (priorEvents + Math.max(0, expected));
  }

  endDay(): void {
    for (let row = 0; row < this.observed.length; row++) {
      this.observed[row]! *= this.keep;
      this.expected[row]! *= this.keep;
    }
  }

  private capped(row: number, dispersion: number): number {
    const expected = this.expected[row]!;
    return Math.min(this.observed[row]!, 2 * expected + 3 * Math.sqrt(dispersion * expected) + 1);
  }
}

/** Shock of a market's day (outage, backlog, holiday): the median over reasons of observed / expected, used only when clearly not 1. */
export class MarketShock {
  private readonly observed: Float64Array;
  private readonly expected: Float64Array;
  private readonly variance: Float64Array;
  private readonly ratios: number[][];
  readonly factors: Float64Array;

  constructor(
    private readonly groups: Groups,
    private readonly threshold: number,
  ) {
    this.observed = new Float64Array(groups.cell.count);
    this.expected = new Float64Array(groups.cell.count);
    this.variance = new Float64Array(groups.market.count);
    this.ratios = Array.from({ length: groups.market.count }, () => []);
    this.factors = new Float64Array(groups.market.count).fill(1);
  }

  add(row: number, observed: number, expected: number, dispersion: number): void {
    const cell = this.groups.cell.of[row]!;
    this.observed[cell]! += observed;
    this.expected[cell]! += expected;
    this.variance[this.groups.market.of[row]!]! += expected * dispersion;
  }

  /** Non-negative garrote (Breiman 1995): an effect of z standard errors keeps 1 − (threshold/z)² of itself. */
  settle(): void {
    const { market, cell } = this.groups;
    const total = new Float64Array(market.count);
    for (let number = 0; number < cell.count; number++) {
      const of = this.groups.marketOfCell[number]!;
      total[of]! += this.expected[number]!;
      if (this.expected[number]! > 0.5) this.ratios[of]!.push(this.observed[number]! / this.expected[number]!);
    }
    for (let number = 0; number < market.count; number++) {
      const middle = median(this.ratios[number]!);
      const error = Math.sqrt(this.variance[number]!) / total[number]!;
      const z = error > 0 ? Math.abs(middle - 1) / error : 0;
      const kept = z > this.threshold ? 1 - (this.threshold / z) ** 2 : 0;
      this.factors[number] = Math.max(0.02, 1 + (middle - 1) * kept);
      this.ratios[number]!.length = 0;
    }
    this.observed.fill(0);
    this.expected.fill(0);
    this.variance.fill(0);
  }
}

function median(values: number[]): number {
  if (values.length === 0) return 1;
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
