// `npm run bench -- crash [--kills N] [--seed N]`: 200 pipeline runs killed at random moments. A seed repeats a trial, as far as
// the machine's speed lets it.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { AppError } from "../../shared/errors.ts";
import { writeSection } from "../section.ts";
import { killRuns } from "./killed-runs.ts";

const HEADING = "## Killed at any moment";
const KILLS = 200;

export async function reportCrash(report: (line: string) => void, args: readonly string[]): Promise<string> {
  const { values } = parseArgs({ args: [...args], options: { kills: { type: "string" }, seed: { type: "string" } } });
  const kills = wholeNumber("--kills", values.kills) ?? KILLS;
  const seed = wholeNumber("--seed", values.seed) ?? Math.floor(Math.random() * 1e9);
  const folder = await mkdtemp(path.join(os.tmpdir(), "aftersight-crash-"));
  report(`seed ${seed}: ${kills} runs, each killed at a moment drawn evenly from its duration`);
  try {
    const result = await killRuns({ folder, kills, seed, report });
    const stages = Object.entries(result.stages).map(([stage, count]) => `${stage} ${count}`);
    const section = `${HEADING}

\`npm run bench -- crash\` writes this section: the pipeline as a process, SIGKILL at a moment drawn evenly from a run's duration,
a day's exports arriving between runs, some days out of order. Seed ${seed}, ${os.cpus().length} cores.

| what | figure |
|---|---|
| runs killed, by the stage they had told last | ${result.kills}: ${stages.join(", ")} |
| runs in between that came to their end | ${result.completed} |
| days of exports that arrived | ${result.days} |
| served version whole and unchanged, read value by value | after each of them |
| most that a killed run left until the next one, which removed it | ${result.mostLeft.files} files, ${(result.mostLeft.bytes / 1e6).toFixed(1)} MB |
| files left after a run that ended well | 0 |
| marts at the end against a full build from scratch | the same: ${result.tables} tables, ${result.rows} rows, sorted and compared byte for byte |
| whole trial | ${(result.seconds / 60).toFixed(1)} min |
`;
    await writeSection(HEADING, section);
    return section;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new AppError(`${option} ${text} is not a whole number.`);
  return Number(text);
}
