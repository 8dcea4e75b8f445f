// The typed rows of every file read so far, kept between runs: a run reads the files that are new and leaves the others alone.
// It can always be made again from the inbox; what changes how files are read (code, settings, mappings, key) makes it anew.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { messageOf } from "../../shared/errors.ts";
import { queryRows, sqlIdentifier, sqlString } from "../../shared/duckdb.ts";
import { entityColumns } from "../cast/cast-sql.ts";
import { ENTITIES } from "../entities.ts";
import type { Extract } from "../files/extract.ts";
import { codeVersion } from "../files/fingerprint.ts";
import type { InboxFile } from "../files/inbox-files.ts";
import type { Report } from "../progress/progress.ts";
import { isRatesFile } from "../reference/daily-rates.ts";
import { isReferenceFile } from "../sources/source.ts";
import type { Mapping } from "../sources/tabular/mappings.ts";

/** In the work folder; a run's sweep spares it. */
export const STORE_FILE = "store.duckdb";
const NEW_STORE_FILE = "store-new.duckdb";

export interface Reading {
  /** `everything`: the store is empty and all files are read; `news`: the store holds the others. */
  readonly kind: "everything" | "news";
  /** Paths of the files to read. */
  readonly paths: ReadonlySet<string>;
  /** Why everything is read though something was stored. */
  readonly why?: string;
}

export interface StoreOptions {
  readonly connection: DuckDBConnection;
  readonly workFolder: string;
  readonly extract: Extract;
  readonly hashKey: string;
  readonly forgotten: readonly string[];
  readonly mappings: readonly Mapping[];
  /** Read everything though nothing has changed. */
  readonly force: boolean;
  readonly report: Report;
}

/** Attaches the store as the catalog `store`, empty when it has to be made anew, and says which files are to be read. */
export async function openStore(options: StoreOptions): Promise<Reading> {
  const { connection, workFolder, extract } = options;
  const config = await configHash(options);
  const news = options.force ? "the run is forced" : await attachStored(options, config);
  if (typeof news !== "string") return { kind: "news", paths: news };
  await removeStore(path.join(workFolder, NEW_STORE_FILE));
  await connection.run(`attach ${sqlString(path.join(workFolder, NEW_STORE_FILE))} as store`);
  await createTables(connection, config);
  const paths = new Set(extract.all.map((file) => file.path));
  return { kind: "everything", paths, ...(news ? { why: news } : {}) };
}

/** Puts a store that was made anew in the place of the one before, durable; call it when the run has published. */
export async function closeStore(connection: DuckDBConnection, workFolder: string, reading: Reading): Promise<void> {
  await connection.run("checkpoint store");
  await connection.run("detach store");
  if (reading.kind === "news") return;
  await removeStore(path.join(workFolder, STORE_FILE));
  await rename(path.join(workFolder, NEW_STORE_FILE), path.join(workFolder, STORE_FILE));
}

export async function removeStore(file: string): Promise<void> {
  await rm(file, { force: true });
  await rm(`${file}.wal`, { force: true });
}

/** The version whose marts say what the store holds; undefined while a run is between the two. */
export async function storedVersion(connection: DuckDBConnection): Promise<string | undefined> {
  const [row] = await queryRows<{ value: string }>(
    connection,
    "select value from store.main.meta where key = 'marts_version'",
  );
  return row?.value;
}

export async function setStoredVersion(connection: DuckDBConnection, version: string | undefined): Promise<void> {
  await connection.run("delete from store.main.meta where key = 'marts_version'");
  if (version) await connection.run(`insert into store.main.meta values ('marts_version', ${sqlString(version)})`);
}

/** Adds what this run read of files: their log and the rows they lost. */
export async function storeFileLog(connection: DuckDBConnection): Promise<void> {
  // What says how other files are read is read with every run.
  await connection.run(`delete from store.main.quarantine where path in (select path from raw.files);
    delete from store.main.files where path in (select path from raw.files);
    insert into store.main.files by name select * from raw.files`);
  await connection.run(`insert into store.main.quarantine
    select * replace (case when column_name is null then row_shape(raw) else raw end as raw) from main.quarantine`);
}

/** Paths of the news, or why everything has to be read ('' when nothing was stored). */
async function attachStored(options: StoreOptions, config: string): Promise<ReadonlySet<string> | string> {
  const { connection, workFolder, report } = options;
  const file = path.join(workFolder, STORE_FILE);
  if (!existsSync(file)) return "";
  try {
    await connection.run(`attach ${sqlString(file)} as store`);
  } catch (error) {
    report({ stage: "warning", message: `the kept rows cannot be read and are made anew (${messageOf(error)})` });
    return "the kept rows cannot be read";
  }
  const news = await newsOf(options, config);
  if (typeof news === "string") await connection.run("detach store");
  return news;
}

async function newsOf(
  { connection, extract, mappings }: StoreOptions,
  config: string,
): Promise<ReadonlySet<string> | string> {
  const [stored] = await queryRows<{ value: string }>(
    connection,
    "select value from store.main.meta where key = 'config'",
  );
  if (stored?.value !== config) return "the settings, mappings or the program changed";
  const known = await queryRows<{ path: string; bytes: number | null; modified: number | null; is_read: boolean }>(
    connection,
    `select path, max(bytes) as bytes, max(epoch_ms(modified_at)) as modified, bool_or(status = 'loaded') as is_read
     from store.main.files where bytes is not null group by path`,
  );
  const files = new Map(extract.all.map((file) => [file.path, file]));
  const again: string[] = [];
  for (const { path: name, bytes, modified, is_read: isRead } of known) {
    const now = files.get(name);
    if (now?.bytes === bytes && now?.modifiedAtMs === modified) files.delete(name);
    else if (isRead) return now ? `${name} changed` : `${name} is gone`;
    else again.push(name);
  }
  await forgetLog(connection, again);
  for (const name of configFiles(extract).map((file) => file.path)) files.delete(name);
  const whole = mappings.find(
    ({ spec, reads }) => (spec.join.length > 0 || spec.first_per_key) && reads.some((file) => files.has(file.path)),
  );
  if (whole) return `${whole.path} needs all of its files together`;
  return new Set(files.keys());
}

/** Of a file that gave no row, what was told of it so far. */
async function forgetLog(connection: DuckDBConnection, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const list = paths.map(sqlString).join(", ");
  await connection.run(`delete from store.main.files where path in (${list})`);
  await connection.run(`delete from store.main.quarantine where path in (${list})`);
}

async function configHash({ extract, hashKey, forgotten }: StoreOptions): Promise<string> {
  const hash = createHash("sha256");
  for (const file of configFiles(extract)) {
    // Rates are no part of what was read; they change the marts (see build-version.ts).
    if (isRatesFile(file)) continue;
    hash.update(`${file.path}\u0000`).update(await readFile(file.absolute).catch(() => "unreadable"));
  }
  for (const name of extract.bySource.flatMap(({ source }) => source.environment ?? [])) {
    const value = process.env[name] ?? "";
    hash.update(`${name} ${createHash("sha256").update(value).digest("hex")}\n`);
  }
  hash.update(`code ${await codeVersion()}\n`);
  hash.update(`forgotten ${forgotten.join(",")}\n`);
  hash.update(`key ${createHash("sha256").update(hashKey).digest("hex")}\n`);
  return hash.digest("hex");
}

/** What is no export but says how exports are read. */
function configFiles({ all, bySource, others }: Extract): InboxFile[] {
  const exported = bySource.flatMap(({ source, files }) => files.filter((file) => !isReferenceFile(source, file.path)));
  const data = new Set([...exported, ...others].map((file) => file.path));
  return all.filter((file) => !data.has(file.path));
}

async function createTables(connection: DuckDBConnection, config: string): Promise<void> {
  await connection.run(`create table store.main.meta (key varchar, value varchar);
    insert into store.main.meta values ('config', ${sqlString(config)});
    create table store.main.files (file_id integer, system varchar, feed varchar, path varchar, bytes bigint,
      modified_at timestamp, encoding varchar, rows_read bigint, rows_refused bigint, status varchar, message varchar, columns varchar[]);
    create table store.main.quarantine (source_system varchar, entity varchar, path varchar, row_no bigint,
      column_name varchar, reason varchar, raw varchar)`);
  for (const entity of ENTITIES) {
    const columns = entityColumns(entity).map((column) => `${sqlIdentifier(column.name)} ${column.type}`);
    await connection.run(`create table store.main.${sqlIdentifier(entity.name)} (${columns.join(", ")})`);
  }
}
