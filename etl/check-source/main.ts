// Command `npm run sources`: who reads which export, and what he would make of a file before it goes into the inbox.
import path from "node:path";
import { Command } from "commander";
import { AppError, describeError } from "../../shared/errors.ts";
import { checkSource, listSources } from "./check-source.ts";
import { describeCheck } from "./check-source-text.ts";
import { textTable } from "../runs/text-table.ts";
import { SOURCES } from "../sources/sources.ts";

interface CheckArguments {
  readonly inbox?: string;
  readonly mapping?: string;
  readonly json?: boolean;
}

const fromHere = (file: string) => path.resolve(process.env.INIT_CWD ?? process.cwd(), file);

async function check(file: string, { inbox, mapping, json }: CheckArguments): Promise<void> {
  try {
    const checks = await checkSource({
      file: fromHere(file),
      sources: SOURCES,
      ...(inbox === undefined ? {} : { inbox: fromHere(inbox) }),
      ...(mapping === undefined ? {} : { mapping: fromHere(mapping) }),
    });
    if (json) console.log(JSON.stringify(checks, null, 2));
    else for (const each of checks) for (const line of describeCheck(each)) console.log(line);
    if (checks.some((each) => each.problem !== undefined)) process.exitCode = 1;
  } catch (error) {
    if (json && error instanceof AppError) {
      const { message, advice } = error;
      console.log(JSON.stringify({ error: { message, advice: advice ?? null } }, null, 2));
    } else console.error(describeError(error));
    process.exitCode = 1;
  }
}

function list({ json }: { readonly json?: boolean }): void {
  const sources = listSources(SOURCES);
  if (json) return console.log(JSON.stringify(sources, null, 2));
  const rows = sources.map(({ folder, title, feeds, entities }) => [
    folder,
    title,
    [...new Set(feeds.flatMap((feed) => feed.extensions))].join(" "),
    entities.join(", "),
  ]);
  for (const line of textTable(["folder in the inbox", "system", "files", "fills"], rows)) console.log(line);
  console.log("Any other table: with a mapping file beside it, see etl/sources/tabular/README.md");
}

const program = new Command("sources").description("The readers of exports");
program
  .command("list")
  .description("all readers and what they fill")
  .option("--json", "JSON instead of a table")
  .action(list);
program
  .command("check")
  .description("who would read a file, its columns, three rows as they would be stored, and what would be quarantined")
  .argument("<file>", "an export; also a zip archive, or archive.zip/file.csv")
  .option("--inbox <dir>", "the inbox it lies in (default: found by the folders above it)")
  .option("--mapping <file>", "a mapping file to read it with")
  .option("--json", "JSON instead of text")
  .action(check);

// Last, when everything above is defined.
await program.parseAsync();
