// What a published snapshot says about itself, and the check that it is whole.
import { queryRows, sqlIdentifier } from "../../shared/duckdb.ts";
import type { WeekStart } from "../../shared/week-start.ts";
import type { OpenSnapshot } from "./open-snapshot.ts";

export interface SnapshotFacts {
  readonly version: number;
  readonly versionName: string;
  /** ISO 8601 with Z. */
  readonly builtAt: string | null;
  /** Wall clock in the reporting time zone; null when no source has rows. */
  readonly dataCompleteTo: string | null;
  readonly reportingTimeZone: string;
  readonly reportingCurrency: string;
  readonly sellerName: string | null;
  /** Day that weeks begin on. */
  readonly weekStart: WeekStart;
  readonly isDemo: boolean;
}

interface SnapshotRow {
  version: number;
  version_name: string;
  built_at: string | null;
  data_complete_to: string | null;
  reporting_time_zone: string;
  reporting_currency: string;
  seller_name: string | null;
  is_demo: boolean | null;
  week_start: WeekStart;
}

/** Reads the one row of `snapshot`; rejects when it is missing. */
export function readSnapshotFacts(snapshot: OpenSnapshot): Promise<SnapshotFacts> {
  return snapshot.use(async (connection) => {
    const [row] = await queryRows<SnapshotRow>(connection, "select * from snapshot");
    if (!row) throw new Error("its table `snapshot` is empty");
    return {
      version: row.version,
      versionName: row.version_name,
      builtAt: row.built_at === null ? null : `${row.built_at}Z`,
      dataCompleteTo: row.data_complete_to,
      reportingTimeZone: row.reporting_time_zone,
      reportingCurrency: row.reporting_currency,
      sellerName: row.seller_name,
      weekStart: row.week_start,
      isDemo: row.is_demo === true,
    };
  });
}

/**
 * Reads every value of these tables. DuckDB checks a block's checksum when a query needs it, so a damaged file would otherwise
 * only be noticed by a reader.
 */
export function readThrough(snapshot: OpenSnapshot, tables: readonly string[]): Promise<void> {
  return snapshot.use(async (connection) => {
    for (const table of tables) await connection.run(`select bit_xor(hash(mart)) from ${sqlIdentifier(table)} as mart`);
  });
}

/** Rejects with their names when tables are missing. */
export function requireTables(snapshot: OpenSnapshot, tables: readonly string[]): Promise<void> {
  return snapshot.use(async (connection) => {
    const rows = await queryRows<{ table_name: string }>(
      connection,
      "select table_name from information_schema.tables where table_catalog = $catalog and table_schema = 'main'",
      { catalog: snapshot.catalogs.data },
    );
    const present = new Set(rows.map((row) => row.table_name));
    const missing = tables.filter((table) => !present.has(table));
    if (missing.length > 0) throw new Error(`it lacks the tables ${missing.join(", ")}`);
  });
}
