// Lag-matched exposure: how many of the delivered units are "due" to come back on each day.
// expected(t) = rate × Σ_l deliveries(t − l) × g(l), g = the reason group's return-lag distribution (a Poisson convolution as in
// back-calculation, Becker, Watson & Carlin 1991, and reporting-delay models, Lawless 1994).
import type { Panel, Series } from "../../series.ts";

export interface ExposureField {
  readonly dayCount: number;
  /** Per series (row) and day: units due. */
  readonly due: Float64Array;
  /** Per series and day: units delivered, gaps bridged. */
  readonly delivered: Float64Array;
  /** Per series: 1 = own exposure, 0 = borrowed from the market's other products. */
  readonly isKnown: Uint8Array;
  /** Per series: first day with a row; dayCount if none. */
  readonly start: Int32Array;
  /** Per series: its lag distribution. */
  readonly lags: readonly Float64Array[];
}

/** A series whose record starts this soon after the panel's existed before it; its earlier deliveries are the early mean. */
const RUNNING_START_DAYS = 7;
const EARLY_DAYS = 28;
const AT_ONCE = new Float64Array([1]);

export function lagMatchedExposure(panel: Panel): ExposureField {
  const { dayCount, series } = panel;
  const field: ExposureField = {
    dayCount,
    due: new Float64Array(series.length * dayCount),
    delivered: new Float64Array(series.length * dayCount),
    isKnown: new Uint8Array(series.length),
    start: new Int32Array(series.length),
    lags: series.map((one) => panel.lagDistributions.get(one.lagGroup) ?? AT_ONCE),
  };
  for (const [row, one] of series.entries()) {
    field.start[row] = firstKnownDay(one, dayCount);
    field.isKnown[row] = one.exposure?.some((units) => units > 0) ? 1 : 0;
    if (field.isKnown[row]) bridge(one.exposure!, field.start[row], rowOf(field.delivered, row, dayCount));
  }
  const indexes = marketIndexes(panel, field);
  for (const [row, one] of series.entries()) {
    const delivered = rowOf(field.delivered, row, dayCount);
    if (!field.isKnown[row]) delivered.set(indexes.get(one.market)!);
    const start = field.isKnown[row] ? field.start[row]! : 0;
    convolve(delivered, field.lags[row]!, start, rowOf(field.due, row, dayCount));
  }
  return field;
}

function rowOf(matrix: Float64Array, row: number, dayCount: number): Float64Array {
  return matrix.subarray(row * dayCount, (row + 1) * dayCount);
}

function firstKnownDay(series: Series, dayCount: number): number {
  for (let day = 0; day < dayCount; day++) if (!Number.isNaN(series.counts[day])) return day;
  return dayCount;
}

/** A missing day gets the same weekday of the week before, else the mean so far. */
function bridge(exposure: Float64Array, start: number, out: Float64Array): void {
  let sum = 0;
  let known = 0;
  for (let day = start; day < out.length; day++) {
    const units = exposure[day]!;
    if (!Number.isNaN(units)) {
      out[day] = units;
      sum += units;
      known++;
    } else if (day - 7 >= start) out[day] = out[day - 7]!;
    else out[day] = known > 0 ? sum / known : 0;
  }
}

/** Deliveries of a market's products with known exposure, each product once; all products where the market has none, else 1. */
function marketIndexes(panel: Panel, field: ExposureField): Map<string, Float64Array> {
  const indexes = new Map<string, Float64Array>();
  const all = new Float64Array(panel.dayCount);
  const seen = new Set<string>();
  for (const [row, one] of panel.series.entries()) {
    if (!indexes.has(one.market)) indexes.set(one.market, new Float64Array(panel.dayCount));
    const key = `${one.market}\n${one.product}`;
    if (!field.isKnown[row] || seen.has(key)) continue;
    seen.add(key);
    addTo(indexes.get(one.market)!, rowOf(field.delivered, row, panel.dayCount));
  }
  for (const index of indexes.values()) addTo(all, index);
  const fallback = all.some((units) => units > 0) ? all : all.fill(1);
  for (const [market, index] of indexes) if (!index.some((units) => units > 0)) indexes.set(market, fallback);
  return indexes;
}

function addTo(sum: Float64Array, part: Float64Array): void {
  for (let day = 0; day < sum.length; day++) sum[day]! += part[day]!;
}

/** Units due per day; before the record a running product delivered its early mean (of days up to t only), a new one nothing. */
function convolve(delivered: Float64Array, lag: Float64Array, start: number, out: Float64Array): void {
  const beyond = tails(lag);
  let earlySum = 0;
  for (let day = start; day < out.length; day++) {
    if (day - start < EARLY_DAYS) earlySum += delivered[day]!;
    const reach = Math.min(lag.length - 1, day - start);
    let due = 0;
    for (let l = 0; l <= reach; l++) due += delivered[day - l]! * lag[l]!;
    if (start <= RUNNING_START_DAYS && reach < lag.length - 1) {
      due += (beyond[reach + 1]! * earlySum) / Math.min(EARLY_DAYS, day - start + 1);
    }
    out[day] = due;
  }
}

/** Share of the events that arrive l days after delivery or later. */
export function tails(lag: Float64Array): Float64Array {
  const out = new Float64Array(lag.length + 1);
  for (let l = lag.length - 1; l >= 0; l--) out[l] = out[l + 1]! + lag[l]!;
  return out;
}
