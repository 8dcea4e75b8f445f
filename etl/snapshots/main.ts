// Command `npm run snapshots`: lists the published versions, serves another one, removes old ones.
import path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { dataDirectory, type DataDirectory } from "../../shared/data-directory.ts";
import { describeError } from "../../shared/errors.ts";
import { KEPT_VERSIONS } from "./publish.ts";
import { textTable } from "../runs/text-table.ts";
import { listSnapshots, pruneSnapshots, useSnapshot, type ListedVersion } from "./snapshots.ts";

const program = new Command("snapshots").description("Published versions: look back, roll back, remove old ones");

const withData = (command: Command) =>
  command.option("--data-dir <dir>", "data folder (default: AFTERSIGHT_DATA_DIR or ./data)");

withData(program.command("list"))
  .description("all versions, newest first")
  .option("--json", "JSON instead of a table")
  .action(told(list));

withData(program.command("use"))
  .description("serve another version; a running server switches within seconds")
  .argument("<version>", "its name or the beginning of it, or latest")
  .addHelpText(
    "after",
    "\nAn older version stays served until a file of the inbox changes, npm run pipeline -- --force, or use latest.",
  )
  .action((version: string, options: DataOption) => told(use)({ ...options, version }));

withData(program.command("prune"))
  .description("remove old versions; the served one always stays")
  .addOption(new Option("--keep <n>", "how many of the newest to keep").argParser(atLeastOne).default(KEPT_VERSIONS))
  .action(told(prune));

interface DataOption {
  readonly dataDir?: string;
}

/** Runs a command and tells its failure. */
function told<Options extends DataOption>(
  work: (data: DataDirectory, options: Options) => Promise<void>,
): (options: Options) => Promise<void> {
  return async (options) => {
    try {
      const base = process.env.INIT_CWD ?? process.cwd();
      await work(
        dataDirectory(options.dataDir === undefined ? undefined : path.resolve(base, options.dataDir)),
        options,
      );
    } catch (error) {
      console.error(describeError(error));
      process.exitCode = 1;
    }
  };
}

async function list(data: DataDirectory, { json }: DataOption & { readonly json?: boolean }): Promise<void> {
  const versions = await listSnapshots(data);
  if (json) return console.log(JSON.stringify(versions, null, 2));
  if (versions.length === 0) return console.log(`No version has been published in ${data.published}.`);
  const head = ["", "version", "built (UTC)", "complete to", "rows", "MB", ""];
  for (const line of textTable(head, versions.map(row))) console.log(line);
}

function row(version: ListedVersion): (string | number)[] {
  const notes = [version.isPinned ? "pinned" : "", version.isDemo ? "demo" : "", version.problem ?? ""];
  return [
    version.isServed ? "served" : "",
    version.name,
    minute(version.builtAt),
    minute(version.completeTo),
    version.rows ?? 0,
    Math.ceil(version.bytes / 1e5) / 10,
    notes.filter(Boolean).join(", "),
  ];
}

function minute(time: string | null): string {
  return time === null ? "" : time.slice(0, 16).replace("T", " ");
}

async function use(data: DataDirectory, { version }: DataOption & { readonly version: string }): Promise<void> {
  const { name, before, isPinned } = await useSnapshot(data, version);
  console.log(name === before ? `Version ${name} is served already.` : `Version ${name} is served now, not ${before}.`);
  if (!isPinned) return;
  console.log("It stays so until a file of the inbox changes: the run after that publishes a new version.");
  console.log("Back to the newest version: npm run snapshots -- use latest");
}

async function prune(data: DataDirectory, { keep }: DataOption & { readonly keep: number }): Promise<void> {
  const { removed, kept, bytes } = await pruneSnapshots(data, keep);
  if (removed.length === 0) return console.log(`Nothing to remove: ${kept.length} versions.`);
  console.log(`Removed ${removed.length} versions, ${(bytes / 1e6).toFixed(1)} MB; ${kept.length} are left.`);
}

function atLeastOne(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("At least one version is kept.");
  return number;
}

// Last, when everything above is defined.
await program.parseAsync();
