// Runs the product's own commands as a user would: separate processes, real files, real ports.
import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { freePort } from "../../shared/free-port.ts";

export interface CommandResult {
  readonly code: number;
  /** Standard output and error together, in order of arrival. */
  readonly output: string;
}

/** Runs one of our TypeScript commands to its end. */
export async function runCommand(file: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  const child = startCommand(file, args, env);
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve(status ?? (signal ? 128 : 1)));
  });
  return { code, output };
}

/** Starts a command and leaves it running. */
export function startCommand(file: string, args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const runner = file.endsWith(".mjs") ? [] : ["--import", "tsx"];
  return spawn(process.execPath, [...runner, path.join(PROJECT_ROOT, file), ...args], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, UV_THREADPOOL_SIZE: "16", INIT_CWD: PROJECT_ROOT, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export interface RunningServer {
  readonly url: string;
  readonly child: ChildProcess;
  output(): string;
  stop(): Promise<void>;
}

/** Starts the real server on a free port; resolves when it says that it is ready. */
export async function startServer(dataRoot: string, ...more: string[]): Promise<RunningServer> {
  const port = await freePort();
  const child = startCommand("server/main.ts", ["--data-dir", dataRoot, "--port", String(port), ...more]);
  let output = "";
  const ready = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("ready on")) resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.on("exit", (code) => reject(new Error(`server ended with ${code}:\n${output}`)));
  });
  await ready;
  return {
    url: `http://localhost:${port}`,
    child,
    output: () => output,
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners("exit");
        child.on("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}
