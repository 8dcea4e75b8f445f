// The default detector. Days are walked once, oldest first; at each day every series' expectation is set from what was known before
// (plus what the same day's other series show), then the day's count is taken as evidence. See ../../README.md for the method.
import { DEFAULT_OPTIONS, type Detector, type DetectorOptions, type JudgedSeries } from "../../detector.ts";
import { qValuesByDay } from "../../false-discovery.ts";
import { dayNumber, type Panel } from "../../series.ts";
import { countBand } from "./band.ts";
import { Evidence } from "./evidence.ts";
import { lagMatchedExposure, type ExposureField } from "./exposure.ts";
import { groupsOf, type Groups } from "./groups.ts";
import { Levels } from "./level.ts";
import { MarketShock, ProductFactor, ReasonDrift, WeekdayEffect } from "./pooled.ts";
import { DEFAULT_SETTINGS, type SequentialRatioSettings } from "./settings.ts";

export function sequentialRatio(changes: Partial<SequentialRatioSettings> = {}): Detector {
  const settings = { ...DEFAULT_SETTINGS, ...changes };
  return {
    name: "sequential-ratio",
    minimumHistoryDays: 56,
    judge: (panel, options) => new Walk(panel, { ...DEFAULT_OPTIONS, ...options }, settings).run(),
  };
}

/** log of the Shiryaev–Roberts threshold whose mean time to a false alarm is one alarm in 1/budget series-years (Pollak 1985). */
export function scoreThreshold(alarmBudget: number): number {
  return Math.log(365.25 / alarmBudget);
}

const MINIMUM_HISTORY_DAYS = 56;
const DISPERSION_FALLBACK = 1.5;

class Walk {
  private readonly field: ExposureField;
  private readonly groups: Groups;
  private readonly levels: Levels;
  private readonly weekday: WeekdayEffect;
  private readonly drift: ReasonDrift;
  private readonly shock: MarketShock;
  private readonly product: ProductFactor;
  private readonly evidence: Evidence[];
  private readonly counts: Float64Array;
  /** Units due times all pooled factors: what the rate is learned against. */
  private readonly units: Float64Array;
  private readonly mean: Float64Array;
  private readonly score: Float64Array;
  /** Chance that a day belongs to an episode, by what was known that day. */
  private readonly suspicion: Float64Array;
  private readonly learned: Int32Array;
  private readonly out: JudgedSeries[];
  private readonly band = { lower: 0, upper: 0 };
  private readonly series: number;
  private readonly days: number;
  private readonly firstWeekday: number;

  constructor(
    private readonly panel: Panel,
    private readonly options: DetectorOptions,
    private readonly settings: SequentialRatioSettings,
  ) {
    this.series = panel.series.length;
    this.days = panel.dayCount;
    this.field = lagMatchedExposure(panel);
    this.groups = groupsOf(panel, this.field);
    this.levels = new Levels(this.groups, this.field.isKnown, settings);
    this.weekday = new WeekdayEffect(this.groups.market.count, settings);
    this.drift = new ReasonDrift(this.groups.reason.count, settings);
    this.shock = new MarketShock(this.groups, settings.shockThreshold);
    this.product = new ProductFactor(this.groups, this.series, settings);
    this.evidence = this.field.lags.map((lag) => new Evidence(settings, lag));
    const cells = this.series * this.days;
    this.counts = new Float64Array(cells);
    for (const [row, one] of panel.series.entries()) this.counts.set(one.counts, row * this.days);
    this.units = new Float64Array(cells);
    this.mean = new Float64Array(cells);
    this.score = new Float64Array(cells).fill(Number.NaN);
    this.suspicion = new Float64Array(cells);
    this.learned = Int32Array.from(this.field.start);
    this.firstWeekday = ((dayNumber(panel.firstDate) % 7) + 7) % 7;
    this.out = panel.series.map((one) => emptyJudgement(one.seriesId, options.judgeFrom, this.days));
  }

  run(): JudgedSeries[] {
    for (let day = 0; day < this.days; day++) {
      this.learn(day);
      this.expect(day);
      this.shareAcrossSeries(day);
      this.takeEvidence(day);
      this.weekday.endDay();
      this.drift.endDay();
      this.product.endDay();
    }
    qValuesByDay(this.out);
    return this.out;
  }

  /** Rates learn the days that have left the hold-out window, less so if an episode was running then or since. */
  private learn(day: number): void {
    const { settings, days } = this;
    for (let row = 0; row < this.series; row++) {
      const age = day - this.field.start[row]!;
      const until = day - Math.min(settings.holdOutDays, Math.ceil(age / 2));
      for (let past = this.learned[row]!; past < until; past++) {
        const cell = row * days + past;
        const count = this.counts[cell]!;
        if (count !== count) continue;
        let suspicion = 0;
        for (let later = past; later < day; later++) suspicion = Math.max(suspicion, this.suspicion[row * days + later]!);
        this.levels.learn(row, count, this.units[cell]!, this.mean[cell]!, 1 - suspicion);
      }
      if (until > this.learned[row]!) this.learned[row] = until;
    }
    this.levels.settle();
  }

  private weekdayOf(day: number): number {
    return (this.firstWeekday + day) % 7;
  }

  /** Expectation before the same day's counts are looked at. */
  private expect(day: number): void {
    const { market, reason } = this.groups;
    for (let row = 0; row < this.series; row++) {
      const cell = row * this.days + day;
      const due = this.field.due[cell]!;
      const units = due * this.weekday.factor(market.of[row]!, this.weekdayOf(day)) * this.drift.factor(reason.of[row]!);
      this.units[cell] = units;
      this.mean[cell] = units * this.levels.rate[row]!;
    }
  }

  /** Shock of the market's day, then what each product's other reasons say. */
  private shareAcrossSeries(day: number): void {
    const { market } = this.groups;
    const { dispersion } = this.levels;
    this.product.gather(dispersion);
    for (let row = 0; row < this.series; row++) {
      const cell = row * this.days + day;
      const count = this.counts[cell]!;
      if (count === count) this.shock.add(row, count, this.mean[cell]! * this.productFactor(row), dispersion[row]!);
    }
    this.shock.settle();
    for (let row = 0; row < this.series; row++) {
      const cell = row * this.days + day;
      const factor = this.shock.factors[market.of[row]!]!;
      this.units[cell]! *= factor;
      this.mean[cell]! *= factor;
      const count = this.counts[cell]!;
      if (count !== count) continue;
      const before = day > 0 ? this.suspicion[cell - 1]! : 0;
      this.product.add(row, count, this.mean[cell]!, 1 - before);
      this.pool(row, day, count, this.mean[cell]!, 1 - before, factor);
    }
    this.product.gather(dispersion);
    for (let row = 0; row < this.series; row++) {
      const factor = this.productFactor(row);
      this.mean[row * this.days + day]! *= factor;
    }
  }

  private productFactor(row: number): number {
    const { productPriorEvents, unknownProductPriorEvents } = this.settings;
    const prior = this.field.isKnown[row] ? productPriorEvents : unknownProductPriorEvents;
    return this.product.factor(row, prior, this.levels.dispersion[row]!);
  }

  private pool(row: number, day: number, count: number, mean: number, weight: number, shock: number): void {
    const capped = Math.min(count, mean + 3 * Math.sqrt(mean * this.levels.dispersion[row]!) + 1);
    const { market, reason } = this.groups;
    if (Math.abs(shock - 1) < 0.1) this.weekday.add(market.of[row]!, this.weekdayOf(day), weight * capped, weight * mean);
    this.drift.add(reason.of[row]!, weight * capped, weight * mean);
  }

  private takeEvidence(day: number): void {
    const { settings, levels } = this;
    const odds = settings.startHazard;
    for (let row = 0; row < this.series; row++) {
      if (day < this.field.start[row]!) continue;
      const cell = row * this.days + day;
      const dispersion = levels.dispersion[row]! || DISPERSION_FALLBACK;
      const isReady = day - this.field.start[row]! >= MINIMUM_HISTORY_DAYS / 2 && day >= MINIMUM_HISTORY_DAYS;
      const isAfterGap = day > 0 && Number.isNaN(this.counts[cell - 1]!) && day - 1 >= this.field.start[row]!;
      const spread = Math.sqrt(dispersion / levels.weightOf(row) + settings.wobble ** 2);
      const mean = isReady && !isAfterGap ? this.mean[cell]! * (1 + settings.meanCaution * spread) : 0;
      const evidence = this.evidence[row]!;
      const score = evidence.step(
        this.counts[cell]!, mean, dispersion, this.field.delivered, row * this.days, day, this.field.due[cell]!,
      );
      this.score[cell] = score;
      const weight = odds * Math.exp(score);
      this.suspicion[cell] = weight / (1 + weight);
      if (day >= this.options.judgeFrom) this.write(row, day, cell, dispersion, spread);
    }
  }

  private write(row: number, day: number, cell: number, dispersion: number, spread: number): void {
    const count = this.counts[cell]!;
    if (count !== count) return;
    const out = this.out[row]!;
    const at = day - out.firstIndex;
    const mean = this.mean[cell]!;
    countBand(mean, dispersion + mean * spread * spread, this.band);
    out.expected[at] = mean;
    out.lower[at] = this.band.lower;
    out.upper[at] = this.band.upper;
    const score = this.score[cell]!;
    out.score[at] = score;
    out.pValue[at] = Math.min(1, Math.exp(-score) / this.settings.endHazard);
    out.isAlarm[at] = score >= scoreThreshold(this.options.alarmBudget) ? 1 : 0;
  }
}

function emptyJudgement(seriesId: string, firstIndex: number, dayCount: number): JudgedSeries {
  const length = Math.max(0, dayCount - firstIndex);
  const column = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  return {
    seriesId,
    firstIndex,
    expected: column(),
    lower: column(),
    upper: column(),
    score: column(),
    pValue: column(),
    qValue: column(),
    isAlarm: new Uint8Array(length),
    dispersion: 1,
  };
}
