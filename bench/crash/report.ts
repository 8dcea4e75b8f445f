// `npm run bench -- crash`: 200 pipeline runs killed at random moments. AFTERSIGHT_CRASH_KILLS and AFTERSIGHT_CRASH_SEED choose
// another number, or a trial to repeat.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { AppError } from "../../shared/errors.ts";
import { writeSection } from "../section.ts";
import { killRuns } from "./killed-runs.ts";

const HEADING = "## Killed at any moment";
const KILLS = 200;

export async function reportCrash(report: (line: string) => void): Promise<string> {
  const kills = wholeNumber("AFTERSIGHT_CRASH_KILLS") ?? KILLS;
  const seed = wholeNumber("AFTERSIGHT_CRASH_SEED") ?? Math.floor(Math.random() * 1e9);
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
| runs started to be killed | ${kills} |
| killed, by the stage they had told last | ${result.kills}: ${stages.join(", ")} |
| over before their moment came | ${result.completed} |
| days of exports that arrived | ${result.days} |
| served version whole and unchanged, read value by value | after each of the ${kills} |
| most files a killed run left until the next | ${result.mostLeft.files}, ${(result.mostLeft.bytes / 1e6).toFixed(1)} MB |
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

function wholeNumber(variable: string): number | undefined {
  const text = process.env[variable];
  if (text === undefined || text === "") return undefined;
  if (!/^\d+$/.test(text)) throw new AppError(`${variable} is ${text}, not a whole number.`);
  return Number(text);
}
