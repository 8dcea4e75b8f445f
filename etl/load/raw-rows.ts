// The rows of the raw tables, as Parquet pieces beside the working file. They are written once, read once or twice and then gone:
// inserted into a table of a DuckDB file they cost six times as much (log, compression, a checkpoint per file), kept in memory they
// would not fit.
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlString } from "../../shared/duckdb.ts";
import { inTurn } from "./in-turn.ts";
import { rawTable } from "./raw-tables.ts";

export interface RawTarget {
  readonly connection: DuckDBConnection;
  /** Emptied by the caller when the run is over; the tables are gone with it. */
  readonly workFolder: string;
  readonly system: string;
  readonly feed: string;
  readonly fileId: number;
}

/**
 * Adds what `select` gives to the raw table of a feed, with all of its columns in their order. Returns the number of rows.
 * A file may come in several pieces, `piece` counting them; `forgetRawRows` takes them back. `bytes`: about how much text it is.
 */
export async function addRawRows(target: RawTarget, piece: number, bytes: number, select: string): Promise<number> {
  return inTurn(target.connection, () => copyRows(target, piece, bytes, select));
}

async function copyRows(target: RawTarget, piece: number, bytes: number, select: string): Promise<number> {
  const { connection, fileId } = target;
  const folder = folderOf(target);
  await openTable(target, folder);
  await adaptThreads(connection, bytes);
  const file = path.join(folder, `${fileId}-${piece}.parquet`);
  const copy = `copy (${select}) to ${sqlString(file)} (format parquet, compression lz4)`;
  try {
    const result = await connection.runAndReadAll(copy);
    return Number(result.getRows()[0]?.[0] ?? 0);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

/** Below this several threads cost a third more time, and twice the processor's, than one. */
const WORTH_THREADS = 32 << 20;

/** What is known of a connection: asking it anew for each of thousands of small files takes longer than reading them. */
interface Loading {
  /** Folders whose raw table is a view of their pieces already. */
  readonly opened: Set<string>;
  /** Threads it had before it was brought down to one. */
  threads: number | undefined;
}

const loadings = new WeakMap<DuckDBConnection, Loading>();

function loadingOf(connection: DuckDBConnection): Loading {
  const known = loadings.get(connection) ?? { opened: new Set(), threads: undefined };
  loadings.set(connection, known);
  return known;
}

async function adaptThreads(connection: DuckDBConnection, bytes: number): Promise<void> {
  const loading = loadingOf(connection);
  if (bytes >= WORTH_THREADS) return allThreads(connection);
  if (loading.threads !== undefined) return;
  const [row] = await queryRows<{ threads: number }>(connection, "select current_setting('threads') as threads");
  loading.threads = row?.threads ?? 1;
  await connection.run("set threads = 1");
}

async function allThreads(connection: DuckDBConnection): Promise<void> {
  const loading = loadingOf(connection);
  const { threads } = loading;
  loading.threads = undefined;
  if (threads !== undefined) await connection.run(`set threads = ${threads}`);
}

/** To be called when everything is loaded: from here on DuckDB has all of its threads again. */
export async function endRawRows(connection: DuckDBConnection): Promise<void> {
  await inTurn(connection, () => allThreads(connection));
}

/** Removes all pieces of a file that is refused after all. */
export async function forgetRawRows(target: RawTarget): Promise<void> {
  const folder = folderOf(target);
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.startsWith(`${target.fileId}-`)) await rm(path.join(folder, name));
  }
}

/** A path as DuckDB's readers take it: its own `*`, `?` and `[` without meaning, then a pattern that has one. */
export function sqlPath(file: string, pattern = ""): string {
  return sqlString(file.replaceAll(/[[*?]/g, (sign) => `[${sign}]`) + pattern);
}

function folderOf({ workFolder, system, feed }: RawTarget): string {
  return path.join(workFolder, "raw", `${system}__${feed}`);
}

/** The first rows of a feed turn its empty table into a view of the pieces. */
async function openTable({ connection, system, feed }: RawTarget, folder: string): Promise<void> {
  const { opened } = loadingOf(connection);
  if (opened.has(folder)) return;
  opened.add(folder);
  const name = rawTable(system, feed);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const columns = await queryRows<{ column_name: string }>(connection, `describe ${name}`);
  const empty = path.join(folder, "0.parquet");
  await connection.run(`copy ${name} to ${sqlString(empty)} (format parquet)`);
  await connection.run(`drop table ${name}`);
  const names = columns.map((column) => `"${column.column_name.replaceAll('"', '""')}"`);
  await connection.run(
    `create view ${name} as select ${names.join(", ")}
     from read_parquet(${sqlPath(folder, "/*.parquet")}, hive_partitioning = false)`,
  );
}
