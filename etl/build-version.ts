// One run from the inbox's files to a served version, in one working file: read what is new, merge it into the stored rows, build
// the marts it touches (or all of them), detect, check, publish.
import { stat } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { detectAnomalies } from "../detection/detect-anomalies.ts";
import type { DataDirectory } from "../shared/data-directory.ts";
import { queryRows, sqlIdentifier, sqlString } from "../shared/duckdb.ts";
import { accountRows, createOutcomes, outcomesOfEverything } from "./account-rows.ts";
import { buildModels, buildStaging } from "./build.ts";
import type { EntityCount } from "./cast.ts";
import { checkMarts } from "./check.ts";
import { ENTITIES } from "./entities.ts";
import type { Extract } from "./extract.ts";
import { FileRefusedError } from "./file-text.ts";
import { loadInbox } from "./load.ts";
import { stopOnLosses } from "./loss-rule.ts";
import { mergeBatch } from "./merge.ts";
import { MISSING_ORDERS } from "./missing-orders.ts";
import { DETECTED, DICTIONARIES, LINKED, MARTS, SUMMARIES } from "./models/models.ts";
import type { Report } from "./progress.ts";
import { openDraft, publish, removeDraft, type Draft, type ServedFacts, type Version } from "./publish.ts";
import { createDailyRates, isRatesFile } from "./reference/daily-rates.ts";
import type { RunSettings } from "./run-settings.ts";
import type { RunAccount } from "./runs/run-account.ts";
import { summariseRun, type RunSummary } from "./run-summary.ts";
import { createRunTables, createWatermarks, openDays } from "./run-tables.ts";
import { versionFile } from "./snapshots/version-files.ts";
import { cutSlice, replaceSlice } from "./slice.ts";
import { readMappings } from "./sources/tabular/mappings.ts";
import type { SellerTaxonomy } from "./taxonomy/seller-taxonomy.ts";
import { closeStore, openStore, setStoredVersion, storeFileLog, storedVersion, type Reading } from "./store.ts";

export interface BuildContext {
  readonly connection: DuckDBConnection;
  readonly data: DataDirectory;
  readonly extract: Extract;
  readonly settings: RunSettings;
  readonly taxonomy: SellerTaxonomy | null;
  readonly hashKey: string;
  readonly forgotten: readonly string[];
  readonly fingerprint: string;
  readonly served: ServedFacts | undefined;
  /** The served version, where it was made of the same exports: fewer rows then mean a loss. */
  readonly comparable: ServedFacts | undefined;
  readonly now: Date;
  readonly force: boolean;
  readonly acceptLosses: boolean;
  readonly account: RunAccount;
  readonly report: Report;
  readonly signal?: AbortSignal;
}

export interface Built {
  readonly version: Version;
  readonly counts: readonly EntityCount[];
  readonly summary: RunSummary;
}

/** @throws AppError; the version served before is then still served. */
export async function buildVersion(context: BuildContext): Promise<Built> {
  const { connection, data, report } = context;
  const news = await readNews(context);
  const isNews = news.reading.kind === "news";
  await openEntities(connection);
  await createWatermarks(connection, context.now);
  await createRunTables(connection, context.settings, context.now);
  await readRates(context);
  const slice = isNews ? await beginSlice(context, news.martsOf) : undefined;
  const draft = slice ?? (await beginWhole(context));
  try {
    await buildModels(connection, LINKED, report);
    await accountRows(connection, context.account);
    const summary = await summariseRun({ ...context, ...news, served: context.comparable, isNews });
    if (!context.acceptLosses) stopOnLosses(summary, context.served?.name);
    if (slice) await replaceSlice(connection, await workingCatalog(connection));
    await mainIs(connection, "snapshot");
    await buildModels(connection, SUMMARIES, report);
    await detect(connection, report);
    context.signal?.throwIfAborted();
    if (slice) await lookAtSlice(connection);
    await checkMarts(
      connection,
      [...MARTS, ...DETECTED].map((mart) => mart.name),
      report,
    );
    if (slice) await putDictionaries(connection);
    await mainIs(connection, undefined);
    const version = await publish(context, draft);
    await rememberMarts(context, version, slice !== undefined);
    await closeStore(connection, data.work, news.reading);
    return { version, counts: news.counts, summary };
  } catch (error) {
    await discard(connection, draft);
    throw error;
  }
}

/** After an error, which is not to be hidden by another one. */
async function discard(connection: DuckDBConnection, draft: Draft): Promise<void> {
  await mainIs(connection, undefined).catch(() => {});
  await connection.run("detach database if exists snapshot").catch(() => {});
  await removeDraft(draft);
}

interface News {
  readonly reading: Reading;
  readonly counts: readonly EntityCount[];
  readonly warnings: readonly string[];
  /** The version whose marts the stored rows had before; undefined when none is known. */
  readonly martsOf: string | undefined;
}

/** Loads, casts and stores what is new. */
async function readNews(context: BuildContext): Promise<News> {
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
async function openEntities(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create or replace view staging.files as select distinct file_id, path, modified_at from store.main.files;
    create table raw.quarantine as from main.quarantine; drop table main.quarantine`);
  await openViews(connection);
}

async function openViews(connection: DuckDBConnection): Promise<void> {
  for (const { name } of ENTITIES) {
    const entity = sqlIdentifier(name);
    await connection.run(`create view staging.${entity} as from store.main.${entity}`);
  }
}

/** A rates file that cannot be used is told; its amounts then have no rate. */
async function readRates({ connection, data, extract, settings, report }: BuildContext): Promise<void> {
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

/** The same rates as in the version before; compared by value, so that a file saved again is no change. */
async function ratesChanged(connection: DuckDBConnection): Promise<string | undefined> {
  const [row] = await queryRows(
    connection,
    `(from staging.daily_rates except from store.main.last_rates) union all (from store.main.last_rates except from staging.daily_rates) limit 1`,
  );
  return row ? "the exchange rates changed" : undefined;
}

/** All marts are built into an empty draft. */
async function beginWhole(context: BuildContext): Promise<Draft> {
  const { connection, report } = context;
  const draft = await openDraft(context);
  await mainIs(connection, "snapshot");
  await createLogs(connection);
  await buildModels(connection, DICTIONARIES, report);
  return draft;
}

/** The slice's rows in schema staging and a copy of the served version as the draft; undefined when all marts are to be built. */
async function beginSlice(context: BuildContext, martsOf: string | undefined): Promise<Draft | undefined> {
  const { connection, served, report } = context;
  const tell = (why: string) => report({ stage: "build", message: `all marts are built: ${why}` });
  if (!served || martsOf !== served.name) {
    tell("the served version is not the one the stored rows were published as");
    return undefined;
  }
  const grown = await grownTooLarge(context, served.name);
  if (grown) {
    tell(grown);
    return undefined;
  }
  await createLogs(connection);
  await buildModels(connection, DICTIONARIES, report);
  const draft = await openDraft(context, served.name);
  let whole: string | undefined;
  try {
    whole = (await ratesChanged(connection)) ?? (await cutSlice(connection)) ?? (await repeatedIds(connection, report));
  } catch (error) {
    await discard(connection, draft);
    throw error;
  }
  if (!whole) return draft;
  tell(whole);
  await discard(connection, draft);
  for (const { name } of ENTITIES) await dropEntity(connection, name);
  await openViews(connection);
  return undefined;
}

async function dropEntity(connection: DuckDBConnection, name: string): Promise<void> {
  const [view] = await queryRows(
    connection,
    `select 1 from duckdb_views() where database_name = current_database() and schema_name = 'staging' and view_name = ${sqlString(name)}`,
  );
  await connection.run(`drop ${view ? "view" : "table"} staging.${sqlIdentifier(name)}`);
}

/** A number that several records bear is written in another way for each: a slice cannot know which was which before. */
async function repeatedIds(connection: DuckDBConnection, report: Report): Promise<string | undefined> {
  const upToIds = LINKED.findIndex((model) => model.name === "int_ids") + 1;
  await buildModels(connection, LINKED.slice(0, upToIds), report);
  const [row] = await queryRows(
    connection,
    `select 1 from staging.int_ids where entity <> 'persons'
     union all select 1 from store.main.meta where key = 'repeated_ids' limit 1`,
  );
  return row ? "several systems use the same numbers" : undefined;
}

async function rememberMarts({ connection, data }: BuildContext, version: Version, isSlice: boolean): Promise<void> {
  await connection.run(`create or replace table store.main.last_run as from staging.run;
    create or replace table store.main.last_rates as from staging.daily_rates`);
  if (!isSlice) {
    const { size } = await stat(versionFile(data, version.name));
    await connection.run(`delete from store.main.meta where key in ('repeated_ids', 'whole_bytes');
      insert into store.main.meta values ('whole_bytes', '${size}');
      insert into store.main.meta select 'repeated_ids', 'yes' from staging.int_ids where entity <> 'persons' limit 1`);
  }
  await setStoredVersion(connection, version.name);
}

/** A copy keeps the room of the rows it replaced: now and then all is written anew. */
const MOST_GROWTH = 1.6;
const LEAST_GROWTH_BYTES = 64 << 20;

async function grownTooLarge({ connection, data }: BuildContext, served: string): Promise<string | undefined> {
  const [whole] = await queryRows<{ bytes: number }>(
    connection,
    "select value::bigint as bytes from store.main.meta where key = 'whole_bytes'",
  );
  const { size } = await stat(versionFile(data, served));
  if (!whole || size < LEAST_GROWTH_BYTES || size < whole.bytes * MOST_GROWTH) return undefined;
  return "the published file has grown by what was replaced in it";
}

/** What became of each file, and of each row that could not be read, for whoever opens the published version. */
async function createLogs(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create or replace table main.quarantine as from store.main.quarantine union all ${MISSING_ORDERS};
    create or replace table main.file_loads as
    select path, system as source_system, status, sum(rows_read)::bigint as rows_read, sum(rows_refused)::bigint as rows_refused,
      string_agg(distinct message, '; ' order by message) as message
    from store.main.files group by path, system, status order by path, system`);
}

async function detect(connection: DuckDBConnection, report: Report): Promise<void> {
  const found = await detectAnomalies(connection, {
    ...(await openDays(connection)),
    report: (message: string) => report({ stage: "detect", message }),
  });
  report({
    stage: "detect",
    message: `${found.anomalies} findings in ${found.series} watched series`,
    figures: { ...found },
  });
}

const NOT_SLICED = [...SUMMARIES, ...DETECTED].map((model) => model.name);

/** The checks look at the slice's rows, and at whole what is never sliced. */
async function lookAtSlice(connection: DuckDBConnection): Promise<void> {
  await mainIs(connection, undefined);
  for (const name of NOT_SLICED) await connection.run(`create view main.${name} as from snapshot.main.${name}`);
}

async function putDictionaries(connection: DuckDBConnection): Promise<void> {
  const names = DICTIONARIES.filter((model) => model.folder === "marts").map((model) => model.name);
  for (const name of [...names, "quarantine", "file_loads"]) {
    await connection.run(`create or replace table snapshot.main.${name} as from main.${name}`);
  }
}

async function workingCatalog(connection: DuckDBConnection): Promise<string> {
  const [row] = await queryRows<{ name: string }>(connection, "select current_database() as name");
  return row?.name ?? "";
}

/** From here on schema main is that of the catalog given, or the working file's own again. */
async function mainIs(connection: DuckDBConnection, catalog: "snapshot" | undefined): Promise<void> {
  await connection.run("reset search_path");
  if (!catalog) return;
  const working = await workingCatalog(connection);
  await connection.run(`set search_path = '${catalog}.main,${working}.staging,${working}.raw'`);
}
