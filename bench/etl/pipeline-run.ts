// One run of the pipeline as its users start it, taken apart by the stages it tells of.
import type { PipelineResult } from "../../etl/pipeline.ts";
import type { Progress } from "../../etl/progress.ts";
import { AppError } from "../../shared/errors.ts";
import { runMeasured, type Measured } from "./child.ts";

export interface PipelineRun extends Measured {
  /** Seconds by stage in the order they came, and `end` for what follows the last message. */
  readonly stages: ReadonlyMap<string, number>;
  readonly versionName: string;
}

export const DETECTION = "detect";

export function withoutDetection(run: PipelineRun): number {
  return run.seconds - (run.stages.get(DETECTION) ?? 0);
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
export async function runPipelineOnce(
  inbox: string,
  data: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<PipelineRun> {
  const stages = new Map<string, number>();
  let before = 0;
  let result: Partial<PipelineResult> = {};
  const add = (stage: string, until: number): void => {
    stages.set(stage, (stages.get(stage) ?? 0) + until - before);
    before = until;
  };
  const script = ["etl/main.ts", "--json-progress", "--inbox", inbox, "--data-dir", data];
  const measured = await runMeasured(
    script,
    ({ at, text }) => {
      const message = messageOf(text);
      if (message.status !== undefined) result = message;
      // A stage tells of what it has done: the time since the message before is its own. A warning belongs to the stage it interrupts.
      else if (message.stage !== undefined && message.stage !== "warning") add(message.stage, at);
    },
    environment,
  );
  add("end", measured.seconds);
  const { status, versionName } = result;
  if (status === "published" && versionName !== undefined) return { ...measured, stages, versionName };
  throw new AppError(`The pipeline over ${inbox} ended as "${status ?? "nothing told"}", not as published`);
}
