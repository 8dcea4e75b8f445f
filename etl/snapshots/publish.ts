// Published versions: immutable DuckDB files, one of them served. Until the pointer's rename, readers see the version before;
// whatever breaks earlier leaves only a `.tmp` file, which the next run removes.
import { chmod, constants, copyFile, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { AppError, hasCode, messageOf } from "../../shared/errors.ts";
import type { DataDirectory } from "../../shared/data-directory.ts";
import { queryRows, sqlString, withDuckDB } from "../../shared/duckdb.ts";
import { moveIntoPlace, writeFileAtomic } from "../../shared/files.ts";
import type { Report } from "../progress/progress.ts";
import { timestamp } from "../build/run-tables.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { SellerTaxonomy } from "../taxonomy/seller-taxonomy.ts";

export const KEPT_VERSIONS = 5;
const POINTER = "current";
const VERSION_FILE = /^(\d{8}T\d{9}Z)\.duckdb$/;

export interface Version {
  /** Epoch ms of the build, strictly increasing. */
  readonly number: number;
  /** Stem of the file, e.g. `20261122T091500123Z`. */
  readonly name: string;
}

export interface PublishOptions {
  readonly connection: DuckDBConnection;
  readonly data: DataDirectory;
  readonly settings: RunSettings;
  /** The mapping of words that labelled the data, where the seller has one. */
  readonly taxonomy: SellerTaxonomy | null;
  readonly fingerprint: string;
  readonly now: Date;
  readonly report: Report;
}

/** A version in the making: attached as the catalog `snapshot`, seen by no reader. */
export interface Draft {
  readonly version: Version;
  readonly file: string;
}

/** Begins a version: empty, or as a copy of the version `base`. A file system that can shares the copy's blocks. */
export async function openDraft(options: PublishOptions, base?: string): Promise<Draft> {
  const { connection, data } = options;
  const version = await nextVersion(data, options.now);
  const draft = { version, file: path.join(data.published, `${version.name}.duckdb.tmp`) };
  await removeDraft(draft);
  if (base) await copyFile(path.join(data.published, `${base}.duckdb`), draft.file, constants.COPYFILE_FICLONE);
  await connection.run(`attach ${sqlString(draft.file)} as snapshot`);
  return draft;
}

/** Makes the draft the served version. The catalog `snapshot` is gone afterwards. */
export async function publish(options: PublishOptions, draft: Draft): Promise<Version> {
  const { connection, data, report } = options;
  const { version, file } = draft;
  await createSnapshotRow(options, version);
  await connection.run("checkpoint snapshot");
  await connection.run("detach snapshot");
  await chmod(file, 0o600);
  await moveIntoPlace(file, path.join(data.published, `${version.name}.duckdb`));
  await writeFileAtomic(path.join(data.published, POINTER), version.name, 0o600);
  await removeOldVersions(data);
  report({ stage: "publish", message: `version ${version.name} is served`, figures: { version: version.number } });
  return version;
}

/** Detach it first. */
export async function removeDraft({ file }: Draft): Promise<void> {
  await rm(file, { force: true });
  await rm(`${file}.wal`, { force: true });
}

/** The version `current` names, if its file is there. */
export async function servedVersion(data: DataDirectory): Promise<string | undefined> {
  try {
    const name = (await readFile(path.join(data.published, POINTER), "utf8")).trim();
    return (await versionNames(data)).includes(name) ? name : undefined;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** What the served version says of itself. */
export interface ServedFacts {
  readonly name: string;
  readonly fingerprint: string;
  readonly isDemo: boolean;
  /** Rows of each entity of each source. */
  readonly rows: readonly { readonly system: string; readonly entity: string; readonly rows: number }[];
}

/** Undefined when no version is served, or its file cannot be read: `onUnreadable` is told then, for a run can replace it. */
export async function servedFacts(
  data: DataDirectory,
  onUnreadable: (message: string) => void,
): Promise<ServedFacts | undefined> {
  const name = await servedVersion(data);
  if (!name) return undefined;
  const file = path.join(data.published, `${name}.duckdb`);
  try {
    return await withDuckDB(file, { readOnly: true, threads: 1 }, async (connection) => {
      const [row] = await queryRows<{ fingerprint: string; is_demo: boolean }>(
        connection,
        "select inbox_fingerprint as fingerprint, is_demo from main.snapshot",
      );
      const rows = await queryRows<ServedFacts["rows"][number]>(
        connection,
        "select source_system as system, entity, row_count as rows from main.source_freshness order by 1, 2",
      );
      return { name, fingerprint: row?.fingerprint ?? "", isDemo: row?.is_demo ?? false, rows };
    });
  } catch (error) {
    onUnreadable(
      `the served version ${name} cannot be read and is built anew (${messageOf(error).split("\n", 1).join()})`,
    );
    return undefined;
  }
}

/** Removes what dead runs left in `published`; call it under the pipeline's lock. */
export async function sweepPublished(data: DataDirectory): Promise<void> {
  for (const name of await readdir(data.published)) {
    if (/\.tmp(\.wal)?$|\.duckdb\.wal$/.test(name)) await rm(path.join(data.published, name), { force: true });
  }
}

async function versionNames(data: DataDirectory): Promise<string[]> {
  const names = await readdir(data.published);
  return names.flatMap((name) => VERSION_FILE.exec(name)?.[1] ?? []).toSorted();
}

async function nextVersion(data: DataDirectory, now: Date): Promise<Version> {
  const newest = (await versionNames(data)).at(-1);
  const number = Math.max(now.getTime(), newest ? versionNumber(newest) + 1 : 0);
  return { number, name: new Date(number).toISOString().replaceAll(/[-:.]/g, "") };
}

function versionNumber(name: string): number {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/.exec(name) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}

async function createSnapshotRow(options: PublishOptions, version: Version): Promise<void> {
  const { connection, settings, taxonomy } = options;
  await connection.run(`create or replace table snapshot.main.snapshot as
    select ${version.number}::bigint as version, ${sqlString(version.name)} as version_name,
      ${timestamp(new Date(version.number))} as built_at, ${sqlString(settings.reporting_time_zone)} as reporting_time_zone,
      ${sqlString(settings.reporting_currency)} as reporting_currency, ${sqlString(settings.seller_name)} as seller_name,
      ${sqlString(settings.week_start)} as week_start, ${settings.is_demo} as is_demo, ${sqlString(options.fingerprint)} as inbox_fingerprint,
      ${taxonomy ? sqlString(taxonomy.version) : "null"}::varchar as taxonomy_version,
      ${taxonomy ? sqlString(taxonomy.hash) : "null"}::varchar as taxonomy_hash,
      (select min(data_complete_to) from snapshot.main.source_freshness where row_count > 0) as data_complete_to`);
}

async function removeOldVersions(data: DataDirectory): Promise<void> {
  const served = await servedVersion(data);
  const names = await versionNames(data);
  for (const name of names.slice(0, -KEPT_VERSIONS)) {
    if (name !== served) await rm(path.join(data.published, `${name}.duckdb`), { force: true });
  }
}

/** Turns "no space left" into words a seller can act on; other errors pass unchanged. */
export function explainDiskFull(error: unknown): unknown {
  const text =
    error instanceof Error ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}` : "";
  const isFull =
    hasCode(error, "ENOSPC") || /no space left|disk full|could not write all bytes|max_temp_directory_size/i.test(text);
  if (!isFull) return error;
  return new AppError("The disk is full.", {
    state: "The served version is unchanged; the unfinished files were removed.",
    advice: "Free some space (a run needs about three times the size of the inbox) and run the pipeline again.",
    cause: error,
  });
}
