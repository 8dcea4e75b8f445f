// What a detector reads: a panel of daily count series on one calendar, with the exposure behind each and the groups they share.

/** One product × reason (or any other thing counted per day). */
export interface Series {
  readonly seriesId: string;
  /** Events that arrived on each day of the panel's calendar; NaN = the feed is missing that day (not a zero). */
  readonly counts: Float64Array;
  /** The same as the sources say it, where `counts` is capped per buyer; absent = the same. */
  readonly reported?: Float64Array;
  /** Units delivered on each day; NaN = not known that day, null = exposure unknown for the whole series. */
  readonly exposure: Float64Array | null;
  readonly product: string;
  readonly reason: string;
  readonly market: string;
  readonly category: string;
  /** Key of `Panel.lagDistributions`; a group without a distribution counts as "arrives at once". */
  readonly lagGroup: string;
}

/** All series a detector judges together, so that it can pool and see what they have in common. */
export interface Panel {
  /** Day of index 0, ISO. */
  readonly firstDate: string;
  readonly dayCount: number;
  readonly series: readonly Series[];
  /** Per lag group: share of the events that arrive l days after delivery, l = 0, 1, …; sums to 1. */
  readonly lagDistributions: ReadonlyMap<string, Float64Array>;
}

const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of an ISO day; NaN when the text is no calendar day. */
export function dayNumber(date: string): number {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) return Number.NaN;
  const ms = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date ? Number.NaN : ms / DAY_MS;
}

/** ISO day of a day number. */
export function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The panel as it was known at the end of day `dayCount - 1`: for tests of look-ahead and for replays. */
export function cutPanel(panel: Panel, dayCount: number): Panel {
  return {
    ...panel,
    dayCount,
    series: panel.series.map((series) => ({
      ...series,
      counts: series.counts.slice(0, dayCount),
      exposure: series.exposure?.slice(0, dayCount) ?? null,
    })),
  };
}
