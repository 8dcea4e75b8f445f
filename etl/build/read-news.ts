// Loads, casts and stores what is new in the inbox; opens everything stored as the models name it.
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlIdentifier } from "../../shared/duckdb.ts";
import type { EntityCount } from "../cast/cast.ts";
import { ENTITIES } from "../entities.ts";
import { FileRefusedError } from "../files/file-text.ts";
import { loadInbox } from "../load/load.ts";
import { createDailyRates, isRatesFile } from "../reference/daily-rates.ts";
import { createOutcomes, outcomesOfEverything } from "../runs/account-rows.ts";
import { readMappings } from "../sources/tabular/mappings.ts";
import { mergeBatch } from "../store/merge.ts";
import { openStore, setStoredVersion, storeFileLog, storedVersion, type Reading } from "../store/store.ts";
import { buildStaging } from "./build.ts";
import type { BuildContext } from "./build-context.ts";

export interface News {
  readonly reading: Reading;
  readonly counts: readonly EntityCount[];
  readonly warnings: readonly string[];
  /** The version whose marts the stored rows had before; undefined when none is known. */
  readonly martsOf: string | undefined;
}

/** Loads, casts and stores what is new. */
export async function readNews(context: BuildContext): Promise<News> {
  const { connection, data, extract, report, signal } = context;
  await connection.run("create schema raw; create schema staging; create schema batch");
  const mappings = await readMappings(extract, connection);
  const reading = await openStore({ ...context, workFolder: data.work, mappings: mappings.mappings });
  if (reading.why) report({ stage: "extract", message: `all files are read: ${reading.why}` });
  const isNews = reading.kind === "news";
  const martsOf = isNews ? await storedVersion(connection) : undefined;
  const loaded = await loadInbox({
    ...context,
    mappings,
    workFolder: data.work,
    isNews,
    paths: reading.paths,
    firstFileId: await nextFileId(connection),
  });
  signal?.throwIfAborted();
  const counts = await buildStaging({ ...context, ...loaded, target: isNews ? "batch" : "store.main" });
  signal?.throwIfAborted();
  await createOutcomes(connection);
  // One change, however the run ends: rows without the log of their file would be read again under another number.
  await connection.run("begin transaction");
  await setStoredVersion(connection, undefined);
  const merged = isNews ? await mergeBatch(connection) : [];
  if (!isNews) await outcomesOfEverything(connection);
  for (const count of merged) report({ stage: "load", message: mergeText(count), figures: { ...count } });
  await storeFileLog(connection);
  await connection.run("commit");
  await connection.run("drop schema batch cascade");
  return { reading, counts, warnings: loaded.warnings, martsOf };
}

function mergeText({
  entity,
  added,
  updated,
  unchanged,
  older,
}: Awaited<ReturnType<typeof mergeBatch>>[number]): string {
  return `${entity}: ${added} new, ${updated} updated, ${unchanged} unchanged, ${older} older than stored`;
}

async function nextFileId(connection: DuckDBConnection): Promise<number> {
  const [row] = await queryRows<{ id: number }>(
    connection,
    "select coalesce(max(file_id), 0) + 1 as id from store.main.files",
  );
  return row?.id ?? 1;
}

/** Everything stored, as the models name it. What this run quarantined stays in schema raw. */
export async function openEntities(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create or replace view staging.files as select distinct file_id, path, modified_at from store.main.files;
    create table raw.quarantine as from main.quarantine; drop table main.quarantine`);
  await openViews(connection);
}

export async function openViews(connection: DuckDBConnection): Promise<void> {
  for (const { name } of ENTITIES) {
    const entity = sqlIdentifier(name);
    await connection.run(`create view staging.${entity} as from store.main.${entity}`);
  }
}

/** A rates file that cannot be used is told; its amounts then have no rate. */
export async function readRates({ connection, data, extract, settings, report }: BuildContext): Promise<void> {
  const file = extract.all.find(isRatesFile);
  const warn = (message: string) => report({ stage: "warning", message });
  try {
    const told = await createDailyRates({
      connection,
      file,
      reportingCurrency: settings.reporting_currency,
      workFolder: data.work,
    });
    for (const message of told) warn(message);
  } catch (error) {
    if (!(error instanceof FileRefusedError)) throw error;
    warn(`${file?.path} was refused: it ${error.message}`);
  }
}
