import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dataDirectory, type DataDirectory } from "../shared/data-directory.ts";
import { queryRows, withDuckDB } from "../shared/duckdb.ts";
import { rememberInbox } from "../shared/remembered-inbox.ts";
import { describeSummary } from "./runs/describe-summary.ts";
import { runPipeline, type PipelineResult } from "./pipeline.ts";
import type { Progress } from "./progress/progress.ts";

let folder: string;
let inbox: string;
let data: DataDirectory;
const told: Progress[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "pipeline-"));
  data = dataDirectory(path.join(folder, "data"));
  inbox = path.join(folder, "inbox");
  await mkdir(path.join(inbox, "shop"), { recursive: true });
  told.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const MAPPING = `
entity: orders
system: shop
files: "orders*.csv"
time_zone: Europe/Berlin
columns:
  order_id: Order
  ordered_at: Date
  total_amount: Total
  customer_ref: Mail
  currency: { constant: EUR }
`;

async function writeOrders(rows: number, file = "orders.csv", from = 1): Promise<void> {
  const lines = Array.from({ length: rows }, (_, index) => {
    const day = String((index % 28) + 1).padStart(2, "0");
    return `o${from + index},2025-05-${day} 10:00:00,${index}.50,p${index % 97}@example.com`;
  });
  await writeFile(path.join(inbox, "shop", file), `Order,Date,Total,Mail\n${lines.join("\n")}\n`);
  await writeFile(path.join(inbox, "shop", "orders.mapping.yml"), MAPPING);
}

const run = (options: { force?: boolean; acceptLosses?: boolean; now?: Date } = {}): Promise<PipelineResult> =>
  runPipeline({ inbox, data, report: (progress) => told.push(progress), ...options });

async function query<Row>(sql: string): Promise<Row[]> {
  const name = await readFile(path.join(data.published, "current"), "utf8");
  return withDuckDB(path.join(data.published, `${name}.duckdb`), { readOnly: true }, (connection) =>
    queryRows<Row>(connection, sql),
  );
}

const orderCount = async () => (await query<{ n: number }>("select count(*) as n from main.orders"))[0]?.n;

async function expectNoLeftovers(): Promise<void> {
  const kept = new Set(["pipeline.lock", "store.duckdb"]);
  expect((await readdir(data.work)).filter((name) => !kept.has(name))).toEqual([]);
  const strange = (await readdir(data.published)).filter(
    (name) => name !== "current" && !/^\d{8}T\d{9}Z\.duckdb$/.test(name),
  );
  expect(strange).toEqual([]);
}

describe("a run", () => {
  it("publishes, then has nothing to do, then builds again when a file changes or it is forced", async () => {
    await writeOrders(100);
    const first = await run();
    expect(first.status).toBe("published");
    expect(first.counts.find((count) => count.entity === "orders")?.rows).toBe(100);
    expect(await run()).toEqual({ status: "unchanged", versionName: first.versionName, counts: [] });
    await writeOrders(101);
    const second = await run();
    expect(second.status).toBe("published");
    expect(await orderCount()).toBe(101);
    const third = await run({ force: true, now: new Date("2020-01-01") });
    expect([first, second, third].map((result) => result.versionName)).toEqual(
      [first, second, third].map((result) => result.versionName).toSorted(),
    );
    await expectNoLeftovers();
  });

  it("that reads the same export twice has each row once", async () => {
    await writeOrders(50);
    await writeOrders(60, "orders-again.csv");
    const result = await run();
    expect(result.counts.find((count) => count.entity === "orders")).toMatchObject({ rows: 60, duplicates: 50 });
    expect(await orderCount()).toBe(60);
  });

  it("publishes no raw, no staging and nobody's address, and describes itself", async () => {
    await writeOrders(20);
    await writeFile(
      path.join(inbox, "shop", "orders-2.csv"),
      "Order,Date,Total,Mail\nx1,2025-05-01 10:00:00,1,jane.secret@example.com,Jane Secret\n",
    );
    await run({ now: new Date("2026-01-02T03:04:05.678Z") });
    const name = (await readFile(path.join(data.published, "current"), "utf8")).trim();
    const bytes = await readFile(path.join(data.published, `${name}.duckdb`));
    expect(bytes.includes("example.com")).toBe(false);
    expect(bytes.includes("Secret")).toBe(false);
    expect(await query("select distinct schema_name from duckdb_tables()")).toEqual([{ schema_name: "main" }]);
    expect(await query("select reason, row_no, raw from main.quarantine")).toEqual([
      { reason: "unreadable_row", row_no: 1, raw: "x9,9999-99-99 99:99:99,9,xxxx.xxxxxx@xxxxxxx.xxx,xxxx xxxxxx" },
    ]);
    expect(await query("select version, version_name, built_at, is_demo, data_complete_to from main.snapshot")).toEqual(
      [
        {
          version: Date.parse("2026-01-02T03:04:05.678Z"),
          version_name: "20260102T030405678Z",
          built_at: "2026-01-02T03:04:05.678",
          is_demo: false,
          data_complete_to: "2025-05-20T08:00:00",
        },
      ],
    );
  });

  it("keeps the last five versions", async () => {
    await writeOrders(5);
    const names: string[] = [];
    for (let count = 0; count < 7; count += 1) names.push((await run({ force: true })).versionName);
    const files = (await readdir(data.published)).filter((name) => name.endsWith(".duckdb"));
    expect(files).toEqual(names.slice(-5).map((name) => `${name}.duckdb`));
  });
});

describe("a run over a damaged data folder", () => {
  it("builds anew when the served file cannot be read", async () => {
    await writeOrders(20);
    const { versionName } = await run();
    await writeFile(path.join(data.published, `${versionName}.duckdb`), "no database");
    const next = await run();
    expect(next.status).toBe("published");
    expect(await orderCount()).toBe(20);
    expect(told).toContainEqual({ stage: "warning", message: expect.stringContaining("cannot be read and is built") });
  });

  it("warns that customers get new hashes when the key is gone", async () => {
    await writeOrders(5);
    await run();
    expect(told.filter((progress) => progress.stage === "warning")).toEqual([]);
    await rm(path.join(data.state, "secrets.json"));
    await run();
    expect(told).toContainEqual({
      stage: "warning",
      message: expect.stringMatching(/secrets\.json is missing.*new hash/),
    });
  });

  it("lets nobody else read what it writes", async () => {
    await mkdir(data.published, { recursive: true, mode: 0o755 });
    await writeOrders(5);
    const { versionName } = await run();
    const mode = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
    for (const each of [data.inbox, data.work, data.published, data.state]) expect(await mode(each)).toBe("700");
    expect(await mode(path.join(data.published, `${versionName}.duckdb`))).toBe("600");
    expect(await mode(path.join(data.published, "current"))).toBe("600");
  });
});

describe("losses", () => {
  const served = async () => readFile(path.join(data.published, "current"), "utf8");
  const ruin = async (rows: number, bad: number) => {
    await writeOrders(rows);
    const file = path.join(inbox, "shop", "orders.csv");
    let left = bad;
    const text = (await readFile(file, "utf8")).replaceAll(/2025-05-\d\d [\d:]+/g, (day) =>
      left-- > 0 ? "sometime" : day,
    );
    await writeFile(file, text);
  };

  it("of most rows stop the run before anything is published, and can be accepted", async () => {
    await writeOrders(500);
    const { versionName } = await run();
    await ruin(500, 500);
    const attempt = run();
    await expect(attempt).rejects.toThrow(
      /shop orders: 500 rows served, 0 now; 500 of 500 rows read were refused: bad_time in ordered_at ×500, e\.g\. shop\/orders\.csv:1 ordered_at/,
    );
    await expect(attempt).rejects.toMatchObject({
      state: `Version ${versionName} stays served.`,
      advice: expect.stringContaining("--accept-losses"),
    });
    expect(await served()).toBe(versionName);
    expect((await run({ acceptLosses: true })).status).toBe("published");
    expect(await orderCount()).toBe(0);
  });

  it("of most served rows stop it too, unless they are of another inbox", async () => {
    await writeOrders(100);
    await run();
    await writeOrders(49);
    await expect(run()).rejects.toThrow(/shop orders: 100 rows served, 49 now; 0 of 49 rows read were refused/);
    await rm(path.join(inbox, "shop", "orders.csv"));
    await writeFile(path.join(inbox, "shop", "orders-new.csv"), "Oder;Date\n1;2\n");
    await writeFile(path.join(inbox, "shop", "orders-2.csv"), "Order,Date,Total,Mail\nx,2025-05-01,1,a\n");
    await expect(run()).rejects.toThrow(/100 rows served, 1 now.*orders-new\.csv has no column "Order", only one/);
    await rememberInbox(data, path.join(folder, "elsewhere"));
    expect((await run()).status).toBe("published");
  });

  it("of fewer rows are told with counts and places", async () => {
    await writeOrders(100);
    await run();
    await ruin(90, 7);
    const orders = path.join(inbox, "shop", "orders.csv");
    const text = (await readFile(orders, "utf8")).replace(/,80\.50,/, ",free,");
    await writeFile(orders, `${text}o90,2025-05-01 10:00:00,1,a,b,c\n`);
    await writeFile(path.join(inbox, "stray.csv"), "a\n1\n");
    await writeFile(path.join(inbox, "README.md"), "hello");
    const { summary } = await run();
    if (!summary) throw new Error("no summary");
    expect(summary.entities).toEqual([
      {
        system: "shop",
        entity: "orders",
        rowsIn: 91,
        accepted: 83,
        duplicates: 0,
        refused: 8,
        servedRows: 100,
        reasons: [
          {
            reason: "bad_time",
            column: "ordered_at",
            count: 7,
            isRowRefused: true,
            example: "shop/orders.csv:1 ordered_at",
          },
          {
            reason: "bad_number",
            column: "total_amount",
            count: 1,
            isRowRefused: false,
            example: "shop/orders.csv:81 total_amount",
          },
          { reason: "unreadable_row", column: null, count: 1, isRowRefused: true, example: "shop/orders.csv:91" },
        ],
      },
    ]);
    expect(summary.missingRates).toEqual([{ currency: "EUR", amounts: 82 }]);
    expect(describeSummary(summary, "x.duckdb").join("\n")).toMatch(
      /91 rows in, 83 accepted \(the version before has 100\).*\n.*bad_time in ordered_at: 7 rows.*\n.*bad_number in total_amount: 1 values left empty[^]*files left out: 1\n {4}stray\.csv[^]*no exchange rate for EUR: 82 amounts/,
    );
    expect(await query("select path, status, rows_read, rows_refused from main.file_loads order by path")).toEqual([
      { path: "README.md", status: "ignored", rows_read: 0, rows_refused: 0 },
      { path: "shop/orders.csv", status: "loaded", rows_read: 91, rows_refused: 1 },
      { path: "stray.csv", status: "ignored", rows_read: 0, rows_refused: 0 },
    ]);
  });

  it("without any are one line", async () => {
    await writeOrders(10);
    await writeFile(path.join(inbox, "aftersight.yml"), "exchange_rates: { EUR: 1.1 }\n");
    const { summary } = await run();
    expect(summary && describeSummary(summary, "x")).toEqual(["Nothing was lost: 10 rows from 1 files."]);
  });
});

describe("a run that cannot go on", () => {
  it("says what is missing when the inbox is empty or not there", async () => {
    await expect(run()).rejects.toThrow(/holds no export files/);
    await rm(inbox, { recursive: true });
    await expect(run()).rejects.toThrow(/There is no inbox at/);
  });

  it("refuses a file without its columns, lists one nobody claims, and loads the rest", async () => {
    await writeOrders(5);
    await mkdir(path.join(inbox, "shopify"));
    await writeFile(path.join(inbox, "shopify", "orders.csv"), "Foo,Bar\n1,2\n");
    await writeFile(path.join(inbox, "stray.csv"), "a\n1\n");
    await run();
    const messages = told.map((progress) => progress.message);
    expect(messages).toContainEqual(
      expect.stringMatching(/^shopify\/orders.csv was refused: it lacks the required column.*found: Foo, Bar/),
    );
    expect(messages).toContainEqual(expect.stringMatching(/^stray.csv was left out/));
  });

  it("fails with the list of reasons when no file could be loaded, and keeps what is served", async () => {
    await writeOrders(5);
    const { versionName } = await run();
    await writeFile(path.join(inbox, "shop", "orders.csv"), Buffer.from([0x4f, 0xff, 0x0a]));
    await expect(run()).rejects.toThrow(/None of the files.*\n.*orders.csv is not UTF-8/);
    expect(await readFile(path.join(data.published, "current"), "utf8")).toBe(versionName);
    await expectNoLeftovers();
  });

  it("names the key of a wrong setting", async () => {
    await writeOrders(5);
    await writeFile(path.join(inbox, "aftersight.yml"), "reporting_timezone: Europe/Berlin\n");
    await expect(run()).rejects.toThrow(/aftersight.yml.*reporting_timezone/);
    await writeFile(path.join(inbox, "aftersight.yml"), "reporting_time_zone: Berlin\nexchange_rates: {eur: 1}\n");
    await expect(run()).rejects.toThrow(
      /reporting_time_zone is not an IANA.*exchange_rates\.eur: the key must be an ISO 4217/,
    );
  });
});

const MAIN = path.resolve("etl/main.ts");
const command = (...more: string[]) =>
  spawn(process.execPath, [
    "--import",
    "tsx",
    MAIN,
    "--inbox",
    inbox,
    "--data-dir",
    data.root,
    "--json-progress",
    ...more,
  ]);

/** Waits until it holds the lock and has begun; fails when it ends before. */
async function firstWord(child: ReturnType<typeof command>): Promise<void> {
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`ended early with ${String(code)}`)));
  ended.catch(() => undefined);
  await Promise.race([once(child.stdout, "data"), ended]);
}

describe("a run as a process", () => {
  it("remembers its inbox, and tells each source in one line", { timeout: 120_000 }, async () => {
    await writeOrders(30);
    await writeOrders(30, "orders-2.csv", 100);
    const say = async (...more: string[]) => {
      const child = spawn(process.execPath, ["--import", "tsx", MAIN, "--data-dir", data.root, ...more]);
      let said = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += String(chunk)));
      const [code] = (await once(child, "close")) as [number];
      return { code, said };
    };
    const first = await say("--inbox", inbox);
    expect(first).toMatchObject({ code: 0 });
    expect(first.said).toMatch(/load {5}shop\/orders\.mapping\.yml: 2 files → orders 60 rows in \d/);
    expect(first.said).not.toContain("orders-2.csv →");
    expect(first.said).toMatch(/60 rows from 2 files[^]*no exchange rate for EUR: 60 amounts[^]*\nPublished/);
    const settings = path.join(data.state, "settings.json");
    expect(JSON.parse(await readFile(settings, "utf8"))).toEqual({ inbox, servedInbox: inbox });
    expect((await say()).said).toContain("Unchanged");
    expect((await say("--force", "--verbose")).said).toContain("shop/orders-2.csv → orders: 30 rows");
    await writeOrders(5, "orders.csv");
    await rm(path.join(inbox, "shop", "orders-2.csv"));
    const stopped = await say("--json-progress");
    expect(stopped.code).toBe(1);
    const last = stopped.said.split("\n").findLast((line) => line.startsWith('{"status"'));
    expect(JSON.parse(last ?? "")).toMatchObject({
      status: "failed",
      summary: { entities: [{ entity: "orders", accepted: 5, servedRows: 60 }] },
    });
    expect((await say("--accept-losses")).said).toContain("Published");
  });

  it(
    "killed at any moment leaves the served version whole, and the next run succeeds without leftovers",
    { timeout: 240_000 },
    async () => {
      await writeOrders(20_000);
      const started = performance.now();
      await once(command(), "exit");
      const duration = performance.now() - started;
      const before = await readFile(path.join(data.published, "current"), "utf8");
      for (const share of [0.35, 0.55, 0.7, 0.8, 0.9, 0.97]) {
        const child = command("--force");
        setTimeout(() => child.kill("SIGKILL"), duration * share);
        await once(child, "exit");
        expect(await orderCount()).toBe(20_000);
      }
      await writeOrders(20_001);
      const result = await run();
      expect(result.versionName > before).toBe(true);
      expect(await orderCount()).toBe(20_001);
      await expectNoLeftovers();
    },
  );

  it("ended by a signal removes its working file and says so", { timeout: 120_000 }, async () => {
    await writeOrders(200_000);
    const child = command();
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    await firstWord(child);
    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(143);
    expect(errors).toContain("The run was interrupted");
    await expectNoLeftovers();
  });

  it("started while another runs ends with that one's number; the other goes on", { timeout: 120_000 }, async () => {
    await writeOrders(20_000);
    const first = command();
    await firstWord(first);
    const second = command();
    let errors = "";
    second.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(second, "exit")) as [number];
    expect(code).toBe(1);
    expect(errors).toMatch(new RegExp(`Another pipeline is at work.*process ${first.pid}`));
    const [firstCode] = first.exitCode === null ? ((await once(first, "exit")) as [number]) : [first.exitCode];
    expect(firstCode).toBe(0);
    expect(await orderCount()).toBe(20_000);
  });

  it("on a full disk says so and changes nothing", { timeout: 120_000 }, async (test) => {
    const disk = path.join(folder, "small");
    await mkdir(disk);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", disk]);
    if (mounted.status !== 0) {
      test.skip(`a small tmpfs cannot be mounted here: ${String(mounted.stderr ?? mounted.error)}`);
      return;
    }
    try {
      data = dataDirectory(path.join(disk, "data"));
      await writeOrders(100);
      const { versionName } = await run();
      const size = async () => (await stat(path.join(data.published, `${versionName}.duckdb`))).size;
      const sizeBefore = await size();
      await writeOrders(400_000);
      await expect(run()).rejects.toThrow("The disk is full.");
      expect(await readFile(path.join(data.published, "current"), "utf8")).toBe(versionName);
      expect(await size()).toBe(sizeBefore);
      expect(await orderCount()).toBe(100);
      await expectNoLeftovers();
      await writeOrders(101);
      expect((await run()).status).toBe("published");
    } finally {
      spawnSync("umount", [disk]);
    }
  });
});
