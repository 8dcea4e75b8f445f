// `npm start` with somebody's own exports: what arrives later is loaded by itself, unless --no-watch says not to.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../shared/free-port.ts";
import { startCommand } from "./support/commands.ts";

const MAPPING = `
entity: orders
system: shop
files: "orders*.csv"
time_zone: UTC
columns: { order_id: Order, ordered_at: Date, total_amount: Total, currency: { constant: USD } }
`;

let root: string;
let child: ChildProcess;
let output: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "start-watch-"));
  await mkdir(path.join(root, "inbox", "shop"), { recursive: true });
  await writeFile(path.join(root, "inbox", "shop", "orders.mapping.yml"), MAPPING);
  await addOrder("orders-1.csv");
});
afterEach(async () => {
  child.kill("SIGKILL");
  await rm(root, { recursive: true, force: true });
});

const addOrder = (name: string) =>
  writeFile(path.join(root, "inbox", "shop", name), `Order,Date,Total\n${name},2026-05-01 10:00:00,1.50\n`);

async function start(...more: string[]): Promise<void> {
  const where = ["--inbox", path.join(root, "inbox"), "--data-dir", path.join(root, "data")];
  child = startCommand("scripts/start.mjs", [...where, "--port", String(await freePort()), ...more]);
  output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  await said("Open it in a browser");
}

async function said(words: string): Promise<void> {
  for (const began = Date.now(); !output.includes(words); await sleep(50)) {
    if (child.exitCode !== null || Date.now() - began > 120_000) throw new Error(`"${words}" was not said:\n${output}`);
  }
}

/** As Ctrl-C does it, once; resolves to the exit code. */
async function stop(): Promise<number | null> {
  const exit = once(child, "exit") as Promise<[number | null]>;
  child.kill("SIGINT");
  return (await exit)[0];
}

test("what arrives is loaded, what was loaded before is not loaded again, and Ctrl-C ends it cleanly", async () => {
  await start();
  await sleep(6000);
  expect(output).not.toContain("Running the pipeline");
  await addOrder("orders-2.csv");
  const arrivedAt = Date.now();
  await said("Inbox: 1 new (shop/orders-2.csv). Running the pipeline");
  expect(Date.now() - arrivedAt).toBeLessThan(20_000);
  await said("Pipeline: published version");
  await said("Serving version");
  await addOrder("orders-3.csv");
  await said("shop/orders-3.csv");
  expect(await stop()).toBe(0);
  const left = (await readdir(path.join(root, "data", "work"))).filter((name) => /^run|^raw|^spill|tmp/.test(name));
  expect(left).toEqual([]);
});

test("with --no-watch nothing is loaded by itself", async () => {
  await start("--no-watch");
  await addOrder("orders-2.csv");
  await sleep(8000);
  expect(output).not.toMatch(/Watching|Running the pipeline/);
  expect(await stop()).toBe(0);
});
