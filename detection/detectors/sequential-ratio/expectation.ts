// The expectation of every series' day: own rate × units due × weekday × drifts × shock of the market's day × the product's cohorts.
import { dayNumber, type Panel } from "../../series.ts";
import { CohortFactor } from "./cohort-factor.ts";
import { lagMatchedExposure, type ExposureField } from "./exposure.ts";
import { groupsOf, type Groups } from "./groups.ts";
import { Levels } from "./level.ts";
import { GroupDrift, MarketShock, WeekdayEffect } from "./pooled.ts";
import type { SequentialRatioSettings } from "./settings.ts";

/** A market's day this close to normal teaches the weekday effect. */
const QUIET_SHOCK = 0.1;

export class Expectation {
  readonly field: ExposureField;
  readonly levels: Levels;
  /** Per series (row) and day: the counts, NaN = missing. */
  readonly counts: Float64Array;
  /** Per series and day: expected count without a defect. */
  readonly mean: Float64Array;
  private readonly groups: Groups;
  private readonly weekday: WeekdayEffect;
  private readonly reasonDrift: GroupDrift;
  private readonly marketDrift: GroupDrift;
  private readonly shock: MarketShock;
  private readonly cohort: CohortFactor;
  /** Units due times the pooled factors: what a rate is learned against. */
  private readonly units: Float64Array;
  private readonly learned: Int32Array;
  private readonly settings: SequentialRatioSettings;
  private readonly series: number;
  private readonly days: number;
  private readonly firstDay: number;

  constructor(panel: Panel, settings: SequentialRatioSettings) {
    this.settings = settings;
    this.series = panel.series.length;
    this.days = panel.dayCount;
    this.firstDay = dayNumber(panel.firstDate);
    this.field = lagMatchedExposure(panel);
    this.groups = groupsOf(panel, this.field);
    this.levels = new Levels(this.groups, this.field.isKnown, settings);
    this.weekday = new WeekdayEffect(this.groups.market.count, settings);
    const { driftHalfLifeDays, driftPriorEvents, marketHalfLifeDays, marketPriorEvents, driftClip } = settings;
    this.reasonDrift = new GroupDrift(this.groups.reason, driftHalfLifeDays, driftPriorEvents, driftClip);
    this.marketDrift = new GroupDrift(this.groups.market, marketHalfLifeDays, marketPriorEvents, driftClip);
    this.shock = new MarketShock(this.groups, settings.shockThreshold);
    this.cohort = new CohortFactor(this.field, this.groups.product, settings);
    this.counts = new Float64Array(this.series * this.days);
    for (const [row, one] of panel.series.entries()) this.counts.set(one.counts, row * this.days);
    this.units = new Float64Array(this.series * this.days);
    this.mean = new Float64Array(this.series * this.days);
    this.learned = Int32Array.from(this.field.start);
  }

  /** Sets `mean` of the day for all series. `suspicion` = chance per series and past day that it belongs to an episode. */
  expect(day: number, suspicion: Float64Array): void {
    this.learn(day, suspicion);
    this.expectAlone(day);
    this.shareMarketDay(day);
    this.shareCohorts(day, suspicion);
    this.weekday.endDay();
    this.reasonDrift.endDay(this.levels.dispersion);
    this.marketDrift.endDay(this.levels.dispersion);
  }

  /** Standard deviation of a series' mean relative to it: what is known of its rate, and the wobble nobody models. */
  relativeSpread(row: number): number {
    const wobble = this.field.isKnown[row] ? this.settings.wobble : this.settings.unknownWobble;
    return Math.sqrt(this.levels.dispersion[row]! / this.levels.weightOf(row) + wobble ** 2);
  }

  /** Takes the last days before `day` as the series' new normal. */
  adoptAsNormal(row: number, day: number, lastDays: number): void {
    this.levels.forget(row);
    for (let past = Math.max(this.field.start[row]!, day - lastDays); past < day; past++) {
      const cell = row * this.days + past;
      const count = this.counts[cell]!;
      if (!Number.isNaN(count)) this.levels.learn(row, count, this.units[cell]!, Number.POSITIVE_INFINITY, 1);
    }
    this.learned[row] = day;
  }

  /** Rates learn the days that have left the hold-out window, less so if an episode was running then or since. */
  private learn(day: number, suspicion: Float64Array): void {
    const { days } = this;
    for (let row = 0; row < this.series; row++) {
      const age = day - this.field.start[row]!;
      const until = day - Math.min(this.settings.holdOutDays, Math.ceil(age / 2));
      for (let past = this.learned[row]!; past < until; past++) {
        const cell = row * days + past;
        const count = this.counts[cell]!;
        if (Number.isNaN(count)) continue;
        let worst = 0;
        for (let later = cell; later < row * days + day; later++)
          if (suspicion[later]! > worst) worst = suspicion[later]!;
        this.levels.learn(row, count, this.units[cell]!, this.mean[cell]!, 1 - worst);
      }
      if (until > this.learned[row]!) this.learned[row] = until;
    }
    this.levels.settle();
  }

  private weekdayOf(day: number): number {
    return (((this.firstDay + day) % 7) + 7) % 7;
  }

  /** From the series' own past and what groups share, before the same day's counts are looked at. */
  private expectAlone(day: number): void {
    const { market } = this.groups;
    const weekday = this.weekdayOf(day);
    for (let row = 0; row < this.series; row++) {
      const cell = row * this.days + day;
      const drift = this.reasonDrift.factor(row) * this.marketDrift.factor(row);
      this.units[cell] = this.field.due[cell]! * this.weekday.factor(market.of[row]!, weekday) * drift;
      this.mean[cell] = this.units[cell] * this.levels.rate[row]!;
    }
  }

  /** Shock of the market's day; then the pooled effects learn the day. */
  private shareMarketDay(day: number): void {
    const { market } = this.groups;
    const { dispersion } = this.levels;
    for (let row = 0; row < this.series; row++) {
      const cell = row * this.days + day;
      const count = this.counts[cell]!;
      if (!Number.isNaN(count)) this.shock.add(row, count, this.mean[cell]!, dispersion[row]!);
    }
    this.shock.settle();
    for (let row = 0; row < this.series; row++) {
      const cell = row * this.days + day;
      const shock = this.shock.factors[market.of[row]!]!;
      this.units[cell]! *= shock;
      const mean = (this.mean[cell]! *= shock);
      const count = this.counts[cell]!;
      if (Number.isNaN(count)) continue;
      const capped = Math.min(count, mean + 3 * Math.sqrt(mean * dispersion[row]!) + 1);
      if (Math.abs(shock - 1) < QUIET_SHOCK) this.weekday.add(market.of[row]!, this.weekdayOf(day), capped, mean);
      this.reasonDrift.add(row, capped, mean / this.reasonDrift.factor(row));
      this.marketDrift.add(row, capped, mean / this.marketDrift.factor(row));
    }
  }

  /** What each product's other reasons say about its delivery days. */
  private shareCohorts(day: number, suspicion: Float64Array): void {
    const { cohortPriorEvents, unknownCohortPriorEvents } = this.settings;
    this.cohort.startDay(day);
    for (let row = 0; row < this.series; row++) {
      const cell = row * this.days + day;
      const count = this.counts[cell]!;
      if (Number.isNaN(count)) continue;
      const mean = this.mean[cell]!;
      const cap = 3 * mean + 3 * Math.sqrt(mean * this.levels.dispersion[row]!) + 1;
      const weight = day > 0 ? 1 - suspicion[cell - 1]! : 1;
      this.cohort.add(row, day, weight * Math.min(count, cap), weight * mean);
    }
    this.cohort.gather(day);
    for (let row = 0; row < this.series; row++) {
      const prior = this.field.isKnown[row] ? cohortPriorEvents : unknownCohortPriorEvents;
      this.mean[row * this.days + day]! *= this.cohort.factor(row, day, prior);
    }
  }
}
