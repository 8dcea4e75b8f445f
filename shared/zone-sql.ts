// Times of one zone in another, as SQL that costs little: DuckDB's own conversion looks every row up in ICU.
import { sqlString } from "./duckdb.ts";

/** Years before and after this one that are converted by plain comparisons; other times take ICU's way. */
const YEARS_BACK = 8;
const YEARS_AHEAD = 2;

interface Span {
  /** Naive UTC, `YYYY-MM-DD HH:MM:SS`; from inclusive, to exclusive. */
  readonly from: string;
  readonly to: string;
  readonly offsetMinutes: number;
}

/**
 * SQL: a naive UTC timestamp as the wall clock of an IANA zone shows it.
 *
 * Some ten times as fast as `timezone()`: the offsets of the years around now stand in the expression. They are those of this
 * program's time zone data.
 */
export function utcToZone(utc: string, zone: string): string {
  if (zone === "UTC") return utc;
  const inIcu = `timezone(${sqlString(zone)}, timezone('UTC', ${utc}))`;
  const cases = spansOf(zone).map(
    ({ from, to, offsetMinutes }) =>
      `when ${utc} >= timestamp '${from}' and ${utc} < timestamp '${to}' then ${utc} + interval '${offsetMinutes} minutes'`,
  );
  return `case ${cases.join(" ")} else ${inIcu} end`;
}

const known = new Map<string, readonly Span[]>();

/** Stretches of one offset, those most rows fall into first: the latest, back in time, then the future. */
function spansOf(zone: string): readonly Span[] {
  const found = known.get(zone);
  if (found) return found;
  const now = new Date();
  const start = Date.UTC(now.getUTCFullYear() - YEARS_BACK, 0, 1);
  const end = Date.UTC(now.getUTCFullYear() + YEARS_AHEAD, 0, 1);
  const offsetAt = offsetsOf(zone);
  const borders = [start, ...changesBetween(offsetAt, start, end), end];
  const spans = borders.slice(0, -1).map((from, index) => ({
    from: naive(from),
    to: naive(borders[index + 1] ?? end),
    offsetMinutes: offsetAt(from),
  }));
  const current = spans.findIndex(({ to }) => to > naive(now.getTime()));
  const ordered = [...spans.slice(0, current + 1).toReversed(), ...spans.slice(current + 1)];
  known.set(zone, ordered);
  return ordered;
}

type OffsetAt = (moment: number) => number;

/** First milliseconds of each new offset, to the minute. No zone changes twice within a day. */
function changesBetween(offsetAt: OffsetAt, start: number, end: number): number[] {
  const changes: number[] = [];
  for (let day = start; day < end; day += DAY) {
    let [before, after] = [day, Math.min(day + DAY, end)];
    const offset = offsetAt(before);
    if (offsetAt(after) === offset) continue;
    while (after - before > MINUTE) {
      const middle = before + Math.floor((after - before) / 2 / MINUTE) * MINUTE;
      if (offsetAt(middle) === offset) before = middle;
      else after = middle;
    }
    changes.push(after);
  }
  return changes;
}

/** Minutes ahead of UTC. */
function offsetsOf(zone: string): OffsetAt {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  return (moment) => {
    const [, sign, hours, minutes] = /GMT([+-])(\d+):?(\d+)?/.exec(format.format(moment)) ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  };
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function naive(moment: number): string {
  return new Date(moment).toISOString().slice(0, 19).replace("T", " ");
}
