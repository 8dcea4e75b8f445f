// Staging models → typed entities → marts. Every model is one SELECT in its own file; the lists in models/ give the order.
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { AppError, hasCode, messageOf } from "../../shared/errors.ts";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { queryRows, sqlIdentifier, sqlString } from "../../shared/duckdb.ts";
import { castEntities, type EntityCount, type UncastRelation } from "../cast/cast.ts";
import { MODELS, REFERENCES, type Model } from "../models/models.ts";
import { MISSING_ORDERS } from "./missing-orders.ts";
import { ProgressMeter, type Report } from "../progress/progress.ts";
import { createRunTables, createWatermarks } from "./run-tables.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import { applySellerTaxonomy, type SellerTaxonomy } from "../taxonomy/seller-taxonomy.ts";
import { createSourceZones } from "../settings/source-zones.ts";
import type { Source } from "../sources/source.ts";
import { stageMapping } from "../sources/tabular/stage-mapping.ts";
import type { StagedMapping } from "../sources/tabular/load-mapping.ts";

export interface BuildOptions {
  readonly connection: DuckDBConnection;
  readonly sources: readonly Source[];
  readonly mappings: readonly StagedMapping[];
  readonly settings: RunSettings;
  readonly hashKey: string;
  /** Hashes of identities that are not to be known. */
  readonly forgotten?: readonly string[];
  readonly now: Date;
  /** The seller's own words, over the shipped ones. */
  readonly taxonomy?: SellerTaxonomy | null;
  /** Where the typed rows go; `staging` unless given. */
  readonly target?: string;
  /** All unless given. */
  readonly models?: readonly Model[];
  readonly report: Report;
}

const ETL = path.join(PROJECT_ROOT, "etl");

/** Builds everything up to the marts in schema `main`, with all rows in `staging.<entity>`. */
export async function buildMarts(options: BuildOptions): Promise<EntityCount[]> {
  const { connection, settings, now, report } = options;
  const counts = await buildStaging(options);
  await connection.run("create view staging.files as select distinct file_id, path, modified_at from raw.files");
  await connection.run(`insert into main.quarantine ${MISSING_ORDERS}`);
  await createWatermarks(connection, now);
  await createRunTables(connection, settings, now);
  await buildModels(connection, options.models ?? MODELS, report);
  return counts;
}

/** Builds references, staging models and the typed rows. */
export async function buildStaging(options: BuildOptions): Promise<EntityCount[]> {
  const { connection, settings, report } = options;
  for (const reference of REFERENCES) await loadReference(connection, reference.table, reference.file);
  await applySellerTaxonomy(connection, options.taxonomy ?? null);
  await createSourceZones(connection, settings);
  const relations: UncastRelation[] = [];
  for (const source of options.sources) relations.push(...(await stageSource(connection, source)));
  for (const mapping of options.mappings) relations.push(await stageMapping(connection, mapping));
  return castEntities(connection, relations, {
    reportingTimeZone: settings.reporting_time_zone,
    hashKey: options.hashKey,
    forgotten: options.forgotten ?? [],
    ...(options.target === undefined ? {} : { target: options.target }),
    onEntity: (count) => reportEntity(report, count),
  });
}

/** Builds models in the order given: steps in schema staging, marts in schema main. */
export async function buildModels(
  connection: DuckDBConnection,
  models: readonly Model[],
  report: Report,
): Promise<void> {
  const meter = new ProgressMeter(report, "build", { total: models.length, unit: "steps" });
  for (const { name, folder, isUnordered } of models) {
    meter.working(name);
    meter.add(1);
    if (folder === "intermediate") {
      // Temporary: neither logged nor compressed, for nobody reads it after this run.
      await runModel(connection, `intermediate/${name}.sql`, `temp table ${sqlIdentifier(name)}`);
      await connection.run(
        `create or replace view staging.${sqlIdentifier(name)} as from temp.main.${sqlIdentifier(name)}`,
      );
      continue;
    }
    await runModel(
      connection,
      `marts/${name}.sql`,
      `table main.${sqlIdentifier(name)}`,
      isUnordered ? undefined : inOrderOfTime,
    );
    report({ stage: "build", message: `mart ${name}` });
  }
}

/** Rows in the order of time let DuckDB skip whole row groups for a page's period. */
export async function inOrderOfTime(connection: DuckDBConnection, select: string): Promise<string> {
  const columns = await queryRows<{ column_name: string }>(connection, `describe ${select}`);
  const time = columns.map((column) => column.column_name).find((name) => name.endsWith("_local"));
  return time ? `from (${select}) order by ${sqlIdentifier(time)}` : select;
}

/** Tables, not views: the cast step reads each twice. Temporary ones, for nobody else does: not compressed, not logged. */
async function stageSource(connection: DuckDBConnection, source: Source): Promise<UncastRelation[]> {
  const { system, entities, bases = [] } = source;
  const build = async (name: string) => {
    await runModel(connection, `staging/${system}/${name}.sql`, `temp table ${sqlIdentifier(name)}`);
    return sqlIdentifier(name);
  };
  for (const base of bases) await build(`base_${system}__${base}`);
  const relations: UncastRelation[] = [];
  for (const entity of entities) {
    relations.push({ system, entity, relation: await build(`stg_${system}__${entity}`), isTemporary: true });
  }
  for (const base of bases) await connection.run(`drop table ${sqlIdentifier(`base_${system}__${base}`)}`);
  return relations;
}

function reportEntity(report: Report, count: EntityCount): void {
  const { systems: _, ...figures } = count;
  const { entity, rows, refused, duplicates } = figures;
  const notes = [refused > 0 ? `${refused} refused` : "", duplicates > 0 ? `${duplicates} older versions` : ""];
  const note = notes.filter(Boolean).join(", ");
  report({ stage: "build", message: `${entity}: ${rows} rows${note ? ` (${note})` : ""}`, figures });
}

async function loadReference(connection: DuckDBConnection, table: string, file: string): Promise<void> {
  await connection.run(
    `create table staging.${sqlIdentifier(table)} as
     from read_csv(${sqlString(path.join(ETL, file))}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`,
  );
}

/** Runs `create or replace <target> as <the file's select>`. */
async function runModel(
  connection: DuckDBConnection,
  file: string,
  target: string,
  arrange: (connection: DuckDBConnection, select: string) => Promise<string> = async (_, select) => select,
): Promise<void> {
  const whole = path.join(ETL, "models", file);
  let select: string;
  try {
    select = await readFile(whole, "utf8");
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    throw new AppError(`The model etl/models/${file} does not exist.`, {
      advice:
        "Add it, or take its name out of the list that asks for it (etl/models/models.ts or the source's entities).",
    });
  }
  try {
    const arranged = await arrange(connection, select.trim().replace(/;$/, ""));
    await connection.run(`create or replace ${target} as ${arranged}`);
  } catch (error) {
    throw new AppError(`The model etl/models/${file} failed: ${messageOf(error)}`, {
      state: "The served version is unchanged.",
      cause: error,
    });
  }
}
