// Sequential evidence that a series runs above its expectation: a Shiryaev–Roberts mixture over the day of onset and the size of the rise.
// R(t) = Σ_onset Σ_ratio w · Π_{s = onset..t} P(y_s | raised) / P(y_s | quiet); without a defect E R(t) = number of onsets in memory,
// which bounds the false alarm rate (Shiryaev 1963, Roberts 1966, Pollak 1985). Two templates: everything rises at once, or
// a bad lot, whose extra events arrive along the return lag, so that only the share of units delivered since the onset is raised.
import type { SequentialRatioSettings } from "./settings.ts";

/** Steps in which the share of raised units is told apart. */
const SHARE_STEPS = 32;
/** From this share on, an onset counts as fully arrived and joins the common pool of its ratio. */
const FULL_SHARE = 0.97;
const LONGEST_LAG_DAYS = 60;

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

  constructor(
    private readonly settings: SequentialRatioSettings,
    private readonly lag: Float64Array,
  ) {
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

  /**
   * Takes in one day. `delivered` and `row + day` locate the units delivered; `due` = units due that day.
   * `count` NaN (missing day) or `mean` 0 leave the evidence as it is.
   */
  step(count: number, mean: number, dispersion: number, delivered: Float64Array, offset: number, day: number, due: number): number {
    const { settings, ages, pool, young } = this;
    const ratios = settings.ratios.length;
    const isInformative = count === count && mean > 0;
    if (isInformative) this.prepare(dispersion, delivered, offset, day, due);
    const size = mean / (this.tableDispersion - 1);
    const keep = 1 - settings.endHazard;
    const slot = ages > 0 ? day % ages : 0;
    let total = 0;
    for (let r = 0; r < ratios; r++) {
      // The onset that leaves the young ones has fully arrived.
      pool[r] = pool[r]! * keep + settings.suddenShare + young[slot * ratios + r]!;
      young[slot * ratios + r] = 1 - settings.suddenShare;
      if (isInformative) {
        const full = r * (SHARE_STEPS + 1) + SHARE_STEPS;
        pool[r] = Math.min(this.cap, pool[r]! * Math.exp(count * this.gain[full]! - (count + size) * this.loss[full]!));
      }
      total += pool[r]!;
    }
    for (let age = 0; age < ages; age++) {
      const at = ((day - age + ages * 2) % ages) * ratios;
      const share = this.shares[age]!;
      for (let r = 0; r < ratios; r++) {
        let v = young[at + r]!;
        if (age > 0) v *= keep;
        if (isInformative) {
          const cell = r * (SHARE_STEPS + 1) + share;
          v *= Math.exp(count * this.gain[cell]! - (count + size) * this.loss[cell]!);
          if (v > this.cap) v = this.cap;
        }
        young[at + r] = v;
        total += v;
      }
    }
    this.value = Math.log(total / ratios);
    this.closeWhenOver();
    return this.value;
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
    const wasEpisode = this.peak > 7;
    if (wasEpisode && this.value < this.peak - this.settings.closingDrop) this.reset();
    else if (!wasEpisode) this.peak = this.value;
  }

  /** Tables of the log likelihood ratio (negative binomial, size from the quiet mean) and today's share of raised units by age. */
  private prepare(dispersion: number, delivered: Float64Array, offset: number, day: number, due: number): void {
    const phi = Math.max(1.02, dispersion);
    if (Math.abs(phi - this.tableDispersion) > 0.005 * phi) this.fillTables(phi);
    let arrived = 0;
    for (let age = 0; age < this.ages; age++) {
      if (age <= day) arrived += delivered[offset + day - age]! * this.lag[age]!;
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
