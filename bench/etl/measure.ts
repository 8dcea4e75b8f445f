// One scale, in one go: bare DuckDB, the first load, a small day, a whole day.
import { cp, link, mkdir, rm, stat, statfs } from "node:fs/promises";
import path from "node:path";
import type { Counts } from "../../etl/demo/truth.ts";
import { AppError, hasCode } from "../../shared/errors.ts";
import type { BareTable } from "./bare.ts";
import { runMeasured, type Measured } from "./child.ts";
import { runPipelineOnce, type PipelineRun } from "./pipeline-run.ts";
import { rowsOf, type Scale, type ScaleData } from "./scales.ts";
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
const ROOM_PER_INPUT_BYTE = 3;

/** What the runs leave is removed; the data stay. @throws AppError when a run fails. */
export async function measureScale(data: ScaleData, report: (line: string) => void): Promise<Measurement> {
  const folder = path.join(path.dirname(data.history), "run");
  const [inbox, dataFolder] = [path.join(folder, "inbox"), path.join(folder, "data")];
  await rm(folder, { recursive: true, force: true });
  const inputBytes = await bytesOf(await exportFiles(data.history));
  await checkRoom(path.dirname(data.history), inputBytes * ROOM_PER_INPUT_BYTE);
  await mkdir(dataFolder, { recursive: true });
  const tell = (what: string, run: Measured): void =>
    report(`${data.scale}x ${what}: ${run.seconds.toFixed(1)} s, ${gigabytes(run.peakBytes)}`);
  try {
    const bare = await readBare(data.history, folder);
    tell("bare DuckDB", bare);
    await linkFiles(data.history, inbox);
    const first = await runPipelineOnce(inbox, dataFolder);
    tell("first load", first);
    const publishedBytes = (await stat(path.join(dataFolder, "published", `${first.versionName}.duckdb`))).size;
    const smallDay = await afterNews(data.smallNews, inbox, dataFolder, "-small");
    tell("small day", smallDay);
    const day = data.scale === 1 ? smallDay : await afterNews(data.news, inbox, dataFolder, "");
    if (day !== smallDay) tell("one more day", day);
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

/** The news come as files beside the others; `mark` keeps a small day's apart from the whole day's. */
async function afterNews(news: string, inbox: string, data: string, mark: string): Promise<PipelineRun> {
  for (const file of await exportFiles(news)) {
    const { dir, name, ext } = path.parse(path.relative(news, file));
    await mkdir(path.join(inbox, dir), { recursive: true });
    await cp(file, path.join(inbox, dir, `${name}${mark}${ext}`));
  }
  return runPipelineOnce(inbox, data);
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
