// Judgements before anything is judged.
import type { JudgedSeries } from "./detector.ts";

/** NaN columns for the days `firstIndex … dayCount - 1`. */
export function emptyJudgement(seriesId: string, firstIndex: number, dayCount: number): JudgedSeries {
  const length = Math.max(0, dayCount - firstIndex);
  const column = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  return {
    seriesId,
    firstIndex,
    exposure: column(),
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
