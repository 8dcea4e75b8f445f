// SQL for one time field: text as the source wrote it → UTC, the same moment in the reporting zone, how exact it is, its day.
// A day without a time has no moment: both columns are its midnight as written, so that either gives the right day.
// Local times in a DST gap move forward by the gap; in the doubled hour they mean the later (standard) one, as in ICU.
import { sqlString } from "../../shared/duckdb.ts";
import { utcToZone } from "../../shared/zone-sql.ts";

/** Years outside are typing errors or placeholders ("0001-01-01", "9999-12-31"). */
export const FIRST_YEAR = 1990;
export const LAST_YEAR = 2100;

const OFFSET = "(?:[zZ]| ?(?:UTC|GMT)| ?[+-]\\d{2}(?::?\\d{2})?)$";

/** True for text that begins as `YYYY-M-D`; keeps DuckDB's words `epoch` and `infinity` from passing as times. */
function looksLikeTime(text: string): string {
  return `regexp_matches(${text}, '^\\d{4}-\\d{1,2}-\\d{1,2}(?:$|[T ])')`;
}

function isDateOnly(text: string): string {
  return `length(${text}) <= 10`;
}

function hasOffset(text: string): string {
  return `regexp_matches(${text}, '${OFFSET}')`;
}

/** Naive time in `zone` → naive UTC. */
export function localToUtc(time: string, zone: string): string {
  if (zone === "UTC") return time;
  return `timezone('UTC', timezone(${sqlString(zone)}, ${time}))`;
}

/**
 * `with offset` text → naive UTC. The two usual spellings are taken apart here, which is four times as fast as DuckDB's
 * `timestamptz`; of the others the offset is written in the one way that DuckDB reads.
 */
function offsetToUtc(text: string): string {
  const sign = (from: number) => `substr(${text}, ${from}, 1) in ('+', '-')`;
  const isZulu = `right(${text}, 1) = 'Z' and substr(${text}, -2, 1) <> ' '`;
  const isPlain = `${sign(-6)} and substr(${text}, -3, 1) = ':' and substr(${text}, -7, 1) <> ' ' and right(${text}, 5) < '16:00'`;
  const wallClock = `try_cast(left(${text}, length(${text}) - 6) as timestamp)`;
  const offset = `try_cast(right(${text}, 5) || ':00' as interval)`;
  const fourDigits = `rtrim(left(${text}, length(${text}) - 5), ' ') || substr(${text}, -5, 3) || ':' || right(${text}, 2)`;
  const zulu = `regexp_replace(${text}, ' ?(?:UTC|GMT)$', 'Z')`;
  const colon = `regexp_replace(${zulu}, ' ?([+-]\\d{2}):?(\\d{2})?$', '\\1:\\2')`;
  const whole = `regexp_replace(${colon}, ':$', ':00')`;
  return `case when ${isZulu} then try_cast(left(${text}, length(${text}) - 1) as timestamp)
    when ${isPlain} then ${wallClock} + case when substr(${text}, -6, 1) = '-' then ${offset} else -${offset} end
    else timezone('UTC', try_cast(case when ${sign(-5)} then ${fourDigits} else ${whole} end as timestamptz)) end`;
}

/** How exact the trimmed text expression `text` is; null when it is no time. */
export function precisionExpression(text: string): string {
  return `case when ${text} is null or not ${looksLikeTime(text)} then null
    when ${isDateOnly(text)} then 'date' when ${hasOffset(text)} then 'instant' else 'local' end`;
}

/**
 * Naive UTC of the trimmed text expression `text`.
 *
 * @param precision a column that holds its `precisionExpression`
 * @param zones IANA zones that occur in `zoneColumn`; literals, because DuckDB converts by a constant zone many times faster.
 */
export function utcExpression(text: string, precision: string, zoneColumn: string, zones: readonly string[]): string {
  const naive = `try_cast(${text} as timestamp)`;
  const [onlyZone, ...furtherZones] = zones;
  const assumed =
    furtherZones.length === 0
      ? localToUtc(naive, onlyZone ?? "UTC")
      : `case ${zoneColumn} ${zones.map((zone) => `when ${sqlString(zone)} then ${localToUtc(naive, zone)}`).join(" ")} end`;
  return `case ${precision} when 'date' then ${naive} when 'instant' then ${offsetToUtc(text)} when 'local' then ${assumed} end`;
}

/** The moment in the reporting zone; a date-only value stays the day it names. */
export function localExpression(text: string, utc: string, precision: string, reportingZone: string): string {
  if (reportingZone === "UTC") return utc;
  return `case when ${precision} = 'date' then try_cast(${text} as timestamp) else ${utcToZone(utc, reportingZone)} end`;
}

/** The day of a time: as written (the wall clock of the place); of a time with its offset, the reporting zone's. */
export function dayExpression(text: string, local: string, precision: string): string {
  return `case when ${precision} = 'instant' then (${local})::date else try_cast(${text} as timestamp)::date end`;
}

/** A calendar day: the date as written, whatever the time and zone behind it. */
export function dateExpression(text: string): string {
  return `case when ${looksLikeTime(text)} then try_cast(regexp_extract(${text}, '^[^T ]+') as date) end`;
}

/** True when a year is beyond what an after-sales record can hold. */
export function isOutOfRange(time: string): string {
  return `year(${time}) not between ${FIRST_YEAR} and ${LAST_YEAR}`;
}
