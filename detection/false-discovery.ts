// Control of false discoveries when thousands of series are judged every day.
import type { JudgedSeries } from "./detector.ts";

/**
 * q-values of a list of p-values (NaN stays NaN): smallest false-discovery rate at which each would be called. Benjamini & Hochberg 1995
 * (step-up); for p = 1/e of an e-value it holds under any dependence (Wang & Ramdas 2022, e-BH). `tests` = size of the family when the
 * list leaves out its largest p-values.
 */
export function qValues(pValues: Float64Array, tests?: number): Float64Array {
  const order = [...pValues.keys()].filter((i) => !Number.isNaN(pValues[i]!)).sort((a, b) => pValues[b]! - pValues[a]!);
  const total = tests ?? order.length;
  const out = new Float64Array(pValues.length).fill(Number.NaN);
  let smallest = 1;
  for (const [position, index] of order.entries()) {
    smallest = Math.min(smallest, (pValues[index]! * total) / (order.length - position));
    out[index] = smallest;
  }
  return out;
}

/**
 * q-values above this are all given as 1. A q-value is never below its p, so larger p-values need only be counted, and nobody would
 * report a list of which more than half may be false.
 */
export const LARGEST_Q = 0.5;

/**
 * One family of hypotheses a day: every series judged that day, however many chunks they are judged in. Small p-values are kept (about
 * one in twenty), the others counted, so that the memory is some bytes per series and not per series-day.
 */
export class DailyFamilies {
  private readonly small: number[][];
  private readonly tests: Int32Array;
  /** Per day: the kept p-values in order and their q-values, once all series are in. */
  private settled: { p: Float64Array; q: Float64Array }[] | null = null;

  constructor(dayCount: number) {
    this.small = Array.from({ length: dayCount }, () => []);
    this.tests = new Int32Array(dayCount);
  }

  add(judged: JudgedSeries): void {
    if (this.settled) throw new Error("A series came after its day's family was closed");
    for (const [at, p] of judged.pValue.entries()) {
      if (Number.isNaN(p)) continue;
      const day = judged.firstIndex + at;
      this.tests[day]!++;
      if (p <= LARGEST_Q) this.small[day]!.push(p);
    }
  }

  /** q-value of a p-value of the day's family. */
  qValue(day: number, p: number): number {
    if (Number.isNaN(p)) return Number.NaN;
    if (p > LARGEST_Q) return 1;
    const family = this.families()[day]!;
    let [low, high] = [0, family.p.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (family.p[middle]! < p) low = middle + 1;
      else high = middle;
    }
    return family.q[low]!;
  }

  /** Each day's kept p-values (ascending, may repeat) with their q-values. */
  *entries(fromDay: number): Generator<{ day: number; p: number; q: number }> {
    for (const [day, family] of this.families().entries()) {
      if (day < fromDay) continue;
      for (let i = 0; i < family.p.length; i++) {
        if (i === 0 || family.p[i] !== family.p[i - 1]) yield { day, p: family.p[i]!, q: family.q[i]! };
      }
    }
  }

  /**
   * Fills `qValue` and takes back alarms above the rate: what alarms on a day is that day's list at this false-discovery rate, as far as
   * the series' own evidence calls for an alarm too. Uses no later day.
   */
  control(judged: JudgedSeries, rate: number): void {
    for (let at = 0; at < judged.pValue.length; at++) {
      const q = this.qValue(judged.firstIndex + at, judged.pValue[at]!);
      judged.qValue[at] = q;
      if (!(q <= rate)) judged.isAlarm[at] = 0;
    }
  }

  private families(): { p: Float64Array; q: Float64Array }[] {
    this.settled ??= this.small.map((values, day) => {
      const p = Float64Array.from(values).sort();
      values.length = 0;
      return { p, q: qValues(p, this.tests[day]).map((q) => (q > LARGEST_Q ? 1 : q)) };
    });
    return this.settled;
  }
}

/** False-discovery control over series that were all judged together. */
export function controlFalseDiscoveries(judged: readonly JudgedSeries[], dayCount: number, rate: number): void {
  const families = new DailyFamilies(dayCount);
  for (const one of judged) families.add(one);
  for (const one of judged) families.control(one, rate);
}
