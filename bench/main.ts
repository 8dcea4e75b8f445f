// The `bench` command: `npm run bench -- detection` runs one benchmark, without a name all; figures go to docs/benchmarks.md.
import { AppError, describeError } from "../shared/errors.ts";
import { reportDetection } from "./detection/report.ts";
import { reportStart } from "./start/report.ts";

/** To add a benchmark: a folder beside this file and a line here. */
const BENCHMARKS: Record<string, (report: (line: string) => void) => Promise<unknown>> = {
  start: reportStart,
  detection: reportDetection,
};

try {
  const wanted = process.argv.slice(2);
  for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHMARKS)) {
    const run = BENCHMARKS[name];
    if (!run)
      throw new AppError(`There is no benchmark "${name}"`, {
        advice: `Known: ${Object.keys(BENCHMARKS).join(", ")}.`,
      });
    await run((line) => process.stdout.write(`${line}\n`));
  }
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}
