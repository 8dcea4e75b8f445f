// A tiny world for tests of models: staging tables written by hand or loaded from files, then the real SQL on top.
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { PROJECT_ROOT } from "../../../shared/data-directory.ts";
import { queryRows, sqlIdentifier, sqlString, withDuckDB } from "../../../shared/duckdb.ts";
import { buildModels } from "../../build/build.ts";
import { entityColumns } from "../../cast/cast-sql.ts";
import { checkMarts } from "../../build/check.ts";
import { utcToZone } from "../../../shared/zone-sql.ts";
import { ENTITIES, type EntityName } from "../../entities.ts";
import { parseRunSettings } from "../../settings/run-settings.ts";
import { createRunTables, createWatermarks } from "../../build/run-tables.ts";
import { MARTS, MODELS, REFERENCES } from "../models.ts";

const ETL = path.join(PROJECT_ROOT, "etl");
/** The wall clock of the run: events after it are clocks gone wrong. */
const NOW = new Date("2030-01-01T00:00:00Z");

export type Row = Readonly<Record<string, string | number | boolean | null>>;

export interface World {
  /** Rows of `staging.<entity>`; a time given as `x` also fills `x_local`, `x_precision` (instant) and `x_date` unless given. */
  readonly staging?: Partial<Record<EntityName, readonly Row[]>>;
  /** The seller's own `as_of`, UTC; null: none is set, so that the watermarks of the data count. */
  readonly asOf?: string | null;
  /** Reporting zone; UTC unless given. */
  readonly timeZone?: string;
  readonly rates?: Readonly<Record<string, number>>;
  /** Further keys of aftersight.yml. */
  readonly settings?: object;
}

/** Builds staging, intermediate models and marts in memory, runs the checks of their .yml and hands over a query function. */
export async function withMarts(
  world: World,
  work: (query: (sql: string) => Promise<Record<string, unknown>[]>, connection: DuckDBConnection) => Promise<void>,
): Promise<void> {
  await withDuckDB(":memory:", {}, async (connection) => {
    await connection.run("create schema staging");
    await createReferences(connection);
    for (const entity of ENTITIES) {
      await createEntity(connection, entity.name, world.staging?.[entity.name] ?? [], world.timeZone ?? "UTC");
    }
    await createRun(connection, world);
    await buildModels(connection, MODELS, () => {});
    await checkMarts(
      connection,
      MARTS.map((mart) => mart.name),
      () => {},
    );
    await work((sql) => queryRows(connection, sql), connection);
  });
}

async function createReferences(connection: DuckDBConnection): Promise<void> {
  for (const { table, file } of REFERENCES) {
    await connection.run(
      `create table staging.${sqlIdentifier(table)} as
       select * from read_csv(${sqlString(path.join(ETL, file))}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`,
    );
  }
}

/** The run's own tables as the pipeline makes them, an empty quarantine, and files (`_file_id`) 1 to 9, each newer than the one before. */
async function createRun(connection: DuckDBConnection, world: World): Promise<void> {
  const asOf = world.asOf === undefined ? "2026-06-30 00:00:00" : world.asOf;
  const settings = parseRunSettings(
    JSON.stringify({
      ...(asOf === null ? {} : { as_of: `${asOf.replace(" ", "T")}Z` }),
      reporting_time_zone: world.timeZone ?? "UTC",
      exchange_rates: world.rates ?? {},
      ...world.settings,
    }),
  );
  await createWatermarks(connection, NOW);
  await createRunTables(connection, settings, NOW);
  await connection.run(`create table main.quarantine (source_system varchar, entity varchar, path varchar,
    row_no bigint, column_name varchar, reason varchar, raw varchar)`);
  await connection.run(`create table staging.files as
    select id::integer as file_id, 'file ' || id as path, timestamp '2026-01-01' + to_days(id::integer) as modified_at
    from range(1, 10) as numbers(id)`);
}

async function createEntity(
  connection: DuckDBConnection,
  name: EntityName,
  rows: readonly Row[],
  timeZone: string,
): Promise<void> {
  const entity = ENTITIES.find((candidate) => candidate.name === name);
  if (!entity) throw new TypeError(`No entity ${name}`);
  const columns = entityColumns(entity);
  const list = columns.map((column) => `${sqlIdentifier(column.name)} ${column.type}`).join(", ");
  await connection.run(`create table staging.${name} (${list})`);
  for (const [index, given] of rows.entries()) {
    const row = completed({ source_system: "shop", _file_id: 1, _row_no: index + 1, ...given }, columns);
    const names = Object.keys(row);
    await connection.run(
      `insert into staging.${name} (${names.map(sqlIdentifier).join(", ")})
       values (${names.map((column) => cell(row, given, column, timeZone)).join(", ")})`,
    );
  }
}

/** Local columns nobody gave follow from the moment: the zone's wall clock, of a mere day its midnight. */
function cell(row: Row, given: Row, column: string, timeZone: string): string {
  const value = literal(row[column] ?? null);
  const time = column.replace(/_(local|date)$/, "");
  const isDerived = time !== column && given[column] === undefined && row[`${time}_precision`] === "instant";
  if (!isDerived || value === "null") return value;
  return `(${utcToZone(`${literal(row[time] ?? null)}::timestamp`, timeZone)})`;
}

function completed(row: Row, columns: readonly { name: string }[]): Row {
  const known = new Set(columns.map((column) => column.name));
  const filled: Record<string, string | number | boolean | null> = { ...row };
  for (const name of Object.keys(row)) {
    if (!known.has(name)) throw new TypeError(`No column ${name}`);
    if (!known.has(`${name}_precision`) || row[name] === null) continue;
    filled[`${name}_local`] ??= row[name] ?? null;
    filled[`${name}_precision`] ??= "instant";
    filled[`${name}_date`] ??= String(filled[`${name}_local`]).slice(0, 10);
  }
  return filled;
}

function literal(value: string | number | boolean | null): string {
  return typeof value === "string" ? sqlString(value) : String(value);
}
