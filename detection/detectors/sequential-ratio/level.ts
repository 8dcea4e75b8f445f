// Each series' own rate per unit due and its dispersion: discounted gamma–Poisson, shrunk to its peers (Efron & Morris 1975).
import type { Groups } from "./groups.ts";
import { decay } from "./pooled.ts";
import type { SequentialRatioSettings } from "./settings.ts";

export class Levels {
  /** Discounted events and units due. */
  readonly events: Float64Array;
  readonly units: Float64Array;
  readonly rate: Float64Array;
  readonly dispersion: Float64Array;
  private readonly squares: Float64Array;
  private readonly means: Float64Array;
  private readonly peerRate: Float64Array;
  private readonly prior: Float64Array;
  private readonly keep: number;

  private readonly groups: Groups;
  private readonly settings: SequentialRatioSettings;

  constructor(groups: Groups, isKnown: Uint8Array, settings: SequentialRatioSettings) {
    this.groups = groups;
    this.settings = settings;
    const series = isKnown.length;
    this.events = new Float64Array(series);
    this.units = new Float64Array(series);
    this.rate = new Float64Array(series);
    this.dispersion = new Float64Array(series).fill(1.5);
    this.squares = new Float64Array(series);
    this.means = new Float64Array(series);
    this.peerRate = new Float64Array(groups.peer.count);
    this.prior = Float64Array.from(isKnown, (known) =>
      known ? settings.levelPriorEvents : settings.unknownLevelPriorEvents,
    );
    this.keep = decay(settings.levelHalfLifeDays);
  }

  /** One past day: `units` due after all known factors, `mean` as it was expected then (infinite: the count is taken as it is). */
  learn(row: number, count: number, units: number, mean: number, weight: number): void {
    const cap = mean === Number.POSITIVE_INFINITY ? mean : mean + 4 * Math.sqrt(mean * this.dispersion[row]!) + 1;
    this.events[row] = this.events[row]! * this.keep + weight * Math.min(count, cap);
    this.units[row] = this.units[row]! * this.keep + weight * units;
    if (mean === Number.POSITIVE_INFINITY) return;
    const deviation = Math.min(count, cap + 1) - mean;
    this.squares[row] = this.squares[row]! * this.keep + weight * deviation * deviation;
    this.means[row] = this.means[row]! * this.keep + weight * mean;
  }

  /** Drops a series' past; its dispersion stays. */
  forget(row: number): void {
    this.events[row] = 0;
    this.units[row] = 0;
  }

  /** Effective number of events behind a rate. */
  weightOf(row: number): number {
    return this.prior[row]! + this.events[row]!;
  }

  /** Recomputes peers' rates, each series' rate and dispersion. */
  settle(): void {
    const { peer } = this.groups;
    const rates = new Float64Array(peer.count);
    const weights = new Float64Array(peer.count);
    let squares = 10;
    let means = 8;
    for (let row = 0; row < this.events.length; row++) {
      if (!(this.units[row]! > 0)) continue;
      const weight = this.events[row]! / (this.events[row]! + 10);
      weights[peer.of[row]!]! += weight;
      rates[peer.of[row]!]! += (weight * this.events[row]!) / this.units[row]!;
      squares += this.squares[row]!;
      means += this.means[row]!;
    }
    for (let number = 0; number < peer.count; number++) {
      this.peerRate[number] = weights[number]! > 0 ? rates[number]! / weights[number]! : 0;
    }
    const pooled = squares / means;
    for (let row = 0; row < this.events.length; row++) this.settleSeries(row, pooled);
  }

  private settleSeries(row: number, pooledDispersion: number): void {
    const peerRate = this.peerRate[this.groups.peer.of[row]!]!;
    const prior = peerRate > 0 ? this.prior[row]! : 0;
    const units = this.units[row]! + (peerRate > 0 ? prior / peerRate : 0);
    this.rate[row] = units > 0 ? (this.events[row]! + prior) / units : 0;
    const borrowed = this.settings.dispersionPriorEvents;
    const raw = (borrowed * pooledDispersion + this.squares[row]!) / (borrowed + this.means[row]!);
    this.dispersion[row] = Math.min(8, Math.max(1.02, raw));
  }
}
