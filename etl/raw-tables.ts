// The raw schema's own bookkeeping: which file gave what, and the rows that were refused.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { sqlIdentifier, sqlString } from "../shared/duckdb.ts";
import type { InboxFile } from "./extract.ts";
import type { Feed } from "./sources/source.ts";

export type QuarantineReason =
  | "unreadable_row"
  | "missing_required"
  | "bad_number"
  | "bad_time"
  | "bad_boolean"
  | "bad_country"
  | "bad_currency"
  | "out_of_range"
  | "bad_json";

export async function createRawTables(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create schema raw; create schema staging;
    create table raw.files (file_id integer, system varchar, feed varchar, path varchar, bytes bigint, sha256 varchar,
      modified_at timestamp, encoding varchar, rows_read bigint, rows_refused bigint, status varchar, message varchar);
    create table main.quarantine (source_system varchar, entity varchar, path varchar, row_no bigint,
      column_name varchar, reason varchar, raw varchar)`);
}

/** Quoted, with its schema. */
export function rawTable(system: string, feed: string): string {
  return `raw.${sqlIdentifier(`${system}__${feed}`)}`;
}

export async function createFeedTable(connection: DuckDBConnection, system: string, feed: Feed): Promise<void> {
  const own =
    feed.kind === "json"
      ? ["record json"]
      : [...feed.columns.map((column) => `${sqlIdentifier(column.name)} varchar`), "extra json"];
  await connection.run(
    `create table ${rawTable(system, feed.name)} (file_id integer, row_no bigint, ${own.join(", ")})`,
  );
}

export interface FileRecord {
  readonly system: string | null;
  readonly feed: string | null;
  readonly encoding?: string | null;
  readonly rowsRead: number;
  readonly rowsRefused: number;
  readonly status: "loaded" | "refused" | "ignored";
  readonly message: string | null;
}

/** Collects the rows of `raw.files`: each write of its own would cost more than reading a small file. */
export class FileRecords {
  readonly #values: string[] = [];
  readonly #hashes = new Map<string, string>();

  async add(fileId: number, file: InboxFile, record: FileRecord): Promise<void> {
    const sha256 = record.status === "ignored" ? null : await this.#hash(file.absolute);
    const text = (value: string | null | undefined) => (value ? sqlString(value.replaceAll("\u0000", "")) : "null");
    this.#values.push(
      `(${fileId}, ${text(record.system)}, ${text(record.feed)}, ${text(file.path)}, ${file.bytes}, ${text(sha256)},
        make_timestamp(${Math.round(file.modifiedAtMs * 1000)}::bigint), ${text(record.encoding)}, ${record.rowsRead},
        ${record.rowsRefused}, ${text(record.status)}, ${text(record.message)})`,
    );
  }

  async write(connection: DuckDBConnection): Promise<void> {
    const values = this.#values.splice(0);
    if (values.length > 0) await connection.run(`insert into raw.files values ${values.join(", ")}`);
  }

  /** One file gives a row a feed, and is read once for all of them. */
  async #hash(file: string): Promise<string> {
    const known = this.#hashes.get(file) ?? (await sha256Of(file));
    this.#hashes.set(file, known);
    return known;
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

export interface RefusedRow {
  readonly rowNo: number | null;
  readonly reason: QuarantineReason;
  readonly raw: string;
}

/** Collects refused rows of one file and writes them in batches. */
export class Quarantine {
  count = 0;
  readonly #connection: DuckDBConnection;
  readonly #prefix: string;
  #values: string[] = [];

  constructor(connection: DuckDBConnection, system: string, feed: string, file: InboxFile) {
    this.#connection = connection;
    this.#prefix = [system, feed, file.path].map(sqlString).join(", ");
  }

  async add(row: RefusedRow): Promise<void> {
    this.count += 1;
    const raw = sqlString(row.raw.replaceAll("\u0000", ""));
    this.#values.push(`(${this.#prefix}, ${row.rowNo ?? "null"}, null, ${sqlString(row.reason)}, ${raw})`);
    if (this.#values.length >= 200) await this.flush();
  }

  async flush(): Promise<void> {
    const values = this.#values;
    this.#values = [];
    if (values.length > 0) await this.#connection.run(`insert into main.quarantine values ${values.join(", ")}`);
  }
}
