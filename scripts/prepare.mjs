// What both commands need before anything else runs: a Node that fits, the packages, the built dashboard.
// Plain Node without dependencies: it runs before node_modules exists.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const MINIMUM_NODE = [20, 19];

/** Ends the process with a message a person can act on: what failed, what state is left, what to do. */
export function fail(what, { state, advice } = {}) {
  console.error(`\nError: ${what}`);
  if (state) console.error(`  State: ${state}`);
  if (advice) console.error(`  What to do: ${advice}`);
  process.exit(1);
}

export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [needMajor, needMinor] = MINIMUM_NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  fail(`Node ${process.versions.node} is too old; Aftersight needs ${MINIMUM_NODE.join(".")} or newer.`, {
    state: "Nothing was installed or changed.",
    advice: "Install a current Node.js (22 LTS or 24 LTS) and run the command again.",
  });
}

/** Installs the packages of package-lock.json unless exactly these are installed. */
export async function installPackages() {
  const lock = readFileSync(path.join(ROOT, "package-lock.json"));
  const wanted = sha256(lock, process.platform, process.arch);
  const marker = path.join(ROOT, "node_modules", ".aftersight-installed");
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  if (!installedMatches(JSON.parse(lock))) {
    console.log("Installing packages (about a minute, once) ...");
    const started = Date.now();
    const code = await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    if (code !== 0) {
      fail(`npm ci failed with exit code ${code}.`, {
        state: "Packages are missing or incomplete; no data was touched.",
        advice: "Check the network or npm registry settings (the lines above tell), then run the command again.",
      });
    }
    console.log(`Packages installed in ${seconds(started)}.`);
  }
  writeFileSync(marker, wanted);
}

/** True when npm's own record of node_modules holds every required package of the lock in its version. */
function installedMatches(lock) {
  const record = path.join(ROOT, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages;
  return Object.entries(lock.packages).every(
    ([name, wanted]) => name === "" || wanted.optional || installed[name]?.version === wanted.version,
  );
}

/** Builds the dashboard when its sources changed since the last build; the old build stays until the new one is whole. */
export async function buildDashboard() {
  const source = path.join(ROOT, "dashboard");
  const output = path.join(source, "dist");
  const marker = path.join(output, ".built-from");
  const wanted = sha256(readFileSync(path.join(ROOT, "package-lock.json")), ...contents(source));
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  console.log("Building the dashboard ...");
  const started = Date.now();
  const fresh = path.join(source, `.dist-${process.pid}`);
  const vite = path.join(ROOT, "node_modules", "vite", "bin", "vite.js");
  const code = await run(process.execPath, [
    vite,
    "build",
    source,
    "--outDir",
    fresh,
    "--emptyOutDir",
    "--logLevel",
    "warn",
  ]);
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    fail("The dashboard could not be built.", {
      state: existsSync(output) ? "The previous build is still there." : "There is no dashboard to serve.",
      advice: "The lines above name the file; `git status` shows what was changed.",
    });
  }
  writeFileSync(path.join(fresh, ".built-from"), wanted);
  rmSync(output, { recursive: true, force: true });
  renameSync(fresh, output);
  console.log(`Dashboard built in ${seconds(started)}.`);
}

/** Path, size and content of every source file, build output left out. */
function* contents(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === "dist" || entry.name.startsWith(".dist-")) continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* contents(full);
    else if (statSync(full).isFile()) {
      yield path.relative(ROOT, full);
      yield readFileSync(full);
    }
  }
}

function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
}

/** Runs a program in the project with our terminal; resolves to its exit code. Ctrl-C reaches it as well. */
export function run(command, args, { env = {}, cwd = ROOT } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      stdio: "inherit",
      env: { ...process.env, ...env },
      shell: process.platform === "win32" && command === "npm",
    });
    const forward = (signal) => child.kill(signal);
    process.on("SIGINT", forward).on("SIGTERM", forward);
    const end = (code) => {
      process.off("SIGINT", forward).off("SIGTERM", forward);
      resolve(code);
    };
    child.on("error", (error) => {
      console.error(`${command}: ${error.message}`);
      end(127);
    });
    child.on("exit", (code, signal) => end(code ?? (signal === "SIGINT" ? 130 : 143)));
  });
}

/** Runs one of our TypeScript commands. */
export function runTypeScript(file, args, options) {
  return run(process.execPath, ["--import", "tsx", path.join(ROOT, file), ...args], options);
}

/** True when the program can be started. */
export function has(command) {
  return spawnSync(process.platform === "win32" ? "where" : "which", [command], { stdio: "ignore" }).status === 0;
}

export function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}
