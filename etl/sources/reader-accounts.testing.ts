// Loads files as one source's exports, stages what comes of them, and says what became of each, for tests of all readers.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import { buildStaging } from "../build/build.ts";
import { extractInbox } from "../files/extract.ts";
import { loadInbox } from "../load/load.ts";
import { rawTable } from "../load/raw-tables.ts";
import { parseRunSettings } from "../settings/run-settings.ts";
import type { Source } from "./source.ts";

export interface FileAccount {
  readonly status: string;
  readonly message: string | null;
  readonly read: number;
  readonly refused: number;
  readonly quarantined: number;
  /** Rows in raw, each in a form that does not depend on the order of columns, keys and rows. */
  readonly rows: readonly string[];
}

/** Loads an inbox of one source, stages what came of it, and says what became of each file. */
export async function accounts(source: Source, files: ReadonlyMap<string, Buffer>): Promise<Map<string, FileAccount>> {
  const root = await mkdtemp(path.join(os.tmpdir(), "readers-"));
  try {
    const folder = path.join(root, "inbox", source.system);
    const workFolder = path.join(root, "work");
    await mkdir(folder, { recursive: true });
    await mkdir(workFolder);
    for (const [name, bytes] of files) await writeFile(path.join(folder, name), bytes);
    return await withDuckDB(":memory:", {}, async (connection) => {
      const settings = parseRunSettings(`time_zones: { ${source.system}: Europe/Berlin }`);
      const report = () => {};
      const extract = await extractInbox(path.join(root, "inbox"), [source]);
      const loaded = await loadInbox({ connection, extract, settings, workFolder, report, isNews: true });
      const found = await readAccounts(connection, source);
      await buildStaging({ connection, ...loaded, settings, hashKey: "k", now: new Date(), report });
      return found;
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function readAccounts(connection: DuckDBConnection, source: Source): Promise<Map<string, FileAccount>> {
  const files = await queryRows<Omit<FileAccount, "rows"> & { path: string; id: number }>(
    connection,
    `select path, any_value(file_id) as id, any_value(status) as status, string_agg(message, '; ') as message,
       sum(rows_read)::bigint as read, sum(rows_refused)::bigint as refused,
       (select count(*) from main.quarantine where quarantine.path = files.path) as quarantined
     from raw.files group by path`,
  );
  const rows = new Map<number, string[]>();
  for (const feed of source.feeds) {
    const found = await queryRows<Record<string, unknown> & { file_id: number }>(
      connection,
      `from ${rawTable(source.system, feed.name)}`,
    );
    for (const { file_id: id, row_no: rowNo, ...cells } of found) {
      const own = feed.kind === "json" ? parsed(String(cells.record)) : { rowNo, ...cells, extra: undefined };
      rows.set(id, [...(rows.get(id) ?? []), `${feed.name} ${JSON.stringify(sorted(own))}`]);
    }
  }
  return new Map(
    files.map(({ path: name, id, ...account }) => [
      name.slice(name.indexOf("/") + 1),
      { ...account, rows: (rows.get(id) ?? []).toSorted() },
    ]),
  );
}

/** DuckDB reads more than JSON is: a comma after the last field, NaN. */
function parsed(record: string): unknown {
  try {
    return JSON.parse(record);
  } catch {
    return record;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** What does not add up in an account. */
export function accountProblems(account: FileAccount | undefined): string[] {
  if (!account) return ["it is not accounted for"];
  const found = (what: string, isWrong: boolean) => (isWrong ? [what] : []);
  if (account.status !== "loaded") {
    const left = account.read + account.quarantined + account.rows.length;
    return [
      ...found("it is refused without a reason", account.status !== "refused" || !/\w \w/.test(account.message ?? "")),
      ...found("it is refused, but some of its rows are there", left > 0),
    ];
  }
  return [
    ...found(
      `of ${account.read} rows ${account.rows.length} are there and ${account.refused} refused`,
      account.rows.length + account.refused !== account.read,
    ),
    ...found(`${account.quarantined} in quarantine, not ${account.refused}`, account.quarantined !== account.refused),
  ];
}
