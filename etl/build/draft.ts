// The file to be published: empty for all marts, or a copy of the served version that takes the rows of a slice. While it is open as
// catalog `snapshot`, schema main can be its own (mainIs), so that the same models build either.
import { stat } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlIdentifier, sqlString } from "../../shared/duckdb.ts";
import { ENTITIES } from "../entities.ts";
import { DETECTED, DICTIONARIES, LINKED, SUMMARIES } from "../models/models.ts";
import type { Report } from "../progress/progress.ts";
import { openDraft, removeDraft, type Draft, type Version } from "../snapshots/publish.ts";
import { versionFile } from "../snapshots/version-files.ts";
import { cutSlice } from "../store/slice.ts";
import { setStoredVersion } from "../store/store.ts";
import { buildModels } from "./build.ts";
import type { BuildContext } from "./build-context.ts";
import { MISSING_ORDERS } from "./missing-orders.ts";
import { openViews } from "./read-news.ts";

/** All marts are built into an empty draft. */
export async function beginWhole(context: BuildContext): Promise<Draft> {
  const { connection, report } = context;
  const draft = await openDraft(context);
  await mainIs(connection, "snapshot");
  await createLogs(connection);
  await buildModels(connection, DICTIONARIES, report);
  return draft;
}

/** The slice's rows in schema staging and a copy of the served version as the draft; undefined when all marts are to be built. */
export async function beginSlice(context: BuildContext, martsOf: string | undefined): Promise<Draft | undefined> {
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
    whole = (await cutSlice(connection)) ?? (await repeatedIds(connection, report));
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

/** From here on schema main is that of the catalog given, or the working file's own again. */
export async function mainIs(connection: DuckDBConnection, catalog: "snapshot" | undefined): Promise<void> {
  await connection.run("reset search_path");
  if (!catalog) return;
  const working = await workingCatalog(connection);
  await connection.run(`set search_path = '${catalog}.main,${working}.staging,${working}.raw'`);
}

export async function workingCatalog(connection: DuckDBConnection): Promise<string> {
  const [row] = await queryRows<{ name: string }>(connection, "select current_database() as name");
  return row?.name ?? "";
}

export async function putDictionaries(connection: DuckDBConnection): Promise<void> {
  const names = DICTIONARIES.filter((model) => model.folder === "marts").map((model) => model.name);
  for (const name of [...names, "quarantine", "file_loads"]) {
    await connection.run(`create or replace table snapshot.main.${name} as from main.${name}`);
  }
}

const NOT_SLICED = [...SUMMARIES, ...DETECTED].map((model) => model.name);

/** The checks look at the slice's rows, and at whole what is never sliced. */
export async function lookAtSlice(connection: DuckDBConnection): Promise<void> {
  await mainIs(connection, undefined);
  for (const name of NOT_SLICED) await connection.run(`create view main.${name} as from snapshot.main.${name}`);
}

export async function rememberMarts(
  { connection, data }: BuildContext,
  version: Version,
  isSlice: boolean,
): Promise<void> {
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

/** After an error, which is not to be hidden by another one. */
export async function discard(connection: DuckDBConnection, draft: Draft): Promise<void> {
  await mainIs(connection, undefined).catch(() => {});
  await connection.run("detach database if exists snapshot").catch(() => {});
  await removeDraft(draft);
}
