// One panel per chunk of products, read from a watch's temporary tables.
import type { DuckDBConnection } from "@duckdb/node-api";

import { queryRows } from "../shared/duckdb.ts";
import { dayNumber, type Panel, type Series } from "./series.ts";
import type { WatchTables } from "./watch-tables.ts";
import type { Watch } from "./watches.ts";

/** Facts about one series that go into `anomaly_series` beside the judgement. */
export interface WatchedSeries extends Series {
  readonly reasonGroup: string;
  readonly reported: Float64Array;
  /** Sum of `reported` over the whole record. */
  readonly totalObserved: number;
  /** First day on which the record held `minimumEvents`: before, the series wasn't watched. */
  readonly watchedFrom: number;
}

export interface WatchedPanel extends Panel {
  readonly series: readonly WatchedSeries[];
}

/** The panel of products whose bucket falls into this chunk; all reasons of a product stay together. */
export async function readPanel(
  connection: DuckDBConnection,
  watch: Watch,
  tables: WatchTables,
  chunk: { readonly number: number; readonly of: number },
): Promise<WatchedPanel> {
  const first = dayNumber(tables.firstDate);
  const inChunk = `select * from watch_series where bucket % ${chunk.of} = ${chunk.number}`;
  const series = await queryRows<SeriesRow>(
    connection,
    `with chosen as (${inChunk}),
    reason_groups as (select reason, min(reason_group) as reason_group from watch_raw group by all)
    select chosen.product_id, chosen.reason, chosen.total_observed,
        coalesce(reason_groups.reason_group, 'unknown') as reason_group,
        coalesce(products.category, 'unknown') as category
    from chosen
    left join reason_groups using (reason)
    left join (select product_id, min(category) as category from main.products group by all) as products using (product_id)
    order by chosen.product_id, chosen.reason`,
  );
  const products = `(select distinct product_id from (${inChunk}))`;
  const events = await queryRows<DayRow & { reason: string; reported_units: number }>(
    connection,
    `select product_id, reason, cast(event_date as varchar) as day, sum(units) as units,
        sum(reported_units) as reported_units
    from watch_events semi join ${products} as chosen using (product_id) group by all`,
  );
  const exposure = await queryRows<DayRow>(
    connection,
    `select product_id, cast(event_date as varchar) as day, units
    from watch_exposure semi join ${products} as chosen using (product_id)`,
  );
  const missing = await queryRows<DayRow>(
    connection,
    `select product_id, cast(event_date as varchar) as day, 1 as units
    from watch_missing semi join ${products} as chosen using (product_id)`,
  );
  const exposures = dailyByKey(exposure, (row) => row.product_id, first, tables.dayCount);
  const seriesKey = (row: { product_id: string; reason: string }): string => `${row.product_id}\n${row.reason}`;
  const before = new Map<string, number>();
  for (const row of events) {
    if (dayNumber(row.day) < first) before.set(seriesKey(row), (before.get(seriesKey(row)) ?? 0) + row.units);
  }
  const counts = dailyByKey(events, seriesKey, first, tables.dayCount);
  const asReported = events.map((row) => ({ ...row, units: row.reported_units }));
  const reported = dailyByKey(asReported, seriesKey, first, tables.dayCount);
  const gaps = dailyByKey(missing, (row) => row.product_id, first, tables.dayCount);
  return {
    firstDate: tables.firstDate,
    dayCount: tables.dayCount,
    lagDistributions: tables.lagDistributions,
    series: series.map((row) => {
      const daily = counts.get(seriesKey(row)) ?? new Float64Array(tables.dayCount);
      const reportedDaily = sharedIfSame(reported.get(seriesKey(row)), daily);
      const watchedFrom = dayOfTotal(daily, watch.minimumEvents - (before.get(seriesKey(row)) ?? 0));
      gaps.get(row.product_id)?.forEach((isMissing, day) => {
        if (isMissing) daily[day] = reportedDaily[day] = Number.NaN;
      });
      return {
        ...watchedSeries(watch, row, daily, exposures.get(row.product_id) ?? null),
        reported: reportedDaily,
        watchedFrom,
      };
    }),
  };
}

interface SeriesRow {
  product_id: string;
  reason: string;
  reason_group: string;
  category: string;
  total_observed: number;
}

interface DayRow {
  product_id: string;
  day: string;
  units: number;
}

function watchedSeries(
  watch: Watch,
  row: SeriesRow,
  counts: Float64Array,
  exposure: Float64Array | null,
): Omit<WatchedSeries, "reported" | "watchedFrom"> {
  return {
    seriesId: `${watch.name}|${row.product_id}|${row.reason}`,
    counts,
    exposure,
    product: row.product_id,
    reason: row.reason,
    market: "all",
    category: row.category,
    lagGroup: row.reason_group,
    reasonGroup: row.reason_group,
    totalObserved: row.total_observed,
  };
}

/** One array instead of two where nothing is capped. */
function sharedIfSame(reported: Float64Array | undefined, daily: Float64Array): Float64Array {
  return reported?.some((units, day) => units !== daily[day]) ? reported : daily;
}

/** First day on which the sum reaches `total`. */
function dayOfTotal(daily: Float64Array, total: number): number {
  let sum = 0;
  const day = daily.findIndex((units) => (sum += units) >= total);
  return total <= 0 ? 0 : day;
}

/** Zero-filled days per key. */
function dailyByKey<Row extends DayRow>(
  rows: readonly Row[],
  key: (row: Row) => string,
  first: number,
  dayCount: number,
): Map<string, Float64Array> {
  const out = new Map<string, Float64Array>();
  for (const row of rows) {
    let daily = out.get(key(row));
    if (!daily) out.set(key(row), (daily = new Float64Array(dayCount)));
    const day = dayNumber(row.day) - first;
    if (day >= 0) daily[day]! += row.units;
  }
  return out;
}
