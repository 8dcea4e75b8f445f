// The rows of the raw tables, as Parquet pieces beside the working file. They are written once, read once or twice and then gone:
// inserted into a table of a DuckDB file they cost six times as much (log, compression, a checkpoint per file), kept in memory they
// would not fit.
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlString } from "../shared/duckdb.ts";
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
 * A file may come in several pieces, `piece` counting them; `forgetRawRows` takes them back.
 */
export async function addRawRows(target: RawTarget, piece: number, select: string): Promise<number> {
  const { connection, fileId } = target;
  const folder = folderOf(target);
  await openTable(target, folder);
  const file = path.join(folder, `${fileId}-${piece}.parquet`);
  try {
    const result = await connection.runAndReadAll(
      `copy (${select}) to ${sqlString(file)} (format parquet, compression lz4)`,
    );
    return Number(result.getRows()[0]?.[0] ?? 0);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
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
async function openTable(target: RawTarget, folder: string): Promise<void> {
  const { connection, system, feed } = target;
  const [table] = await queryRows(
    connection,
    `select 1 from duckdb_tables() where database_name = current_database() and schema_name = 'raw'
     and table_name = ${sqlString(`${system}__${feed}`)}`,
  );
  if (!table) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = rawTable(system, feed);
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
