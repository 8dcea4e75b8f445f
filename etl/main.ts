// Command `npm run pipeline`: builds and publishes a new version from the inbox; with --report tells of an earlier run.
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { describeError } from "../shared/errors.ts";
import { dataDirectory, type DataDirectory } from "../shared/data-directory.ts";
import { rememberedInbox, rememberInbox } from "../shared/remembered-inbox.ts";
import { describeSummary } from "./runs/describe-summary.ts";
import { PipelineBusyError } from "./lock.ts";
import { LossError } from "./runs/loss-rule.ts";
import { runPipeline, type PipelineOptions, type PipelineResult } from "./pipeline.ts";
import { createReporter, type Reporter } from "./progress/progress-reporter.ts";
import type { RunTrigger } from "./runs/run-record.ts";
import { reportRun } from "./runs/run-report.ts";
import { onParentGone, onStopSignal } from "./stop-signals.ts";

interface Arguments {
  readonly inbox?: string;
  readonly dataDir?: string;
  readonly force?: boolean;
  readonly acceptLosses?: boolean;
  readonly wait?: boolean;
  readonly report?: number | true;
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly jsonProgress?: boolean;
  readonly trigger: RunTrigger;
  readonly debug?: boolean;
}

async function main(options: Arguments): Promise<void> {
  const isJson = (options.json || options.jsonProgress) ?? false;
  const reporter = createReporter({ out: process.stdout, isJson, isVerbose: options.verbose ?? false });
  try {
    const data = dataDirectory(options.dataDir === undefined ? undefined : fromHere(options.dataDir));
    if (options.report === undefined) await run(options, data, isJson, reporter);
    else await report(options, data, isJson);
  } catch (error) {
    reporter.close();
    if (isJson) print({ status: "failed", error: describeError(error), ...detailsOf(error) });
    console.error(describeError(error, options.debug));
    process.exitCode ||= 1;
  }
}

async function report({ report: back, verbose = false }: Arguments, data: DataDirectory, isJson: boolean) {
  console.log(
    await reportRun(data, { back: back === true || back === undefined ? 1 : back, isJson, isVerbose: verbose }),
  );
}

async function run(options: Arguments, data: DataDirectory, isJson: boolean, reporter: Reporter): Promise<void> {
  const abort = new AbortController();
  onStopSignal(() => abort.abort());
  onParentGone(() => abort.abort());
  const inbox = options.inbox === undefined ? (await rememberedInbox(data)).inbox : fromHere(options.inbox);
  const pipeline = {
    inbox: inbox ?? data.inbox,
    data,
    force: options.force ?? false,
    acceptLosses: options.acceptLosses ?? false,
    trigger: options.trigger,
    report: reporter.report,
    signal: abort.signal,
  };
  const result = await (options.wait ? whenFree(pipeline) : runPipeline(pipeline));
  await rememberInbox(data, inbox ?? data.inbox);
  reporter.close();
  if (isJson) print(result);
  else printResult(result, data.published);
}

const LOOK_AGAIN_MS = 1000;

/** Waits for as long as another pipeline is at work. */
async function whenFree(options: PipelineOptions & { readonly signal: AbortSignal }): Promise<PipelineResult> {
  let told: number | null | undefined;
  for (;;) {
    try {
      return await runPipeline(options);
    } catch (error) {
      if (!(error instanceof PipelineBusyError) || options.signal.aborted) throw error;
      if (error.pid !== told) options.report({ stage: "extract", message: `waiting: ${error.message}` });
      told = error.pid;
      // Stopped while it waits: the error says that nothing was changed.
      await sleep(LOOK_AGAIN_MS, undefined, { signal: options.signal }).catch(() => {
        throw error;
      });
    }
  }
}

/** What machines want to know of an error besides its text. */
function detailsOf(error: unknown): object {
  if (error instanceof LossError) return { summary: error.summary };
  if (error instanceof PipelineBusyError) return { busy: { pid: error.pid, startedAt: error.startedAt } };
  return {};
}

/** npm runs us in the project's folder; relative paths mean the folder the user is in. */
function fromHere(folder: string): string {
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), folder);
}

function printResult({ status, versionName, summary }: PipelineResult, published: string): void {
  if (summary) {
    const file = path.join(published, `${versionName}.duckdb`);
    for (const line of describeSummary(summary, file)) console.log(line);
  }
  console.log(status === "published" ? `Published ${versionName}` : `Unchanged: ${versionName}`);
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function whichRun(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("Runs are counted from 1, the last one.");
  return number;
}

const program = new Command("pipeline")
  .description("Reads the inbox, builds the marts, looks for anomalies and publishes a new version")
  .option("--inbox <dir>", "folder with the exports (default: the one of the last run, else inbox in the data folder)")
  .option("--data-dir <dir>", "data folder (default: AFTERSIGHT_DATA_DIR or ./data)")
  .option("--force", "build even when nothing has changed")
  .option("--accept-losses", "publish also when most rows of an entity are refused or gone")
  .option("--wait", "wait while another pipeline is at work on the same data folder")
  .addOption(
    new Option("--report [n]", "tell what the last run did with every file and row, or the one n runs back").argParser(
      whichRun,
    ),
  )
  .option("--verbose", "one line a file")
  .option("--json", "JSON instead of text: one object a line, or the report")
  .option("--json-progress", "the same")
  .addOption(
    new Option("--trigger <who>", "what the run is on record as")
      .choices(["command", "start", "watch"])
      .default("command")
      .hideHelp(),
  )
  .option("--debug", "print the stack of an error")
  .action(main);

// Last, when everything above is defined.
await program.parseAsync();
