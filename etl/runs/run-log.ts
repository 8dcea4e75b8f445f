// Where runs are kept: `pipeline_runs.jsonl` and `file_loads.jsonl` in data/state. Only the pipeline writes, under its lock;
// anybody may read, also with DuckDB: `from 'data/state/file_loads.jsonl'`.
import path from "node:path";
import type { DataDirectory } from "../../shared/data-directory.ts";
import { appendJsonLines, boundJsonLines, readJsonLines } from "./json-lines.ts";
import type { PipelineRun, StoredFileLoad } from "./run-record.ts";

const MAX_RUNS_BYTES = 4 * 1024 * 1024;
const MAX_FILES_BYTES = 16 * 1024 * 1024;

export function runsFile(data: DataDirectory): string {
  return path.join(data.state, "pipeline_runs.jsonl");
}

export function fileLoadsFile(data: DataDirectory): string {
  return path.join(data.state, "file_loads.jsonl");
}

/** Oldest first. A run whose end was not written is `running` while its process lives, else `killed`. */
export async function readRuns(data: DataDirectory): Promise<PipelineRun[]> {
  const runs = new Map<string, PipelineRun>();
  for (const run of await readJsonLines<PipelineRun>(runsFile(data))) runs.set(run.runId, run);
  const all = [...runs.values()];
  return all.map((run, index) => {
    const isOver = run.outcome !== "running" || (index === all.length - 1 && isAlive(run.pid));
    return isOver ? run : { ...run, outcome: "killed" };
  });
}

export function readFileLoads(data: DataDirectory): Promise<StoredFileLoad[]> {
  return readJsonLines<StoredFileLoad>(fileLoadsFile(data));
}

export async function writeRun(data: DataDirectory, run: PipelineRun): Promise<void> {
  await appendJsonLines(runsFile(data), [run]);
}

export async function writeFileLoads(data: DataDirectory, loads: readonly StoredFileLoad[]): Promise<void> {
  await appendJsonLines(fileLoadsFile(data), loads);
}

/** Call it under the pipeline's lock. */
export async function boundRunLog(data: DataDirectory): Promise<void> {
  await boundJsonLines(runsFile(data), MAX_RUNS_BYTES);
  await boundJsonLines(fileLoadsFile(data), MAX_FILES_BYTES);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
