// One delimited file of a source → its feed's raw table.
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { sqlIdentifier, sqlString } from "../../shared/duckdb.ts";
import { writeCleanRows } from "./delimited-rows.ts";
import type { InboxFile } from "../files/inbox-files.ts";
import { FileRefusedError, type TextOptions } from "../files/file-text.ts";
import { chooseFeed, type HeaderBinding } from "./header-binding.ts";
import { LinePieces, type LineFile } from "./line-file.ts";
import { addRawRows, forgetRawRows, sqlPath } from "./raw-rows.ts";
import { Quarantine, type FileRecord } from "./raw-tables.ts";
import type { DelimitedFeed } from "../sources/source.ts";

export interface LoadJob {
  readonly connection: DuckDBConnection;
  readonly system: string;
  readonly file: InboxFile;
  readonly fileId: number;
  readonly workFolder: string;
  /** Declared encoding of this system's files. */
  readonly encoding: string | undefined;
  /** Beyond it a packed file is refused. */
  readonly largestUnpackedBytes?: number | undefined;
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

interface Bound {
  readonly feed: DelimitedFeed;
  readonly binding: HeaderBinding;
  readonly width: number;
}

/** `feeds` share delimiter and quote; the header decides between them. */
async function loadAs(job: LoadJob, feeds: readonly DelimitedFeed[]): Promise<FileRecord> {
  const [first] = feeds;
  if (!first) throw new FileRefusedError("has no feed that reads it");
  let bound: Bound | undefined;
  let quarantine: Quarantine | undefined;
  let encoding = "utf-8";
  let columns: readonly string[] = [];
  const pieces = new LinePieces({
    path: path.join(job.workFolder, `rows-${job.fileId}`),
    take: async (piece, number) => {
      if (bound) await addRawRows({ ...job, feed: bound.feed.name }, number, piece.bytes, rawSelect(job, bound, piece));
    },
  });
  try {
    const { rows } = await writeCleanRows(job.file.absolute, pieces, {
      ...textOptions(job),
      delimiter: first.delimiter,
      quoted: first.quote !== null,
      onEncoding: (name) => (encoding = name),
      onHeader: (header) => {
        columns = header;
        bound = { ...bindOrRefuse(header, feeds), width: header.length };
        quarantine = new Quarantine(job.connection, job.system, bound.feed.name, job.file);
        return leastColumns(bound.feed, bound.binding);
      },
      onBroken: (row) => quarantine?.hold(row),
      afterChunk: async () => {
        await quarantine?.settle();
        await pieces.settle();
      },
    });
    if (!bound) throw new FileRefusedError("has no header row");
    await pieces.end();
    await quarantine?.flush();
    return {
      ...loadedRecord(job, bound.feed, { encoding, rows, refused: quarantine?.count ?? 0 }),
      columns,
    };
  } catch (error) {
    await pieces.discard();
    if (bound) await forgetRawRows({ ...job, feed: bound.feed.name });
    await quarantine?.forget();
    throw error;
  }
}

function loadedRecord(
  job: LoadJob,
  feed: DelimitedFeed,
  { encoding, rows, refused }: { encoding: string; rows: number; refused: number },
): FileRecord {
  return {
    system: job.system,
    feed: feed.name,
    encoding,
    rowsRead: rows,
    rowsRefused: refused,
    status: "loaded",
    message: refused > 0 ? `${refused} rows are broken (column count or quotes)` : null,
  };
}

/** How the file of a job is read as text. */
export function textOptions(job: LoadJob): TextOptions {
  return { encoding: job.encoding, expected: job.file, largestUnpackedBytes: job.largestUnpackedBytes };
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

function rawSelect(job: LoadJob, { feed, binding, width }: Bound, piece: LineFile): string {
  const values = feed.columns.map((column) => {
    const index = binding.columns.get(column.name);
    return `${index === undefined ? "null::varchar" : `c${index}`} as ${sqlIdentifier(column.name)}`;
  });
  const extra = binding.extra.map((column) => `${sqlString(column.name)}, c${column.index}`);
  values.push(`${extra.length > 0 ? `json_object(${extra.join(", ")})` : "null"}::json as extra`);
  const rows = readCleanRows(piece, width, feed.delimiter);
  return `select ${job.fileId}::integer as file_id, row_no, ${values.join(", ")} from ${rows}`;
}

/** `read_csv(...)` over clean lines: columns row_no, c0, c1, ... */
export function readCleanRows(lines: LineFile, width: number, delimiter: string): string {
  const columns = ["'row_no': 'BIGINT'"];
  for (let index = 0; index < width; index += 1) columns.push(`'c${index}': 'VARCHAR'`);
  return `read_csv(${sqlPath(lines.path)}, columns = {${columns.join(", ")}}, header = false, auto_detect = false,
    delim = ${sqlString(delimiter)}, quote = '"', escape = '"', new_line = '\\n', ${readerSizes(lines)})`;
}

/** By itself DuckDB takes 16 times the longest line for each thread. */
export function readerSizes(lines: LineFile): string {
  const longest = Math.max(64 << 10, lines.longest + 1024);
  return `max_line_size = ${longest}, buffer_size = ${Math.max(4 << 20, 2 * longest)}`;
}
