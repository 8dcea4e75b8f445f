// A measured process: wall time, processor time and the most memory it and its children held at once.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { AppError } from "../../shared/errors.ts";

const SAMPLE_EVERY_MS = 100;
/** What the kernel counts processor time in. */
const TICKS_PER_SECOND = 100;
const TOLD_ERROR_CHARACTERS = 2000;

export interface Measured {
  readonly seconds: number;
  /** Of it and its children as last seen; null where the system has no /proc. */
  readonly cpuSeconds: number | null;
  /** Resident memory, the sum over it and its children at the worst moment; null where the system has no /proc. */
  readonly peakBytes: number | null;
}

export interface Line {
  /** Seconds since the process was started. */
  readonly at: number;
  /** Its processor seconds so far; 0 where the system has no /proc. */
  readonly cpuAt: number;
  readonly text: string;
}

export interface Watched {
  readonly environment?: Readonly<Record<string, string>>;
  /** Modules that Node loads before the script. */
  readonly imports?: readonly string[];
}

/** Runs one of our scripts with Node and reads what it prints, line by line. @throws AppError when it fails. */
export async function runMeasured(
  script: readonly string[],
  onLine: (line: Line) => void,
  { environment = {}, imports = [] }: Watched = {},
): Promise<Measured> {
  const start = performance.now();
  const since = (): number => (performance.now() - start) / 1000;
  const loaded = ["tsx", ...imports].flatMap((name) => ["--import", name]);
  const child = spawn(process.execPath, [...loaded, ...script], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const usage = new Usage(child.pid ?? -1);
  const timer = setInterval(() => usage.sample(), SAMPLE_EVERY_MS);
  const stop = (): void => void child.kill("SIGTERM");
  process.once("exit", stop);
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors = `${errors}${chunk.toString()}`.slice(-TOLD_ERROR_CHARACTERS)));
  createInterface({ input: child.stdout }).on("line", (text) => {
    usage.sample();
    onLine({ at: since(), cpuAt: usage.cpuSeconds ?? 0, text });
  });
  try {
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    const seconds = since();
    if (code === 0) return { seconds, cpuSeconds: usage.cpuSeconds, peakBytes: usage.peakBytes };
    throw new AppError(`${script[0]} ended with ${signal ?? code} after ${seconds.toFixed(0)} s: ${errors.trim()}`);
  } finally {
    clearInterval(timer);
    process.off("exit", stop);
  }
}

class Usage {
  cpuSeconds: number | null = null;
  peakBytes: number | null = null;
  readonly #root: number;

  constructor(root: number) {
    this.#root = root;
  }

  sample(): void {
    let bytes = 0;
    let ticks = 0;
    for (const id of familyOf(this.#root)) {
      const status = readText(`/proc/${id}/status`);
      bytes += 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
      // What follows the name in brackets: state, parent, ... the 12th and 13th are user and system time.
      const fields = readText(`/proc/${id}/stat`).split(") ").at(-1)?.split(" ") ?? [];
      ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
    }
    if (bytes === 0) return;
    this.peakBytes = Math.max(this.peakBytes ?? 0, bytes);
    this.cpuSeconds = Math.max(this.cpuSeconds ?? 0, ticks / TICKS_PER_SECOND);
  }
}

/** A process and its children, and theirs; empty when it is gone. */
function familyOf(root: number): number[] {
  const found = [root];
  for (const id of found) {
    for (const task of listed(`/proc/${id}/task`)) {
      found.push(...readText(`/proc/${id}/task/${task}/children`).split(" ").filter(Boolean).map(Number));
    }
  }
  return found;
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Empty when the process ended meanwhile. */
function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
