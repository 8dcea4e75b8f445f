// The pipeline's detection step: marts in, `anomaly_series`, `anomaly_points` and `anomalies` out, in the same database file.
import { DuckDBDateValue, DuckDBTimestampValue, type DuckDBAppender, type DuckDBConnection } from "@duckdb/node-api";

import { AppError } from "../shared/errors.ts";
import { DEFAULT_OPTIONS, judgePanel, type DetectorOptions, type JudgedSeries } from "./detector.ts";
import { DEFAULT_DETECTOR } from "./detectors.ts";
import { episodesOf, type Episode } from "./episodes.ts";
import { dayNumber, isoDay } from "./series.ts";
import { readPanel, type WatchedPanel, type WatchedSeries } from "./watch-panel.ts";
import { createWatchTables, type WatchTables } from "./watch-tables.ts";
import { WATCHES, type Watch } from "./watches.ts";

export interface DetectAnomaliesOptions {
  /** The day that is not over yet, ISO, reporting zone; judged are the days before it. */
  readonly asOfDate: string;
  /** One line of progress after each chunk of series. */
  readonly report?: (message: string) => void;
  readonly detector?: Partial<DetectorOptions>;
}

/** About this many series are judged together: enough to pool over, few enough for memory. */
const CHUNK_SERIES = 2000;
/** Days of points kept per series; anomalies are found over the whole record. */
export const POINT_DAYS = 400;

/**
 * Judges every watched series of the marts in schema main and writes the three anomaly tables anew (replacing any). Series below their
 * watch's `minimumEvents` are left out. False-discovery control runs over each chunk's series per day.
 */
export async function detectAnomalies(
  connection: DuckDBConnection,
  options: DetectAnomaliesOptions,
): Promise<{ series: number; anomalies: number }> {
  if (Number.isNaN(dayNumber(options.asOfDate))) {
    throw new AppError(`Detection needs an ISO day as asOfDate, not "${options.asOfDate}"`);
  }
  await connection.run(TABLES_SQL);
  const lastDate = isoDay(dayNumber(options.asOfDate) - 1);
  const found = { series: 0, anomalies: 0 };
  for (const watch of WATCHES) {
    const tables = await createWatchTables(connection, watch, lastDate);
    if (!tables) continue;
    await judgeWatch(connection, watch, tables, options, found);
  }
  await connection.run(EXCESS_COST_SQL);
  await connection.run(
    "drop table if exists watch_raw; drop table if exists watch_events; drop table if exists watch_exposure; " +
      "drop table if exists watch_series; drop table if exists watch_missing",
  );
  return found;
}

async function judgeWatch(
  connection: DuckDBConnection,
  watch: Watch,
  tables: WatchTables,
  options: DetectAnomaliesOptions,
  found: { series: number; anomalies: number },
): Promise<void> {
  // A power of two: when it grows, a product's companions change in halves, not altogether.
  const chunks = 2 ** Math.ceil(Math.log2(Math.max(1, tables.seriesCount / CHUNK_SERIES)));
  let done = 0;
  for (let number = 0; number < chunks; number++) {
    const panel = await readPanel(connection, watch, tables, { number, of: chunks });
    if (panel.series.length === 0) continue;
    const judged = judgePanel(DEFAULT_DETECTOR, panel, { ...DEFAULT_OPTIONS, ...options.detector, judgeFrom: 0 });
    found.series += panel.series.length;
    found.anomalies += await write(connection, watch, panel, judged);
    done += panel.series.length;
    options.report?.(`${watch.name}: ${done} of ${tables.seriesCount} series judged`);
  }
}

async function write(
  connection: DuckDBConnection,
  watch: Watch,
  panel: WatchedPanel,
  judged: readonly JudgedSeries[],
): Promise<number> {
  const [series, points, anomalies] = [
    await connection.createAppender("anomaly_series", "main"),
    await connection.createAppender("anomaly_points", "main"),
    await connection.createAppender("anomalies", "main"),
  ];
  let count = 0;
  for (const [row, one] of panel.series.entries()) {
    const judgement = judged[row]!;
    const episodes = episodesOf(one, judgement, panel.firstDate);
    count += episodes.length;
    appendSeries(series, watch, panel, one, judgement);
    appendPoints(points, panel, one, judgement, episodes);
    for (const episode of episodes) appendAnomaly(anomalies, watch, panel, one, episode);
  }
  for (const appender of [series, points, anomalies]) appender.closeSync();
  return count;
}

const dateOf = (panel: WatchedPanel, day: number): DuckDBDateValue =>
  new DuckDBDateValue(dayNumber(panel.firstDate) + day);

function appendSeries(
  to: DuckDBAppender,
  watch: Watch,
  panel: WatchedPanel,
  one: WatchedSeries,
  judged: JudgedSeries,
): void {
  for (const text of [
    one.seriesId,
    watch.name,
    "product",
    one.product,
    one.reason,
    one.reasonGroup,
    one.market,
    one.category,
    watch.direction,
    watch.unit,
  ]) {
    to.appendVarchar(text);
  }
  to.appendDate(dateOf(panel, 0));
  to.appendDate(dateOf(panel, panel.dayCount - 1));
  to.appendDouble(one.totalObserved);
  to.appendDouble(judged.dispersion);
  to.appendVarchar(DEFAULT_DETECTOR.name);
  to.endRow();
}

function appendPoints(
  to: DuckDBAppender,
  panel: WatchedPanel,
  one: WatchedSeries,
  judged: JudgedSeries,
  episodes: readonly Episode[],
): void {
  for (let day = Math.max(0, panel.dayCount - POINT_DAYS); day < panel.dayCount; day++) {
    if (Number.isNaN(judged.expected[day])) continue;
    const date = dateOf(panel, day);
    to.appendVarchar(one.seriesId);
    to.appendDate(date);
    to.appendTimestamp(new DuckDBTimestampValue(BigInt(date.days) * 86_400_000_000n));
    for (const value of [
      one.counts[day]!,
      judged.exposure[day]!,
      judged.expected[day]!,
      judged.lower[day]!,
      judged.upper[day]!,
      judged.score[day]!,
      judged.pValue[day]!,
      judged.qValue[day]!,
    ]) {
      appendNumber(to, value);
    }
    to.appendBoolean(judged.isAlarm[day] === 1);
    const episode = episodes.find((e) => day >= e.startedOn && day <= e.lastAlarmOn);
    if (episode) to.appendVarchar(episode.anomalyId);
    else to.appendNull();
    to.endRow();
  }
}

function appendAnomaly(
  to: DuckDBAppender,
  watch: Watch,
  panel: WatchedPanel,
  one: WatchedSeries,
  episode: Episode,
): void {
  for (const text of [episode.anomalyId, one.seriesId, watch.name, one.product, one.reason, one.market, one.category]) {
    to.appendVarchar(text);
  }
  for (const day of [episode.startedOn, episode.detectedOn, episode.lastAlarmOn]) to.appendDate(dateOf(panel, day));
  if (episode.endedOn === null) to.appendNull();
  else to.appendDate(dateOf(panel, episode.endedOn));
  to.appendBoolean(episode.endedOn === null);
  to.appendInteger(episode.lastAlarmOn - episode.startedOn + 1);
  const excess = episode.observed - episode.expected;
  for (const value of [
    episode.observed,
    episode.expected,
    excess,
    episode.observed / episode.expected,
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

/** Excess units times what a returned unit of the product is refunded on average; null where no refund amount is known. */
const EXCESS_COST_SQL = `
update main.anomalies
set excess_cost_reporting = anomalies.excess * refunds.mean_refund
from (
    select returns.product_id,
        sum(returns.refund_amount_reporting)::double / nullif(sum(returns.quantity), 0) as mean_refund
    from main.returns as returns
    where returns.refund_amount_reporting is not null
    group by all
) as refunds
where anomalies.product_id = refunds.product_id and anomalies.watch = 'returns'`;
