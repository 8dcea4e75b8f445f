// Command `npm run taxonomy`: which words of the exports no map knows, and a file to map them in.
import { existsSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { dataDirectory } from "../../shared/data-directory.ts";
import { AppError, describeError } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/files.ts";
import { describeQueue, queueSkeleton, unmappedQueue } from "./unmapped.ts";

interface Arguments {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly write?: string;
  readonly debug?: boolean;
}

async function unmapped(options: Arguments): Promise<void> {
  try {
    const data = dataDirectory(options.dataDir === undefined ? undefined : fromHere(options.dataDir));
    const queue = await unmappedQueue(data);
    if (options.write !== undefined) await writeNew(fromHere(options.write), queueSkeleton(queue));
    const told = options.json ? JSON.stringify(queue) : describeQueue(queue).join("\n");
    process.stdout.write(`${told}\n`);
  } catch (error) {
    process.stderr.write(`${describeError(error, options.debug)}\n`);
    process.exitCode = 1;
  }
}

/** What a seller filled in is not written over. */
async function writeNew(file: string, content: string): Promise<void> {
  if (existsSync(file)) {
    throw new AppError(`${file} is there already.`, {
      state: "It was not changed.",
      advice: "Name another file with --write, and take over from it what you need.",
    });
  }
  await writeFileAtomic(file, content);
  process.stderr.write(`Written: ${file}\n`);
}

/** npm runs us in the project's folder; relative paths mean the folder the user is in. */
function fromHere(file: string): string {
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), file);
}

const program = new Command("taxonomy").description("What the words of the exports mean");
program
  .command("unmapped")
  .description("Words that no map knows in the served version: rows, share, examples")
  .option("--data-dir <dir>", "data folder (default: AFTERSIGHT_DATA_DIR or ./data)")
  .option("--json", "JSON instead of text")
  .option("--write <file>", "also write them as a taxonomy.yml to fill in")
  .option("--debug", "print the stack of an error")
  .action(unmapped);

await program.parseAsync();
