// From alarm days to anomalies: when one opens, how long it lasts, when it began, how bad it is, and the id it keeps between runs.
import { createHash } from "node:crypto";
import { likeliestRise } from "./change-point.ts";
import type { JudgedSeries } from "./detector.ts";
import { dayNumber, isoDay, type Series } from "./series.ts";

export type Severity = "high" | "medium" | "low";

/** A finding of one run; days are indices of the panel's calendar. */
export interface Episode {
  readonly anomalyId: string;
  /** Likeliest first day of the rise, by what was known when it was detected. */
  readonly startedOn: number;
  /** First alarm day. */
  readonly detectedOn: number;
  readonly lastAlarmOn: number;
  /** Null = open. */
  readonly endedOn: number | null;
  /** Sums from `startedOn` to `lastAlarmOn`: events as the sources say, as judged (capped per buyer), and expected. */
  readonly observed: number;
  readonly judged: number;
  readonly expected: number;
  /** Units due in that time; NaN if unknown. */
  readonly exposure: number;
  /** Smallest p and q value and highest score on its alarm days. */
  readonly pValue: number;
  readonly qValue: number;
  readonly score: number;
  readonly severity: Severity;
}

/** An episode is over when this many days passed without an alarm. Alarms closer together are one episode: a lot's late returns trickle. */
export const CLOSING_DAYS = 21;

/** Episodes of one judged series, oldest first. */
export function episodesOf(series: Series, judged: JudgedSeries, firstDate: string): Episode[] {
  const firstDay = dayNumber(firstDate);
  const counts = series.counts.subarray(judged.firstIndex);
  const ordinals = new Map<string, number>();
  let previousEnd = -1;
  return spansOf(judged.isAlarm).map(([first, last]) => {
    const month = isoDay(firstDay + judged.firstIndex + first).slice(0, 7);
    const ordinal = (ordinals.get(month) ?? 0) + 1;
    ordinals.set(month, ordinal);
    const rise = likeliestRise(counts, judged.expected, first);
    const start = Math.max(previousEnd + 1, rise?.onset ?? first);
    previousEnd = last;
    const sums = sumsOf(series, judged, start, last);
    const isOver = judged.isAlarm.length - 1 - last >= CLOSING_DAYS;
    return {
      anomalyId: anomalyIdOf(series.seriesId, month, ordinal),
      startedOn: judged.firstIndex + start,
      detectedOn: judged.firstIndex + first,
      lastAlarmOn: judged.firstIndex + last,
      endedOn: isOver ? judged.firstIndex + last : null,
      ...sums,
      severity: severityOf(sums),
    };
  });
}

/**
 * The id depends on the series, the month of the first alarm and its number within that month. Judgements never use later days, so
 * more data doesn't change it; a correction of old data keeps it unless it moves the first alarm to another month.
 */
export function anomalyIdOf(seriesId: string, month: string, ordinal: number): string {
  return createHash("sha256").update(`${seriesId}\n${month}\n${ordinal}`).digest("hex").slice(0, 16);
}

/** By what it means for the seller: many events above expectation, a clear multiple, and unlikely to be chance among all series. */
export function severityOf(of: { judged: number; expected: number; qValue: number }): Severity {
  const excess = of.judged - of.expected;
  const ratio = of.judged / of.expected;
  const isSure = of.qValue <= 0.05;
  if (isSure && (excess >= 30 || (excess >= 10 && ratio >= 2))) return "high";
  if (excess < 5 || ratio < 1.5) return "low";
  return "medium";
}

/** First and last alarm day of each episode. */
function spansOf(isAlarm: Uint8Array): [number, number][] {
  const spans: [number, number][] = [];
  for (let day = 0; day < isAlarm.length; day++) {
    if (!isAlarm[day]) continue;
    const open = spans.at(-1);
    if (open && day - open[1] < CLOSING_DAYS) open[1] = day;
    else spans.push([day, day]);
  }
  return spans;
}

function sumsOf(series: Series, judged: JudgedSeries, start: number, last: number) {
  const counts = series.counts.subarray(judged.firstIndex);
  const reported = series.reported?.subarray(judged.firstIndex) ?? counts;
  const sums = {
    observed: 0,
    judged: 0,
    expected: 0,
    exposure: 0,
    pValue: 1,
    qValue: 1,
    score: Number.NEGATIVE_INFINITY,
  };
  for (let day = start; day <= last; day++) {
    if (Number.isNaN(counts[day]) || Number.isNaN(judged.expected[day])) continue;
    sums.observed += reported[day]!;
    sums.judged += counts[day]!;
    sums.expected += judged.expected[day]!;
    sums.exposure += judged.exposure[day]!;
    if (!judged.isAlarm[day]) continue;
    sums.pValue = Math.min(sums.pValue, judged.pValue[day]!);
    sums.qValue = Math.min(sums.qValue, judged.qValue[day]!);
    sums.score = Math.max(sums.score, judged.score[day]!);
  }
  return sums;
}
