// One file read by one reader the way a run does it, into memory, to see what would come of it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlIdentifier, withDuckDB } from "../../shared/duckdb.ts";
import { buildStaging } from "../build/build.ts";
import type { EntityCount } from "../cast/cast.ts";
import type { Extract } from "../files/extract.ts";
import type { InboxFile } from "../files/inbox-files.ts";
import { loadInbox } from "../load/load.ts";
import { memoryLimit } from "../settings/memory-limit.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { Source } from "../sources/source.ts";
import type { Mapping } from "../sources/tabular/mappings.ts";

const EXAMPLES = 3;

export type Reader =
  | { readonly source: Source; readonly mappings?: undefined }
  /** Of one system. */
  | { readonly mappings: readonly [Mapping, ...Mapping[]]; readonly source?: undefined };

export interface FeedTrial {
  readonly feed: string;
  readonly rows: number;
  readonly refused: number;
  readonly message: string | null;
}

export interface EntityTrial {
  readonly entity: string;
  readonly rows: number;
  readonly refused: number;
  /** Older versions of the same row. */
  readonly duplicates: number;
  /** Typed, hashed and masked; empty fields left out. */
  readonly examples: readonly Readonly<Record<string, unknown>>[];
}

export interface QuarantineTrial {
  readonly entity: string;
  readonly reason: string;
  /** Null where the row as a whole cannot be read. */
  readonly column: string | null;
  readonly count: number;
  readonly row: number | null;
  /** Masked; of a row that cannot be read only its shape. */
  readonly example: string | null;
}

export interface Trial {
  readonly encoding: string | null;
  /** Why the whole file is refused. */
  readonly refusal: string | null;
  readonly feeds: readonly FeedTrial[];
  readonly entities: readonly EntityTrial[];
  readonly quarantine: readonly QuarantineTrial[];
}

export interface TrialOptions {
  readonly reader: Reader;
  readonly file: InboxFile;
  readonly settings: RunSettings;
}

export async function tryReader(options: TrialOptions): Promise<Trial> {
  const workFolder = await mkdtemp(path.join(tmpdir(), "aftersight-check-"));
  try {
    return await withDuckDB(":memory:", { tempDirectory: workFolder, memoryLimit: memoryLimit() }, (connection) =>
      tryIn(connection, workFolder, options),
    );
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function tryIn(connection: DuckDBConnection, workFolder: string, options: TrialOptions): Promise<Trial> {
  const { reader, file, settings } = options;
  const report = () => {};
  const loaded = await loadInbox({
    connection,
    extract: extractOf(reader, file),
    settings,
    mappings: { mappings: (reader.mappings ?? []).map((mapping) => only(mapping, file)), warnings: [] },
    workFolder,
    report,
    isNews: true,
  });
  const files = await queryRows<{
    feed: string | null;
    encoding: string | null;
    rows: number;
    refused: number;
    status: string;
    message: string | null;
  }>(
    connection,
    `select feed, encoding, rows_read as rows, rows_refused as refused, status, message from raw.files
     where path = $1 order by feed`,
    [file.path],
  );
  const refusal = files.find((row) => row.status !== "loaded")?.message ?? null;
  const feeds = files.flatMap(({ feed, rows, refused, message, status }) =>
    status === "loaded" ? [{ feed: feed ?? "nothing", rows, refused, message }] : [],
  );
  const encoding = files[0]?.encoding ?? null;
  if (refusal !== null) return { encoding, refusal, feeds, entities: [], quarantine: [] };
  const counts = await buildStaging({ connection, ...loaded, settings, hashKey: "check", now: new Date(), report });
  return {
    encoding,
    refusal,
    feeds,
    entities: await entitiesOf(connection, counts),
    quarantine: await quarantineOf(connection),
  };
}

/** The mapping as if this were its only file. */
function only(mapping: Mapping, file: InboxFile): Mapping {
  return { ...mapping, files: [file], reads: [file, ...mapping.joined.values()] };
}

function extractOf({ source, mappings }: Reader, file: InboxFile): Extract {
  const joined = mappings?.flatMap((mapping) => [...mapping.joined.values()]) ?? [];
  return {
    all: [file],
    bySource: source ? [{ source, files: [file] }] : [],
    mappings: [],
    others: source ? [] : [...new Set([file, ...joined])],
    ignored: [],
  };
}

async function entitiesOf(connection: DuckDBConnection, counts: readonly EntityCount[]): Promise<EntityTrial[]> {
  const entities: EntityTrial[] = [];
  for (const { entity, rows, refused, duplicates } of counts) {
    const examples = await queryRows(
      connection,
      `select * exclude (_file_id, _row_no) from staging.${sqlIdentifier(entity)} order by _file_id, _row_no limit ${EXAMPLES}`,
    );
    const filled = examples.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)));
    entities.push({ entity, rows, refused, duplicates, examples: filled });
  }
  return entities;
}

async function quarantineOf(connection: DuckDBConnection): Promise<QuarantineTrial[]> {
  return queryRows(
    connection,
    `select entity, reason, column_name as "column", count(*) as count, min(row_no) as "row",
       arg_min(case when column_name is null then row_shape(raw) else raw end, coalesce(row_no, 0)) as example
     from main.quarantine group by entity, reason, column_name order by entity, count desc, reason, "column"`,
  );
}
