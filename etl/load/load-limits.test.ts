// Files made to choke on: what is beyond the limits costs itself, the rest is read, and memory stays small.
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import { extractInbox } from "../files/extract.ts";
import { loadInbox } from "./load.ts";
import { parseRunSettings } from "../settings/run-settings.ts";
import type { Source } from "../sources/source.ts";

const shop: Source = {
  system: "shop",
  title: "Shop",
  feeds: [
    {
      kind: "delimited",
      name: "orders",
      extensions: [".csv"],
      delimiter: ",",
      quote: '"',
      columns: [
        { name: "id", headers: ["id"], required: true },
        { name: "note", headers: ["note"] },
      ],
    },
    {
      kind: "json",
      name: "tickets",
      extensions: [".json", ".ndjson"],
      arrays: ["tickets"],
      objects: [],
      lineKeys: ["id"],
    },
  ],
  entities: [],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "limits-"));
  await mkdir(path.join(folder, "inbox", "shop"), { recursive: true });
  await mkdir(path.join(folder, "work"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (name: string, ...parts: (string | Buffer)[]) =>
  writeFile(path.join(folder, "inbox", "shop", name), Buffer.concat(parts.map((part) => Buffer.from(part))));

/** A file of `before`, `size` times the letter x, `after`. */
async function putLong(name: string, before: string, size: number, after: string): Promise<void> {
  const x = Buffer.alloc(1 << 20, "x");
  const parts = function* () {
    yield Buffer.from(before);
    for (let done = 0; done < size; done += x.length) yield x;
    yield Buffer.from(after);
  };
  await pipeline(Readable.from(parts()), createWriteStream(path.join(folder, "inbox", "shop", name)));
}

async function load(settingsText = "") {
  const workFolder = path.join(folder, "work");
  return withDuckDB(":memory:", {}, async (connection) => {
    const extract = await extractInbox(path.join(folder, "inbox"), [shop]);
    const settings = parseRunSettings(settingsText);
    await loadInbox({ connection, extract, settings, workFolder, report: () => {}, isNews: true });
    const files = await queryRows(
      connection,
      "select status, rows_read, rows_refused, message from raw.files order by path",
    );
    const orders = await queryRows<{ id: string }>(connection, "select id from raw.shop__orders order by row_no");
    const tickets = await queryRows<{ id: string }>(
      connection,
      "select record ->> 'id' as id from raw.shop__tickets order by row_no",
    );
    const told = await queryRows(
      connection,
      "select row_no, reason, length(raw) as size from main.quarantine order by row_no",
    );
    expect(await readdir(workFolder).then((names) => names.filter((name) => name !== "raw"))).toEqual([]);
    return { files, told, orders: orders.map((row) => row.id), tickets: tickets.map((row) => row.id) };
  });
}

const MB = 1 << 20;

it("a file that changed since it was listed is left to the next run, which reads it whatever it looks like", async () => {
  await put("a.csv", "id,note\n1,a\n");
  await put("b.ndjson", '{"id": "2"}\n');
  const extract = await extractInbox(path.join(folder, "inbox"), [shop]);
  await put("a.csv", "id,note\n1,a\n3,c\n");
  const files = await withDuckDB(":memory:", {}, async (connection) => {
    const options = { connection, extract, settings: parseRunSettings(""), workFolder: path.join(folder, "work") };
    await loadInbox({ ...options, report: () => {} });
    return queryRows(connection, "select path, status, bytes, message from raw.files order by path");
  });
  expect(files).toMatchObject([
    {
      path: "shop/a.csv",
      status: "refused",
      bytes: null,
      message: expect.stringMatching(/changed since the inbox was listed/),
    },
    { path: "shop/b.ndjson", status: "loaded", bytes: 12 },
  ]);
});

it("a packed file may unpack to what the settings say", async () => {
  const rows = Array.from({ length: 200_000 }, (_, index) => `${index},${Math.sin(index)}`).join("\n");
  await put("a.csv.gz", gzipSync(`id,note\n${rows}\n`));
  expect((await load()).files).toMatchObject([{ status: "loaded", rows_read: 200_000 }]);
  const { files } = await load("largest_unpacked_gb: 0.001");
  expect(files).toMatchObject([{ status: "refused", message: expect.stringMatching(/unpacks to more than/) }]);
});

describe("a table", () => {
  it("with a line of 200 MB loses that line, and memory stays small", async () => {
    await putLong("a.csv", "id,note\n1,a\n2,", 200 * MB, "\n3,c\n");
    const before = process.memoryUsage.rss();
    const { files, told, orders } = await load();
    expect(orders).toEqual(["1", "3"]);
    expect(told).toEqual([{ row_no: 2, reason: "too_long", size: 2000 }]);
    expect(files).toMatchObject([{ status: "loaded", rows_read: 3, rows_refused: 1 }]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(250 * MB);
  });

  it("of one line without end is no table", async () => {
    await putLong("a.csv", "id,note", 20 * MB, "");
    expect((await load()).files).toMatchObject([
      { status: "refused", message: expect.stringMatching(/first line longer than 4 MB/) },
    ]);
  });

  it("of rubbish is refused as a whole, not quarantined row by row", async () => {
    await put("a.csv", "id,note\n", "1,2,3,4\n".repeat(60_000));
    const { files, told } = await load();
    expect(files).toMatchObject([
      { status: "refused", message: expect.stringMatching(/is broken: \d+ of its first \d+ rows/) },
    ]);
    expect(told).toEqual([]);
  });

  it("with a quote that never closes loses one row", async () => {
    await put("a.csv", 'id,note\n1,a\n2,"open\n', "3,c\n".repeat(2_000_000));
    const { files, told } = await load();
    expect(files).toMatchObject([{ status: "loaded", rows_read: 2_000_002, rows_refused: 1 }]);
    expect(told).toMatchObject([{ row_no: 2, reason: "unreadable_row" }]);
  });

  it("keeps formulas as the text they are", async () => {
    await put("a.csv", "id,note\n=1+1,=cmd|' /C calc'!A0\n@SUM(A1),+1\n");
    expect((await load()).orders).toEqual(["=1+1", "@SUM(A1)"]);
  });
});

describe("JSON", () => {
  it("nested without measure loses the record, not the file", async () => {
    const deep = (depth: number) => `{"id": "deep", "a": ${"[".repeat(depth)}${"]".repeat(depth)}}`;
    await put(
      "a.json",
      `{"tickets": [{"id": "1"}, ${deep(65)}, {"id": "2", "a": ${"[".repeat(40)}1${"]".repeat(40)}}, ${deep(5000)}, {"id": "3"}]}`,
    );
    const { told, tickets, files } = await load();
    expect(tickets).toEqual(["1", "2", "3"]);
    expect(told).toMatchObject([
      { row_no: 2, reason: "too_deep" },
      { row_no: 4, reason: "too_deep" },
    ]);
    expect(files).toMatchObject([{ rows_read: 5, rows_refused: 2 }]);
  });

  it("of nothing but brackets is refused before it fills the memory", async () => {
    await put("a.json", Buffer.alloc(30 * MB, "["));
    await put("b.json", '{"tickets": [', Buffer.alloc(30 * MB, '{"a":'));
    const before = process.memoryUsage.rss();
    const { files } = await load();
    expect(files).toMatchObject([
      { status: "refused", message: expect.stringMatching(/gives no record/) },
      { status: "refused", message: expect.stringMatching(/nested deeper than 10000 levels/) },
    ]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(250 * MB);
  });

  it("with a text of 200 MB loses the record; lines and lists go on", async () => {
    await putLong("a.json", '{"tickets": [{"id": "1"}, {"id": "2", "text": "', 200 * MB, '"}, {"id": "3"}]}');
    await putLong("b.ndjson", '{"id": "4"}\n{"id": "5", "text": "', 200 * MB, '"}\n{"id": "6"}\n');
    const before = process.memoryUsage.rss();
    const { files, told, tickets } = await load();
    expect(tickets.toSorted()).toEqual(["1", "3", "4", "6"]);
    expect(told).toMatchObject([
      { row_no: 2, reason: "too_long" },
      { row_no: 2, reason: "too_long" },
    ]);
    expect(files).toMatchObject([
      { status: "loaded", rows_read: 3, rows_refused: 1 },
      { status: "loaded", rows_read: 3, rows_refused: 1 },
    ]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(400 * MB);
  });

  it("may hold the longest numbers and the oddest texts", async () => {
    const digits = "9".repeat(2_000_000);
    await put(
      "a.json",
      `{"tickets": [{"id": ${digits}}, {"id": 1e999999}, {"id": "\\u0000x"}, {"id": "\\ud800"}, {"id": "=1+1"}]}`,
    );
    const { tickets, told } = await load();
    expect(tickets.map((id) => id.length)).toEqual([digits.length, 8, 2, 4]);
    expect(told).toMatchObject([{ row_no: 4, reason: "bad_json" }]);
  });
});
