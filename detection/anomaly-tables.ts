// The three tables detection leaves in the marts, and how rows get into them.
import { DuckDBDateValue, DuckDBTimestampValue, type DuckDBAppender, type DuckDBConnection } from "@duckdb/node-api";

import { LONGEST_RISE_DAYS } from "./change-point.ts";
import type { JudgedSeries } from "./detector.ts";
import type { Episode } from "./episodes.ts";
import { LARGEST_Q, type DailyFamilies } from "./false-discovery.ts";
import { dayNumber } from "./series.ts";
import type { WatchedPanel, WatchedSeries } from "./watch-panel.ts";
import type { Watch } from "./watches.ts";

/** Days of points kept per series; anomalies are found over the whole record. */
export const POINT_DAYS = 400;

/** What a row needs of its panel. */
export type Calendar = Pick<WatchedPanel, "firstDate" | "dayCount">;

export async function createAnomalyTables(connection: DuckDBConnection): Promise<void> {
  await connection.run(TABLES_SQL);
}

/** Opens appenders to tables, runs `work` and closes them. */
export async function withAppenders<T>(
  connection: DuckDBConnection,
  tables: readonly string[],
  work: (...appenders: DuckDBAppender[]) => T,
): Promise<T> {
  const appenders: DuckDBAppender[] = [];
  for (const table of tables) appenders.push(await connection.createAppender(table));
  const result = work(...appenders);
  for (const appender of appenders) appender.closeSync();
  return result;
}

const dateOf = (calendar: Calendar, day: number): DuckDBDateValue =>
  new DuckDBDateValue(dayNumber(calendar.firstDate) + day);

export function appendSeries(
  to: DuckDBAppender,
  watch: Watch,
  calendar: Calendar,
  one: WatchedSeries,
  judged: JudgedSeries,
  method: string,
): void {
  appendTexts(to, [one.seriesId, watch.name, "product", one.product, one.reason, one.reasonGroup, one.market]);
  appendTexts(to, [one.category, watch.direction, watch.unit]);
  to.appendDate(dateOf(calendar, 0));
  to.appendDate(dateOf(calendar, calendar.dayCount - 1));
  to.appendDouble(one.totalObserved);
  to.appendDouble(judged.dispersion);
  to.appendVarchar(method);
  to.endRow();
}

/** Days as judged by the series alone: q-value, alarm and anomaly come with `markPoints`, when all series are judged. */
export function appendPoints(to: DuckDBAppender, calendar: Calendar, one: WatchedSeries, judged: JudgedSeries): void {
  for (let day = Math.max(0, calendar.dayCount - POINT_DAYS); day < calendar.dayCount; day++) {
    if (Number.isNaN(judged.expected[day])) continue;
    const date = dateOf(calendar, day);
    to.appendVarchar(one.seriesId);
    to.appendDate(date);
    to.appendTimestamp(new DuckDBTimestampValue(BigInt(date.days) * 86_400_000_000n));
    const p = judged.pValue[day]!;
    for (const value of [
      one.reported[day]!,
      judged.exposure[day]!,
      judged.expected[day]!,
      judged.lower[day]!,
      judged.upper[day]!,
      judged.score[day]!,
      p,
      p > LARGEST_Q ? 1 : Number.NaN,
    ]) {
      appendNumber(to, value);
    }
    to.appendBoolean(false);
    to.appendNull();
    to.endRow();
  }
}

export function appendAnomaly(
  to: DuckDBAppender,
  watch: Watch,
  calendar: Calendar,
  one: WatchedSeries,
  episode: Episode,
): void {
  appendTexts(to, [episode.anomalyId, one.seriesId, watch.name, one.product, one.reason, one.market, one.category]);
  for (const day of [episode.startedOn, episode.detectedOn, episode.lastAlarmOn]) {
    to.appendDate(dateOf(calendar, day));
  }
  if (episode.endedOn === null) to.appendNull();
  else to.appendDate(dateOf(calendar, episode.endedOn));
  to.appendBoolean(episode.endedOn === null);
  to.appendInteger(episode.lastAlarmOn - episode.startedOn + 1);
  for (const value of [
    episode.observed,
    episode.expected,
    episode.judged - episode.expected,
    episode.judged / episode.expected,
    episode.exposure,
    episode.pValue,
    episode.qValue,
  ]) {
    appendNumber(to, value);
  }
  to.appendVarchar(episode.severity);
  to.appendDouble(episode.score);
  to.appendNull();
  to.endRow();
}

/** Temporary tables `watch_q` and `watch_found`, which `markPoints` reads. */
export async function createMarks(connection: DuckDBConnection): Promise<void> {
  await connection.run(`
create or replace temp table watch_q (date date, p_value double, q_value double);
create or replace temp table watch_found (series_id varchar, date date, is_alarm boolean, anomaly_id varchar)`);
}

/** The days of a series' episodes, for `markPoints`. */
export function appendFoundDays(
  to: DuckDBAppender,
  calendar: Calendar,
  judged: JudgedSeries,
  episodes: readonly Episode[],
): void {
  for (const episode of episodes) {
    for (let day = episode.startedOn; day <= episode.lastAlarmOn; day++) {
      to.appendVarchar(judged.seriesId);
      to.appendDate(dateOf(calendar, day));
      to.appendBoolean(judged.isAlarm[day - judged.firstIndex] === 1);
      to.appendVarchar(episode.anomalyId);
      to.endRow();
    }
  }
}

export function appendFamilies(to: DuckDBAppender, calendar: Calendar, families: DailyFamilies): void {
  for (const { day, p, q } of families.entries(Math.max(0, calendar.dayCount - POINT_DAYS))) {
    to.appendDate(dateOf(calendar, day));
    to.appendDouble(p);
    to.appendDouble(q);
    to.endRow();
  }
}

/** Completes the points of the watch just judged: those without a q-value although they have a p-value, and the days of its findings. */
export async function markPoints(connection: DuckDBConnection): Promise<void> {
  await connection.run(`
update main.anomaly_points
set q_value = watch_q.q_value
from watch_q
where anomaly_points.q_value is null
    and anomaly_points.date = watch_q.date
    and anomaly_points.p_value = watch_q.p_value;

update main.anomaly_points
set is_alarm = watch_found.is_alarm, anomaly_id = watch_found.anomaly_id
from watch_found
where anomaly_points.series_id = watch_found.series_id and anomaly_points.date = watch_found.date;

drop table watch_q;
drop table watch_found`);
}

/** What is needed of a judgement to find its episodes later: the days from the longest rise before its first alarm on. */
export function keepForEpisodes(judged: JudgedSeries): JudgedSeries | null {
  const first = judged.isAlarm.indexOf(1);
  if (first < 0) return null;
  const from = Math.max(0, first - LONGEST_RISE_DAYS);
  const none = new Float64Array(0);
  return {
    seriesId: judged.seriesId,
    firstIndex: judged.firstIndex + from,
    dispersion: judged.dispersion,
    exposure: judged.exposure.slice(from),
    expected: judged.expected.slice(from),
    lower: none,
    upper: none,
    score: judged.score.slice(from),
    pValue: judged.pValue.slice(from),
    qValue: judged.qValue.slice(from),
    isAlarm: judged.isAlarm.slice(from),
  };
}

function appendTexts(to: DuckDBAppender, texts: readonly string[]): void {
  for (const text of texts) to.appendVarchar(text);
}

function appendNumber(to: DuckDBAppender, value: number): void {
  if (Number.isFinite(value)) to.appendDouble(value);
  else to.appendNull();
}

const TABLES_SQL = `
create or replace table main.anomaly_series (
    series_id varchar, watch varchar, subject_kind varchar, product_id varchar, reason varchar, reason_group varchar,
    market varchar, category varchar, direction varchar, unit varchar, first_date date, last_date date,
    total_observed double, dispersion double, method varchar
);
create or replace table main.anomaly_points (
    series_id varchar, date date, day timestamp, observed double, exposure double, expected double, lower double, upper double,
    score double, p_value double, q_value double, is_alarm boolean, anomaly_id varchar
);
create or replace table main.anomalies (
    anomaly_id varchar, series_id varchar, watch varchar, product_id varchar, reason varchar, market varchar, category varchar,
    started_on date, detected_on date, last_alarm_on date, ended_on date, is_open boolean, days integer,
    observed double, expected double, excess double, rate_ratio double, exposure double, p_value double, q_value double,
    severity varchar, score double, excess_cost_reporting double
)`;
