// `npm run alerts -- --once`: sends the open findings of the published data as one mail.
import { randomBytes } from "node:crypto";
import { access } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import type { Query } from "@cubejs-client/core";
import { dataDirectory } from "../shared/data-directory.ts";
import { AppError, describeError } from "../shared/errors.ts";
import { CHANNELS } from "./channels/channels.ts";
import { runAlerts } from "./run-alerts.ts";
import { readSettings, SettingsError, type AlertOptions, type AlertSettings } from "./settings.ts";

interface CommandOptions extends AlertOptions {
  readonly once?: boolean;
  readonly dataDir?: string;
  readonly debug?: boolean;
}

const command = new Command("alerts")
  .description("Sends the open findings of the published data as one mail.")
  .option("--once", "send now and exit; let cron or a task scheduler repeat it")
  .option("--out <dir>", "write the mail as an .eml file into this folder instead of sending it (implies --once)")
  .option("--lang <lang>", "language of the mail: en or zh (default: AFTERSIGHT_MAIL_LANGUAGE or en)")
  .option("--to <addresses>", "comma-separated recipients (default: AFTERSIGHT_MAIL_TO)")
  .option("--min-severity <severity>", "leave out findings below low, medium or high", "medium")
  .option(
    "--base-url <url>",
    "address of the dashboard for links (default: AFTERSIGHT_BASE_URL or http://localhost:4000)",
  )
  .option("--max-age-hours <hours>", "data older than this is called late", "48")
  .option("--always", "send an all-clear when nothing is open")
  .option("--data-dir <dir>", "root of the data (default: AFTERSIGHT_DATA_DIR or data/)")
  .option("--debug", "print the stack of an error");

async function main(options: CommandOptions): Promise<void> {
  if (!options.once && !options.out) {
    throw new SettingsError("--once is missing: the command sends one mail and exits, it does not stay.", {
      state: "no mail was sent.",
      advice: "Run `npm run alerts -- --once`, and let cron or a task scheduler repeat it.",
    });
  }
  const settings = readSettings(options, process.env);
  const { published } = dataDirectory(options.dataDir);
  await requirePublishedData(published);
  // Loaded only now: Cube takes seconds to load, and wrong settings shall show at once.
  const { withCube } = await import("../cube/server/with-cube.ts");
  // Cube listens on a loopback port for this one run: nobody else needs to know its secret.
  const secret = randomBytes(32).toString("hex");
  await withCube(published, secret, (load) =>
    runAlerts(settings, {
      load: (query) => load(query as Query),
      channel: channelFor(settings),
      now: () => new Date(),
      log: (line) => process.stdout.write(`${line}\n`),
      warn: (line) => process.stderr.write(`${line}\n`),
      sleep: (milliseconds) => sleep(milliseconds),
    }),
  );
}

async function requirePublishedData(published: string): Promise<void> {
  try {
    await access(path.join(published, "current"));
  } catch (error) {
    throw new AppError(`there is no published data in ${published}.`, {
      state: "no mail was sent.",
      advice: "Run `npm run pipeline` first, or give --data-dir.",
      cause: error,
    });
  }
}

function channelFor(settings: AlertSettings) {
  for (const entry of CHANNELS) {
    const channel = entry.open(settings);
    if (channel) return channel;
  }
  throw new AppError("no channel takes these settings.", {
    state: "no mail was sent.",
    advice: "See alerts/README.md.",
  });
}

try {
  const options = command.parse().opts<CommandOptions>();
  await main(options);
} catch (error) {
  const block = describeError(error, process.argv.includes("--debug"));
  const state = error instanceof AppError && error.state ? "" : "\n  State: no mail was sent.";
  process.stderr.write(`${block}${state}\n`);
  process.exitCode = 1;
}
// Cube's timers would keep the process for some ten seconds more; first all that was said must be out.
await new Promise<void>((resolve) => process.stdout.write("", () => process.stderr.write("", () => resolve())));
process.exit();
