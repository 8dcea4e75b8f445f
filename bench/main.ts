// The `bench` command: `npm run bench -- detection` runs one benchmark (`-- etl --scale 1,10` with its flags), without a name all;
// figures go to docs/benchmarks.md.
import { AppError, describeError } from "../shared/errors.ts";
import { reportCrash } from "./crash/report.ts";
import { reportDetection } from "./detection/report.ts";
import { reportEtl } from "./etl/report.ts";
import { reportLate } from "./late/report.ts";
import { reportMetrics } from "./metrics/report.ts";
import { reportStart } from "./start/report.ts";
import { reportTagging } from "./tagging/report.ts";

/** To add a benchmark: a folder beside this file and a line here. */
const BENCHMARKS: Record<string, (report: (line: string) => void, args: readonly string[]) => Promise<unknown>> = {
  start: reportStart,
  detection: reportDetection,
  crash: reportCrash,
  etl: reportEtl,
  metrics: reportMetrics,
  late: reportLate,
  tagging: reportTagging,
};

try {
  const [wanted, ...args] = process.argv.slice(2);
  for (const name of wanted === undefined ? Object.keys(BENCHMARKS) : [wanted]) {
    const run = BENCHMARKS[name];
    if (!run)
      throw new AppError(`There is no benchmark "${name}"`, {
        advice: `Known: ${Object.keys(BENCHMARKS).join(", ")}.`,
      });
    await run((line) => process.stdout.write(`${line}\n`), args);
  }
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}
