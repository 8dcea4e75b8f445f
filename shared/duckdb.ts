// The one place that opens and closes DuckDB, with the settings every user of it needs.
import {
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampValue,
  type DuckDBConnection,
  type DuckDBValue,
} from "@duckdb/node-api";

export interface DuckDBOptions {
  readonly readOnly?: boolean;
  readonly threads?: number;
  /** e.g. `2GB`. */
  readonly memoryLimit?: string;
  /** Where large sorts and joins spill. */
  readonly tempDirectory?: string;
}

/**
 * Opens a DuckDB file (or `:memory:`), runs `work` on one connection and closes both, also on errors.
 * The session's time zone is UTC, so naive timestamps cast to TIMESTAMPTZ mean UTC.
 */
export async function withDuckDB<T>(
  file: string,
  options: DuckDBOptions,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(file, settings(options));
  try {
    const connection = await instance.connect();
    try {
      await connection.run("SET GLOBAL TimeZone = 'UTC'");
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

function settings(options: DuckDBOptions): Record<string, string> {
  const given: Record<string, string> = {};
  if (options.readOnly) given.access_mode = "READ_ONLY";
  if (options.threads) given.threads = String(options.threads);
  if (options.memoryLimit) given.memory_limit = options.memoryLimit;
  if (options.tempDirectory) given.temp_directory = options.tempDirectory;
  return given;
}

/**
 * Rows as plain objects: BIGINT and HUGEINT as number when safe, else string; DECIMAL as number; DATE and TIMESTAMP as ISO text
 * (`2026-11-22`, `2026-11-22T09:15:00.123`); lists and structs as JSON values.
 */
export async function queryRows<Row = Record<string, unknown>>(
  connection: DuckDBConnection,
  sql: string,
  parameters?: DuckDBValue[] | Record<string, DuckDBValue>,
): Promise<Row[]> {
  const reader = await connection.runAndReadAll(sql, parameters);
  const names = reader.deduplicatedColumnNames();
  return reader.getRows().map((row) => {
    const out: Record<string, unknown> = {};
    for (const [index, name] of names.entries()) out[name] = plainValue(row[index]);
    return out as Row;
  });
}

/** A string as an SQL literal. */
export function sqlString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a quoted SQL identifier. */
export function sqlIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function plainValue(value: DuckDBValue | undefined): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return safeNumber(value);
  if (value instanceof DuckDBDecimalValue) return Number(value.toString());
  if (value instanceof DuckDBTimestampValue) return value.toString().replace(" ", "T");
  if (value instanceof DuckDBListValue) return value.items.map(plainValue);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, plainValue(entry)]));
  }
  return typeof value === "object" ? String(value) : value;
}

function safeNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
