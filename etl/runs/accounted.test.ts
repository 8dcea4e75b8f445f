// Real runs over real files: every row that comes in is told of once, whatever became of it.
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dataDirectory, type DataDirectory } from "../../shared/data-directory.ts";
import { runPipeline } from "../pipeline.ts";
import { readFileLoads, readRuns } from "./run-log.ts";
import { reportRun } from "./run-report.ts";
import { rowsTold, type PipelineRun, type RowTally, type StoredFileLoad } from "./run-record.ts";

const MAPPING = `
entity: orders
system: shop
files: "orders*.csv"
time_zone: UTC
columns: { order_id: Order, ordered_at: Date, total_amount: Total, updated_at: Changed, currency: { constant: USD } }
`;

let root: string;
let inbox: string;
let data: DataDirectory;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "accounted-"));
  data = dataDirectory(path.join(root, "data"));
  inbox = path.join(root, "inbox");
  await mkdir(path.join(inbox, "shop"), { recursive: true });
  await writeFile(path.join(inbox, "shop", "orders.mapping.yml"), MAPPING);
});
afterEach(() => rm(root, { recursive: true, force: true }));

interface Row {
  readonly id: string;
  readonly date?: string;
  readonly total?: string;
  readonly changed?: string;
}

let changes = 0;
async function exportOrders(name: string, rows: readonly Row[]): Promise<void> {
  const line = ({ id, date = "2026-05-01 10:00:00", total = "9.50", changed = "2026-05-02 00:00:00" }: Row) =>
    [id, date, total, changed].join(",");
  const file = path.join(inbox, "shop", name);
  await writeFile(file, `Order,Date,Total,Changed\n${rows.map(line).join("\n")}\n`);
  changes += 1;
  const at = new Date(Date.UTC(2026, 5, 1) + changes * 60_000);
  await utimes(file, at, at);
}

const orders = (from: number, count: number, more: Omit<Row, "id"> = {}): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: `o${from + index}`, ...more }));

/** Runs the pipeline; what the run log has of it. Fails when rows are missing in any tally. */
async function account(): Promise<{ run: PipelineRun; files: Map<string, StoredFileLoad> }> {
  await runPipeline({ inbox, data, report: () => undefined, acceptLosses: true });
  const run = (await readRuns(data)).at(-1);
  if (!run?.rows) throw new Error("the run is not on record");
  const files = (await readFileLoads(data)).filter((file) => file.runId === run.runId);
  for (const tally of [run.rows, ...files, ...(run.entities ?? [])]) {
    expect(rowsTold(tally)).toBe(tally.rowsIn);
    const reasons = Object.values(tally.reasons).reduce((sum, rows) => sum + rows, 0);
    expect(reasons).toBe(tally.quarantined + tally.ignored);
  }
  expect(run.notices?.filter((notice) => notice.kind === "unaccounted")).toEqual([]);
  return { run, files: new Map(files.map((file) => [file.path, file])) };
}

const counts = (tally: RowTally | undefined) =>
  tally && {
    in: tally.rowsIn,
    new: tally.accepted,
    updated: tally.updated,
    unchanged: tally.unchanged,
    quarantined: tally.quarantined,
    ignored: tally.ignored,
  };
const NONE = { new: 0, updated: 0, unchanged: 0, quarantined: 0, ignored: 0 };

describe("what came in is what is told", { timeout: 120_000 }, () => {
  it("of a first load with bad rows, copies and files nobody reads", async () => {
    await exportOrders("orders-1.csv", [
      ...orders(0, 50),
      { id: "x1", date: "yesterday" },
      { id: "x2", date: "2026-13-45 10:00:00" },
      { id: "", date: "2026-05-01 10:00:00" },
      // A value nobody can read does not cost the row.
      { id: "o50", total: "many" },
    ]);
    // Ten of them again, as they are.
    await exportOrders("orders-2.csv", orders(45, 15));
    await writeFile(path.join(inbox, "letter.pdf"), "%PDF-1.4");
    const { run, files } = await account();
    expect(run).toMatchObject({ outcome: "published", trigger: "command", files: { listed: 4, loaded: 2 } });
    const [first, second] = [files.get("shop/orders-1.csv"), files.get("shop/orders-2.csv")];
    expect(first).toMatchObject({ rowsIn: 54, quarantined: 3, updated: 0, unchanged: 0 });
    expect(second).toMatchObject({ rowsIn: 15, quarantined: 0 });
    expect((first?.accepted ?? 0) + (second?.accepted ?? 0)).toBe(60);
    expect((first?.ignored ?? 0) + (second?.ignored ?? 0)).toBe(6);
    expect(files.get("letter.pdf")).toMatchObject({ status: "ignored", rowsIn: 0 });
    expect(run.stages).toMatchObject({
      load: expect.any(Number),
      build: expect.any(Number),
      publish: expect.any(Number),
    });
    expect(run.seconds).toBeGreaterThan(0);
  });

  it("of a day's news: new, updated, unchanged, older and bad rows", async () => {
    await exportOrders("orders-1.csv", orders(0, 50));
    await account();
    await exportOrders("orders-2.csv", [
      ...orders(50, 4),
      ...orders(0, 3, { total: "1.00", changed: "2026-05-03 00:00:00" }),
      ...orders(10, 2, { total: "1.00", changed: "2026-05-01 00:00:00" }),
      ...orders(20, 5),
      { id: "x1", date: "yesterday" },
    ]);
    const { run, files } = await account();
    expect([...files.keys()].filter((name) => name.endsWith(".csv"))).toEqual(["shop/orders-2.csv"]);
    const expected = { in: 15, new: 4, updated: 3, unchanged: 5, quarantined: 1, ignored: 2 };
    expect(counts(files.get("shop/orders-2.csv"))).toEqual(expected);
    const entity = run.entities?.find((each) => each.entity === "orders");
    expect(counts(entity)).toEqual(expected);
    const text = await reportRun(data, { back: 1, isJson: false, isVerbose: false });
    expect(text).toMatch(/shop\/orders-2\.csv .* 15 +4 +3 +5 +1 +2/);
    expect(text).toContain("1 loaded, 0 refused, 0 ignored, 2 not read again");
  });

  it("of the same export under another name: nothing changes", async () => {
    await exportOrders("orders-1.csv", orders(0, 40));
    await account();
    await exportOrders("orders-again.csv", orders(0, 40));
    const { files } = await account();
    expect(counts(files.get("shop/orders-again.csv"))).toEqual({ ...NONE, in: 40, unchanged: 40 });
  });

  it("of a run that fails", async () => {
    await exportOrders("orders-1.csv", orders(0, 40));
    await account();
    await writeFile(path.join(inbox, "aftersight.yml"), "reporting_time_zone: Berlin\n");
    await expect(account()).rejects.toThrow("reporting_time_zone");
    expect(await readRuns(data)).toMatchObject([
      { outcome: "published" },
      { outcome: "failed", error: expect.stringContaining("reporting_time_zone is not an IANA") },
    ]);
  });
});

it("a header that changes is told with the file that brings it", { timeout: 120_000 }, async () => {
  await exportOrders("orders-1.csv", orders(0, 40));
  expect((await account()).run.headers).toMatchObject([{ columns: ["Order", "Date", "Total", "Changed"] }]);
  await writeFile(
    path.join(inbox, "shop", "orders-2.csv"),
    "Order,Date,Total,Gift,Changed\no90,2026-05-01 10:00:00,1.00,yes,2026-05-02 00:00:00\n",
  );
  const { run } = await account();
  expect(run.notices).toMatchObject([{ kind: "new_columns", columns: ["Gift"], path: "shop/orders-2.csv" }]);
});
