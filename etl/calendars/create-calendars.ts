// Business calendars as small tables of the run, so that business time between two moments is a difference of two look-ups:
//
// - `staging.business_clock(calendar, day, minutes_before, ...)`: every UTC day with the open minutes before it and its stretches of opening;
//   joined by calendar and day, the macro `staging.business_minutes(moment, clock)` gives the open minutes up to a moment of that day.
//   Two hash joins and a difference: eight times as fast as two ASOF joins to the stretches themselves (2 million tickets).
// - `staging.business_days(calendar, date, is_business_day, business_day_no)`: every day of the calendar's place with the number of
//   business days up to it; "within 7 business days" is a difference of two numbers.
// - `staging.market_calendars(market, calendar)`: every two-letter code and `unknown`; `staging.team_calendars(agent_group, calendar)`:
//   teams that have one of their own, in lower case.
//
// They reach from 2000 to 2049. Whatever lies outside finds no row: its business time is not known.
import type { DuckDBConnection } from "@duckdb/node-api";
import { sqlString } from "../../shared/duckdb.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import { DEFAULT_CALENDAR, isDay, type OpeningHours } from "./calendar-settings.ts";

const FIRST_YEAR = 2000;
const LAST_YEAR = 2049;

interface Calendar {
  readonly name: string;
  readonly zone: string;
  readonly hours: readonly OpeningHours[];
  /** `YYYY-MM-DD` or `MM-DD`. */
  readonly holidays: readonly string[];
}

const WORKING_WEEK: readonly OpeningHours[] = [1, 2, 3, 4, 5].map((weekday) => ({
  weekday,
  from: 9 * 60,
  to: 18 * 60,
}));

type Settings = Pick<RunSettings, "calendars" | "calendar_of" | "holidays" | "reporting_time_zone">;

export async function createCalendars(connection: DuckDBConnection, settings: Settings): Promise<void> {
  const calendars = calendarsOf(settings);
  await createBusinessDays(connection, calendars);
  await createBusinessHours(connection, calendars);
  await createBusinessClock(connection);
  await createCalendarOf(connection, settings);
}

/** Those that something uses. */
function calendarsOf({ calendars, calendar_of: of, holidays, reporting_time_zone: zone }: Settings): Calendar[] {
  const used = new Set([of.default, ...Object.values(of.teams), ...Object.values(of.markets)]);
  return [...used].map((name) => {
    const set = calendars[name];
    if (!set && name !== DEFAULT_CALENDAR) throw new TypeError(`No calendar ${name}`);
    const days = (set?.holidays ?? []).flatMap((text) => (isDay(text) ? [text] : (holidays[text] ?? [])));
    return { name, zone: set?.time_zone ?? zone, hours: set?.hours ?? WORKING_WEEK, holidays: days };
  });
}

/** Rows of a table that may have none. */
function valuesOf(columns: string, rows: readonly string[], none: string): string {
  return `(select * from (values (${none})${rows.map((row) => `, (${row})`).join("")}) as rows(${columns}) where calendar is not null)`;
}

async function createBusinessDays(connection: DuckDBConnection, calendars: readonly Calendar[]): Promise<void> {
  const weekdays = calendars.flatMap(({ name, hours }) =>
    [...new Set(hours.map(({ weekday }) => weekday))].map((weekday) => `${sqlString(name)}, ${weekday}`),
  );
  const holidays = calendars.flatMap(({ name, holidays: days }) =>
    [...new Set(days)].map((text) => `${sqlString(name)}, ${sqlString(text)}`),
  );
  await connection.run(`create or replace table staging.business_days as
    with days as (
      select calendar, day::date as date, list_contains(weekdays, isodow(day)) as is_weekday, month(day) * 100 + day(day) as day_of_year
      from (select calendar, list(weekday) as weekdays from ${valuesOf("calendar, weekday", weekdays, "null::varchar, 0")} group by calendar)
      cross join range(timestamp '${FIRST_YEAR}-01-01', timestamp '${LAST_YEAR + 1}-01-01', interval 1 day) as days(day)
    ),
    holidays as (select distinct * from ${valuesOf("calendar, holiday", holidays, "null::varchar, ''")}),
    judged as (
      select days.calendar, days.date, days.is_weekday and once.holiday is null and yearly.holiday is null as is_business_day
      from days
      left join holidays as once on days.calendar = once.calendar and days.date = try_cast(once.holiday as date)
      left join holidays as yearly on days.calendar = yearly.calendar
        and length(yearly.holiday) = 5 and days.day_of_year = try_cast(replace(yearly.holiday, '-', '') as integer)
    )
    select calendar, date, is_business_day,
      sum(is_business_day::integer) over (partition by calendar order by date rows unbounded preceding)::bigint as business_day_no
    from judged`);
}

/**
 * `business_hours`: stretches of opening, UTC, half-open, apart from each other.
 *
 * A wall clock is open from `from` to `to`, whatever its zone does: hours that a DST night skips are not there, those it doubles are open
 * twice. Hence each stretch of local time is laid over each stretch of one offset.
 */
async function createBusinessHours(connection: DuckDBConnection, calendars: readonly Calendar[]): Promise<void> {
  await createOffsets(connection, [...new Set(calendars.map(({ zone }) => zone))]);
  const stretches = calendars.flatMap(({ name, zone, hours }) =>
    hours.map(({ weekday, from, to }) => `${sqlString(name)}, ${sqlString(zone)}, ${weekday}, ${from}, ${to}`),
  );
  await connection.run(`create or replace temp table business_hours as
    with hours as (
      from ${valuesOf("calendar, time_zone, weekday, from_minute, to_minute", stretches, "null::varchar, '', 0, 0, 0")}
    ),
    stretches as (
      select days.calendar, hours.time_zone,
        days.date + to_minutes(hours.from_minute) as opens, days.date + to_minutes(hours.to_minute) as closes
      from staging.business_days as days
      inner join hours on days.calendar = hours.calendar and isodow(days.date) = hours.weekday
      where days.is_business_day
    ),
    in_utc as (
      select stretches.calendar,
        greatest(stretches.opens - to_minutes(zones.offset_minutes), zones.from_at) as opens_at,
        least(stretches.closes - to_minutes(zones.offset_minutes), zones.to_at) as closes_at
      from stretches
      inner join calendar_offsets as zones on stretches.time_zone = zones.time_zone
        and stretches.opens < zones.to_at + to_minutes(zones.offset_minutes)
        and stretches.closes > zones.from_at + to_minutes(zones.offset_minutes)
    ),
    marked as (
      select *, coalesce(opens_at > max(closes_at) over (
          partition by calendar order by opens_at, closes_at rows between unbounded preceding and 1 preceding
        ), true) as is_new
      from in_utc
    ),
    numbered as (
      select *, sum(is_new::integer) over (partition by calendar order by opens_at, closes_at rows unbounded preceding) as stretch
      from marked
    ),
    merged as (
      select calendar, min(opens_at) as opens_at, max(closes_at) as closes_at from numbered group by calendar, stretch
    )
    from merged;
    drop table calendar_offsets`);
}

/** Two stretches fit into a day of nearly every calendar; what goes beyond is a list. */
async function createBusinessClock(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create or replace table staging.business_clock as
    with parts as (
      select calendar, day, greatest(opens_at, day) as opens, least(closes_at, day + interval 1 day) as closes
      from (
        select *, unnest(range(date_trunc('day', opens_at), closes_at, interval 1 day)) as day from business_hours
      )
    ),
    days as (
      select calendar, day::date as day, sum(date_diff('minute', opens, closes)) as minutes,
        list({'opens': opens, 'closes': closes} order by opens) as parts
      from parts group by calendar, day
    )
    select clock.calendar, clock.date as day,
      coalesce(sum(days.minutes) over (
        partition by clock.calendar order by clock.date rows between unbounded preceding and 1 preceding
      ), 0)::bigint as minutes_before,
      days.parts[1].opens as opens_1, days.parts[1].closes as closes_1,
      days.parts[2].opens as opens_2, days.parts[2].closes as closes_2,
      case when len(days.parts) > 2 then days.parts[3:] end as further
    from staging.business_days as clock
    left join days on clock.calendar = days.calendar and clock.date = days.day;
    drop table business_hours`);
  const passed = (opens: string, closes: string) =>
    `coalesce(greatest(epoch_us(least(moment, ${closes})) - epoch_us(${opens}), 0), 0)`;
  await connection.run(`create or replace macro staging.business_minutes(moment, clock) as
    clock.minutes_before + (
      ${passed("clock.opens_1", "clock.closes_1")} + ${passed("clock.opens_2", "clock.closes_2")}
      + case when clock.further is null then 0
        else list_sum(list_transform(clock.further, lambda part: ${passed("part.opens", "part.closes")})) end
    ) / 60e6`);
}

/** `calendar_offsets`: stretches of time, UTC, in which a zone is `offset_minutes` ahead of UTC. */
async function createOffsets(connection: DuckDBConnection, zones: readonly string[]): Promise<void> {
  const first = `timestamp '${FIRST_YEAR - 1}-12-01'`;
  const end = `timestamp '${LAST_YEAR + 1}-02-01'`;
  await connection.run(`create or replace temp table calendar_offsets
    (time_zone varchar, from_at timestamp, to_at timestamp, offset_minutes bigint)`);
  for (const zone of zones) {
    const offset = (at: string) => `date_diff('minute', ${at}, timezone(${sqlString(zone)}, timezone('UTC', ${at})))`;
    // No zone changes twice within a day: days whose ends differ are looked at by the hour, such hours by the minute.
    await connection.run(`insert into calendar_offsets
      with days as (
        select day as moment, ${offset("day")} as minutes from range(${first}, ${end}, interval 1 day) as days(day)
      ),
      turning_days as (${turning("days")}),
      hours as (
        select moment + to_hours(hour) as moment, ${offset("(moment + to_hours(hour))")} as minutes
        from turning_days cross join range(25) as hours(hour)
      ),
      turning_hours as (${turning("hours")}),
      told as (
        select * from days where moment = ${first}
        union all
        select moment + to_minutes(minute), ${offset("(moment + to_minutes(minute))")}
        from turning_hours cross join range(61) as minutes(minute)
      ),
      begins as (
        select moment, minutes from (select *, lag(minutes) over (order by moment) as minutes_before from told)
        where minutes is distinct from minutes_before
      )
      select ${sqlString(zone)}, moment, lead(moment, 1, ${end}) over (order by moment), minutes from begins`);
  }
}

/** Moments of `table` after which another offset holds at the next one. */
function turning(table: string): string {
  return `select moment from (select *, lead(minutes) over (order by moment) as next_minutes from ${table}) where minutes <> next_minutes`;
}

async function createCalendarOf(connection: DuckDBConnection, { calendar_of: of }: Settings): Promise<void> {
  const pairs = (named: Readonly<Record<string, string>>, key: (text: string) => string) =>
    Object.entries(named).map(([each, calendar]) => `${sqlString(calendar)}, ${sqlString(key(each))}`);
  const markets = valuesOf(
    "calendar, market",
    pairs(of.markets, (text) => text),
    "null::varchar, ''",
  );
  const teams = valuesOf(
    "calendar, agent_group",
    pairs(of.teams, (text) => text.trim().toLowerCase()),
    "null::varchar, ''",
  );
  await connection.run(`create or replace table staging.team_calendars as
      select agent_group, any_value(calendar) as calendar from ${teams} group by agent_group;
    create or replace table staging.market_calendars as
      select markets.market, coalesce(own.calendar, ${sqlString(of.default)}) as calendar
      from (
        select chr(65 + first.letter::integer) || chr(65 + second.letter::integer) as market
        from range(26) as first(letter) cross join range(26) as second(letter)
        union all select 'unknown'
      ) as markets
      left join ${markets} as own on markets.market = own.market`);
}
