// The pipeline killed at random moments; `npm run bench -- crash` does the same two hundred times.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { differences } from "../bench/crash/compare-marts.ts";
import { killRuns } from "../bench/crash/killed-runs.ts";

const KILLS = 8;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "aftersight-killed-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test(
  "killed at any moment, with news in between, it ends in the marts of a run never disturbed",
  { timeout: 900_000 },
  async () => {
    const seed = Number(process.env.AFTERSIGHT_CRASH_SEED ?? Math.floor(Math.random() * 1e9));
    const said: string[] = [`seed ${seed}`];
    const result = await killRuns({ folder, kills: KILLS, seed, report: (line) => said.push(line) }).catch(
      (error: unknown) => {
        throw new Error(`${said.join("\n")}\n${String(error)}`, { cause: error });
      },
    );
    console.log(said.join("\n"));
    expect(result.kills).toBe(KILLS);
    expect(result.rows).toBeGreaterThan(1000);
  },
);

test("the comparison finds a row more, a row changed and a table gone", () => {
  const table = (...rows: string[]) => ({ rows, sha256: rows.join() });
  const marts = new Map([
    ["orders", table("a", "b")],
    ["returns", table("c")],
  ]);
  expect(differences(marts, new Map(marts))).toEqual([]);
  expect(differences(marts, new Map([["orders", table("a", "b", "d")]]))).toEqual([
    "orders: 2 rows against 3",
    "  only in the second: d",
    "returns is in one version only",
  ]);
  expect(differences(marts, new Map(marts).set("returns", table("x")))).toEqual([
    "returns: 1 rows against 1",
    "  only in the first:  c",
    "  only in the second: x",
  ]);
});
