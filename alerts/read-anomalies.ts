// Reads the open anomalies and what explains them, only through Cube's public views: the mail says what the pages say.
import { z } from "zod";
import type { Anomaly, AnomalyDay, AnomalyDetail, DataStatus } from "./anomaly.ts";
import { AppError } from "../shared/errors.ts";
import { cubeBoolean, cubeDay, cubeNumber, cubeNumberOrNull, cubeText, parseRows, type LoadRows } from "./cube-rows.ts";
import { addDays } from "./dates.ts";
import { rankConcentration, readSlices } from "./read-concentration.ts";
import { readQuotes } from "./read-quotes.ts";

/** How many days before a finding's start its picture and page show. */
export const DAYS_BEFORE_START = 56;
/** The longest picture; older days of a long finding are left out of it. */
export const MAX_CHART_DAYS = 180;

const SEVERITY_ORDER = ["high", "medium", "low"] as const;
const ROW_LIMIT = 10_000;
/** Watches over all reasons carry one of these instead of a reason. */
const ALL_REASONS: ReadonlySet<string> = new Set(["all", "unknown", ""]);

const statusRow = z.object({
  version: cubeText,
  version_name: cubeText,
  data_complete_to: z
    .string()
    .nullish()
    .transform((value) => value ?? null),
  reporting_time_zone: cubeText,
  reporting_currency: cubeText,
  seller_name: z
    .string()
    .nullish()
    .transform((value) => value || null),
  is_demo: cubeBoolean,
});

const anomalyRow = z.object({
  anomaly_id: cubeText,
  series_id: cubeText,
  watch: cubeText,
  product_id: cubeText,
  product_name: cubeText,
  category: cubeText,
  reason: cubeText,
  market: cubeText,
  severity: z.enum(SEVERITY_ORDER),
  started_on: cubeDay,
  last_alarm_on: cubeDay,
  observed: cubeNumber,
  expected: cubeNumber,
  excess: cubeNumber,
  rate_ratio: cubeNumberOrNull,
  q_value: cubeNumberOrNull,
  score: cubeNumber,
  excess_cost: cubeNumberOrNull,
});

const dayRow = z.object({
  day: cubeDay,
  is_alarm: cubeBoolean,
  observed: cubeNumber,
  expected: cubeNumber,
  lower: cubeNumber,
  upper: cubeNumber,
});

const members = (view: string, names: readonly string[]) => names.map((name) => `${view}.${name}`);

/** What the served version says about itself. */
export async function readDataStatus(load: LoadRows): Promise<DataStatus> {
  const rows = parseRows(
    "data_status",
    await load({ dimensions: members("data_status", Object.keys(statusRow.shape)), limit: 1, timezone: "UTC" }),
    statusRow,
  );
  const row = rows[0];
  if (!row) {
    throw new AppError("the published data has no snapshot row, so its version and freshness are unknown.", {
      state: "no mail was sent.",
      advice: "Run `npm run pipeline` to publish the data again.",
    });
  }
  return {
    version: row.version,
    versionName: row.version_name,
    dataCompleteTo: row.data_complete_to,
    reportingTimeZone: row.reporting_time_zone,
    reportingCurrency: row.reporting_currency,
    sellerName: row.seller_name,
    isDemo: row.is_demo,
  };
}

/** Open anomalies, the most severe first, then by score; ties by id so that two runs agree. */
export async function readOpenAnomalies(load: LoadRows): Promise<Anomaly[]> {
  const rows = await load({
    dimensions: members("anomaly_report", Object.keys(anomalyRow.shape)),
    filters: [{ member: "anomaly_report.is_open", operator: "equals", values: ["true"] }],
    order: { "anomaly_report.score": "desc" },
    limit: ROW_LIMIT,
    timezone: "UTC",
  });
  return parseRows("anomaly_report", rows, anomalyRow)
    .map((row) => ({
      anomalyId: row.anomaly_id,
      seriesId: row.series_id,
      watch: row.watch,
      productId: row.product_id,
      productName: row.product_name === "unknown" ? row.product_id : row.product_name,
      category: row.category,
      reason: ALL_REASONS.has(row.reason) ? "all" : row.reason,
      market: row.market === "unknown" ? "all" : row.market,
      severity: row.severity,
      startedOn: row.started_on,
      lastAlarmOn: row.last_alarm_on,
      observed: row.observed,
      expected: row.expected,
      excess: row.excess,
      rateRatio: row.rate_ratio,
      qValue: row.q_value,
      score: row.score,
      excessCost: row.excess_cost,
    }))
    .sort(
      (a, b) =>
        SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity) ||
        b.score - a.score ||
        a.anomalyId.localeCompare(b.anomalyId),
    );
}

/** The last day a finding is judged by: that of the complete data, never before its last alarm. */
export function lastDayOf(anomaly: Anomaly, status: DataStatus): string {
  const complete = status.dataCompleteTo?.slice(0, 10) ?? anomaly.lastAlarmOn;
  return complete > anomaly.lastAlarmOn ? complete : anomaly.lastAlarmOn;
}

/** First day of the finding's picture and of its page. */
export function firstDayOf(anomaly: Anomaly, lastDay: string): string {
  const wanted = addDays(anomaly.startedOn, -DAYS_BEFORE_START);
  const earliest = addDays(lastDay, 1 - MAX_CHART_DAYS);
  return wanted > earliest ? wanted : earliest;
}

/** The days, the slices with most units and customers' words behind one finding. */
export async function readAnomalyDetail(load: LoadRows, anomaly: Anomaly, status: DataStatus): Promise<AnomalyDetail> {
  const lastDay = lastDayOf(anomaly, status);
  const firstDay = firstDayOf(anomaly, lastDay);
  const [days, slices, quotes] = await Promise.all([
    readDays(load, anomaly.seriesId, firstDay, lastDay),
    readSlices(load, anomaly),
    readQuotes(load, anomaly),
  ]);
  return { days, concentration: rankConcentration(slices), quotes };
}

async function readDays(load: LoadRows, seriesId: string, from: string, to: string): Promise<AnomalyDay[]> {
  const rows = await load({
    measures: members("anomaly_days", ["observed", "expected", "lower", "upper"]),
    dimensions: ["anomaly_days.is_alarm"],
    timeDimensions: [{ dimension: "anomaly_days.day", granularity: "day", dateRange: [from, to] }],
    filters: [{ member: "anomaly_days.series_id", operator: "equals", values: [seriesId] }],
    order: { "anomaly_days.day": "asc" },
    limit: ROW_LIMIT,
    timezone: "UTC",
  });
  return parseRows("anomaly_days", rows.map(withoutGranularity), dayRow)
    .map(({ day, is_alarm: isAlarm, ...numbers }) => ({ date: day, isAlarm, ...numbers }))
    .sort((a, b) => a.date.localeCompare(b.date));
}

// Cube gives a time dimension under `view.day.day` and, depending on the query, `view.day` too.
function withoutGranularity(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...row, "anomaly_days.day": row["anomaly_days.day.day"] ?? row["anomaly_days.day"] };
}
