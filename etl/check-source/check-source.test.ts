import { copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import iconv from "iconv-lite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkSource } from "./check-source.ts";
import { describeCheck } from "./check-source-text.ts";
import { SOURCES } from "../sources/sources.ts";
import { zipOf } from "../files/zip-testing.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "check-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, content: string | Buffer): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

async function check(file: string, options: { mapping?: string; inbox?: string } = {}) {
  const checks = await checkSource({ file, sources: SOURCES, ...options });
  const [first] = checks;
  if (!first) throw new TypeError("no check");
  return first;
}

/** The largest hand-made export of a source. */
async function fixtureOf(system: string): Promise<string> {
  const fixtures = path.join(import.meta.dirname, "../sources", system, "fixtures");
  const names = (await readdir(fixtures, { withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    names.map(async ({ name }) => [name, (await stat(path.join(fixtures, name))).size] as const),
  );
  return path.join(fixtures, sizes.toSorted((left, right) => right[1] - left[1])[0]?.[0] ?? "");
}

const RETURNS =
  "RMA;Eingang;Artikel;Grund;Mail\nR-1;24.11.2025;ab-1;defekt;a@example.com\nR-2;gestern;ab-2;;b@example.com\n";
const MAPPING = `entity: returns
system: warehouse
files: "*.csv"
delimiter: ";"
time_zone: Europe/Berlin
columns:
  return_id: RMA
  returned_at: { column: Eingang, format: "%d.%m.%Y" }
  product_id: { column: Artikel, upper: true }
  customer_ref: Mail
`;

describe("a file is checked", () => {
  it("for whoever of all readers makes most of it, when its folder does not say", { timeout: 240_000 }, async () => {
    for (const { system } of SOURCES) {
      const fixture = await fixtureOf(system);
      const file = path.join(folder, `export${path.extname(fixture)}`);
      await copyFile(fixture, file);
      const found = await check(file);
      expect([found.reader?.system, ...found.others], fixture).toContain(system);
      expect(found.reader, fixture).toMatchObject({ system, by: "trial" });
      expect(found.trial?.entities.some((each) => each.rows > 0 && each.examples.length > 0)).toBe(true);
    }
  });

  it("for the source of its folder in the inbox, with what is bound, extra and absent, and nobody's address", async () => {
    const file = await put(
      "inbox/shopify/orders.csv",
      [
        "Name,Email,Created at,Lineitem quantity,Lineitem name,Colour",
        "#1,anna@example.com,2026-01-01 10:00:00 +0100,1,Müsli,red",
        "#2,anna@example.com,2026-01-02 10:00:00 +0100,two,Mug,red",
        "#3,anna@example.com",
      ].join("\r\n"),
    );
    const found = await check(file);
    expect(found).toMatchObject({
      file: "shopify/orders.csv",
      reader: { system: "shopify", by: "folder" },
      others: [],
    });
    expect(found.columns[0]).toMatchObject({
      bound: ["Name", "Email", "Created at", "Lineitem quantity", "Lineitem name"],
      extra: ["Colour"],
    });
    expect(found.columns[0]?.absent).toContain("Currency");
    expect(found.trial).toMatchObject({ encoding: "utf-8", feeds: [{ feed: "orders", rows: 3, refused: 1 }] });
    expect(found.trial?.quarantine).toContainEqual({
      entity: "orders",
      reason: "unreadable_row",
      column: null,
      count: 1,
      row: 3,
      example: "#9,xxxx@xxxxxxx.xxx",
    });
    const text = describeCheck(found).join("\n");
    expect(text).toMatch(/not read: Colour/);
    expect(text).toMatch(/quarantine: 1 × bad_number in order_items\.quantity, first in row 2: "two"/);
    expect(text).not.toContain("anna@");
  });

  it("with the mapping that names it, in the inbox or told", async () => {
    await put("inbox/aftersight.yml", "reporting_currency: EUR\n");
    const mapping = await put("inbox/warehouse/returns.mapping.yml", MAPPING);
    const file = await put(
      "inbox/warehouse/returns.csv",
      iconv.encode(RETURNS.replace("defekt", "Größe"), "windows-1252"),
    );
    const found = await check(file);
    expect(found).toMatchObject({
      file: "warehouse/returns.csv",
      reader: { system: "warehouse", by: "mapping", mappings: ["warehouse/returns.mapping.yml"] },
      columns: [{ bound: ["RMA", "Eingang", "Artikel", "Mail"], extra: ["Grund"] }],
      trial: { encoding: "windows-1252 (detected)", entities: [{ entity: "returns", rows: 1, refused: 1 }] },
    });
    expect(found.trial?.entities[0]?.examples).toMatchObject([{ return_id: "R-1", product_id: "AB-1" }]);
    expect(found.trial?.entities[0]?.examples[0]?.customer_ref).toMatch(/^[0-9a-f]{32}$/);
    expect(await check(file, { mapping, inbox: path.join(folder, "inbox") })).toEqual(found);
    const stray = await put("inbox/warehouse/other.tsv", RETURNS);
    expect((await check(stray, { mapping })).problem).toMatch(/returns\.mapping\.yml does not name this file/);
  });

  it("in an archive, each file of it", async () => {
    const one = "Name,Created at,Lineitem quantity,Lineitem name\n#1,2026-01-01 10:00:00 +0100,1,Mug\n";
    const file = await put(
      "inbox/shopify/orders.zip",
      zipOf([
        { name: "orders_1.csv", content: one },
        { name: "orders_2.csv", content: one.replace("#1", "#2") },
      ]),
    );
    const checks = await checkSource({ file, sources: SOURCES });
    expect(checks.map((each) => [each.file, each.trial?.feeds[0]?.rows])).toEqual([
      ["shopify/orders.zip/orders_1.csv", 1],
      ["shopify/orders.zip/orders_2.csv", 1],
    ]);
    const alone = await check(path.join(file, "orders_2.csv"));
    expect(alone.trial?.entities.find((each) => each.entity === "orders")?.rows).toBe(1);
  });

  it("and told what lacks when nobody reads it", async () => {
    const lacking = await check(
      await put("a/orders.csv", "Name;Created at;Lineitem name;Total\n#1;2026-01-01;Mug;5\n"),
    );
    expect(lacking.reader).toBeUndefined();
    expect(lacking.nearest).toMatchObject({ system: "shopify", lacks: ["Lineitem quantity"], separatedBy: ";" });
    expect(describeCheck(lacking).join("\n")).toMatch(
      /nobody reads it[^]*nearest: Shopify "orders": lacks Lineitem quantity; its columns are separated by ";"/,
    );
    expect((await check(await put("a/notes.docx", "x"))).problem).toMatch(/no reader takes files with this ending/);
    await expect(check(await put("a/page.csv", "<!doctype html><html></html>"))).rejects.toThrow(/is a web page/);
    await expect(check(path.join(folder, "none.csv"))).rejects.toThrow(/There is no file/);
    const refused = await check(await put("in/shopify/orders.csv", "Name,Total\n#1,5\n"));
    expect(refused).toMatchObject({
      reader: { by: "folder" },
      problem: expect.stringMatching(/lacks the required columns/),
    });
  });
});
