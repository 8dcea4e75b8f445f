// Runs detectors on the labelled data sets and has the independent scorer judge them, beside the published references (anchors).
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { DEFAULT_OPTIONS, judgeAlone, judgePanel, type Detector, type JudgedSeries } from "../../detection/detector.ts";
import { controlFalseDiscoveries } from "../../detection/false-discovery.ts";
import { readPanelFiles, writeJudgements } from "../../detection/panel-files.ts";
import { dayNumber, type Panel } from "../../detection/series.ts";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { AppError } from "../../shared/errors.ts";

const execute = promisify(execFile);

/** The data sets with daily series; weekly ones have one series a product and no exposure, which nothing in the marts looks like. */
export const DATA_SETS = ["daily", "cohort"] as const;
export type DataSet = (typeof DATA_SETS)[number];

export interface Rates {
  readonly pod: number;
  readonly saved: number;
  readonly median_delay: number | "never";
  readonly false_alerts_per_series_year: number;
  /** Share of false ones among all alerts. */
  readonly fdp_alerts: number;
}

/** What the scorer prints as JSON, as far as it is used here. */
export interface Score {
  readonly own: Rates;
  readonly matched?: Record<string, Rates | null>;
  readonly calibration?: { readonly exceed_upper_rate: number | null };
  readonly cpu_s_per_1000_series?: number;
}

/** Folder with score.mjs, anchors.json and the data sets: `AFTERSIGHT_DETECTION_BENCH` or `../shared/bench/detection`. */
export function benchFolder(): string {
  return process.env.AFTERSIGHT_DETECTION_BENCH ?? path.join(PROJECT_ROOT, "..", "shared", "bench", "detection");
}

export async function isBenchThere(): Promise<boolean> {
  return stat(path.join(benchFolder(), "score.mjs")).then(
    () => true,
    () => false,
  );
}

/** Judges a data set with a detector and scores it; CPU seconds are those of the judging alone. */
export async function scoreDetector(detector: Detector, dataSet: DataSet): Promise<Score> {
  const { panel, folder, judgeFrom } = await readDataSet(dataSet);
  const before = process.cpuUsage();
  const judged = judgePanel(detector, panel, { ...DEFAULT_OPTIONS, judgeFrom });
  const used = process.cpuUsage(before);
  const score = await runScorer(folder, writeJudgements(panel, judged));
  return { ...score, cpu_s_per_1000_series: (used.user + used.system) / 1000 / panel.series.length };
}

/** A detector's own alarms under false-discovery control at each of the rates, judged once. */
export async function scoreRates(detector: Detector, dataSet: DataSet, rates: readonly number[]): Promise<Rates[]> {
  const { panel, folder, judgeFrom } = await readDataSet(dataSet);
  const judged = judgeAlone(detector, panel, { ...DEFAULT_OPTIONS, judgeFrom });
  const out: Rates[] = [];
  for (const rate of rates) {
    const controlled = judged.map((one): JudgedSeries => ({ ...one, isAlarm: one.isAlarm.slice() }));
    controlFalseDiscoveries(controlled, panel.dayCount, rate);
    out.push((await runScorer(folder, writeJudgements(panel, controlled))).own);
  }
  return out;
}

async function readDataSet(dataSet: DataSet): Promise<{ panel: Panel; folder: string; judgeFrom: number }> {
  if (!(await isBenchThere())) {
    throw new AppError(`The detection benchmark's data are not in ${benchFolder()}`, {
      advice: "Set AFTERSIGHT_DETECTION_BENCH to the folder that holds score.mjs.",
    });
  }
  const folder = path.join(benchFolder(), dataSet);
  const description = JSON.parse(await readFile(path.join(folder, "dataset.json"), "utf8")) as { eval_start: string };
  const panel = await readPanelFiles(
    ...(["series.csv", "meta.csv", "lags.csv"].map((f) => path.join(folder, f)) as Files),
  );
  return { panel, folder, judgeFrom: dayNumber(description.eval_start) - dayNumber(panel.firstDate) };
}

type Files = [string, string, string];

async function runScorer(dataFolder: string, predictions: string): Promise<Score> {
  const temporary = await mkdtemp(path.join(os.tmpdir(), "aftersight-bench-"));
  try {
    const [input, output] = [path.join(temporary, "out.csv"), path.join(temporary, "score.json")];
    await writeFile(input, predictions);
    const scorer = path.join(benchFolder(), "score.mjs");
    await execute(process.execPath, [scorer, "--data", dataFolder, "--pred", input, "--json", output, "--quiet"]);
    return JSON.parse(await readFile(output, "utf8")) as Score;
  } finally {
    await rm(temporary, { recursive: true });
  }
}

/** The references' figures on a data set, by method. */
export async function readAnchors(dataSet: DataSet): Promise<Record<string, Score>> {
  const anchors = JSON.parse(await readFile(path.join(benchFolder(), "anchors.json"), "utf8")) as Record<
    string,
    unknown
  >;
  return anchors[dataSet] as Record<string, Score>;
}
