// Looks into a published version: what it says of itself, and whether all of it can be read.
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { parse } from "yaml";
import { PROJECT_ROOT, type DataDirectory } from "../../shared/data-directory.ts";
import { messageOf } from "../../shared/errors.ts";
import { queryRows, sqlIdentifier, withDuckDB } from "../../shared/duckdb.ts";
import { DETECTED, MARTS } from "../models/models.ts";
import { versionFile } from "./version-files.ts";

export interface VersionFacts {
  readonly name: string;
  readonly bytes: number;
  /** ISO 8601 with Z; null when it cannot be read. */
  readonly builtAt: string | null;
  /** Wall clock in the reporting zone. */
  readonly completeTo: string | null;
  /** Of all marts. */
  readonly rows: number | null;
  readonly sellerName: string | null;
  readonly isDemo: boolean;
  /** Why it cannot be served, or null. */
  readonly problem: string | null;
}

interface SnapshotRow {
  version_name: string;
  built_at: string;
  data_complete_to: string | null;
  seller_name: string | null;
  is_demo: boolean;
}

/**
 * @param isThorough reads every value, so that a damaged block is found; else only what the file says of itself. Both tell a
 * version that lacks what today's program reads.
 */
export async function inspectVersion(data: DataDirectory, name: string, isThorough: boolean): Promise<VersionFacts> {
  const file = versionFile(data, name);
  const unread = { name, builtAt: null, completeTo: null, rows: null, sellerName: null, isDemo: false };
  let bytes = 0;
  try {
    bytes = (await stat(file)).size;
    return await withDuckDB(file, { readOnly: true }, async (connection) => {
      const [row] = await queryRows<SnapshotRow>(connection, "select * from main.snapshot");
      if (!row) throw new Error("its table snapshot is empty");
      if (row.version_name !== name) throw new Error(`it says that it is version ${row.version_name}`);
      const columns = await columnsOf(connection);
      if (isThorough) await readThrough(connection, [...columns.keys()]);
      return {
        name,
        bytes,
        builtAt: `${row.built_at}Z`,
        completeTo: row.data_complete_to,
        rows: await countRows(connection, [...columns.keys()]),
        sellerName: row.seller_name,
        isDemo: row.is_demo,
        problem: await whatIsMissing(columns),
      };
    });
  } catch (error) {
    return { ...unread, bytes, problem: `cannot be read: ${messageOf(error).split("\n", 1).join()}` };
  }
}

async function columnsOf(connection: DuckDBConnection): Promise<Map<string, Set<string>>> {
  const rows = await queryRows<{ table: string; column: string }>(
    connection,
    `select table_name as "table", column_name as "column" from duckdb_columns()
     where database_name = current_database() and schema_name = 'main' and not internal`,
  );
  const tables = new Map<string, Set<string>>();
  for (const { table, column } of rows) tables.set(table, (tables.get(table) ?? new Set()).add(column));
  return tables;
}

/** DuckDB checks a block's checksum when it reads it. */
async function readThrough(connection: DuckDBConnection, tables: readonly string[]): Promise<void> {
  for (const table of tables) await connection.run(`select bit_xor(hash(mart)) from ${sqlIdentifier(table)} as mart`);
}

async function countRows(connection: DuckDBConnection, tables: readonly string[]): Promise<number> {
  const marts = [...MARTS, ...DETECTED].map((mart) => mart.name).filter((name) => tables.includes(name));
  if (marts.length === 0) return 0;
  const counts = marts.map((name) => `(select count(*) from ${sqlIdentifier(name)})`);
  const [row] = await queryRows<{ rows: number }>(connection, `select ${counts.join(" + ")} as "rows"`);
  return row?.rows ?? 0;
}

/** A version built before an update may lack what the dashboard now asks for. */
async function whatIsMissing(tables: ReadonlyMap<string, ReadonlySet<string>>): Promise<string | null> {
  const missing: string[] = [];
  for (const { name } of [...MARTS, ...DETECTED]) {
    const there = tables.get(name);
    if (!there) missing.push(name);
    else for (const column of await promisedColumns(name)) if (!there.has(column)) missing.push(`${name}.${column}`);
  }
  if (missing.length === 0) return null;
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
  return `was built by an earlier release: it lacks ${missing.slice(0, 5).join(", ")}${more}`;
}

async function promisedColumns(mart: string): Promise<string[]> {
  const text = await readFile(path.join(PROJECT_ROOT, "etl/models/marts", `${mart}.yml`), "utf8");
  return (parse(text) as { columns: { name: string }[] }).columns.map((column) => column.name);
}
