// One delimited file of a source → its feed's raw table.
import path from "node:path";
import { rm } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { sqlIdentifier, sqlString } from "../shared/duckdb.ts";
import { writeCleanRows } from "./delimited-rows.ts";
import type { InboxFile } from "./inbox-files.ts";
import { FileRefusedError } from "./file-text.ts";
import { chooseFeed, type HeaderBinding } from "./header-binding.ts";
import { LineFile } from "./line-file.ts";
import { Quarantine, rawTable, type FileRecord } from "./raw-tables.ts";
import type { DelimitedFeed } from "./sources/source.ts";

export interface LoadJob {
  readonly connection: DuckDBConnection;
  readonly system: string;
  readonly file: InboxFile;
  readonly fileId: number;
  readonly workFolder: string;
  /** Declared encoding of this system's files. */
  readonly encoding: string | undefined;
}

/** @throws FileRefusedError when the file as a whole cannot be used; its raw table is then unchanged. */
export async function loadDelimited(job: LoadJob, feeds: readonly DelimitedFeed[]): Promise<FileRecord[]> {
  const groups = new Map<string, DelimitedFeed[]>();
  for (const feed of feeds) {
    const dialect = `${feed.delimiter} ${feed.quote ?? ""}`;
    groups.set(dialect, [...(groups.get(dialect) ?? []), feed]);
  }
  let refused: unknown;
  for (const group of groups.values()) {
    try {
      return [await loadAs(job, group)];
    } catch (error) {
      if (!(error instanceof FileRefusedError)) throw error;
      refused ??= error;
    }
  }
  throw refused;
}

/** `feeds` share delimiter and quote; the header decides between them. */
async function loadAs(job: LoadJob, feeds: readonly DelimitedFeed[]): Promise<FileRecord> {
  const [first] = feeds;
  if (!first) throw new FileRefusedError("has no feed that reads it");
  let bound: { feed: DelimitedFeed; binding: HeaderBinding; width: number } | undefined;
  let quarantine: Quarantine | undefined;
  let encoding = "utf-8";
  const clean = new LineFile(path.join(job.workFolder, `rows-${job.fileId}.csv`));
  try {
    let rows: number;
    try {
      ({ rows } = await writeCleanRows(job.file.absolute, clean, {
        delimiter: first.delimiter,
        quoted: first.quote !== null,
        encoding: job.encoding,
        onEncoding: (name) => (encoding = name),
        onHeader: (header) => {
          bound = { ...bindOrRefuse(header, feeds), width: header.length };
          quarantine = new Quarantine(job.connection, job.system, bound.feed.name, job.file);
          return leastColumns(bound.feed, bound.binding);
        },
        onBroken: async (row) => quarantine?.add({ rowNo: row.rowNo, reason: "unreadable_row", raw: row.raw }),
      }));
    } finally {
      clean.close();
    }
    if (!bound) throw new FileRefusedError("has no header row");
    await quarantine?.flush();
    await insertRows(job, bound.feed, bound.binding, bound.width, clean);
    const rowsRefused = quarantine?.count ?? 0;
    return {
      system: job.system,
      feed: bound.feed.name,
      encoding,
      rowsRead: rows,
      rowsRefused,
      status: "loaded",
      message: rowsRefused > 0 ? `${rowsRefused} rows are broken (column count or quotes)` : null,
    };
  } finally {
    await rm(clean.path, { force: true });
  }
}

function bindOrRefuse(header: readonly string[], feeds: readonly DelimitedFeed[]) {
  const chosen = chooseFeed(header, feeds);
  if (!chosen) throw new FileRefusedError("has no feed that reads it");
  const { feed, binding } = chosen;
  if (binding.repeated.length > 0) {
    throw new FileRefusedError(`has columns more than once: ${binding.repeated.join(", ")}`, {
      advice: "Nobody knows which one is meant: rename or remove the others.",
    });
  }
  if (binding.missing.length === 0) return chosen;
  const found = header.map((text) => text.trim()).filter(Boolean);
  throw new FileRefusedError(
    `lacks the required ${binding.missing.length === 1 ? "column" : "columns"} ${binding.missing.join(", ")} of "${feed.name}"; ` +
      `found: ${found.slice(0, 100).join(", ") || "nothing"}`,
    { advice: adviceFor(found, feed) },
  );
}

function adviceFor(found: readonly string[], feed: DelimitedFeed): string {
  const [only = "", ...others] = found;
  const other = others.length === 0 ? /[;|\t]/.exec(only)?.[0] : undefined;
  if (other === undefined || other === feed.delimiter) {
    return "Export it again with these columns, or map it with a mapping file.";
  }
  return `It looks ${JSON.stringify(other)}-separated: save it with ${JSON.stringify(feed.delimiter)} between the columns, as the system exports it.`;
}

/** A row cut short is still whole when all required columns are in it. */
function leastColumns(feed: DelimitedFeed, binding: HeaderBinding): number {
  const required = feed.columns
    .filter((column) => column.required)
    .map((column) => binding.columns.get(column.name) ?? 0);
  return Math.max(1, ...required.map((index) => index + 1));
}

async function insertRows(
  job: LoadJob,
  feed: DelimitedFeed,
  binding: HeaderBinding,
  width: number,
  clean: LineFile,
): Promise<void> {
  if (clean.lines === 0) return;
  const values = feed.columns.map((column) => {
    const index = binding.columns.get(column.name);
    return index === undefined ? "null" : `c${index}`;
  });
  const extra = binding.extra.map((column) => `${sqlString(column.name)}, c${column.index}`);
  values.push(extra.length > 0 ? `json_object(${extra.join(", ")})` : "null");
  const names = ["file_id", "row_no", ...feed.columns.map((column) => sqlIdentifier(column.name)), "extra"];
  const rows = readCleanRows(clean, width, feed.delimiter);
  await job.connection.run(
    `insert into ${rawTable(job.system, feed.name)} (${names.join(", ")}) select ${job.fileId}, row_no, ${values.join(", ")} from ${rows}`,
  );
}

/** `read_csv(...)` over a clean file: columns row_no, c0, c1, ... */
export function readCleanRows(clean: LineFile, width: number, delimiter: string): string {
  const columns = ["'row_no': 'BIGINT'"];
  for (let index = 0; index < width; index += 1) columns.push(`'c${index}': 'VARCHAR'`);
  return `read_csv(${sqlString(clean.path)}, columns = {${columns.join(", ")}}, header = false, auto_detect = false,
    delim = ${sqlString(delimiter)}, quote = '"', escape = '"', new_line = '\\n', max_line_size = ${longestLine(clean)})`;
}

export function longestLine(clean: LineFile): number {
  return Math.max(2 << 20, clean.longest + 1024);
}
