// What is told of the pipeline run before: read from the run log, whoever started that run.
import { stat } from "node:fs/promises";
import { describeNotice } from "../../etl/runs/find-notices.ts";
import { readRuns, runsFile } from "../../etl/runs/run-log.ts";
import type { PipelineRun, RunOutcome } from "../../etl/runs/run-record.ts";
import type { DataDirectory } from "../../shared/data-directory.ts";

export interface LastRun {
  readonly outcome: Exclude<RunOutcome, "running">;
  /** ISO 8601 with Z. */
  readonly startedAt: string;
  /** Null of a run that was killed. */
  readonly finishedAt: string | null;
  readonly versionName: string | null;
  readonly error: string | null;
  /** What a person should look at: a feed with far fewer rows, new or missing columns. */
  readonly notices: readonly string[];
}

/** Reads the log again only when it has changed. */
export class RunLogReader {
  readonly #data: DataDirectory;
  #mark = "";
  #runs: readonly PipelineRun[] = [];

  constructor(data: DataDirectory) {
    this.#data = data;
  }

  /** The last run that is over, if any is on record. */
  async lastRun(): Promise<PipelineRun | undefined> {
    const info = await stat(runsFile(this.#data)).catch(() => undefined);
    const mark = `${info?.size} ${info?.mtimeMs}`;
    // A run under way may have been killed meanwhile, which leaves no mark.
    if (mark !== this.#mark || this.#runs.at(-1)?.outcome === "running") this.#runs = await readRuns(this.#data);
    this.#mark = mark;
    return this.#runs.findLast((run) => run.outcome !== "running");
  }
}

export function describeLastRun(run: PipelineRun): LastRun {
  const { startedAt, outcome, finishedAt, versionName, error, notices } = run;
  return {
    outcome: outcome === "running" ? "killed" : outcome,
    startedAt,
    finishedAt: finishedAt ?? null,
    versionName: versionName ?? null,
    error: error ?? null,
    notices: (notices ?? []).map(describeNotice),
  };
}
