import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dataDirectory, ensureDataDirectory, type DataDirectory } from "../../shared/data-directory.ts";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import type { Progress } from "../progress/progress.ts";
import { inboxSignature } from "./inbox-signature.ts";
import { startRun, type RunAccount } from "./run-account.ts";
import { fileLoadsFile, readFileLoads, readRuns, runsFile } from "./run-log.ts";
import { reportRun } from "./run-report.ts";
import type { FileLoad, PipelineRun } from "./run-record.ts";

let root: string;
let data: DataDirectory;
const told: Progress[] = [];
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "run-account-"));
  data = await ensureDataDirectory(dataDirectory(path.join(root, "data")));
  told.length = 0;
});
afterEach(() => rm(root, { recursive: true, force: true }));

const begin = (now?: () => Date): Promise<RunAccount> =>
  startRun(data, {
    inbox: "/exports",
    trigger: "command",
    report: (progress) => told.push(progress),
    ...(now && { now }),
  });

const COLUMNS = ["Order ID", "Date", "Reason"];

const file = (name: string, rows: number, more: Partial<FileLoad> = {}): FileLoad => ({
  path: `shop/${name}`,
  system: "shop",
  feed: "returns",
  status: "loaded",
  bytes: rows * 10,
  modifiedAtMs: 1_780_000_000_000,
  encoding: "utf-8",
  columns: COLUMNS,
  message: null,
  rowsIn: rows,
  accepted: rows,
  updated: 0,
  unchanged: 0,
  quarantined: 0,
  ignored: 0,
  reasons: {},
  ...more,
});

async function publishedRun(...files: FileLoad[]): Promise<PipelineRun> {
  const account = await begin();
  for (const each of files) account.addFile(each);
  return account.finish({ outcome: "published", versionName: "20260101T000000000Z" });
}

describe("the account of a run", () => {
  it("keeps files, rows, stages and outcome", async () => {
    const listed = [
      { path: "shop/a.csv", absolute: "/exports/shop/a.csv", bytes: 1000, modifiedAtMs: 5 },
      { path: "shop/b.csv.part", absolute: "/exports/shop/b.csv.part", bytes: 1, modifiedAtMs: 6 },
    ];
    const account = await begin();
    expect((await readRuns(data)).map((run) => run.outcome)).toEqual(["running"]);
    account.listed(listed);
    account.report({ stage: "load", message: "one" });
    const tally = { rowsIn: 103, accepted: 90, updated: 4, unchanged: 5, quarantined: 3, ignored: 1 };
    account.addFile(file("a.csv", 103, { ...tally, reasons: { bad_time: 3, older_version: 1 } }));
    account.addFile(file("notes.csv", 0, { status: "ignored", feed: null, columns: null, message: "no reader" }));
    account.addEntity({ system: "shop", entity: "returns", ...tally, reasons: { bad_time: 3, older_version: 1 } });
    await account.finish({ outcome: "published", versionName: "20260101T000000000Z" });

    expect(told).toEqual([{ stage: "load", message: "one" }]);
    const [run] = await readRuns(data);
    expect(run).toMatchObject({
      outcome: "published",
      trigger: "command",
      inbox: "/exports",
      versionName: "20260101T000000000Z",
      files: { listed: 2, loaded: 1, refused: 0, ignored: 1 },
      rows: { ...tally, reasons: { bad_time: 3, older_version: 1 } },
      inboxSignature: inboxSignature(listed.slice(0, 1)),
      notices: [],
    });
    expect(Object.keys(run?.stages ?? {})).toEqual(["load"]);
    const files = await readFileLoads(data);
    expect(files.map((each) => [each.path, each.status, each.rowsIn])).toEqual([
      ["shop/a.csv", "loaded", 103],
      ["shop/notes.csv", "ignored", 0],
    ]);
    expect((await stat(runsFile(data))).mode & 0o777).toBe(0o600);
    await withDuckDB(":memory:", {}, async (connection) => {
      const sql = `select sum(rowsIn) as n from '${fileLoadsFile(data)}'`;
      expect(await queryRows(connection, sql)).toEqual([{ n: 103 }]);
    });
  });

  it("keeps the error of a failed run, without anybody's address, and may not be closed twice", async () => {
    const account = await begin();
    await account.fail(new Error("row 3 of x.csv: 'jane.secret@example.com' is no number"));
    await expect(account.finish({ outcome: "unchanged", versionName: "v" })).rejects.toThrow("over already");
    expect(await readRuns(data)).toMatchObject([{ outcome: "failed", error: "row 3 of x.csv: '…@…' is no number" }]);
    const stopped = await begin();
    await stopped.fail(new Error("The run was interrupted."), true);
    expect((await readRuns(data)).map((run) => run.outcome)).toEqual(["failed", "stopped"]);
  });

  it("says when rows are missing", async () => {
    const run = await publishedRun(file("a.csv", 100, { accepted: 98 }));
    expect(run.notices).toEqual([{ kind: "unaccounted", where: "shop/a.csv", rowsIn: 100, told: 98 }]);
  });

  it("says that a full disk kept it from being written, and lets the run be", async () => {
    const account = await begin();
    await rm(data.state, { recursive: true });
    await account.finish({ outcome: "unchanged", versionName: "v" });
    expect(told.at(-1)).toMatchObject({ stage: "warning", message: expect.stringContaining("run log") });
  });
});

describe("the run log", () => {
  it("knows a killed run by its missing end, and survives a line cut short", async () => {
    await begin();
    await writeFile(runsFile(data), '{"runId":"2026', { flag: "a" });
    await publishedRun(file("a.csv", 10));
    const outcomes = (await readRuns(data)).map((run) => run.outcome);
    expect(outcomes).toEqual(["killed", "published"]);
  });

  it("numbers runs upwards though the clock goes back", async () => {
    const first = await begin(() => new Date("2031-01-01T00:00:00.000Z"));
    const second = await begin(() => new Date("2026-01-01T00:00:00.000Z"));
    expect(first.runId).toBe("20310101T000000000Z");
    expect(second.runId).toBe("20310101T000000001Z");
  });

  it("stays within its bounds and keeps the newest", { timeout: 60_000 }, async () => {
    const message = "x".repeat(400);
    for (let index = 0; index < 7; index += 1) {
      const files = Array.from({ length: 6000 }, (_, row) => file(`${index}-${row}.csv`, 3, { message }));
      await publishedRun(...files);
    }
    const { size } = await stat(fileLoadsFile(data));
    expect(size).toBeLessThan(22_000_000);
    const kept = await readFileLoads(data);
    expect(kept.at(-1)?.path).toBe("shop/6-5999.csv");
    expect(kept.length).toBeGreaterThan(12_000);
    const lines = (await readFile(fileLoadsFile(data), "utf8")).trimEnd().split("\n");
    expect(lines.length).toBe(kept.length);
  });
});

describe("a run says", () => {
  const day = (number: number, rows: number, more: Partial<FileLoad> = {}) =>
    file(`returns-${number}.csv`, rows, { modifiedAtMs: number, ...more });

  it("that a feed gave far less than the median of its loads before", async () => {
    for (const [index, rows] of [5000, 210, 190, 200].entries()) {
      expect((await publishedRun(day(index, rows))).notices).toEqual([]);
    }
    expect((await publishedRun(day(4, 120), day(5, 80))).notices).toEqual([]);
    const run = await publishedRun(day(6, 60));
    expect(run.notices).toEqual([
      { kind: "volume_drop", system: "shop", feed: "returns", rows: 60, median: 200, loads: 5 },
    ]);
    expect(await reportRun(data, { back: 1, isJson: false, isVerbose: false })).toContain(
      "shop returns: only 60 rows; the median of the 5 loads before is 200. Is the export whole?",
    );
  });

  it("nothing of files that are read once more, of few rows, or of a failed run's loads", async () => {
    const days = [day(0, 200), day(1, 210), day(2, 190)];
    for (const each of days) await publishedRun(each);
    const again = await begin();
    again.addFile(day(3, 10));
    await again.fail(new Error("The disk is full."));
    expect((await publishedRun(...days.slice(0, 1))).notices).toEqual([]);
    expect((await publishedRun(day(3, 10))).notices).toMatchObject([{ kind: "volume_drop", median: 200, loads: 3 }]);
    const rare = (number: number, rows: number) => day(number, rows, { feed: "ratings" });
    for (const number of [10, 11, 12]) await publishedRun(rare(number, 12));
    expect((await publishedRun(rare(13, 1))).notices).toEqual([]);
  });

  it("that a column is new, and that one is missing", async () => {
    await publishedRun(day(0, 30));
    expect((await publishedRun(day(1, 30, { columns: ["order_id", "DATE", "Reason"] }))).notices).toEqual([]);
    const run = await publishedRun(day(2, 30, { columns: ["Order ID", "Date", "Return reason", "Photo"] }));
    expect(run.notices).toEqual([
      {
        kind: "new_columns",
        system: "shop",
        feed: "returns",
        columns: ["Return reason", "Photo"],
        path: "shop/returns-2.csv",
      },
      { kind: "missing_columns", system: "shop", feed: "returns", columns: ["Reason"], path: "shop/returns-2.csv" },
    ]);
    // Known from now on; and `Reason` did not stand in every header.
    expect((await publishedRun(day(3, 30, { columns: ["Order ID", "Date", "Photo"] }))).notices).toEqual([]);
  });
});

describe("the report", () => {
  const report = (back = 1) => reportRun(data, { back, isJson: false, isVerbose: false });

  it("is a table of files and one of entities, with reasons and what was left out", async () => {
    const account = await begin();
    account.addFile(
      file("returns-2.csv", 1200, {
        accepted: 1180,
        updated: 17,
        quarantined: 3,
        reasons: { bad_time: 3 },
        encoding: "windows-1252",
      }),
    );
    account.addFile(file("退货.csv", 8));
    account.addFile(file("x.pdf", 0, { status: "refused", feed: null, columns: null, message: "is no table" }));
    const entity = { rowsIn: 1208, accepted: 1188, updated: 17, unchanged: 0, quarantined: 3, ignored: 0 };
    account.addEntity({ system: "shop", entity: "returns", ...entity, reasons: { bad_time: 3 } });
    await account.finish({ outcome: "published", versionName: "20260101T000000000Z" });
    const text = await report();
    expect(text).toMatch(
      /^Run \d{8}T\d{9}Z: published version 20260101T000000000Z\n {2}started 20.* by the command, \d/,
    );
    const table = text.split("\n\n").slice(1);
    expect(table).toEqual([
      [
        "file                read as       encoding      rows in    new  updated  unchanged  quarantined  ignored",
        "shop/returns-2.csv  shop returns  windows-1252    1,200  1,180       17          0            3        0",
        "shop/退货.csv       shop returns  utf-8               8      8        0          0            0        0",
        "all files                                         1,208  1,188       17          0            3        0",
      ].join("\n"),
      [
        "system  entity   rows in    new  updated  unchanged  quarantined  ignored",
        "shop    returns    1,208  1,188       17          0            3        0",
      ].join("\n"),
      [
        "Why rows were quarantined or ignored:",
        "  in                  reason    rows",
        "  shop returns        bad_time     3",
        "  shop/returns-2.csv  bad_time     3",
      ].join("\n"),
      "Files not loaded:\n  shop/x.pdf: refused: is no table",
    ]);
  });

  it("of a run that read nothing points to the last that did", async () => {
    await publishedRun(file("a.csv", 5));
    await (await begin()).finish({ outcome: "unchanged", versionName: "20260101T000000000Z" });
    await (await begin()).finish({ outcome: "unchanged", versionName: "20260101T000000000Z" });
    expect(await report()).toContain("--report 3");
    expect(await report(3)).toContain("shop/a.csv");
    await expect(report(4)).rejects.toThrow("There is no run 4: 3 are on record.");
  });

  it("as JSON has every file with its columns", async () => {
    await publishedRun(file("a.csv", 5), file("b.json", 6, { columns: null }));
    const json = JSON.parse(await reportRun(data, { back: 1, isJson: true, isVerbose: false })) as unknown;
    expect(json).toMatchObject({
      outcome: "published",
      rows: { rowsIn: 11 },
      fileLoads: [
        { path: "shop/a.csv", columns: COLUMNS },
        { path: "shop/b.json", columns: null },
      ],
    });
  });

  it("without any run says what to do", async () => {
    await expect(report()).rejects.toThrow("No run is on record");
  });
});
