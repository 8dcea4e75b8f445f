// Walks the panel's days once, oldest first: expectation of every series, then the day's count as evidence, then the judgement.
import { likeliestRise } from "../../change-point.ts";
import type { DetectorOptions, JudgedSeries } from "../../detector.ts";
import { emptyJudgement } from "../../judgement.ts";
import type { Panel } from "../../series.ts";
import { countBand } from "./band.ts";
import { Evidence } from "./evidence.ts";
import { Expectation } from "./expectation.ts";
import type { SequentialRatioSettings } from "./settings.ts";

/** Days of panel before anything is judged; a product launched later is judged after half of it. */
export const MINIMUM_HISTORY_DAYS = 56;
/** Days before an expectation means anything: of the panel, and of a product launched later. */
const FIRST_EXPECTATION_DAYS = 28;
const FIRST_EXPECTATION_AGE_DAYS = 14;
/** An alarm with gaps up to this many days is one episode. */
const EPISODE_GAP_DAYS = 7;

/** log of the Shiryaev–Roberts threshold at which quiet series alarm `alarmBudget` times a year (mean time to alarm = A; Pollak 1985). */
export function scoreThreshold(alarmBudget: number): number {
  return Math.log(365.25 / alarmBudget);
}

export class Walk {
  private readonly expectation: Expectation;
  private readonly evidence: Evidence[];
  /** Chance that a series' day belongs to an episode, by what was known that day. */
  private readonly suspicion: Float64Array;
  private readonly openSince: Int32Array;
  private readonly lastAlarm: Int32Array;
  private readonly out: JudgedSeries[];
  private readonly band = { lower: 0, upper: 0 };
  private readonly threshold: number;
  private readonly series: number;
  private readonly days: number;
  private readonly options: DetectorOptions;
  private readonly settings: SequentialRatioSettings;

  constructor(panel: Panel, options: DetectorOptions, settings: SequentialRatioSettings) {
    this.options = options;
    this.settings = settings;
    this.series = panel.series.length;
    this.days = panel.dayCount;
    this.threshold = scoreThreshold(options.alarmBudget);
    this.expectation = new Expectation(panel, settings);
    this.evidence = this.expectation.field.lags.map((lag) => new Evidence(settings, lag));
    this.suspicion = new Float64Array(this.series * this.days);
    this.openSince = new Int32Array(this.series).fill(-1);
    this.lastAlarm = new Int32Array(this.series).fill(-1);
    this.out = panel.series.map((one) => emptyJudgement(one.seriesId, options.judgeFrom, this.days));
  }

  run(): JudgedSeries[] {
    for (let day = 0; day < this.days; day++) {
      this.expectation.expect(day, this.suspicion);
      for (let row = 0; row < this.series; row++) if (day >= this.expectation.field.start[row]!) this.judge(row, day);
    }
    return this.out;
  }

  private judge(row: number, day: number): void {
    const { expectation, settings } = this;
    const { field, levels, counts } = expectation;
    const cell = row * this.days + day;
    const count = counts[cell]!;
    const dispersion = levels.dispersion[row]!;
    const spread = expectation.relativeSpread(row);
    const mean = this.isEvidence(row, day) ? expectation.mean[cell]! * (1 + settings.meanCaution * spread) : 0;
    const score = this.evidence[row]!.step(count, mean, dispersion, field, row, day);
    const odds = settings.startHazard * Math.exp(score);
    this.suspicion[cell] = odds / (1 + odds);
    if (Number.isNaN(count)) return;
    const isAlarm = score >= this.threshold && this.isWorthAnAlarm(row, day);
    if (isAlarm) this.trackEpisode(row, day);
    if (day < this.options.judgeFrom || day < FIRST_EXPECTATION_DAYS) return;
    if (day - field.start[row]! < FIRST_EXPECTATION_AGE_DAYS) return;
    this.write(row, day, score, isAlarm, spread);
  }

  /** Days without enough history, and the first after a gap (it may hold the backlog), say nothing about a defect. */
  private isEvidence(row: number, day: number): boolean {
    const age = day - this.expectation.field.start[row]!;
    if (day < MINIMUM_HISTORY_DAYS || age < MINIMUM_HISTORY_DAYS / 2) return false;
    return !Number.isNaN(this.expectation.counts[row * this.days + day - 1]!);
  }

  private isWorthAnAlarm(row: number, day: number): boolean {
    const { counts, mean } = this.expectation;
    const rise = likeliestRise(counts, mean, day, row * this.days);
    if (!rise) return false;
    const { minimumRatio, minimumExcess } = this.options;
    return rise.observed >= minimumRatio * rise.expected && rise.observed - rise.expected >= minimumExcess;
  }

  /** A rise that lasts too long is no episode any more. */
  private trackEpisode(row: number, day: number): void {
    if (this.openSince[row]! < 0 || day - this.lastAlarm[row]! > EPISODE_GAP_DAYS) this.openSince[row] = day;
    this.lastAlarm[row] = day;
    const { newNormalDays } = this.settings;
    if (day - this.openSince[row]! < newNormalDays) return;
    this.expectation.adoptAsNormal(row, day, newNormalDays / 2);
    this.evidence[row]!.reset();
    this.suspicion.fill(0, row * this.days + day - newNormalDays, row * this.days + day + 1);
    this.openSince[row] = -1;
  }

  private write(row: number, day: number, score: number, isAlarm: boolean, spread: number): void {
    const out = this.out[row]!;
    const at = day - out.firstIndex;
    const mean = this.expectation.mean[row * this.days + day]!;
    out.dispersion = this.expectation.levels.dispersion[row]!;
    countBand(mean, out.dispersion + mean * spread * spread, this.band);
    if (this.expectation.field.isKnown[row]) out.exposure[at] = this.expectation.field.due[row * this.days + day]!;
    out.expected[at] = mean;
    out.lower[at] = this.band.lower;
    out.upper[at] = this.band.upper;
    out.score[at] = score;
    // E R = 1/endHazard without a defect, so R · endHazard is an e-value and its inverse a p-value (Markov; Wang & Ramdas 2022).
    out.pValue[at] = Math.min(1, Math.exp(-score) / this.settings.endHazard);
    out.isAlarm[at] = isAlarm ? 1 : 0;
  }
}
