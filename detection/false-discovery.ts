// Control of false discoveries when thousands of series are judged every day.
import type { JudgedSeries } from "./detector.ts";

/**
 * q-values of a list of p-values (NaN stays NaN): smallest false-discovery rate at which each would be called.
 * Benjamini & Hochberg 1995 (step-up); with `dependence` "arbitrary" the factor Σ 1/i of Benjamini & Yekutieli 2001.
 * For p = 1/e of an e-value plain step-up holds under any dependence (Wang & Ramdas 2022, e-BH).
 */
export function qValues(pValues: Float64Array, dependence: "positive" | "arbitrary" = "positive"): Float64Array {
  const order = [...pValues.keys()].filter((i) => !Number.isNaN(pValues[i]!)).sort((a, b) => pValues[b]! - pValues[a]!);
  const total = order.length;
  let factor = 1;
  if (dependence === "arbitrary") for (let i = 2; i <= total; i++) factor += 1 / i;
  const out = new Float64Array(pValues.length).fill(Number.NaN);
  let smallest = 1;
  for (const [position, index] of order.entries()) {
    smallest = Math.min(smallest, (pValues[index]! * total * factor) / (total - position));
    out[index] = smallest;
  }
  return out;
}

/** Fills `qValue` of all judged series, one family of hypotheses a day. */
export function qValuesByDay(judged: readonly JudgedSeries[]): void {
  const longest = judged.reduce((most, one) => Math.max(most, one.pValue.length), 0);
  const day = new Float64Array(judged.length);
  for (let at = 0; at < longest; at++) {
    for (const [row, one] of judged.entries()) day[row] = one.pValue[at] ?? Number.NaN;
    const values = qValues(day);
    for (const [row, one] of judged.entries()) one.qValue[at] = values[row]!;
  }
}
