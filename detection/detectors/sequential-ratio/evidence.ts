// Sequential evidence that a series runs above its expectation: a Shiryaev–Roberts mixture over the day of onset and the size of the rise.
// R(t) = Σ_onset Σ_ratio w · Π_{s = onset..t} P(y_s | raised) / P(y_s | quiet); without a defect E R(t) = number of onsets in memory,
// which bounds the false alarm rate (Shiryaev 1963, Roberts 1966, Pollak 1985). Two templates: everything rises at once, or
// a bad lot, whose extra events arrive along the return lag, so that only the share of units delivered since the onset is raised.
import type { ExposureField } from "./exposure.ts";
import type { SequentialRatioSettings } from "./settings.ts";

/** Steps in which the share of raised units is told apart. */
const SHARE_STEPS = 32;
/** From this share on, an onset counts as fully arrived and joins the common pool of its ratio. */
const FULL_SHARE = 0.97;
const LONGEST_LAG_DAYS = 60;
/** Evidence (natural log) from which on a peak counts as an episode that can be over. */
const EPISODE_EVIDENCE = 7;

/** Evidence of one series: linear recursions, one number per ratio and young onset. */
export class Evidence {
  /** Per ratio: evidence of all onsets whose raised units have fully arrived. */
  private readonly pool: Float64Array;
  /** Per onset not older than the lag and ratio; onset day modulo `ages`. */
  private readonly young: Float64Array;
  private readonly ages: number;
  private readonly gain: Float64Array;
  private readonly loss: Float64Array;
  private readonly shares: Float64Array;
  private tableDispersion = 0;
  private peak = Number.NEGATIVE_INFINITY;
  private readonly cap: number;
  /** log R, the score. */
  value = Number.NEGATIVE_INFINITY;

  private readonly settings: SequentialRatioSettings;
  private readonly lag: Float64Array;

  constructor(settings: SequentialRatioSettings, lag: Float64Array) {
    this.settings = settings;
    this.lag = lag;
    const ratios = settings.ratios.length;
    let total = 0;
    let ages = 0;
    while (ages < lag.length && ages < LONGEST_LAG_DAYS && total < FULL_SHARE) total += lag[ages++]!;
    this.ages = ages;
    this.pool = new Float64Array(ratios);
    this.young = new Float64Array(ages * ratios);
    this.shares = new Float64Array(ages);
    this.gain = new Float64Array(ratios * (SHARE_STEPS + 1));
    this.loss = new Float64Array(ratios * (SHARE_STEPS + 1));
    this.cap = Math.exp(settings.evidenceCap);
  }

  /** Takes in one day of series `row`. A missing count (NaN) or a mean of 0 leaves the evidence as it is. */
  step(count: number, mean: number, dispersion: number, field: ExposureField, row: number, day: number): number {
    const isInformative = !Number.isNaN(count) && mean > 0;
    if (isInformative) this.prepare(dispersion, field, row, day);
    const size = isInformative ? mean / (this.tableDispersion - 1) : 0;
    const total = this.stepPool(isInformative, count, size, day) + this.stepYoung(isInformative, count, size, day);
    this.value = Math.log(total / this.settings.ratios.length);
    this.closeWhenOver();
    return this.value;
  }

  /** Onsets whose raised units have all arrived: the sudden ones at once, the others when they leave the young. */
  private stepPool(isInformative: boolean, count: number, size: number, day: number): number {
    const { settings, ages, pool, young } = this;
    const ratios = settings.ratios.length;
    const slot = (day % ages) * ratios;
    let total = 0;
    for (let r = 0; r < ratios; r++) {
      let value = pool[r]! * (1 - settings.endHazard) + settings.suddenShare + young[slot + r]!;
      young[slot + r] = 1 - settings.suddenShare;
      if (isInformative) {
        const full = r * (SHARE_STEPS + 1) + SHARE_STEPS;
        value *= Math.exp(count * this.gain[full]! - (count + size) * this.loss[full]!);
      }
      pool[r] = Math.min(this.cap, value);
      total += pool[r]!;
    }
    return total;
  }

  /** Onsets whose raised units still arrive. */
  private stepYoung(isInformative: boolean, count: number, size: number, day: number): number {
    const { ages, young, settings } = this;
    const ratios = settings.ratios.length;
    let total = 0;
    for (let age = 0; age < ages; age++) {
      const at = ((day - age + ages) % ages) * ratios;
      const keep = age > 0 ? 1 - settings.endHazard : 1;
      const share = this.shares[age]!;
      for (let r = 0; r < ratios; r++) {
        let value = young[at + r]! * keep;
        if (isInformative) {
          const cell = r * (SHARE_STEPS + 1) + share;
          value *= Math.exp(count * this.gain[cell]! - (count + size) * this.loss[cell]!);
          if (value > this.cap) value = this.cap;
        }
        young[at + r] = value;
        total += value;
      }
    }
    return total;
  }

  /** Forgets everything, e.g. when a rise has become the new normal. */
  reset(): void {
    this.pool.fill(0);
    this.young.fill(0);
    this.peak = Number.NEGATIVE_INFINITY;
  }

  /** The closing rule: evidence lost since the peak says the episode is over; what follows starts afresh. */
  private closeWhenOver(): void {
    if (this.value > this.peak) this.peak = this.value;
    const wasEpisode = this.peak > EPISODE_EVIDENCE;
    if (wasEpisode && this.value < this.peak - this.settings.closingDrop) this.reset();
    else if (!wasEpisode) this.peak = this.value;
  }

  /** Tables of the log likelihood ratio (negative binomial, size from the quiet mean) and today's share of raised units by age. */
  private prepare(dispersion: number, field: ExposureField, row: number, day: number): void {
    const phi = Math.max(1.02, dispersion);
    if (Math.abs(phi - this.tableDispersion) > 0.005 * phi) this.fillTables(phi);
    const cell = row * field.dayCount + day;
    const due = field.due[cell]!;
    let arrived = 0;
    for (let age = 0; age < this.ages; age++) {
      if (age <= day) arrived += field.delivered[cell - age]! * this.lag[age]!;
      const share = due > 0 ? arrived / due : 0;
      this.shares[age] = share >= 1 ? SHARE_STEPS : Math.round(share * SHARE_STEPS);
    }
  }

  private fillTables(phi: number): void {
    this.tableDispersion = phi;
    for (const [r, ratio] of this.settings.ratios.entries()) {
      for (let step = 0; step <= SHARE_STEPS; step++) {
        const raised = ((ratio - 1) * step) / SHARE_STEPS;
        this.gain[r * (SHARE_STEPS + 1) + step] = Math.log1p(raised);
        this.loss[r * (SHARE_STEPS + 1) + step] = Math.log1p((raised * (phi - 1)) / phi);
      }
    }
  }
}
