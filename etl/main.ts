// Command `npm run pipeline`: builds and publishes a new version from the inbox.
import { Command } from "commander";
import { describeError } from "../shared/errors.ts";
import { dataDirectory } from "../shared/data-directory.ts";
import { runPipeline } from "./pipeline.ts";
import type { Report } from "./progress.ts";

interface Arguments {
  readonly inbox?: string;
  readonly dataDir?: string;
  readonly force?: boolean;
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
  const say = options.jsonProgress ? jsonLine : textLine();
  try {
    const result = await runPipeline({
      ...(options.inbox === undefined ? {} : { inbox: options.inbox }),
      data: dataDirectory(options.dataDir),
      force: options.force ?? false,
      report: say,
      signal: abort.signal,
    });
    if (options.jsonProgress) print({ status: result.status, versionName: result.versionName, counts: result.counts });
    else
      console.log(
        result.status === "published" ? `Published ${result.versionName}` : `Unchanged: ${result.versionName}`,
      );
  } catch (error) {
    if (options.jsonProgress) print({ status: "failed", error: describeError(error) });
    console.error(describeError(error, options.debug));
    process.exitCode ||= 1;
  }
}

const jsonLine: Report = (progress) => print({ at: new Date().toISOString(), ...progress });

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** `  1.2 s  load     orders.csv → orders: 4000 rows` */
function textLine(): Report {
  const start = performance.now();
  return ({ stage, message }) => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
    console.log(`${seconds} s  ${stage.padEnd(8)} ${message}`);
  };
}

const program = new Command("pipeline")
  .description("Reads the inbox, builds the marts, looks for anomalies and publishes a new version")
  .option("--inbox <dir>", "folder with the exports (default: inbox in the data folder)")
  .option("--data-dir <dir>", "data folder (default: AFTERSIGHT_DATA_DIR or ./data)")
  .option("--force", "build even when nothing has changed")
  .option("--json-progress", "one JSON object a line instead of text")
  .option("--debug", "print the stack of an error")
  .action(run);

// Last, when everything above is defined.
await program.parseAsync();
