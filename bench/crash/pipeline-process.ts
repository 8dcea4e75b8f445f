// The pipeline as a process of its own, left in peace or killed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { PROJECT_ROOT, type DataDirectory } from "../../shared/data-directory.ts";

export interface KillMoment {
  /** Counted from the process's start, else from its first words. */
  readonly isStarting: boolean;
  readonly seconds: number;
}

export interface PipelineProcessResult {
  readonly isKilled: boolean;
  readonly code: number | null;
  /** Until its first words, and from there on. */
  readonly startSeconds: number;
  readonly workSeconds: number;
  /** What it told last. */
  readonly stage: string;
  readonly output: string;
}

export const inSeconds = ({ startSeconds, workSeconds }: PipelineProcessResult) =>
  `${startSeconds.toFixed(2)} s + ${workSeconds.toFixed(2)} s`;

export async function runPipelineProcess(
  inbox: string,
  data: DataDirectory,
  kill?: KillMoment,
): Promise<PipelineProcessResult> {
  const main = path.join(PROJECT_ROOT, "etl", "main.ts");
  const began = performance.now();
  const child = spawn(
    process.execPath,
    ["--import", "tsx", main, "--inbox", inbox, "--data-dir", data.root, "--json-progress"],
    { cwd: PROJECT_ROOT, stdio: ["ignore", "pipe", "pipe"] },
  );
  let timer: NodeJS.Timeout | undefined;
  const killSoon = ({ seconds }: KillMoment) => (timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000));
  if (kill?.isStarting) killSoon(kill);
  let [stage, output, firstWords] = ["start", "", 0];
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (firstWords === 0 && kill && !kill.isStarting) killSoon(kill);
    firstWords ||= performance.now();
    const told = JSON.parse(line) as { stage?: string };
    if (told.stage && told.stage !== "warning") stage = told.stage;
  });
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  clearTimeout(timer);
  const end = performance.now();
  firstWords ||= end;
  const [startSeconds, workSeconds] = [(firstWords - began) / 1000, (end - firstWords) / 1000];
  return { isKilled: signal === "SIGKILL", code, startSeconds, workSeconds, stage, output };
}

/** @throws Error with what the run said when it ended badly. */
export async function succeed(running: Promise<PipelineProcessResult>): Promise<PipelineProcessResult> {
  const run = await running;
  if (run.code !== 0) throw new Error(`a run ended with exit code ${run.code}:\n${run.output}`);
  return run;
}
