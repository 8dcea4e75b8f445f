// One run of the pipeline as its users start it, taken apart by the stages it tells of.
import type { PipelineResult } from "../../etl/pipeline.ts";
import type { Progress } from "../../etl/progress/progress.ts";
import { AppError } from "../../shared/errors.ts";
import { runMeasured, type Line, type Measured, type Watched } from "./child.ts";

export interface StageCost {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export interface PipelineRun extends Measured {
  /** In the order they came, and `end` for what follows the last message. */
  readonly stages: ReadonlyMap<string, StageCost>;
  readonly versionName: string;
}

export const DETECTION = "detect";

export function withoutDetection(run: PipelineRun): number {
  return run.seconds - (run.stages.get(DETECTION)?.seconds ?? 0);
}

export function cpuWithoutDetection(run: PipelineRun): number | null {
  return run.cpuSeconds === null ? null : run.cpuSeconds - (run.stages.get(DETECTION)?.cpuSeconds ?? 0);
}

/** What is no message of the pipeline's, such as a word of Node's, is passed over. */
function messageOf(text: string): Partial<Progress & PipelineResult> {
  try {
    return JSON.parse(text) as Partial<Progress & PipelineResult>;
  } catch {
    return {};
  }
}

/** @throws AppError when the run fails or publishes nothing. */
export async function runPipelineOnce(inbox: string, data: string, watched: Watched = {}): Promise<PipelineRun> {
  const stages = new Map<string, StageCost>();
  let before: StageCost = { seconds: 0, cpuSeconds: 0 };
  let result: Partial<PipelineResult> = {};
  const add = (stage: string, now: StageCost): void => {
    const sum = stages.get(stage) ?? { seconds: 0, cpuSeconds: 0 };
    stages.set(stage, {
      seconds: sum.seconds + now.seconds - before.seconds,
      cpuSeconds: sum.cpuSeconds + now.cpuSeconds - before.cpuSeconds,
    });
    before = now;
  };
  const script = ["etl/main.ts", "--json-progress", "--inbox", inbox, "--data-dir", data];
  const onLine = ({ at, cpuAt, text }: Line): void => {
    const message = messageOf(text);
    if (message.status !== undefined) result = message;
    // A stage tells of what it has done: the time since the message before is its own. A warning belongs to the stage it interrupts.
    else if (message.stage !== undefined && message.stage !== "warning")
      add(message.stage, { seconds: at, cpuSeconds: cpuAt });
  };
  const measured = await runMeasured(script, onLine, watched);
  add("end", { seconds: measured.seconds, cpuSeconds: measured.cpuSeconds ?? 0 });
  const { status, versionName } = result;
  if (status === "published" && versionName !== undefined) return { ...measured, stages, versionName };
  throw new AppError(`The pipeline over ${inbox} ended as "${status ?? "nothing told"}", not as published`);
}
