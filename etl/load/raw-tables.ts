// The raw schema's own bookkeeping: which file gave what, and the rows that were refused.
import type { DuckDBConnection } from "@duckdb/node-api";
import { sqlIdentifier, sqlString } from "../../shared/duckdb.ts";
import { inTurn } from "./in-turn.ts";
import type { InboxFile } from "../files/inbox-files.ts";
import type { Feed } from "../sources/source.ts";

export type QuarantineReason =
  | "unreadable_row"
  | "missing_required"
  | "bad_number"
  | "bad_time"
  | "bad_boolean"
  | "bad_country"
  | "bad_currency"
  | "bad_score"
  | "out_of_range"
  | "bad_json"
  | "too_long"
  | "too_deep";

export async function createRawTables(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create schema if not exists raw; create schema if not exists staging;
    create table raw.files (file_id integer, system varchar, feed varchar, path varchar, bytes bigint,
      modified_at timestamp, encoding varchar, rows_read bigint, rows_refused bigint, status varchar, message varchar, columns varchar[]);
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
  /** The header as it stands in the file, where it has one. */
  readonly columns?: readonly string[];
}

/** Size and time are unknown of a file that was never opened. */
type ListedFile = Pick<InboxFile, "path"> & Partial<InboxFile>;

/** Collects the rows of `raw.files`: each write of its own would cost more than reading a small file. */
export class FileRecords {
  readonly #values: string[] = [];

  add(fileId: number, file: ListedFile, record: FileRecord): void {
    const text = (value: string | null | undefined) => (value ? sqlString(value.replaceAll("\u0000", "")) : "null");
    this.#values.push(
      `(${fileId}, ${text(record.system)}, ${text(record.feed)}, ${text(file.path)}, ${file.bytes ?? "null"},
        make_timestamp(${file.modifiedAtMs === undefined ? "null" : Math.round(file.modifiedAtMs * 1000)}::bigint), ${text(record.encoding)}, ${record.rowsRead},
        ${record.rowsRefused}, ${text(record.status)}, ${text(record.message)},
        ${record.columns ? `[${record.columns.map(text).join(", ")}]::varchar[]` : "null"})`,
    );
  }

  async write(connection: DuckDBConnection): Promise<void> {
    const values = this.#values.splice(0);
    if (values.length > 0) await connection.run(`insert into raw.files values ${values.join(", ")}`);
  }
}

export interface RefusedRow {
  readonly rowNo: number | null;
  readonly reason: QuarantineReason;
  readonly raw: string;
}

const BATCH = 1000;

/** Collects refused rows of one file and writes them in batches. */
export class Quarantine {
  count = 0;
  readonly #connection: DuckDBConnection;
  readonly #names: readonly [system: string, feed: string, path: string];
  #rows: RefusedRow[] = [];

  constructor(connection: DuckDBConnection, system: string, feed: string, file: InboxFile) {
    this.#connection = connection;
    this.#names = [system, feed, file.path];
  }

  /** For places that cannot wait; `settle` has to follow soon. */
  hold({ rowNo, reason, raw }: RefusedRow): void {
    this.count += 1;
    this.#rows.push({ rowNo, reason, raw });
  }

  /** Writes what is held when it has become a batch. */
  async settle(): Promise<void> {
    if (this.#rows.length >= BATCH) await this.flush();
  }

  /** Takes back what was written: the file as a whole is refused. */
  async forget(): Promise<void> {
    this.#rows = [];
    const [system, feed, path] = this.#names.map(sqlString);
    const sql = `delete from main.quarantine where source_system = ${system} and entity = ${feed} and path = ${path}`;
    await inTurn(this.#connection, () => this.#connection.run(sql));
  }

  async flush(): Promise<void> {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    await inTurn(this.#connection, () => this.#append(rows));
  }

  async #append(rows: readonly RefusedRow[]): Promise<void> {
    const appender = await this.#connection.createAppender("quarantine", "main");
    for (const { rowNo, reason, raw } of rows) {
      for (const name of this.#names) appender.appendVarchar(name);
      if (rowNo === null) appender.appendNull();
      else appender.appendBigInt(BigInt(rowNo));
      appender.appendNull();
      appender.appendVarchar(reason);
      appender.appendVarchar(raw.replaceAll("\u0000", ""));
      appender.endRow();
    }
    appender.closeSync();
  }
}
