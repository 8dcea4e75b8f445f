// After forget no file of the data folder holds the person, the figures stay, and a later export brings nobody back.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dataDirectory, type DataDirectory } from "../../shared/data-directory.ts";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import { rememberInbox } from "../../shared/remembered-inbox.ts";
import { runPipeline } from "../pipeline.ts";
import { forget } from "./forget.ts";

let folder: string;
let data: DataDirectory;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "forget-"));
  data = dataDirectory(path.join(folder, "data"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const report = () => {};
const HEADER =
  "Name,Email,Created at,Currency,Total,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name";
const order = (number: number, mail: string, name: string) =>
  `#${number},${mail},2026-01-0${number} 10:00:00 +0100,USD,10.00,1,Lamp,10.00,L-1,${name}`;
const DESK = {
  tickets: [
    {
      id: 7,
      subject: "Lamp",
      description: "I am Jane Roe, it broke",
      status: "open",
      requester_id: 5,
      created_at: "2026-01-02T00:00:00Z",
      updated_at: "2026-01-02T00:00:00Z",
    },
  ],
  users: [{ id: 5, email: "jane.roe@example.com", role: "end-user", updated_at: "2026-01-01T00:00:00Z" }],
};

async function fill(inbox: string): Promise<void> {
  for (const system of ["shopify", "zendesk"]) await mkdir(path.join(inbox, system), { recursive: true });
  const rows = [
    HEADER,
    order(1, "Jane.Roe@example.com", "Jane Roe"),
    order(2, "ann@example.com", "Ann"),
    order(3, "jane.roe@example.com", "Jane Roe"),
  ];
  await writeFile(path.join(inbox, "shopify", "orders.csv.gz"), gzipSync(rows.join("\n")));
  await writeFile(path.join(inbox, "zendesk", "tickets.json"), Buffer.from(`\uFEFF${JSON.stringify(DESK)}`, "utf16le"));
}

async function run(inbox: string): Promise<void> {
  await runPipeline({ inbox, data, report });
  await rememberInbox(data, inbox);
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const name = (await readFile(path.join(data.published, "current"), "utf8")).trim();
  return withDuckDB(path.join(data.published, `${name}.duckdb`), { readOnly: true }, (c) => queryRows(c, sql));
}

/** Every file below the folder that holds the text in any case, as UTF-8 or UTF-16, packed or not. */
async function filesWith(root: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    const plain = file.endsWith(".gz") ? gunzipSync(bytes) : bytes;
    const isThere = (["latin1", "utf16le"] as const).some((encoding) =>
      plain.toString(encoding).toLowerCase().includes(text),
    );
    if (isThere) found.push(path.relative(root, file));
  }
  return found;
}

test("a person is gone from every file of the data folder, and does not come back", async () => {
  await fill(data.inbox);
  await run(data.inbox);
  await writeFile(
    path.join(data.inbox, "shopify", "more.csv"),
    [HEADER, order(4, "ann@example.com", "Ann")].join("\n"),
  );
  await run(data.inbox);
  expect(await filesWith(data.root, "jane.roe@example.com")).toHaveLength(2);
  const hash = "select distinct customer_id as id from main.orders where order_id in ('1', '3')";
  const [jane] = await query(hash);
  const persons = "select order_id, customer_id is not null as is_known from main.orders order by 1";
  const before = await query(persons);

  const done = await forget({ data, customer: "JANE.ROE@example.com", also: ["Jane Roe"], report });
  expect(done.files.map((file) => file.path)).toEqual(["shopify/orders.csv.gz", "zendesk/tickets.json"]);
  expect(await readdir(data.published)).toHaveLength(2);
  for (const text of ["jane.roe@example.com", "jane roe", String(jane?.id)]) {
    expect(await filesWith(path.join(data.root, "inbox"), text)).toEqual([]);
    expect(await filesWith(data.published, text)).toEqual([]);
    expect(await filesWith(data.work, text)).toEqual([]);
  }
  // Two orders are still one buyer's, whoever that is.
  expect(await query(persons)).toEqual(before);
  expect(await query(hash)).toHaveLength(1);

  // The shop's next export still has her.
  await writeFile(
    path.join(data.inbox, "shopify", "later.csv"),
    [HEADER, order(5, "jane.roe@example.com", "Jane Roe")].join("\n"),
  );
  await run(data.inbox);
  expect(await query("select customer_id from main.orders where order_id = '5'")).toEqual([{ customer_id: null }]);
  expect(await filesWith(data.published, String(jane?.id))).toEqual([]);
}, 120_000);

test("exports outside the data folder are rewritten only when told so, and a word found everywhere is refused", async () => {
  const inbox = path.join(folder, "exports");
  await fill(inbox);
  await run(inbox);
  await expect(forget({ data, customer: "jane.roe@example.com", report })).rejects.toThrow("outside the data folder");
  await expect(forget({ data, customer: "ann", report })).rejects.toThrow("too short");
  expect(await filesWith(inbox, "jane.roe@example.com")).toHaveLength(2);
  const done = spawnSync(
    "npm",
    [
      "run",
      "--silent",
      "forget",
      "--",
      "--customer",
      "jane.roe@example.com",
      "--rewrite-inbox",
      "--data-dir",
      data.root,
    ],
    { encoding: "utf8" },
  );
  expect(`${done.stdout}${done.stderr}`).toContain("without the person");
  expect(await filesWith(inbox, "jane.roe@example.com")).toEqual([]);
}, 120_000);
