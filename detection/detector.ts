// The contract between detectors and everything around them.
// In: a panel and options. Out: for each series the judged days. A detector is a pure function: no clock, no I/O, no randomness,
// and the judgement of day t may use days <= t only.
import { AppError } from "../shared/errors.ts";
import { controlFalseDiscoveries, LARGEST_Q } from "./false-discovery.ts";
import type { Panel } from "./series.ts";

export interface DetectorOptions {
  /** First index of the panel's calendar whose judgement is wanted; earlier days are only learned from. */
  readonly judgeFrom: number;
  /** False alerts a reader accepts per series and year; the alarm threshold follows from it. */
  readonly alarmBudget: number;
  /** Share of false ones a reader accepts among the findings of all series, at most 0.5; 1 = no control. */
  readonly falseDiscoveryRate: number;
  /** Smallest ratio observed/expected since the change that is worth an alarm. */
  readonly minimumRatio: number;
  /** Smallest number of events above expectation since the change that is worth an alarm. */
  readonly minimumExcess: number;
}

export const DEFAULT_OPTIONS: DetectorOptions = {
  judgeFrom: 0,
  alarmBudget: 0.05,
  falseDiscoveryRate: 0.2,
  minimumRatio: 1.25,
  minimumExcess: 3,
};

/**
 * Judgements of one series: columns over the days `firstIndex … firstIndex + length - 1` of the panel's calendar.
 * Days the feed is missing, and days before the series starts, are NaN everywhere and never alarm.
 */
export interface JudgedSeries {
  readonly seriesId: string;
  readonly firstIndex: number;
  /** Units delivered that are due to come back that day (lag-matched); NaN where the series' own exposure is unknown. */
  readonly exposure: Float64Array;
  /** Events expected that day without a defect. */
  readonly expected: Float64Array;
  /** Central 95 % prediction interval of the day's count. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Evidence for a lasting or sudden rise; higher = stronger, comparable between series. */
  readonly score: Float64Array;
  /** Chance of a score like this on a day without a defect. */
  readonly pValue: Float64Array;
  /** Smallest false-discovery rate at which that day's list over all series would include this one; 1 where above 0.5. */
  readonly qValue: Float64Array;
  readonly isAlarm: Uint8Array;
  /** Variance of a quiet day's count over its mean, as last estimated (1 = Poisson). */
  dispersion: number;
}

export interface Detector {
  readonly name: string;
  /** Days of history a series needs before it can alarm. */
  readonly minimumHistoryDays: number;
  /** What each series says for itself: alarms without regard to how many series are watched, q-values still NaN. */
  judge(panel: Panel, options: DetectorOptions): JudgedSeries[];
}

/** A panel or option a detector cannot work with; names the series and the value. */
export class PanelInvalidError extends AppError {}

/** Runs a detector and false-discovery control over all its series, for all detectors alike. */
export function judgePanel(detector: Detector, panel: Panel, options: DetectorOptions): JudgedSeries[] {
  const judged = judgeAlone(detector, panel, options);
  controlFalseDiscoveries(judged, panel.dayCount, options.falseDiscoveryRate);
  return judged;
}

/** Without false-discovery control, for panels that are only part of what is watched: the caller controls over all parts. */
export function judgeAlone(detector: Detector, panel: Panel, options: DetectorOptions): JudgedSeries[] {
  checkOptions(options);
  checkPanel(panel);
  return detector.judge(panel, options);
}

function checkOptions(options: DetectorOptions): void {
  if (!Number.isInteger(options.judgeFrom) || options.judgeFrom < 0) {
    throw new PanelInvalidError(`judgeFrom must be a day index >= 0, not ${options.judgeFrom}`);
  }
  if (!(options.alarmBudget > 0)) {
    throw new PanelInvalidError(`alarmBudget must be above 0 false alerts per series-year, not ${options.alarmBudget}`);
  }
  const rate = options.falseDiscoveryRate;
  if (!(rate > 0 && rate <= LARGEST_Q) && rate !== 1) {
    throw new PanelInvalidError(
      `falseDiscoveryRate must be above 0 and at most ${LARGEST_Q}, or 1 for none, not ${rate}`,
    );
  }
}

function checkPanel(panel: Panel): void {
  const seen = new Set<string>();
  for (const series of panel.series) {
    if (seen.has(series.seriesId)) throw new PanelInvalidError(`Series ${series.seriesId} is in the panel twice`);
    seen.add(series.seriesId);
    if (series.counts.length !== panel.dayCount || (series.exposure && series.exposure.length !== panel.dayCount)) {
      throw new PanelInvalidError(
        `Series ${series.seriesId} has ${series.counts.length} days, the panel's calendar ${panel.dayCount}`,
      );
    }
    const bad =
      series.counts.findIndex((count) => count < 0) + (series.exposure?.findIndex((units) => units < 0) ?? -1);
    if (bad !== -2) throw new PanelInvalidError(`Series ${series.seriesId} has a negative count or exposure`);
  }
  for (const [group, pmf] of panel.lagDistributions) {
    const total = pmf.reduce((sum, share) => sum + share, 0);
    if (!(Math.abs(total - 1) < 1e-6)) {
      throw new PanelInvalidError(`Lag group ${group}: the shares add up to ${total}, not 1`);
    }
  }
}
