// The `detect` command: judges daily series from a plain CSV file, no marts needed.
import { existsSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "../shared/files.ts";
import { AppError, describeError } from "../shared/errors.ts";
import { Command } from "commander";

import { DEFAULT_OPTIONS, judgePanel } from "./detector.ts";
import { DEFAULT_DETECTOR, DETECTORS } from "./detectors.ts";
import { readPanelFiles, writeJudgements } from "./panel-files.ts";
import { dayNumber } from "./series.ts";

interface Arguments {
  input: string;
  output: string;
  meta?: string;
  lags?: string;
  from?: string;
  budget: string;
  falseDiscoveryRate: string;
  detector: string;
}

const command = new Command("detect")
  .description("Judges daily series: what was expected, how sure a rise is, and whether to raise an alarm")
  .requiredOption(
    "--input <csv>",
    "series_id,date,count[,exposure]; one row per series and day, a day without a row is missing",
  )
  .requiredOption("--output <csv>", "series_id,date,score,p_value,alarm,expected,lower,upper")
  .option("--meta <csv>", "series_id,product,reason,market,category,lag_group: what series share")
  .option("--lags <csv>", "lag_group,lag_days,pmf: how long after delivery events arrive")
  .option("--from <date>", "first day to write (default: all)")
  .option("--budget <number>", "false alerts accepted per series and year", String(DEFAULT_OPTIONS.alarmBudget))
  .option(
    "--false-discovery-rate <number>",
    "share of false ones accepted among the findings of all series, at most 0.5; 1 = no control",
    String(DEFAULT_OPTIONS.falseDiscoveryRate),
  )
  .option("--detector <name>", "one of: " + DETECTORS.map((one) => one.name).join(", "), DEFAULT_DETECTOR.name);

async function run(given: Arguments): Promise<void> {
  const detector = DETECTORS.find((one) => one.name === given.detector);
  if (!detector)
    throw new AppError(`There is no detector "${given.detector}"`, { advice: "See --help for their names." });
  refuseToOverwrite(given);
  const budget = Number(given.budget);
  if (!(budget > 0)) throw new AppError(`--budget must be a number above 0, not "${given.budget}"`);
  const falseDiscoveryRate = Number(given.falseDiscoveryRate);
  const panel = await readPanelFiles(given.input, given.meta, given.lags);
  process.stderr.write(`${panel.series.length} series, ${panel.dayCount} days from ${panel.firstDate}\n`);
  const judgeFrom = given.from === undefined ? 0 : dayNumber(given.from) - dayNumber(panel.firstDate);
  if (Number.isNaN(judgeFrom)) throw new AppError(`--from must be a day like 2026-01-31, not "${given.from}"`);
  const started = performance.now();
  const judged = judgePanel(detector, panel, {
    ...DEFAULT_OPTIONS,
    alarmBudget: budget,
    falseDiscoveryRate,
    judgeFrom: Math.max(0, judgeFrom),
  });
  process.stderr.write(`judged in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  await writeFileAtomic(given.output, writeJudgements(panel, judged));
}

/** Checked before the work: results never take the place of what they were made from, nor of a wrong path after minutes. */
function refuseToOverwrite({ output, input, meta, lags }: Arguments): void {
  const target = path.resolve(output);
  const taken = [input, meta, lags].find((file) => file !== undefined && path.resolve(file) === target);
  if (taken !== undefined) {
    throw new AppError(`--output is the same file as ${taken}`, {
      state: "Nothing was written.",
      advice: "Name another file with --output.",
    });
  }
  if (!existsSync(path.dirname(target))) {
    throw new AppError(`There is no folder ${path.dirname(target)} for --output`, { state: "Nothing was judged." });
  }
}

try {
  await run(command.parse().opts<Arguments>());
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}
