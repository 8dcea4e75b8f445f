// Finds or installs the browser the tests drive. Order: one that is named or installed, Debian's package where we may, Playwright's download.
import { existsSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fail, has, ROOT, run } from "./prepare.mjs";

const COMMANDS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PLACES = [
  "/usr/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/** Path of a Chromium or Chrome that can be started; ends the process with a message when none can be had. */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  if (process.getuid?.() === 0 && has("apt-get")) {
    console.log("Installing Chromium for the browser tests (apt-get) ...");
    const environment = { env: { DEBIAN_FRONTEND: "noninteractive" } };
    await run("apt-get", ["update", "-qq"], environment);
    await run(
      "apt-get",
      ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"],
      environment,
    );
  } else {
    console.log("Downloading Chromium for the browser tests ...");
    await run(process.execPath, [path.join(ROOT, "node_modules", "playwright-core", "cli.js"), "install", "chromium"]);
  }
  return (
    findBrowser() ??
    fail("No browser for the browser tests.", {
      state: "No test was run.",
      advice: "Install Chromium or Chrome, or set AFTERSIGHT_CHROMIUM to its path, and run npm test again.",
    })
  );
}

function findBrowser() {
  const named = process.env.AFTERSIGHT_CHROMIUM;
  if (named) return existsSync(named) ? named : fail(`AFTERSIGHT_CHROMIUM names ${named}, which doesn't exist.`);
  const directories = (process.env.PATH ?? "").split(path.delimiter);
  const onPath = directories.flatMap((folder) => COMMANDS.map((command) => path.join(folder, command)));
  return [...onPath, ...PLACES, ...playwrightDownloads()].find((file) => existsSync(file));
}

function playwrightDownloads() {
  const caches = [
    process.env.PLAYWRIGHT_BROWSERS_PATH,
    path.join(os.homedir(), ".cache", "ms-playwright"),
    path.join(os.homedir(), "Library", "Caches", "ms-playwright"),
    path.join(os.homedir(), "AppData", "Local", "ms-playwright"),
  ];
  const inside = [
    ["chrome-linux64", "chrome"],
    ["chrome-linux", "chrome"],
    ["chrome-mac", "Chromium.app", "Contents", "MacOS", "Chromium"],
    ["chrome-win", "chrome.exe"],
  ];
  return caches
    .filter((cache) => cache && existsSync(cache))
    .flatMap((cache) =>
      readdirSync(cache)
        .filter((name) => /^chromium-\d+$/.test(name))
        .map((name) => path.join(cache, name)),
    )
    .flatMap((folder) => inside.map((parts) => path.join(folder, ...parts)));
}
