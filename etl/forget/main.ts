// Command `npm run forget`: erases a person (GDPR article 17, PIPL article 47).
import path from "node:path";
import { Command } from "commander";
import { dataDirectory } from "../../shared/data-directory.ts";
import { describeError } from "../../shared/errors.ts";
import { createReporter } from "../progress/progress-reporter.ts";
import { forget } from "./forget.ts";

interface Flags {
  readonly customer: string;
  readonly also: string[];
  readonly dataDir?: string;
  readonly rewriteInbox?: boolean;
}

const program = new Command("forget")
  .description("Erases a person from the exports, the kept rows and all published versions")
  .requiredOption("--customer <id>", "e-mail address, phone number or account id, as the exports write it")
  .option(
    "--also <text>",
    "something else that tells who it was, e.g. a name or a street; may be given again",
    (text: string, all: string[]) => [...all, text],
    [],
  )
  .option("--rewrite-inbox", "also when the inbox is outside the data folder")
  .option("--data-dir <dir>", "data folder (default: AFTERSIGHT_DATA_DIR or ./data)")
  .action(async ({ customer, also, dataDir, rewriteInbox = false }: Flags) => {
    const base = process.env.INIT_CWD ?? process.cwd();
    const data = dataDirectory(dataDir === undefined ? undefined : path.resolve(base, dataDir));
    const reporter = createReporter({ out: process.stdout, isJson: false, isVerbose: false });
    try {
      const done = await forget({ data, customer, also, rewriteInbox, report: reporter.report });
      reporter.close();
      for (const { path: file, times } of done.files) console.log(`${file}: taken out in ${times} places`);
      console.log(`Served is ${done.versionName}, without the person; ${done.versions} older versions were removed.`);
      console.log(
        "Whatever else of them stands beside it in the exports (a name, a street) stays unless given with --also.",
      );
    } catch (error) {
      reporter.close();
      console.error(describeError(error));
      process.exitCode = 1;
    }
  });

await program.parseAsync();
