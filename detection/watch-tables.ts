// A watch as temporary tables: its events (reported and capped per buyer), exposure, series worth judging, missing days and lags.
import type { DuckDBConnection } from "@duckdb/node-api";

import { queryRows, sqlString } from "../shared/duckdb.ts";
import { lagDistributions, LONGEST_LAG_DAYS } from "./lags.ts";
import { dayNumber, isoDay } from "./series.ts";
import type { Watch } from "./watches.ts";

/** Longest record that is read. */
const LONGEST_RECORD_DAYS = 3 * 366;
/** A system's day without rows is missing if the same weekday had at least this many rows on average (chance of a true zero e^-7). */
const USUAL_ROWS = 7;
const USUAL_WEEKS = 8;
/** Days over which one buyer's units are capped. */
const BUYER_DAYS = 28;
/** A product's day is missing when systems that bring at least this share of its events are. */
const MISSING_SHARE = 0.1;

export interface WatchTables {
  readonly firstDate: string;
  readonly dayCount: number;
  readonly seriesCount: number;
  readonly lagDistributions: Map<string, Float64Array>;
}

/**
 * Creates the temporary tables of one watch: watch_events (as the sources say and capped per buyer), watch_exposure, watch_series (those with enough
 * events) and watch_missing. `lastDate` is the last complete day. The panel begins when both events and exposure
 * are on record. Null if nothing can be judged.
 */
export async function createWatchTables(
  connection: DuckDBConnection,
  watch: Watch,
  lastDate: string,
): Promise<WatchTables | null> {
  const last = `date ${sqlString(lastDate)}`;
  await connection.run(`
create or replace temp table watch_raw as
select events.* from (${watch.eventsSql}) as events
where events.event_date <= ${last} and events.event_date > ${last} - ${LONGEST_RECORD_DAYS};

create or replace temp table watch_events as
with buyer_days as (
    select source_system, product_id, reason, buyer, event_date, sum(units) as units
    from watch_raw
    group by all
),

buyers as (
    select
        source_system,
        product_id,
        reason,
        event_date,
        units as reported_units,
        greatest(0, least(units, ${watch.unitsPerBuyer} - coalesce(sum(units) over (
            partition by source_system, product_id, reason, buyer
            order by event_date
            range between interval ${BUYER_DAYS} days preceding and interval 1 day preceding
        ), 0))) as units
    from buyer_days
)

select
    product_id,
    reason,
    source_system,
    event_date,
    sum(units)::double as units,
    sum(reported_units)::double as reported_units
from buyers
group by all;

create or replace temp table watch_exposure as
select exposure.product_id, exposure.event_date, sum(exposure.units)::double as units
from (${watch.exposureSql}) as exposure
where exposure.event_date <= ${last} and exposure.event_date > ${last} - ${LONGEST_RECORD_DAYS}
group by all;

create or replace temp table watch_series as
select
    events.product_id,
    events.reason,
    sum(events.reported_units) as total_observed,
    ('0x' || substr(md5(events.product_id), 1, 8))::ubigint as bucket
from watch_events as events
group by all
having sum(events.units) >= ${watch.minimumEvents};`);
  await createMissingDays(connection, lastDate);
  const [extent] = await queryRows<{ first: string | null; series: number }>(
    connection,
    `select
        cast(greatest((select min(event_date) from watch_events), (select min(event_date) from watch_exposure)) as varchar) as first,
        (select count(*) from watch_series) as series`,
  );
  if (!extent?.first || extent.series === 0) return null;
  return {
    firstDate: extent.first,
    dayCount: dayNumber(lastDate) - dayNumber(extent.first) + 1,
    seriesCount: extent.series,
    lagDistributions: await readLags(connection, lastDate),
  };
}

/**
 * watch_missing(product_id, event_date): days on which the feed of a system that matters to the product has no rows at all although
 * that weekday usually has some (mean of the last 8 weeks, so weekend closures stay zeros).
 */
async function createMissingDays(connection: DuckDBConnection, lastDate: string): Promise<void> {
  await connection.run(`
create or replace temp table watch_missing as
with first_days as (
    select source_system, min(event_date) as first_date
    from watch_raw
    group by all
),

calendar as (
    select
        first_days.source_system,
        cast(unnest(generate_series(first_days.first_date::timestamp, timestamp ${sqlString(lastDate)}, interval 1 day)) as date)
            as event_date
    from first_days
),

row_counts as (
    select source_system, event_date, count(*) as row_count
    from watch_raw
    group by all
),

days as (
    select
        calendar.source_system,
        calendar.event_date,
        coalesce(row_counts.row_count, 0) as row_count
    from calendar
    left join row_counts using (source_system, event_date)
),

missing_days as (
    select source_system, event_date
    from days
    qualify row_count = 0 and avg(row_count) over (
        partition by source_system, dayofweek(event_date)
        order by event_date
        rows between ${USUAL_WEEKS} preceding and 1 preceding
    ) >= ${USUAL_ROWS}
),

shares as (
    select
        product_id,
        source_system,
        sum(units) / sum(sum(units)) over (partition by product_id) as share
    from watch_events
    group by product_id, source_system
)

select distinct shares.product_id, missing_days.event_date
from missing_days
inner join shares using (source_system)
where shares.share >= ${MISSING_SHARE}`);
}

/** Lags per reason group from deliveries at least 75 days old; the cut is a month's first day, so that a day more of data changes nothing. */
async function readLags(connection: DuckDBConnection, lastDate: string): Promise<Map<string, Float64Array>> {
  const mature = `${isoDay(dayNumber(lastDate) - LONGEST_LAG_DAYS).slice(0, 7)}-01`;
  const rows = await queryRows<{ reason_group: string; lag: number; pairs: number }>(
    connection,
    `select
        coalesce(reason_group, 'unknown') as reason_group,
        greatest(0, coalesce(lag_days, -1)) as lag,
        count(*) filter (
            where lag_days between -7 and ${LONGEST_LAG_DAYS} and event_date - lag_days::integer < date ${sqlString(mature)}
        ) as pairs
    from watch_raw
    where lag_days is null or lag_days <= ${LONGEST_LAG_DAYS}
    group by all`,
  );
  const pairs = new Map<string, Float64Array>();
  for (const row of rows) {
    const counts = pairs.get(row.reason_group) ?? new Float64Array(LONGEST_LAG_DAYS + 1);
    counts[row.lag]! += row.pairs;
    pairs.set(row.reason_group, counts);
  }
  return lagDistributions(pairs);
}
