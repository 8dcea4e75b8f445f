// How much more (or less) than usual the units delivered on each day come back, by what a product's OTHER reasons show.
// Observed events are attributed to delivery days along the lag (one expectation–maximisation pass as in deconvolution by
// Richardson 1972 and Lucy 1974, back-calculation), summed over the product's reasons, smoothed over neighbouring delivery days and
// read back along the judged reason's own lag. So a wave seen in fast reasons is expected in slow ones, when it is due there.
import type { ExposureField } from "./exposure.ts";
import type { Grouping } from "./groups.ts";
import type { SequentialRatioSettings } from "./settings.ts";

/** Delivery days kept; what lags longer than this counts as unchanged. */
const WINDOW = 64;

export class CohortFactor {
  /** Per series and delivery day (modulo the window): events attributed, events expected. */
  private readonly observed: Float64Array;
  private readonly expected: Float64Array;
  /** The same, smoothed: own part and the sum over the product. */
  private readonly ownObserved: Float64Array;
  private readonly ownExpected: Float64Array;
  private readonly productObserved: Float64Array;
  private readonly productExpected: Float64Array;
  private readonly multiplier: Float64Array;
  private readonly weights = new Float64Array(WINDOW);
  private readonly blur: number;

  private readonly field: ExposureField;
  private readonly product: Grouping;
  private readonly settings: SequentialRatioSettings;

  constructor(field: ExposureField, product: Grouping, settings: SequentialRatioSettings) {
    this.field = field;
    this.product = product;
    this.settings = settings;
    const series = field.lags.length;
    this.observed = new Float64Array(series * WINDOW);
    this.expected = new Float64Array(series * WINDOW);
    this.ownObserved = new Float64Array(series * WINDOW);
    this.ownExpected = new Float64Array(series * WINDOW);
    this.productObserved = new Float64Array(product.count * WINDOW);
    this.productExpected = new Float64Array(product.count * WINDOW);
    this.multiplier = new Float64Array(product.count * WINDOW).fill(1);
    this.blur = Math.exp(-1 / settings.cohortBlurDays);
  }

  /** Opens the delivery day. */
  startDay(day: number): void {
    const slot = day % WINDOW;
    for (let row = 0; row < this.field.lags.length; row++) {
      this.observed[row * WINDOW + slot] = 0;
      this.expected[row * WINDOW + slot] = 0;
    }
  }

  /** One reason's arrivals of the day and their expectation, attributed to delivery days. */
  add(row: number, day: number, count: number, mean: number): void {
    const reach = this.dueWeights(row, day);
    const base = row * WINDOW;
    const ofProduct = this.product.of[row]! * WINDOW;
    let total = 1;
    for (let l = 0; l <= reach; l++) {
      total += this.weights[l]! * (this.multiplier[ofProduct + ((day - l) % WINDOW)]! - 1);
    }
    const perEvent = total > 0 ? count / total : 0;
    for (let l = 0; l <= reach; l++) {
      const slot = (day - l) % WINDOW;
      this.expected[base + slot]! += mean * this.weights[l]!;
      this.observed[base + slot]! += perEvent * this.weights[l]! * this.multiplier[ofProduct + slot]!;
    }
  }

  /** Smooths and sums per product; call once a day after all `add`. */
  gather(day: number): void {
    this.productObserved.fill(0);
    this.productExpected.fill(0);
    for (let row = 0; row < this.field.lags.length; row++) {
      const base = row * WINDOW;
      const to = this.product.of[row]! * WINDOW;
      this.smooth(this.observed, this.ownObserved, base, day);
      this.smooth(this.expected, this.ownExpected, base, day);
      for (let slot = 0; slot < WINDOW; slot++) {
        this.productObserved[to + slot]! += this.ownObserved[base + slot]!;
        this.productExpected[to + slot]! += this.ownExpected[base + slot]!;
      }
    }
    const prior = this.settings.cohortPriorEvents;
    for (let i = 0; i < this.multiplier.length; i++) {
      this.multiplier[i] = (prior + this.productObserved[i]!) / (prior + this.productExpected[i]!);
    }
  }

  /** Factor on a series' expectation of the day from the product's other reasons. */
  factor(row: number, day: number, prior: number): number {
    const reach = this.dueWeights(row, day);
    const own = row * WINDOW;
    const all = this.product.of[row]! * WINDOW;
    let factor = 1;
    for (let l = 0; l <= reach; l++) {
      const slot = (day - l) % WINDOW;
      const observed = Math.max(0, this.productObserved[all + slot]! - this.ownObserved[own + slot]!);
      const expected = Math.max(0, this.productExpected[all + slot]! - this.ownExpected[own + slot]!);
      factor += this.weights[l]! * ((prior + observed) / (prior + expected) - 1);
    }
    return Math.max(0.05, factor);
  }

  /** Shares of the units due today by days since delivery, into `weights`; returns the longest lag used. */
  private dueWeights(row: number, day: number): number {
    const lag = this.field.lags[row]!;
    const offset = row * this.field.dayCount + day;
    const due = this.field.due[offset]!;
    const reach = Math.min(day, WINDOW - 1, lag.length - 1);
    for (let l = 0; l <= reach; l++)
      this.weights[l] = due > 0 ? (this.field.delivered[offset - l]! * lag[l]!) / due : 0;
    return reach;
  }

  /** Two-sided exponential kernel over the delivery days up to today. */
  private smooth(from: Float64Array, to: Float64Array, base: number, day: number): void {
    const { blur } = this;
    const oldest = Math.max(0, day - WINDOW + 1);
    let carry = 0;
    for (let d = oldest; d <= day; d++) {
      const slot = base + (d % WINDOW);
      carry = carry * blur + from[slot]!;
      to[slot] = carry;
    }
    carry = 0;
    for (let d = day; d >= oldest; d--) {
      const slot = base + (d % WINDOW);
      to[slot]! += carry;
      carry = (carry + from[slot]!) * blur;
    }
  }
}
