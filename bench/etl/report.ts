// What a load costs beside bare DuckDB, and what one more day costs: the figures as a section of docs/benchmarks.md.
import os from "node:os";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { describeError } from "../../shared/errors.ts";
import { writeSection } from "../section.ts";
import { measureScale, type Measurement } from "./measure.ts";
import { SCALES, scaleData, type Scale } from "./scales.ts";
import { sectionOf } from "./section-text.ts";

const HEADING = "## Loading exports";

interface Flags {
  readonly scale: readonly Scale[];
  readonly data: string;
  readonly trace?: boolean;
}

function scales(text: string): Scale[] {
  return text.split(",").map((part) => {
    const scale = SCALES.find((each) => String(each) === part.trim());
    if (scale === undefined) throw new InvalidArgumentError(`Known scales: ${SCALES.join(", ")}.`);
    return scale;
  });
}

/** Measures each scale asked for and writes the section; a scale that fails is told in it. Returns its text. */
export async function reportEtl(report: (line: string) => void, args: readonly string[]): Promise<string> {
  const flags = new Command("bench -- etl")
    .description("Loads the demo seller's exports: bare DuckDB, the pipeline's first load, one more day.")
    .option(
      "--scale <list>",
      "sizes of the shop; 100 takes 17 GB of data, twice as much room and an hour",
      scales,
      [1, 10],
    )
    .option(
      "--data <dir>",
      "where the data are kept; made when missing",
      path.join(os.tmpdir(), "aftersight-bench-etl"),
    )
    .option("--trace", "tell the slowest SQL statements too")
    .parse(args, { from: "user" })
    .opts<Flags>();
  const measured: Measurement[] = [];
  const failures: string[] = [];
  for (const scale of flags.scale) {
    try {
      const data = await scaleData(path.resolve(flags.data), scale, report);
      measured.push(await measureScale(data, { trace: flags.trace ?? false, report }));
    } catch (error) {
      failures.push(`${scale}x could not be measured: ${describeError(error).replaceAll(/\s+/g, " ")}`);
      report(failures.at(-1) ?? "");
    }
  }
  const section = sectionOf(HEADING, measured, failures);
  await writeSection(HEADING, section);
  return section;
}
