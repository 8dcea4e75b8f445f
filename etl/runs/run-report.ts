// What `pipeline --report [N]` prints.
import type { DataDirectory } from "../../shared/data-directory.ts";
import { AppError } from "../../shared/errors.ts";
import { describeRun } from "./describe-run.ts";
import { readFileLoads, readRuns } from "./run-log.ts";
import { headerOf, type PipelineRun } from "./run-record.ts";

export interface ReportOptions {
  /** 1 is the last run. */
  readonly back: number;
  readonly isJson: boolean;
  readonly isVerbose: boolean;
}

/** @throws AppError when there is no such run. */
export async function reportRun(data: DataDirectory, options: ReportOptions): Promise<string> {
  const runs = await readRuns(data);
  const run = runs.at(-options.back);
  if (!run) throw noSuchRun(data, runs.length, options.back);
  const files = (await readFileLoads(data)).filter((load) => load.runId === run.runId);
  if (options.isJson) {
    const { headers: _, ...rest } = run;
    const fileLoads = files.map(({ header: __, ...file }, index) => ({
      ...file,
      columns: headerOf(files[index] ?? { ...file, header: null }, run),
    }));
    return JSON.stringify({ ...rest, fileLoads }, null, 2);
  }
  return [...describeRun(run, files, options.isVerbose), ...hint(runs, options.back)].join("\n");
}

/** The last run that read something is what most want to see. */
function hint(runs: readonly PipelineRun[], back: number): string[] {
  if (runs.at(-back)?.rows) return [];
  const index = runs.findLastIndex((run, at) => run.rows !== undefined && at < runs.length - back);
  return index < 0 ? [] : ["", `This run read no file. The last one that did: --report ${runs.length - index}`];
}

function noSuchRun(data: DataDirectory, count: number, back: number): AppError {
  if (count === 0) {
    return new AppError(`No run is on record in ${data.state}.`, {
      advice: "Run the pipeline first, or name another data folder with --data-dir.",
    });
  }
  return new AppError(`There is no run ${back}: ${count} are on record.`, {
    advice: `--report is the last run, --report ${count} the oldest.`,
  });
}
