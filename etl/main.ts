// Command `npm run pipeline`: builds and publishes a new version from the inbox.
import path from "node:path";
import { Command } from "commander";
import { describeError } from "../shared/errors.ts";
import { dataDirectory } from "../shared/data-directory.ts";
import { rememberedInbox, rememberInbox } from "../shared/remembered-inbox.ts";
import { describeSummary } from "./describe-summary.ts";
import { LossError } from "./loss-rule.ts";
import { runPipeline, type PipelineResult } from "./pipeline.ts";
import type { Report } from "./progress.ts";

interface Arguments {
  readonly inbox?: string;
  readonly dataDir?: string;
  readonly force?: boolean;
  readonly acceptLosses?: boolean;
  readonly verbose?: boolean;
  readonly jsonProgress?: boolean;
  readonly debug?: boolean;
}

async function run(options: Arguments): Promise<void> {
  const abort = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      process.exitCode = name === "SIGINT" ? 130 : 143;
      abort.abort();
    });
  }
  const say = options.jsonProgress ? jsonLine : textLine(options.verbose ?? false);
  try {
    const data = dataDirectory(options.dataDir === undefined ? undefined : fromHere(options.dataDir));
    const inbox = options.inbox === undefined ? (await rememberedInbox(data)).inbox : fromHere(options.inbox);
    const result = await runPipeline({
      inbox: inbox ?? data.inbox,
      data,
      force: options.force ?? false,
      acceptLosses: options.acceptLosses ?? false,
      report: say,
      signal: abort.signal,
    });
    await rememberInbox(data, inbox ?? data.inbox);
    if (options.jsonProgress) print(result);
    else printResult(result, data.published);
  } catch (error) {
    const summary = error instanceof LossError ? { summary: error.summary } : {};
    if (options.jsonProgress) print({ status: "failed", error: describeError(error), ...summary });
    console.error(describeError(error, options.debug));
    process.exitCode ||= 1;
  }
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

const jsonLine: Report = (progress) => print({ at: new Date().toISOString(), ...progress });

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** `  1.2 s  load     shopify: 3 files → orders 4000 rows in 0.4 s` */
function textLine(isVerbose: boolean): Report {
  const start = performance.now();
  return ({ stage, message, isDetail }) => {
    if (isDetail && !isVerbose) return;
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
    console.log(`${seconds} s  ${stage.padEnd(8)} ${message}`);
  };
}

const program = new Command("pipeline")
  .description("Reads the inbox, builds the marts, looks for anomalies and publishes a new version")
  .option("--inbox <dir>", "folder with the exports (default: the one of the last run, else inbox in the data folder)")
  .option("--data-dir <dir>", "data folder (default: AFTERSIGHT_DATA_DIR or ./data)")
  .option("--force", "build even when nothing has changed")
  .option("--accept-losses", "publish also when most rows of an entity are refused or gone")
  .option("--verbose", "one line a file")
  .option("--json-progress", "one JSON object a line instead of text")
  .option("--debug", "print the stack of an error")
  .action(run);

// Last, when everything above is defined.
await program.parseAsync();
