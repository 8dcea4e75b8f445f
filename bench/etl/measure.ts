// One scale, in one go: bare DuckDB, the first load, a small day, a whole day.
import { cp, link, mkdir, rm, stat, statfs } from "node:fs/promises";
import path from "node:path";
import type { Counts } from "../../etl/demo/truth.ts";
import { AppError, hasCode } from "../../shared/errors.ts";
import type { BareTable } from "./bare.ts";
import { runMeasured, type Measured } from "./child.ts";
import { runPipelineOnce, type PipelineRun } from "./pipeline-run.ts";
import { rowsOf, type Scale, type ScaleData } from "./scales.ts";
import { slowestStatements } from "./trace-report.ts";
import { bytesOf, exportFiles, gzipBytesOf } from "./sizes.ts";

export interface Measurement {
  readonly scale: Scale;
  readonly counts: Counts;
  readonly rows: number;
  readonly newsRows: number;
  readonly inputBytes: number;
  readonly gzipBytes: number;
  readonly publishedBytes: number;
  readonly bare: Measured & { readonly tables: readonly BareTable[] };
  readonly first: PipelineRun;
  /** As much news as the 1-fold shop has on a day. */
  readonly smallDay: PipelineRun;
  readonly day: PipelineRun;
}

/** Working file, spill, two versions and bare DuckDB's own file, at their largest. */
const ROOM_PER_INPUT_BYTE = 2;

export interface MeasureOptions {
  /** Tells the slowest SQL statements of the first load and of the day; what this costs is in the figures. */
  readonly trace: boolean;
  readonly report: (line: string) => void;
}

/** What the runs leave is removed; the data stay. @throws AppError when a run fails. */
export async function measureScale(data: ScaleData, { trace, report }: MeasureOptions): Promise<Measurement> {
  const folder = path.join(data.folder, "run");
  const [inbox, dataFolder] = [path.join(folder, "inbox"), path.join(folder, "data")];
  await rm(folder, { recursive: true, force: true });
  const inputBytes = await bytesOf(await exportFiles(data.history));
  await checkRoom(data.folder, inputBytes * ROOM_PER_INPUT_BYTE);
  await mkdir(dataFolder, { recursive: true });
  const tell = (what: string, run: Measured): void =>
    report(`${data.scale}x ${what}: ${run.seconds.toFixed(1)} s, ${gigabytes(run.peakBytes)}`);
  try {
    const bare = await readBare(data.history, folder);
    checkRead(bare.tables, data.truth.counts);
    tell("bare DuckDB", bare);
    await linkFiles(data.history, inbox);
    const load = (what: string): Promise<PipelineRun> =>
      loadOnce(
        inbox,
        dataFolder,
        trace ? path.join(data.folder, `trace-${what.replaceAll(" ", "-")}.json`) : null,
        report,
      );
    const first = await load("first load");
    tell("first load", first);
    const publishedBytes = (await stat(path.join(dataFolder, "published", `${first.versionName}.duckdb`))).size;
    await putNews(data.smallNews, inbox, "-small");
    const smallDay = await load("small day");
    tell("small day", smallDay);
    let day = smallDay;
    if (data.news !== data.smallNews) {
      await putNews(data.news, inbox, "");
      day = await load("one more day");
      tell("one more day", day);
    }
    const gzipBytes = await gzipBytesOf(data.history);
    const { scale, truth } = data;
    const rows = { rows: rowsOf(truth.counts), newsRows: truth.news ? rowsOf(truth.news.counts) : 0 };
    return { scale, counts: truth.counts, ...rows, inputBytes, gzipBytes, publishedBytes, bare, first, smallDay, day };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const gigabytes = (bytes: number | null): string =>
  bytes === null ? "memory unknown" : `${(bytes / 1e9).toFixed(2)} GB`;

async function readBare(inbox: string, folder: string): Promise<Measurement["bare"]> {
  const database = path.join(folder, "bare.duckdb");
  let tables: BareTable[] = [];
  const script = ["bench/etl/bare.ts", inbox, database, path.join(folder, "bare-spill")];
  const measured = await runMeasured(script, ({ text }) => (tables = JSON.parse(text) as BareTable[]));
  await rm(database, { force: true });
  return { ...measured, tables };
}

/** A reference that passes over rows would be no reference. */
function checkRead(tables: readonly BareTable[], counts: Counts): void {
  const written: Readonly<Record<string, number>> = {
    shopify_orders: counts.shopify_order_lines,
    amazon_orders: counts.amazon_order_lines,
    amazon_returns: counts.fba_return_rows,
    shop_returns: counts.shop_return_rows,
    surveys: counts.survey_rows,
    products: counts.products,
    tickets: counts.zendesk_ticket_rows,
    ticket_metrics: counts.zendesk_ticket_rows,
    ratings: counts.zendesk_rating_rows,
    trackings: counts.aftership_trackings,
    checkpoints: counts.aftership_checkpoints,
  };
  for (const [name, rows] of Object.entries(written)) {
    const read = tables.find((table) => table.name === name)?.rows;
    if (read === rows) continue;
    throw new AppError(`Bare DuckDB read ${read ?? "no"} rows of ${name}, and ${rows} were written`, {
      advice: "Look at its statement in bench/etl/bare-tables.ts, or have the data made anew.",
    });
  }
}

/** The news come as files beside the others; `mark` keeps a small day's apart from the whole day's. */
async function putNews(news: string, inbox: string, mark: string): Promise<void> {
  for (const file of await exportFiles(news)) {
    const { dir, name, ext } = path.parse(path.relative(news, file));
    await mkdir(path.join(inbox, dir), { recursive: true });
    await cp(file, path.join(inbox, dir, `${name}${mark}${ext}`));
  }
}

async function loadOnce(
  inbox: string,
  data: string,
  traceFile: string | null,
  report: (line: string) => void,
): Promise<PipelineRun> {
  if (traceFile === null) return runPipelineOnce(inbox, data);
  const run = await runPipelineOnce(inbox, data, {
    environment: { AFTERSIGHT_TRACE: traceFile },
    imports: [new URL("trace.ts", import.meta.url).href],
  });
  for (const line of await slowestStatements(traceFile)) report(line);
  return run;
}

/** The history as an inbox of its own without a second copy of it, where the file system allows. */
async function linkFiles(from: string, to: string): Promise<void> {
  const files = [...(await exportFiles(from)), path.join(from, "aftersight.yml")];
  for (const file of files) {
    const target = path.join(to, path.relative(from, file));
    await mkdir(path.dirname(target), { recursive: true });
    await link(file, target).catch((error: unknown) => {
      if (hasCode(error, "EXDEV") || hasCode(error, "EPERM")) return cp(file, target, { preserveTimestamps: true });
      throw error;
    });
  }
}

async function checkRoom(folder: string, wanted: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= wanted) return;
  throw new AppError(
    `${folder} has ${((bavail * bsize) / 1e9).toFixed(0)} GB left, and a run may need ${(wanted / 1e9).toFixed(0)} GB`,
    {
      state: "The data stay; nothing was run.",
      advice: "Free some space, or measure a smaller scale with --scale.",
    },
  );
}
