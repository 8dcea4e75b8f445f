// Puts the files of a run in the form they are kept in: each header once, feeds summed up over files not loaded before.
import type { FeedHeader, FeedLoad, FileLoad, PipelineRun, StoredFileLoad } from "./run-record.ts";

/** More files than this of one run are only counted: those that were not simply loaded come first. */
export const MAX_FILES_A_RUN = 20_000;
const MAX_HEADERS = 200;
const MAX_COLUMNS = 500;
const LONGEST_NAME = 120;
const LONGEST_MESSAGE = 500;

/**
 * @param published earlier runs that published
 * @param known file loads of all earlier runs
 */
export function describeFiles(
  files: readonly FileLoad[],
  published: readonly PipelineRun[],
  known: readonly StoredFileLoad[],
): { feeds: FeedLoad[]; headers: FeedHeader[] } {
  const counted = new Set(published.map((run) => run.runId));
  const seen = new Set(known.filter((load) => counted.has(load.runId)).map(contentKey));
  const feeds = new Map<string, { -readonly [Key in keyof FeedLoad]: FeedLoad[Key] }>();
  const headers = new Map<string, { -readonly [Key in keyof FeedHeader]: FeedHeader[Key] }>();
  for (const file of files) {
    const { system, feed, path, columns } = file;
    if (file.status !== "loaded" || system === null || feed === null) continue;
    const isFresh = !seen.has(contentKey(file));
    if (columns && headers.size < MAX_HEADERS) {
      const key = headerKey(file);
      const header = headers.get(key);
      if (!header) headers.set(key, { system, feed, columns: shortened(columns), path, isFresh });
      else if (isFresh && !header.isFresh) Object.assign(header, { path, isFresh });
    }
    if (!isFresh) continue;
    const sum = feeds.get(`${system} ${feed}`) ?? { system, feed, files: 0, rows: 0 };
    feeds.set(`${system} ${feed}`, { ...sum, files: sum.files + 1, rows: sum.rows + file.rowsIn });
  }
  return { feeds: [...feeds.values()], headers: [...headers.values()] };
}

export function toStored(runId: string, files: readonly FileLoad[], headers: readonly FeedHeader[]): StoredFileLoad[] {
  const indices = new Map(headers.map((header, index) => [headerKey(header), index]));
  const isPlain = (file: FileLoad) => file.status === "loaded" && file.quarantined === 0;
  const first =
    files.length <= MAX_FILES_A_RUN ? files : files.toSorted((a, b) => Number(isPlain(a)) - Number(isPlain(b)));
  return first.slice(0, MAX_FILES_A_RUN).map(({ columns, message, ...load }) => ({
    runId,
    ...load,
    message: message?.slice(0, LONGEST_MESSAGE) ?? null,
    header: columns ? (indices.get(headerKey({ ...load, columns })) ?? null) : null,
  }));
}

function contentKey({ path, bytes, modifiedAtMs }: Pick<FileLoad, "path" | "bytes" | "modifiedAtMs">): string {
  return `${path}\n${bytes}\n${modifiedAtMs}`;
}

function headerKey(header: Pick<FileLoad, "system" | "feed" | "columns">): string {
  return JSON.stringify([header.system, header.feed, shortened(header.columns ?? [])]);
}

function shortened(columns: readonly string[]): string[] {
  return columns.slice(0, MAX_COLUMNS).map((column) => column.trim().slice(0, LONGEST_NAME));
}
