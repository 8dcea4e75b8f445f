// The findings as read from Cube: numbers parsed, dates as `YYYY-MM-DD` in the reporting zone.
import type { Severity } from "./message.ts";

/** What the published version says about itself. */
export interface DataStatus {
  readonly version: string;
  readonly versionName: string;
  /** Naive ISO time in `reportingTimeZone`; null when no source has a date. */
  readonly dataCompleteTo: string | null;
  readonly reportingTimeZone: string;
  readonly reportingCurrency: string;
  readonly sellerName: string | null;
  readonly isDemo: boolean;
}

export interface Anomaly {
  readonly anomalyId: string;
  readonly seriesId: string;
  readonly watch: string;
  readonly productId: string;
  readonly productName: string;
  readonly category: string;
  readonly reason: string;
  readonly market: string;
  readonly severity: Severity;
  readonly startedOn: string;
  readonly lastAlarmOn: string;
  /** Sums from `startedOn` to `lastAlarmOn`. */
  readonly observed: number;
  readonly expected: number;
  readonly excess: number;
  /** Null where nothing was expected. */
  readonly rateRatio: number | null;
  readonly qValue: number | null;
  readonly score: number;
  /** In the reporting currency; null where no refund of the product has an amount. */
  readonly excessCost: number | null;
}

/** One day of a watched series; `lower` and `upper` bound what 95 % of usual days show. */
export interface AnomalyDay {
  readonly date: string;
  readonly observed: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
  readonly isAlarm: boolean;
}

export type Slice = "market" | "carrier" | "lot" | "variant";

/** The value of a slice that most of a finding's units carry. Shares are fractions 0–1. */
export interface Concentration {
  readonly slice: Slice;
  readonly value: string;
  readonly units: number;
  readonly totalUnits: number;
  readonly share: number;
  /** Its share of the units delivered in the same time; null where deliveries are unknown. */
  readonly deliveredShare: number | null;
}

export interface CustomerQuote {
  readonly text: string;
  readonly market: string;
  readonly date: string;
}

/** What explains a finding; `days` are in date order and hold the weeks before it too. */
export interface AnomalyDetail {
  readonly days: readonly AnomalyDay[];
  readonly concentration: readonly Concentration[];
  readonly quotes: readonly CustomerQuote[];
}
