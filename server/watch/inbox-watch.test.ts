// The watched inbox as a seller meets it: the real server, the real pipeline in its own process, files that arrive as files do.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dataDirectory, type DataDirectory } from "../../shared/data-directory.ts";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import { startServer, type RunningServer } from "../../tests/support/commands.ts";
import type { ServerStatus } from "../status-routes.ts";

const MAPPING = `
entity: orders
system: shop
files: "orders*.csv"
time_zone: UTC
columns: { order_id: Order, ordered_at: Date, total_amount: Total, customer_ref: Mail, currency: { constant: USD } }
`;
const PATIENCE_MS = 120_000;

let root: string;
let inbox: string;
let data: DataDirectory;
let server: RunningServer;
let cookie: string;

const shop = (name: string) => path.join(inbox, "shop", name);

function orders(from: number, rows: number): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const id = from + index;
    return `o${id},2026-05-${String((id % 28) + 1).padStart(2, "0")} 10:00:00,${id % 90}.50,p${id % 997}@example.com\n`;
  });
  return lines.join("");
}
const HEADER = "Order,Date,Total,Mail\n";

async function start(): Promise<void> {
  server = await startServer(data.root, "--watch", inbox);
  cookie = (await fetch(server.url)).headers.get("set-cookie")?.split(";")[0] ?? "";
}

async function status(): Promise<ServerStatus> {
  const response = await fetch(`${server.url}/api/status`, { headers: { cookie } });
  if (response.status !== 200) throw new Error(`status ${response.status}: ${await response.text()}`);
  return (await response.json()) as ServerStatus;
}

async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  for (const began = Date.now(); Date.now() - began < PATIENCE_MS; await sleep(100)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`${what} did not come; the server said:\n${server.output()}`);
}

const running = () => until("a run", async () => (await status()).pipeline?.state === "running");
const served = async () => (await status()).versionName;
const runsSoFar = () => server.output().split("Running the pipeline").length - 1;

/** The server serves a version with this many orders. */
async function servedOrders(count: number): Promise<void> {
  await until(`a version with ${count} orders`, async () => {
    const { versionName, pipeline } = await status();
    if (pipeline?.state === "running") return false;
    const file = path.join(data.published, `${versionName}.duckdb`);
    const rows = await withDuckDB(file, { readOnly: true }, (connection) =>
      queryRows<{ n: number }>(connection, "select count(*) as n from main.orders"),
    );
    return rows[0]?.n === count;
  });
}

async function lockOwner(): Promise<number> {
  return (JSON.parse(await readFile(path.join(data.work, "pipeline.lock.json"), "utf8")) as { pid: number }).pid;
}

/** In the pipeline's own folder; the server keeps a spill folder there as well. */
async function leftovers(): Promise<string[]> {
  const names = await readdir(data.work);
  const published = (await readdir(data.published)).filter((name) => /\.tmp/.test(name));
  return [...names.filter((name) => /^run|^spill|^records|\.tmp/.test(name)), ...published];
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "watch-"));
  data = dataDirectory(path.join(root, "data"));
  inbox = path.join(root, "inbox");
  await mkdir(path.join(inbox, "shop"), { recursive: true });
  await writeFile(shop("orders.mapping.yml"), MAPPING);
  await writeFile(shop("orders.csv"), HEADER + orders(0, 1000));
  // The first look finds an inbox that nobody has read.
  server = await startServer(data.root, "--watch", inbox);
  await until("the first version", async () => (await fetch(`${server.url}/readyz`)).ok);
  cookie = (await fetch(server.url)).headers.get("set-cookie")?.split(";")[0] ?? "";
  await servedOrders(1000);
});
afterAll(async () => {
  await server.stop();
  await rm(root, { recursive: true, force: true });
});

describe("a file that arrives while the server runs", { timeout: 300_000 }, () => {
  it("in parts is read once, when it is whole", async () => {
    const before = runsSoFar();
    await writeFile(shop("orders-parts.csv"), HEADER);
    for (let part = 0; part < 12; part += 1) {
      const rows = orders(1000 + part * 10, 10);
      // Cut within a row: read too early it would be a broken one.
      await appendFile(shop("orders-parts.csv"), rows.slice(0, -20));
      await sleep(400);
      await appendFile(shop("orders-parts.csv"), rows.slice(-20));
    }
    await servedOrders(1120);
    expect(runsSoFar() - before).toBe(1);
    expect(server.output()).toContain("Inbox: 1 new (shop/orders-parts.csv). Running the pipeline ...");
  });

  it("under another name is left alone until it gets its own", async () => {
    const before = runsSoFar();
    await writeFile(shop("orders-late.csv.crdownload"), HEADER + orders(1120, 5));
    await writeFile(shop(".orders-hidden.csv"), HEADER + orders(5000, 5));
    await writeFile(shop("~$orders.csv"), "x");
    await sleep(6000);
    expect(runsSoFar()).toBe(before);
    await appendFile(shop("orders-late.csv.crdownload"), orders(1125, 5));
    await rename(shop("orders-late.csv.crdownload"), shop("orders-late.csv"));
    const renamedAt = Date.now();
    await running();
    expect(Date.now() - renamedAt).toBeLessThan(20_000);
    await servedOrders(1130);
    expect(runsSoFar()).toBe(before + 1);
  });

  it("is loaded while the server goes on answering, with less priority than it, and the run is told", async () => {
    const versionBefore = await served();
    const stages = new Set<string>();
    const slowest = { ms: 0 };
    let answers = 0;
    await writeFile(shop("orders-big.csv"), HEADER + orders(2000, 40_000));
    await running();
    const pid = await until("the lock", async () => lockOwner().catch(() => undefined));
    expect(await priorities(pid)).toEqual([os.constants.priority.PRIORITY_BELOW_NORMAL]);
    let startedAt = "";
    await until("the end of the run", async () => {
      const began = performance.now();
      const { pipeline, versionName } = await status();
      slowest.ms = Math.max(slowest.ms, performance.now() - began);
      answers += 1;
      if (pipeline?.stage) stages.add(pipeline.stage);
      if (pipeline?.state === "running") {
        startedAt = pipeline.startedAt ?? "";
        return false;
      }
      return versionName !== versionBefore;
    });
    expect(Date.now() - Date.parse(startedAt)).toBeGreaterThan(0);
    expect(answers).toBeGreaterThan(5);
    expect(slowest.ms).toBeLessThan(3000);
    expect([...stages]).toEqual(expect.arrayContaining(["extract", "load"]));
    const { pipeline, versionName, switchError } = await status();
    expect(switchError).toBeNull();
    expect(pipeline).toMatchObject({
      state: "idle",
      startedAt: null,
      stage: null,
      lastRun: { outcome: "published", versionName, error: null },
    });
    expect(server.output()).toContain(`Pipeline: published version ${versionName}`);
  });

  it("waits for another pipeline that is at work, and says for which", async () => {
    const holder = spawn(process.execPath, [
      "--import",
      "tsx",
      "--input-type=module",
      "-e",
      `const { withPipelineLock } = await import(process.argv[1]);
       await withPipelineLock(process.argv[2], async () => {
         process.stdout.write("held");
         await new Promise((resolve) => process.stdin.once("end", resolve).resume());
       });`,
      path.resolve("etl/lock.ts"),
      data.work,
    ]);
    try {
      await once(holder.stdout, "data");
      await writeFile(shop("orders-2.csv"), HEADER + orders(200_000, 10));
      await until("the wait", async () =>
        (await status()).pipeline?.message?.includes(`process ${holder.pid}, running`),
      );
      expect((await status()).pipeline?.state).toBe("running");
    } finally {
      holder.stdin.end();
    }
    await servedOrders(41_140);
  });
});

describe("a run that fails", { timeout: 300_000 }, () => {
  it("killed is told, and not tried again before something changes", async () => {
    const before = await served();
    await writeFile(shop("orders-3.csv"), HEADER + orders(300_000, 10));
    await running();
    process.kill(await until("the lock", async () => lockOwner().catch(() => undefined)), "SIGKILL");
    const { pipeline } = await until("the failure", async () => {
      const now = await status();
      return now.pipeline?.state === "failed" && now;
    });
    expect(pipeline?.message).toContain("SIGKILL");
    const runs = runsSoFar();
    await sleep(6000);
    expect(runsSoFar()).toBe(runs);
    expect(await served()).toBe(before);
    await writeFile(shop("orders-4.csv"), HEADER + orders(400_000, 10));
    await servedOrders(41_160);
    expect((await status()).pipeline?.state).toBe("idle");
    expect(await leftovers()).toEqual([]);
  });

  it("over a bad setting is told in the run's own words, and over once the setting is mended", async () => {
    const settings = path.join(inbox, "aftersight.yml");
    await writeFile(settings, "reporting_time_zone: Berlin\n");
    const { pipeline } = await until("the failure", async () => {
      const now = await status();
      return now.pipeline?.state === "failed" && now;
    });
    expect(pipeline?.message).toContain("reporting_time_zone is not an IANA");
    expect(server.output()).toContain("the next change is tried again");
    await writeFile(settings, "reporting_time_zone: Europe/Berlin\n");
    await until("the next version", async () => (await status()).reportingTimeZone === "Europe/Berlin");
  });
});

describe("a server that ends during a run", { timeout: 300_000 }, () => {
  it.each(["SIGTERM", "SIGKILL"] as const)("by %s ends the run too, and nothing is left behind", async (signal) => {
    const before = await served();
    await writeFile(shop(`orders-${signal}.csv`), HEADER + orders(500_000, 40_000));
    await running();
    const pid = await until("the lock", async () => lockOwner().catch(() => undefined));
    expect(isAlive(pid)).toBe(true);
    server.child.removeAllListeners("exit");
    const exit = once(server.child, "exit") as Promise<[number | null]>;
    server.child.kill(signal);
    const [code] = await exit;
    expect(code).toBe(signal === "SIGTERM" ? 0 : null);
    // Asked to end, the server waits for the run to end; killed, it cannot, and the run notices by itself.
    expect(signal === "SIGTERM" && isAlive(pid)).toBe(false);
    for (const began = Date.now(); isAlive(pid) && Date.now() - began < 30_000;) await sleep(100);
    expect(isAlive(pid)).toBe(false);
    expect(await leftovers()).toEqual([]);
    expect(await readFile(path.join(data.published, "current"), "utf8")).toBe(before);
    await rm(shop(`orders-${signal}.csv`));
    await start();
  });
});

/** Of the process; where the system tells, of each of its threads. */
async function priorities(pid: number): Promise<number[]> {
  if (process.platform !== "linux") return [os.getPriority(pid)];
  const tasks = await readdir(`/proc/${pid}/task`);
  const stats = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/stat`, "utf8").catch(() => "")),
  );
  // Field 19; the name in field 2 may hold spaces.
  const nice = (stat: string) => Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
  return [...new Set(stats.filter(Boolean).map(nice))];
}
