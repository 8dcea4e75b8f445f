// What the seller says of words and money relabels history with the next run, though no export changed.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dataDirectory, type DataDirectory } from "../shared/data-directory.ts";
import { queryRows, withDuckDB } from "../shared/duckdb.ts";
import { runPipeline } from "./pipeline.ts";

let folder: string;
let inbox: string;
let data: DataDirectory;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "relabel-"));
  inbox = path.join(folder, "inbox");
  data = dataDirectory(path.join(folder, "data"));
  await mkdir(path.join(inbox, "shop"), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text: string): Promise<void> {
  await writeFile(path.join(inbox, name), text);
}

async function run(): Promise<string[]> {
  const told: string[] = [];
  await runPipeline({ inbox, data, report: ({ message }) => told.push(message) });
  return told;
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const name = (await readFile(path.join(data.published, "current"), "utf8")).trim();
  return withDuckDB(path.join(data.published, `${name}.duckdb`), { readOnly: true }, (c) => queryRows(c, sql));
}

const mapping = (entity: string, columns: readonly string[]) =>
  `entity: ${entity}\nsystem: shop\nfiles: "${entity}.csv"\ntime_zone: UTC\ncolumns:\n${columns.map((c) => `  ${c}: ${c}`).join("\n")}\n`;

test("rates of the day, texts without a reason, and the seller's own words", async () => {
  const orders = ["order_id", "ordered_at", "currency", "total_amount"];
  const tickets = ["ticket_id", "created_at", "subject", "body", "reason_raw"];
  await write("shop/orders.mapping.yml", mapping("orders", orders));
  await write("shop/tickets.mapping.yml", mapping("tickets", tickets));
  await write(
    "shop/orders.csv",
    "order_id,ordered_at,currency,total_amount\n1,2026-01-05T10:00:00Z,EUR,10\n2,2026-01-06T10:00:00Z,EUR,10\n3,2026-03-01T10:00:00Z,EUR,10\n4,2026-01-05T10:00:00Z,USD,10\n",
  );
  await write(
    "shop/tickets.csv",
    "ticket_id,created_at,subject,body,reason_raw\n1,2026-01-05T10:00:00Z,Lamp,The lamp arrived broken and does not work,\n2,2026-01-05T10:00:00Z,Hi,Wo ist mein Paket? Es ist seit Wochen nicht angekommen,zzz\n3,2026-01-05T10:00:00Z,Hi,The lamp does not work,defective\n4,2026-01-05T10:00:00Z,Thanks,Thank you,zzz\n",
  );
  await run();
  const amounts = "select order_id, total_amount_reporting as amount from main.orders order by 1";
  const nothing = [null, null, null, 10].map((amount, index) => ({ order_id: String(index + 1), amount }));
  expect(await query(amounts)).toEqual(nothing);
  const reasons = "select ticket_id as id, reason_basis as basis, reason, language from main.tickets order by 1";
  const first = await query(reasons);
  expect(first.map((row) => row.basis)).toEqual(["text", "text", "source", "source"]);
  expect(first[1]).toMatchObject({ language: "de" });
  expect(first[2]).toMatchObject({ reason: "quality_defect" });
  expect(first[3]).toMatchObject({ reason: "unmapped" });

  await write("rates.csv", "date,USD\n2026-01-05,1.1\n2026-01-06,1.2\n");
  expect((await run()).join("\n")).not.toContain("all marts are built");
  const converted = [11, 12, null, 10].map((amount, index) => ({ order_id: String(index + 1), amount }));
  expect(await query(amounts)).toEqual(converted);

  await write("taxonomy.yml", 'version: 2\nreasons:\n  - { source: shop, raw: "zzz", reason: wrong_item }\n');
  expect((await run()).join("\n")).toContain("all files are read: the settings, mappings or the program changed");
  expect((await query(reasons)).map((row) => row.reason).slice(1)).toEqual([
    "wrong_item",
    "quality_defect",
    "wrong_item",
  ]);
  expect(await query(amounts)).toEqual(converted);
  expect(await query("select taxonomy_version from main.snapshot")).toEqual([{ taxonomy_version: "2" }]);
}, 120_000);
