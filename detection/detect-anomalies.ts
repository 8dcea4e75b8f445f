// The pipeline's detection step: marts in, `anomaly_series`, `anomaly_points` and `anomalies` out, in the same database file.
import type { DuckDBConnection } from "@duckdb/node-api";

import { AppError } from "../shared/errors.ts";
import {
  appendAnomaly,
  appendFamilies,
  appendFoundDays,
  appendPoints,
  appendSeries,
  createAnomalyTables,
  createMarks,
  keepForEpisodes,
  markPoints,
  withAppenders,
  type Calendar,
} from "./anomaly-tables.ts";
import { DEFAULT_OPTIONS, judgeAlone, type DetectorOptions, type JudgedSeries } from "./detector.ts";
import { DEFAULT_DETECTOR } from "./detectors.ts";
import { episodesOf } from "./episodes.ts";
import { DailyFamilies } from "./false-discovery.ts";
import { dayNumber, isoDay } from "./series.ts";
import { readPanel, type WatchedPanel, type WatchedSeries } from "./watch-panel.ts";
import { createWatchTables, type WatchTables } from "./watch-tables.ts";
import { WATCHES, type Awaited, type Watch } from "./watches.ts";

export interface DetectAnomaliesOptions {
  /** The day that is not over yet, ISO, reporting zone; judged are the days before it. */
  readonly asOfDate: string;
  /** Where an export ends earlier: the day up to which it is complete, that day not included; null where there is none. */
  readonly completeTo?: Readonly<Partial<Record<Awaited, string | null>>>;
  /** One line of progress after each chunk of series. */
  readonly report?: (message: string) => void;
  readonly detector?: Partial<DetectorOptions>;
  /** About this many series are judged together: enough to pool over, few enough for memory. */
  readonly chunkSeries?: number;
}

const CHUNK_SERIES = 2000;

/** A series with alarms of its own, kept until all series of the watch are judged. */
interface Suspect {
  readonly series: WatchedSeries;
  readonly judged: JudgedSeries;
}

/**
 * Judges every watched series of the marts in schema main and writes the three anomaly tables anew (replacing any). Series below their
 * watch's `minimumEvents` are left out. False-discovery control runs per day over all series of a watch.
 */
export async function detectAnomalies(
  connection: DuckDBConnection,
  options: DetectAnomaliesOptions,
): Promise<{ series: number; anomalies: number }> {
  if (Number.isNaN(dayNumber(options.asOfDate))) {
    throw new AppError(`Detection needs an ISO day as asOfDate, not "${options.asOfDate}"`);
  }
  await createAnomalyTables(connection);
  const found = { series: 0, anomalies: 0 };
  for (const watch of WATCHES) {
    const tables = await createWatchTables(connection, watch, lastCompleteDay(watch, options));
    if (!tables) continue;
    found.series += tables.seriesCount;
    found.anomalies += await judgeWatch(connection, watch, tables, options);
  }
  await connection.run(EXCESS_COST_SQL);
  await connection.run(
    "drop table if exists watch_raw; drop table if exists watch_events; drop table if exists watch_exposure; " +
      "drop table if exists watch_series; drop table if exists watch_missing",
  );
  return found;
}

/** Days after it may only look quiet because their export hasn't come yet. */
function lastCompleteDay(watch: Watch, { asOfDate, completeTo }: DetectAnomaliesOptions): string {
  const open = Math.min(dayNumber(asOfDate), dayNumber(completeTo?.[watch.awaits] ?? asOfDate));
  return isoDay(open - 1);
}

/** Returns the number of anomalies. */
async function judgeWatch(
  connection: DuckDBConnection,
  watch: Watch,
  tables: WatchTables,
  options: DetectAnomaliesOptions,
): Promise<number> {
  const detectorOptions = { ...DEFAULT_OPTIONS, ...options.detector, judgeFrom: 0 };
  // A power of two: when it grows, a product's companions change in halves, not altogether.
  const chunkSeries = options.chunkSeries ?? CHUNK_SERIES;
  const chunks = 2 ** Math.ceil(Math.log2(Math.max(1, tables.seriesCount / chunkSeries)));
  const families = new DailyFamilies(tables.dayCount);
  const suspects: Suspect[] = [];
  let done = 0;
  for (let number = 0; number < chunks; number++) {
    const panel = await readPanel(connection, watch, tables, { number, of: chunks });
    if (panel.series.length === 0) continue;
    const judged = judgeAlone(DEFAULT_DETECTOR, panel, detectorOptions);
    for (const [row, one] of judged.entries()) {
      forgetUnwatchedDays(one, panel.series[row]!.watchedFrom);
      families.add(one);
      const kept = keepForEpisodes(one);
      if (kept) suspects.push({ series: { ...panel.series[row]!, exposure: null }, judged: kept });
    }
    await writeJudged(connection, watch, panel, judged);
    done += panel.series.length;
    options.report?.(`${watch.name}: ${done} of ${tables.seriesCount} series judged`);
  }
  return writeFound(connection, watch, tables, families, suspects, detectorOptions.falseDiscoveryRate);
}

/** A series whose record was too small to be watched on a day is no test of that day's family, else later days would change it. */
function forgetUnwatchedDays(judged: JudgedSeries, watchedFrom: number): void {
  judged.pValue.fill(Number.NaN, 0, watchedFrom);
  judged.isAlarm.fill(0, 0, watchedFrom);
}

async function writeJudged(
  connection: DuckDBConnection,
  watch: Watch,
  panel: WatchedPanel,
  judged: readonly JudgedSeries[],
): Promise<void> {
  await withAppenders(connection, ["anomaly_series", "anomaly_points"], (series, points) => {
    for (const [row, one] of panel.series.entries()) {
      appendSeries(series, watch, panel, one, judged[row]!, DEFAULT_DETECTOR.name);
      appendPoints(points, panel, one, judged[row]!);
    }
  });
}

/** The second step, when the family of every day is complete: q-values, the alarms they let through, and the anomalies. */
async function writeFound(
  connection: DuckDBConnection,
  watch: Watch,
  calendar: Calendar,
  families: DailyFamilies,
  suspects: readonly Suspect[],
  rate: number,
): Promise<number> {
  await createMarks(connection);
  let count = 0;
  await withAppenders(connection, ["anomalies", "watch_found", "watch_q"], (anomalies, foundDays, qs) => {
    for (const { series, judged } of suspects) {
      families.control(judged, rate);
      const episodes = episodesOf(series, judged, calendar.firstDate);
      count += episodes.length;
      appendFoundDays(foundDays, calendar, judged, episodes);
      for (const episode of episodes) appendAnomaly(anomalies, watch, calendar, series, episode);
    }
    appendFamilies(qs, calendar, families);
  });
  await markPoints(connection);
  return count;
}

/** Excess units times what a returned unit of the product is refunded on average; null where no refund amount is known. */
const EXCESS_COST_SQL = `
update main.anomalies
set excess_cost_reporting = anomalies.excess * refunds.mean_refund
from (
    select returns.product_id,
        sum(returns.refund_amount_reporting)::double / nullif(sum(returns.quantity), 0) as mean_refund
    from main.returns as returns
    where returns.is_completed and returns.refund_amount_reporting is not null
    group by all
) as refunds
where anomalies.product_id = refunds.product_id and anomalies.watch = 'returns'`;
