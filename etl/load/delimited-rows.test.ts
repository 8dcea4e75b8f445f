import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import iconv from "iconv-lite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import { writeCleanRows, type BrokenRow } from "./delimited-rows.ts";
import { FileRefusedError } from "../files/file-text.ts";
import { LineFile } from "./line-file.ts";
import { readCleanRows } from "./load-delimited.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "rows-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Options {
  delimiter?: string;
  quoted?: boolean;
  name?: string;
  encoding?: string;
  least?: number;
}

/** The rows as DuckDB reads them from the clean file, and the broken ones. */
async function read(content: string | Buffer, options: Options = {}) {
  const file = path.join(folder, options.name ?? "in.csv");
  await writeFile(file, content);
  const clean = new LineFile(path.join(folder, "out.csv"));
  const broken: BrokenRow[] = [];
  const delimiter = options.delimiter ?? ",";
  let width = 0;
  let encoding = "";
  await writeCleanRows(file, clean, {
    delimiter,
    quoted: options.quoted ?? true,
    encoding: options.encoding,
    onEncoding: (name) => (encoding = name),
    onHeader: (header) => {
      width = header.length;
      return options.least ?? header.length;
    },
    onBroken: (row) => broken.push(row),
  });
  clean.close();
  const rows = await withDuckDB(":memory:", {}, (connection) =>
    queryRows(connection, `select * from ${readCleanRows(clean, width, delimiter)} order by row_no`),
  );
  return { rows: rows.map((row) => Object.values(row)), broken, encoding };
}

describe("delimited rows", () => {
  it("come back as written, whatever the cells hold", async () => {
    const cell = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom('"', '""', "a,b", "x\ny", "é\r\nü", " ", ";", "数"),
    );
    const usable = cell.filter(
      (text) => !/[\uD800-\uDFFF]/.test(text) && !text.includes("\0") && !text.includes("\uFEFF"),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(usable, usable, usable), { minLength: 1 }),
        fc.constantFrom("\n", "\r\n"),
        async (table, end) => {
          const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const { rows, broken } = await read(
            ["a,b,c", ...table.map((row) => row.map(quote).join(","))].join(end) + end,
          );
          expect(broken).toEqual([]);
          expect(rows).toEqual(
            table.map((row, index) => [index + 1, ...row.map((text) => (text === "" ? null : text))]),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it("that are broken are put aside with number and text, and cost no other row", async () => {
    const content = [
      "a,b,c",
      "1,x,y",
      "2,too,many,cells",
      '3,"bad"quote,y',
      '4,"open,y',
      "5,x,y",
      '6,x,"y"',
      "7,x",
      "8,x,y",
    ];
    const { rows, broken } = await read(`${content.join("\r\n")}\r\n`);
    expect(rows.map((row) => row[1])).toEqual(["1", "5", "6", "8"]);
    expect(rows.map((row) => row[0])).toEqual([1, 5, 6, 8]);
    const reason = "unreadable_row";
    expect(broken).toEqual([
      { rowNo: 2, reason, problem: "4 columns instead of 3", raw: "2,too,many,cells" },
      { rowNo: 3, reason, problem: "broken quotes", raw: '3,"bad"quote,y' },
      { rowNo: 4, reason, problem: "broken quotes", raw: '4,"open,y' },
      { rowNo: 7, reason, problem: "2 columns instead of 3", raw: "7,x" },
    ]);
  });

  it("may be short at the end when nothing needed is missing, but not in a file cut off", async () => {
    const { rows, broken } = await read("a,b,c\n1,x\n2,x", { least: 2 });
    expect(rows).toEqual([[1, "1", "x", null]]);
    expect(broken.map((row) => row.rowNo)).toEqual([2]);
  });

  it("keep a literal quote where quotes mean nothing, and inside an unquoted cell", async () => {
    const tabs = await read('a\tb\n5" pipe\t"q\n', { delimiter: "\t", quoted: false });
    expect(tabs.rows).toEqual([[1, '5" pipe', '"q']]);
    const commas = await read('a,b\n5" pipe,x\n');
    expect(commas.rows).toEqual([[1, '5" pipe', "x"]]);
  });

  it("are read from gzip, UTF-16, marked UTF-8, old Mac line ends and a declared encoding", async () => {
    const text = "a,b\n1,Größe 数\n";
    const expected = [[1, "1", "Größe 数"]];
    expect((await read(gzipSync(text), { name: "in.csv.gz" })).rows).toEqual(expected);
    expect(await read(Buffer.concat([Buffer.from([0xff, 0xfe]), iconv.encode(text, "utf-16le")]))).toMatchObject({
      rows: expected,
      encoding: "utf-16le (bom)",
    });
    expect((await read(`\uFEFF${text}`)).rows).toEqual(expected);
    expect((await read(text.replaceAll("\n", "\r"))).rows).toEqual(expected);
    expect(await read(iconv.encode("a,b\n1,Größe\n", "windows-1252"), { encoding: "windows-1252" })).toMatchObject({
      rows: [[1, "1", "Größe"]],
      encoding: "windows-1252 (declared)",
    });
    expect((await read(iconv.encode(text, "gb18030"), { encoding: "gb18030" })).rows).toEqual(expected);
  });

  it("are refused as a whole where the bytes are no text of that encoding", async () => {
    await expect(read(iconv.encode("a,b\n1,Товар не пришёл, верните деньги\n", "windows-1251"))).rejects.toThrow(
      /not UTF-8: bad byte at offset 6; its letters make no sense/,
    );
    await expect(read(Buffer.from("a,b\n1,x\0y\n"))).rejects.toThrow(FileRefusedError);
    await expect(read(gzipSync("a,b\n1,x\n").subarray(0, 20), { name: "cut.csv.gz" })).rejects.toThrow(
      /unexpected end of file/,
    );
    await expect(read("")).rejects.toThrow(/no header/);
  });

  it("longer than the reading buffer pass whole", async () => {
    const long = "x".repeat(3 << 20);
    const { rows } = await read(`a,b\n1,"${long}\n"\n2,y\n`);
    expect(rows.map((row) => String(row[2]).length)).toEqual([long.length + 1, 1]);
    expect(await readFile(path.join(folder, "out.csv"), "utf8")).toContain("\n2,2,y\n");
  });
});
