// What a newcomer waits for: `npm start` on a fresh clone to a served page, again on a warm one, sizes and the server's memory.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { AppError } from "../../shared/errors.ts";
import { writeSection } from "../section.ts";
import { freePort } from "../../shared/free-port.ts";

const HEADING = "## From a clone to a page";
const REST_MS = 20_000;

interface Start {
  /** Until the first page is answered. */
  readonly seconds: number;
  readonly output: string;
  readonly memoryMb: number | null;
}

/** Clones the committed state, starts it cold, then warm, and writes the section. Packages come from npm's cache where it has them. */
export async function reportStart(report: (line: string) => void): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "aftersight-start-"));
  try {
    const clone = path.join(folder, "clone");
    execFileSync("git", ["clone", "--quiet", PROJECT_ROOT, clone]);
    const cold = await start(clone, 0);
    report(`cold: ${cold.seconds.toFixed(1)} s`);
    const warm = await start(clone, REST_MS);
    report(`warm: ${warm.seconds.toFixed(1)} s, ${warm.memoryMb} MB`);
    const megabytes = async (name: string) => Math.round((await bytesUnder(path.join(clone, name))) / 1e6);
    const section = `${HEADING}

\`npm run bench -- start\` writes this section: one run on ${os.cpus().length} cores (${os.cpus()[0]?.model ?? "unknown"}), Node ${process.versions.node}, npm's cache warm.
Load average when it ended: ${os.loadavg()[0]?.toFixed(1)}.

| what | figure |
|---|---|
| cold: fresh clone to the first served page | ${cold.seconds.toFixed(0)} s |
| of which packages | ${part(cold.output, /Packages installed in ([\d.]+) s/)} s |
| of which dashboard build | ${part(cold.output, /Dashboard built in ([\d.]+) s/)} s |
| of which pipeline over the demo | ${part(cold.output, /([\d.]+) s {2}publish/)} s |
| warm: second start to the first served page | ${warm.seconds.toFixed(1)} s (1/${(cold.seconds / warm.seconds).toFixed(0)} of cold) |
| node_modules | ${await megabytes("node_modules")} MB |
| demo exports → published version | ${await megabytes("data/inbox")} MB → ${await megabytes("data/published")} MB |
| server's memory, ${REST_MS / 1000} s after the first page | ${warm.memoryMb ?? "not measured on this system"} MB |
`;
    await writeSection(HEADING, section);
    return section;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function start(clone: string, restMs: number): Promise<Start> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn("npm", ["start", "--silent", "--", "--port", String(port)], {
    cwd: clone,
    env: { ...process.env, AFTERSIGHT_DATA_DIR: path.join(clone, "data") },
    detached: true,
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  try {
    await answered(`http://localhost:${port}/`, child, () => output);
    const seconds = (performance.now() - began) / 1000;
    await new Promise((resolve) => setTimeout(resolve, restMs));
    return { seconds, output, memoryMb: await serverMemoryMb(port) };
  } finally {
    await stop(child);
  }
}

async function answered(url: string, child: ChildProcess, output: () => string): Promise<void> {
  while (child.exitCode === null) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new AppError(`npm start ended with ${child.exitCode} in the clone:\n${output()}`);
}

/** npm, our script and the server are one process group. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  process.kill(-child.pid, "SIGTERM");
  await ended;
}

/** Resident memory of the server on that port, from Linux's /proc; null elsewhere. */
async function serverMemoryMb(port: number): Promise<number | null> {
  const processes = await readdir("/proc").catch(() => []);
  for (const id of processes.filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "");
    if (!command.includes("server/main.ts") || !command.includes(`\0${port}\0`)) continue;
    const kilobytes = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${id}/status`, "utf8"))?.[1];
    return Math.round(Number(kilobytes) / 1000);
  }
  return null;
}

async function bytesUnder(folder: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) total += (await stat(path.join(entry.parentPath, entry.name))).size;
  }
  return total;
}

function part(output: string, pattern: RegExp): string {
  return Number(pattern.exec(output)?.[1] ?? Number.NaN).toFixed(1);
}
