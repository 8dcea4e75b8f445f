// What series have in common, learned from pooled counts: the weekday of a market, the slow drift of a reason, the shock of a
// market's day, and the factor a product's other reasons show. Each is a ratio of discounted sums observed / expected, shrunk to 1.
import type { Grouping, Groups } from "./groups.ts";
import type { SequentialRatioSettings } from "./settings.ts";

export const decay = (halfLifeDays: number): number => 2 ** (-1 / halfLifeDays);

/** Observed and expected, discounted, per group. */
class PooledRatio {
  readonly observed: Float64Array;
  readonly expected: Float64Array;

  private readonly keep: number;
  private readonly priorEvents: number;

  constructor(groups: number, keep: number, priorEvents: number) {
    this.keep = keep;
    this.priorEvents = priorEvents;
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
      for (let day = 0; day < 7; day++)
        this.factors[market * 7 + day] = (7 * this.pooled.ratio(market * 7 + day)) / sum;
    }
  }
}

/**
 * Slow movement a group of series shares: a reason's season or trend, a market's change in how fast returns are registered.
 * Each series' recent sum is winsorised (Huber 1964) before it is pooled, so that a defect in one product isn't the group's drift.
 */
export class GroupDrift {
  private readonly observed: Float64Array;
  private readonly expected: Float64Array;
  private readonly factors: Float64Array;
  private readonly keep: number;

  private readonly grouping: Grouping;
  private readonly priorEvents: number;
  private readonly clip: number;

  constructor(grouping: Grouping, halfLifeDays: number, priorEvents: number, clip: number) {
    this.grouping = grouping;
    this.priorEvents = priorEvents;
    this.clip = clip;
    this.observed = new Float64Array(grouping.of.length);
    this.expected = new Float64Array(grouping.of.length);
    this.factors = new Float64Array(grouping.count).fill(1);
    this.keep = decay(halfLifeDays);
  }

  factor(row: number): number {
    return this.factors[this.grouping.of[row]!]!;
  }

  /** One series' day; `expected` is what the factor is relative to, without the factor itself. */
  add(row: number, observed: number, expected: number): void {
    this.observed[row]! += observed;
    this.expected[row]! += expected;
  }

  endDay(dispersion: Float64Array): void {
    const { grouping, factors } = this;
    const sums = new Float64Array(grouping.count).fill(this.priorEvents);
    const weights = new Float64Array(grouping.count).fill(this.priorEvents);
    for (let row = 0; row < this.observed.length; row++) {
      const of = grouping.of[row]!;
      const centre = this.expected[row]! * factors[of]!;
      const reach = this.clip * Math.sqrt(dispersion[row]! * centre);
      sums[of]! += Math.min(centre + reach, Math.max(centre - reach, this.observed[row]!));
      weights[of]! += this.expected[row]!;
      this.observed[row]! *= this.keep;
      this.expected[row]! *= this.keep;
    }
    for (let of = 0; of < factors.length; of++) factors[of] = sums[of]! / weights[of]!;
  }
}

/** Shock of a market's day (outage, backlog, holiday): the median over reasons of observed / expected, used only when clearly not 1. */
export class MarketShock {
  private readonly observed: Float64Array;
  private readonly expected: Float64Array;
  private readonly variance: Float64Array;
  private readonly ratios: number[][];
  readonly factors: Float64Array;

  private readonly groups: Groups;
  private readonly threshold: number;

  constructor(groups: Groups, threshold: number) {
    this.groups = groups;
    this.threshold = threshold;
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
