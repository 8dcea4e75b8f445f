// The machine's Chromium, as npm test found or installed it.
import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @throws Error when there is no browser: run the tests by `npm test`, which installs one. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.AFTERSIGHT_CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) throw new Error(`No browser at ${executablePath}; npm test installs one`);
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
