// The `detect` command on the labelled benchmark, judged by its independent scorer. Skipped, with the reason, where the data aren't there.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { PROJECT_ROOT } from "../shared/data-directory.ts";

const run = promisify(execFile);
const BENCH = process.env.AFTERSIGHT_DETECTION_BENCH ?? path.join(PROJECT_ROOT, "..", "shared", "bench", "detection");
const isThere = existsSync(path.join(BENCH, "score.mjs"));
if (!isThere) process.stderr.write(`benchmark.test.ts is skipped: no labelled data in ${BENCH}\n`);

const FROM = "2024-01-01";
const CUT = "2024-06-30";
const data = (name: string): string => path.join(BENCH, "daily", name);

describe.skipIf(!isThere)("the detect command on the labelled data", () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  const detect = (input: string, output: string): Promise<unknown> => {
    const command = ["--import", "tsx", path.join(PROJECT_ROOT, "detection", "main.ts")];
    const files = ["--input", input, "--output", output, "--meta", data("meta.csv"), "--lags", data("lags.csv")];
    return run(process.execPath, [...command, ...files, "--from", FROM], { cwd: PROJECT_ROOT });
  };
  const score = (...given: string[]): Promise<{ stdout: string }> =>
    run(process.execPath, [path.join(BENCH, "score.mjs"), ...given]);

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "detect-"));
    await detect(data("series.csv"), at("full.csv"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("finds the share of defects it is known to find, at its stated false alarm rate", async () => {
    await score("--data", path.join(BENCH, "daily"), "--pred", at("full.csv"), "--json", at("score.json"), "--quiet");
    const figures = JSON.parse(await readFile(at("score.json"), "utf8")) as Figures;
    expect(figures.coverage).toBeGreaterThan(0.999);
    expect(figures.matched["fa<=0.1"].pod).toBeGreaterThan(0.56);
    expect(figures.matched["fa<=0.25"].pod).toBeGreaterThan(0.66);
    expect(figures.own.false_alerts_per_series_year).toBeLessThan(0.06);
    expect(figures.own.pod).toBeGreaterThan(0.44);
    expect(figures.calibration.exceed_upper_rate).toBeGreaterThan(0.012);
    expect(figures.calibration.exceed_upper_rate).toBeLessThan(0.035);
  });

  test("judges a day the same when later days aren't known yet", async () => {
    const lines = (await readFile(data("series.csv"), "utf8")).split("\n");
    await writeFile(at("cut.csv"), lines.filter((line, i) => i === 0 || line.split(",")[1]! <= CUT).join("\n"));
    await detect(at("cut.csv"), at("cut-out.csv"));
    const { stdout } = await score("causal", "--a", at("full.csv"), "--b", at("cut-out.csv"), "--until", CUT);
    expect(JSON.parse(stdout)).toMatchObject({ causal: true, differing: 0 });
  });

  test("a bad file ends with one clear message", async () => {
    await writeFile(at("bad.csv"), "series_id,date,count\na,yesterday,1\n");
    await expect(detect(at("bad.csv"), at("none.csv"))).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('line 2: date "yesterday" is not a day') as string,
    });
    expect(existsSync(at("none.csv"))).toBe(false);
  });
});

interface Figures {
  coverage: number;
  matched: Record<"fa<=0.1" | "fa<=0.25", { pod: number }>;
  own: { pod: number; false_alerts_per_series_year: number };
  calibration: { exceed_upper_rate: number };
}
