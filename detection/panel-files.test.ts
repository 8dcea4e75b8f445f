import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { readPanelFiles, writeJudgements } from "./panel-files.ts";
import { DEFAULT_OPTIONS, judgePanel } from "./detector.ts";
import { DEFAULT_DETECTOR } from "./detectors.ts";
import { dayNumber, isoDay } from "./series.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "panel-files-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  await writeFile(path.join(folder, name), text);
  return path.join(folder, name);
}

describe("a panel from CSV files", () => {
  test("days without a row are missing, empty exposure is unknown, lags are brought to sum 1", async () => {
    const input = await file(
      "series.csv",
      "\uFEFFseries_id,date,count,exposure\r\na,2026-01-01,3,10\r\na,2026-01-03,0,12\r\nb,2026-01-02,1,\r\n",
    );
    const meta = await file(
      "meta.csv",
      "series_id,product,reason,market,category,lag_group\na,P,r,DE,c,fast\nb,P,s,DE,c,fast\n",
    );
    const lags = await file("lags.csv", "lag_group,lag_days,pmf,cdf\nfast,0,0.75,0.75\nfast,2,0.75,1.5\n");
    const panel = await readPanelFiles(input, meta, lags);
    expect(panel).toMatchObject({ firstDate: "2026-01-01", dayCount: 3 });
    expect([...panel.series[0]!.counts]).toEqual([3, Number.NaN, 0]);
    expect([...panel.series[0]!.exposure!]).toEqual([10, Number.NaN, 12]);
    expect(panel.series[1]).toMatchObject({ exposure: null, product: "P", reason: "s", market: "DE" });
    expect([...panel.lagDistributions.get("fast")!]).toEqual([0.5, 0, 0.5]);
  });

  test("judged days are written, missing days have no row", async () => {
    const days = Array.from({ length: 40 }, (_, i) => isoDay(dayNumber("2026-01-01") + i)).filter((_, i) => i !== 35);
    const input = await file("long.csv", `series_id,date,count\n${days.map((day) => `"a,b",${day},2`).join("\n")}\n`);
    const panel = await readPanelFiles(input);
    const lines = writeJudgements(panel, judgePanel(DEFAULT_DETECTOR, panel, DEFAULT_OPTIONS))
      .trimEnd()
      .split("\n");
    expect(lines[0]).toBe("series_id,date,score,p_value,alarm,expected,lower,upper");
    expect(lines.slice(1).map((line) => line.slice(0, 16))).toEqual(days.slice(28).map((day) => `"a,b",${day}`));
  });

  test.each([
    ["no column", "series_id,day,count\na,2026-01-01,1\n", /line 1: no column date \(there: series_id, day, count\)/],
    ["a bad day", "series_id,date,count\na,2026-01-01,1\na,2026-02-30,1\n", /line 3: date "2026-02-30" is not a day/],
    [
      "a bad count",
      "series_id,date,count\na,2026-01-01,many\n",
      /line 2: count must be a number from 0 up, not "many"/,
    ],
    ["a negative count", "series_id,date,count\na,2026-01-01,-1\n", /line 2: count must be a number from 0 up/],
    ["a day twice", "series_id,date,count\na,2026-01-01,1\na,2026-01-01,2\n", /line 3: series a has 2026-01-01 twice/],
    ["a broken row", "series_id,date,count\na,2026-01-01\n", /cannot be read.*line 2/],
    ["a mistyped year", "series_id,date,count\na,2026-01-01,1\na,0226-01-02,1\n", /longer than 20 years/],
    ["no rows", "series_id,date,count\n", /has no rows/],
  ])("%s is refused with the place", async (_, text, message) => {
    await expect(readPanelFiles(await file("bad.csv", text))).rejects.toThrow(message);
  });

  test("a file that isn't there is named", async () => {
    await expect(readPanelFiles(path.join(folder, "none.csv"))).rejects.toThrow(/none.csv cannot be read/);
  });
});
