// What must hold of every reader in sources.ts, whatever its files look like: none crashes it, every row is accounted for, and the
// same export written in another way gives the same rows. Many variants share an inbox, for a load costs more than a file.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import { splitFields } from "../csv-scanner.ts";
import { buildStaging } from "../build.ts";
import { extractInbox } from "../extract.ts";
import { loadInbox } from "../load.ts";
import { rawTable } from "../raw-tables.ts";
import { parseRunSettings } from "../run-settings.ts";
import { brokenBytes, sameJson, sameTable, type Table, type Variant } from "./reader-variants.testing.ts";
import { feedsOf, type DelimitedFeed, type Source } from "./source.ts";
import { SOURCES } from "./sources.ts";

const RUNS = { numRuns: 2, endOnFailure: true };
const VARIANTS = { minLength: 30, maxLength: 40 };
const PATIENCE_MS = 300_000;
const FIXTURES_A_SOURCE = 3;

interface Original {
  readonly name: string;
  readonly bytes: Buffer;
  readonly variants: fc.Arbitrary<Variant>;
}

/** Cells with a line end are left out: with a carriage return alone between rows nobody can tell one from the other. */
function tableOf(text: string, feed: DelimitedFeed): Table {
  const [header = [], ...rows] = text
    .replace(/^\uFEFF/, "")
    .replaceAll(/"[^"]*"/g, (cell) => cell.replaceAll(/[\r\n]+/g, " "))
    .split(/\r?\n/)
    .filter(Boolean)
    .map((line) => splitFields(line, feed.delimiter, feed.quote !== null));
  // Some writers leave out the empty cells at the end of a row.
  const whole = rows.map((row) => header.map((_, index) => row[index] ?? ""));
  return { header, rows: whole, delimiter: feed.delimiter, isQuoted: feed.quote !== null };
}

function printed({ header, rows, delimiter, isQuoted }: Table): Buffer {
  const cell = (text: string) => (isQuoted ? `"${text.replaceAll('"', '""')}"` : text);
  return Buffer.from([header, ...rows].map((row) => `${row.map(cell).join(delimiter)}\n`).join(""));
}

async function originalsOf(source: Source): Promise<Original[]> {
  const folder = path.join(import.meta.dirname, source.system, "fixtures");
  const originals: Original[] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    const text = await readFile(path.join(folder, name), "utf8").catch(() => "");
    const [feed] = feedsOf(source, name);
    if (!feed || text === "") continue;
    if (feed.kind === "delimited") {
      const table = tableOf(text, feed);
      const bytes = printed(table);
      originals.push({ name, bytes, variants: fc.oneof(sameTable(table), brokenBytes(bytes)) });
    } else if (name.endsWith(".json")) {
      const value: unknown = JSON.parse(text);
      const bytes = Buffer.from(JSON.stringify(value));
      originals.push({ name, bytes, variants: fc.oneof(sameJson(value), brokenBytes(bytes)) });
    } else originals.push({ name, bytes: Buffer.from(text), variants: brokenBytes(Buffer.from(text)) });
  }
  return originals.toSorted((left, right) => right.bytes.length - left.bytes.length).slice(0, FIXTURES_A_SOURCE);
}

interface FileAccount {
  readonly status: string;
  readonly message: string | null;
  readonly read: number;
  readonly refused: number;
  readonly quarantined: number;
  /** Rows in raw, each in a form that does not depend on the order of columns, keys and rows. */
  readonly rows: readonly string[];
}

/** Loads an inbox of one source, stages what came of it, and says what became of each file. */
async function accounts(source: Source, files: ReadonlyMap<string, Buffer>): Promise<Map<string, FileAccount>> {
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
      expect(await readdir(workFolder)).toEqual(["raw"]);
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
      const own = feed.kind === "json" ? JSON.parse(String(cells.record)) : { rowNo, ...cells, extra: undefined };
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

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** What is wrong with a variant's account; nothing, if all is well. */
function problemsOf(variant: Variant, account: FileAccount | undefined, rows: readonly string[]): string[] {
  if (!account) return ["it is not accounted for"];
  const found = (what: string, isWrong: boolean) => (isWrong ? [what] : []);
  if (account.status !== "loaded") {
    const left = account.read + account.quarantined + account.rows.length;
    return [
      ...found(`it is ${account.status}, though nothing is wrong with it: ${account.message}`, variant.mustLoad),
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
    ...found("its rows are others than the original's", variant.isSame && account.rows.join("\n") !== rows.join("\n")),
  ];
}

describe.each(SOURCES.map((source) => [source.system, source] as const))("the reader of %s", (_, source) => {
  it(
    "reads any variant of its exports, or refuses it with a reason, and accounts for every row",
    { timeout: PATIENCE_MS },
    async () => {
      for (const original of await originalsOf(source)) {
        await fc.assert(
          fc.asyncProperty(fc.array(original.variants, VARIANTS), async (variants) => {
            const name = (index: number) =>
              `v${String(index).padStart(3, "0")}-${original.name}${variants[index]?.ending ?? ""}`;
            const files = new Map(variants.map(({ bytes }, index) => [name(index), bytes]));
            const found = await accounts(source, new Map([[original.name, original.bytes], ...files]));
            const expected = found.get(original.name);
            expect(expected).toMatchObject({ status: "loaded", refused: 0 });
            expect(expected?.rows.length).toBeGreaterThan(0);
            for (const [index, variant] of variants.entries()) {
              const account = found.get(name(index));
              expect({ variant: variant.name, problems: problemsOf(variant, account, expected?.rows ?? []) }).toEqual({
                variant: variant.name,
                problems: [],
              });
            }
          }),
          RUNS,
        );
      }
    },
  );
});
