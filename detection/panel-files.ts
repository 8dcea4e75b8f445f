// Plain CSV in and out for the `detect` command and the benchmark.
import { createReadStream } from "node:fs";
import { parse } from "csv-parse";

import { AppError, messageOf } from "../shared/errors.ts";
import type { JudgedSeries } from "./detector.ts";
import { dayNumber, isoDay, type Panel, type Series } from "./series.ts";

/** A CSV file that cannot be read as what it should be; the message names file and line. */
export class PanelFileError extends AppError {}

interface Line {
  readonly values: Record<string, string>;
  readonly where: string;
}

interface Metadata {
  product: string;
  reason: string;
  market: string;
  category: string;
  lagGroup: string;
}

/** Longest calendar read: a typing error in a year shouldn't ask for gigabytes. */
const LONGEST_CALENDAR_DAYS = 20 * 366;

/**
 * Reads series.csv (series_id,date,count[,exposure]) and optionally meta.csv and lags.csv. Days without a row are missing.
 * Without meta every series is its own product in one market; without lags events count as arriving at once.
 */
export async function readPanelFiles(input: string, meta?: string, lags?: string): Promise<Panel> {
  const metadata = meta === undefined ? new Map<string, Metadata>() : await readMetadata(meta);
  const lagDistributions = lags === undefined ? new Map<string, Float64Array>() : await readLags(lags);
  const rows = new Map<string, Map<number, [number, number]>>();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for await (const line of linesOf(input, ["series_id", "date", "count"])) {
    const { values, where } = line;
    const day = dayNumber(values.date!);
    if (Number.isNaN(day)) throw new PanelFileError(`${where}: date "${values.date}" is not a day like 2026-01-31`);
    const days = rows.get(values.series_id!) ?? new Map<number, [number, number]>();
    rows.set(values.series_id!, days);
    if (days.has(day)) throw new PanelFileError(`${where}: series ${values.series_id} has ${values.date} twice`);
    const exposure = values.exposure ? numberOf(values.exposure, "exposure", where) : Number.NaN;
    days.set(day, [numberOf(values.count!, "count", where), exposure]);
    first = Math.min(first, day);
    last = Math.max(last, day);
  }
  if (rows.size === 0) throw new PanelFileError(`${input} has no rows`);
  if (last - first > LONGEST_CALENDAR_DAYS) {
    throw new PanelFileError(
      `${input} runs from ${isoDay(first)} to ${isoDay(last)}, longer than 20 years; is a date mistyped?`,
    );
  }
  const dayCount = last - first + 1;
  const series = [...rows].map(([seriesId, days]) => seriesOf(seriesId, days, first, dayCount, metadata.get(seriesId)));
  return { firstDate: isoDay(first), dayCount, series, lagDistributions };
}

function seriesOf(
  seriesId: string,
  days: ReadonlyMap<number, [number, number]>,
  first: number,
  dayCount: number,
  meta: Metadata | undefined,
): Series {
  const counts = new Float64Array(dayCount).fill(Number.NaN);
  const exposure = new Float64Array(dayCount).fill(Number.NaN);
  for (const [day, [count, units]] of days) {
    counts[day - first] = count;
    exposure[day - first] = units;
  }
  const isKnown = exposure.some((units) => !Number.isNaN(units));
  const own = meta ?? { product: seriesId, reason: "all", market: "all", category: "all", lagGroup: "" };
  return { seriesId, counts, exposure: isKnown ? exposure : null, ...own };
}

async function readMetadata(file: string): Promise<Map<string, Metadata>> {
  const out = new Map<string, Metadata>();
  for await (const { values } of linesOf(file, ["series_id", "product", "reason", "market", "category", "lag_group"])) {
    out.set(values.series_id!, {
      product: values.product!,
      reason: values.reason!,
      market: values.market!,
      category: values.category!,
      lagGroup: values.lag_group!,
    });
  }
  return out;
}

async function readLags(file: string): Promise<Map<string, Float64Array>> {
  const shares = new Map<string, number[]>();
  for await (const { values, where } of linesOf(file, ["lag_group", "lag_days", "pmf"])) {
    const lag = numberOf(values.lag_days!, "lag_days", where);
    if (!Number.isInteger(lag) || lag > 366) {
      throw new PanelFileError(`${where}: lag_days must be a whole number from 0 to 366, not "${values.lag_days}"`);
    }
    const group = shares.get(values.lag_group!) ?? [];
    shares.set(values.lag_group!, group);
    group[lag] = numberOf(values.pmf!, "pmf", where);
  }
  const out = new Map<string, Float64Array>();
  for (const [group, values] of shares) {
    const pmf = Float64Array.from(values, (share) => share ?? 0);
    const total = pmf.reduce((sum, share) => sum + share, 0);
    if (!(total > 0)) throw new PanelFileError(`${file}: the shares of lag group ${group} add up to ${total}`);
    out.set(
      group,
      pmf.map((share) => share / total),
    );
  }
  return out;
}

function numberOf(text: string, column: string, where: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || value < 0) {
    throw new PanelFileError(`${where}: ${column} must be a number from 0 up, not "${text}"`);
  }
  return value;
}

async function* linesOf(file: string, columns: readonly string[]): AsyncGenerator<Line> {
  const parser = parse({
    bom: true,
    columns: (header: string[]) => checkedHeader(file, header, columns),
    info: true,
    trim: true,
  });
  const stream = createReadStream(file).on("error", (error) => parser.destroy(error));
  stream.pipe(parser);
  try {
    for await (const record of parser as AsyncIterable<{ record: Record<string, string>; info: { lines: number } }>) {
      yield { values: record.record, where: `${file}, line ${record.info.lines}` };
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new PanelFileError(`${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function checkedHeader(file: string, header: string[], columns: readonly string[]): string[] {
  const names = header.map((name) => name.trim());
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new PanelFileError(`${file}, line 1: no column ${missing.join(", ")} (there: ${names.join(", ")})`);
  }
  return names;
}

/** The judged days as CSV text: series_id,date,score,p_value,alarm,expected,lower,upper. Missing days have no row. */
export function writeJudgements(panel: Panel, judged: readonly JudgedSeries[]): string {
  const lines = ["series_id,date,score,p_value,alarm,expected,lower,upper"];
  const first = dayNumber(panel.firstDate);
  for (const one of judged) {
    for (let at = 0; at < one.score.length; at++) {
      if (Number.isNaN(one.score[at]) || Number.isNaN(one.expected[at])) continue;
      const cells = [
        quoted(one.seriesId),
        isoDay(first + one.firstIndex + at),
        one.score[at]!.toFixed(6),
        one.pValue[at]!.toExponential(6),
        one.isAlarm[at],
        one.expected[at]!.toFixed(6),
        one.lower[at]!.toFixed(2),
        one.upper[at]!.toFixed(2),
      ];
      lines.push(cells.join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
