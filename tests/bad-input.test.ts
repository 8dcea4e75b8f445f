// What a user does wrong, or what breaks: one clear message, nothing lost, an exit code that tells.
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { queryRows, withDuckDB } from "../shared/duckdb.ts";
import { runCommand, startCommand, startServer } from "./support/commands.ts";

const SHOPIFY_HEADER =
  "Name,Email,Created at,Total,Currency,Lineitem quantity,Lineitem name,Lineitem sku,Lineitem price\n";
const GOOD_ORDER = "#1,a@example.com,2026-01-02 10:00:00 +0100,10.00,EUR,1,Lamp,L-1,10.00\n";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "aftersight-bad-"));
  await mkdir(path.join(root, "inbox", "shopify"), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const pipeline = () => runCommand("etl/main.ts", ["--inbox", path.join(root, "inbox"), "--data-dir", root]);
const put = (name: string, content: string | Uint8Array) =>
  writeFile(path.join(root, "inbox", "shopify", name), content);

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const version = (await readFile(path.join(root, "published", "current"), "utf8")).trim();
  const file = path.join(root, "published", `${version}.duckdb`);
  return withDuckDB(file, { readOnly: true }, (connection) => queryRows(connection, sql));
}

test("an empty inbox is told, and nothing is published", async () => {
  const { code, output } = await pipeline();
  expect(code).not.toBe(0);
  expect(output).toMatch(/Error: .*inbox/i);
  expect(output).toMatch(/What to do:/);
  expect(await readdir(path.join(root, "published"))).not.toContain("current");
});

test("a file without a required column is refused by name with what is missing; the good file loads", async () => {
  await put("good.csv", SHOPIFY_HEADER + GOOD_ORDER);
  await put("bad.csv", "Name,Email\n#2,b@example.com\n");
  const { code, output } = await pipeline();
  expect(code, output).toBe(0);
  expect(output).toMatch(/bad\.csv/);
  expect(output).toMatch(/Created at/i);
  expect(await rows("select count(*)::int as n from orders")).toEqual([{ n: 1 }]);
});

test("a broken row is quarantined with file, row and reason; its neighbours load", async () => {
  await put("orders.csv", `${SHOPIFY_HEADER + GOOD_ORDER}#2,b@example.com,yesterday,10.00,EUR,1,Lamp,L-1,10.00\n`);
  const { code, output } = await pipeline();
  expect(code, output).toBe(0);
  expect(await rows("select order_id from orders")).toEqual([{ order_id: "1" }]);
  const quarantined = await rows("select path, row_no, reason, raw from quarantine where entity = 'orders'");
  expect(quarantined).toHaveLength(1);
  expect(quarantined[0]).toMatchObject({ path: "shopify/orders.csv", row_no: 2, reason: "bad_time" });
  expect(String(quarantined[0]?.raw)).toContain("yesterday");
});

test("an unreadable file is named; what was served before stays served", async () => {
  await put("good.csv", SHOPIFY_HEADER + GOOD_ORDER);
  expect((await pipeline()).code).toBe(0);
  await put("noise.csv", new Uint8Array([0xff, 0xfe, 0x00, 0xd8, 0x81, 0x8d, 0x8f, 0x00, 0x9d]));
  const { output } = await pipeline();
  expect(output).toMatch(/noise\.csv/);
  expect(await rows("select count(*)::int as n from orders")).toEqual([{ n: 1 }]);
});

test("a second pipeline at the same time ends with a message naming the first", async () => {
  await cp(path.join(inject("demoDataRoot"), "inbox", "shopify"), path.join(root, "inbox", "shopify"), {
    recursive: true,
  });
  const first = startCommand("etl/main.ts", ["--inbox", path.join(root, "inbox"), "--data-dir", root]);
  const firstDone = new Promise<number | null>((resolve) => first.on("exit", resolve));
  await new Promise<void>((resolve) => first.stdout?.once("data", () => resolve()));
  const second = await pipeline();
  expect(second.code).not.toBe(0);
  expect(second.output).toContain(String(first.pid));
  expect(await firstDone).toBe(0);
});

test("a busy port is told before anything is started", async () => {
  const occupant = net.createServer();
  const port = await new Promise<number>((resolve) => {
    occupant.listen(0, "127.0.0.1", () => resolve((occupant.address() as net.AddressInfo).port));
  });
  const { code, output } = await runCommand("scripts/start.mjs", ["--port", String(port), "--data-dir", root]);
  occupant.close();
  expect(code).toBe(1);
  expect(output).toContain(`Port ${port}`);
  expect(output).toMatch(/What to do:.*--port/);
});

test("a corrupt published version: the server starts with the one before and says so", async () => {
  await put("good.csv", SHOPIFY_HEADER + GOOD_ORDER);
  expect((await pipeline()).code).toBe(0);
  await put("more.csv", SHOPIFY_HEADER + GOOD_ORDER.replace("#1", "#2"));
  expect((await pipeline()).code).toBe(0);
  const current = (await readFile(path.join(root, "published", "current"), "utf8")).trim();
  await truncate(path.join(root, "published", `${current}.duckdb`), 5000);
  const server = await startServer(root);
  try {
    const cookie = (await fetch(server.url)).headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const status = (await (await fetch(`${server.url}/api/status`, { headers: { cookie } })).json()) as Record<
      string,
      string
    >;
    expect(status.versionName).not.toBe(current);
    expect(status.switchError).toContain(current);
  } finally {
    await server.stop();
  }
});

test("an unknown setting and a wrong option are named", async () => {
  await put("good.csv", SHOPIFY_HEADER + GOOD_ORDER);
  await writeFile(path.join(root, "inbox", "aftersight.yml"), "reporting_timezone: Europe/Berlin\n");
  const { code, output } = await pipeline();
  expect(code).not.toBe(0);
  expect(output).toContain("reporting_timezone");
  expect((await runCommand("scripts/start.mjs", ["--prot", "1"])).code).toBe(2);
});

test("detect never writes over what it reads, and says so before it works", async () => {
  const input = path.join(root, "series.csv");
  await writeFile(input, "series_id,date,count\na,2026-01-01,1\n");
  const { code, output } = await runCommand("detection/main.ts", ["--input", input, "--output", input]);
  expect(code).toBe(1);
  expect(output).toMatch(/same file/);
  expect(await readFile(input, "utf8")).toContain("a,2026-01-01,1");
});

test("a version of somebody's own exports is never replaced by the demo unasked", async () => {
  await put("good.csv", SHOPIFY_HEADER + GOOD_ORDER);
  const elsewhere = path.join(root, "exports");
  await cp(path.join(root, "inbox"), elsewhere, { recursive: true });
  await rm(path.join(root, "inbox"), { recursive: true });
  const first = await runCommand("etl/main.ts", ["--inbox", elsewhere, "--data-dir", root]);
  expect(first.code, first.output).toBe(0);
  const second = await runCommand("scripts/start.mjs", ["--no-serve", "--data-dir", root]);
  expect(second.code, second.output).toBe(0);
  expect(second.output).not.toMatch(/demo/i);
  expect(await rows("select order_id from orders")).toEqual([{ order_id: "1" }]);
});
