// One pipeline run as a process of its own, so that the server goes on answering; with less priority than it.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../../etl/progress/progress.ts";
import type { RunSummary } from "../../etl/runs/run-summary.ts";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";

export interface ChildOptions {
  readonly inbox: string;
  readonly dataRoot: string;
  readonly onProgress: (progress: Progress) => void;
}

export type ChildEnd =
  | { readonly status: "published" | "unchanged"; readonly versionName: string; readonly summary?: RunSummary }
  | { readonly status: "failed"; readonly error: string };

/** Longer than a run needs to notice the wish and to remove its files. */
const STOP_PATIENCE_MS = 15_000;
const KEPT_STDERR = 4000;

export class PipelineChild {
  readonly ended: Promise<ChildEnd>;
  readonly #child: ChildProcess;
  #stderr = "";
  #end: ChildEnd | undefined;

  constructor({ inbox, dataRoot, onProgress }: ChildOptions) {
    const main = path.join(PROJECT_ROOT, "etl", "main.ts");
    const options = ["--inbox", inbox, "--data-dir", dataRoot, "--json", "--wait", "--trigger", "watch"];
    // The channel tells the child when this process has gone, however it went.
    this.#child = spawn(process.execPath, ["--import", "tsx", main, ...options], {
      cwd: PROJECT_ROOT,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-KEPT_STDERR);
    });
    if (this.#child.stdout) {
      createInterface({ input: this.#child.stdout }).on("line", (line) => this.#read(line, onProgress));
    }
    lowerPriority(this.#child.pid);
    this.ended = this.#whenEnded();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks the run to end, and makes it when it does not. Resolves when it has. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    const waiting = new AbortController();
    const late = sleep(STOP_PATIENCE_MS, "late", { signal: waiting.signal }).catch(() => "over");
    if ((await Promise.race([this.ended, late])) === "late") this.#child.kill("SIGKILL");
    waiting.abort();
    await this.ended;
  }

  #read(line: string, onProgress: (progress: Progress) => void): void {
    let value: Progress | ChildEnd;
    try {
      value = JSON.parse(line) as Progress | ChildEnd;
    } catch {
      // Something else than the run wrote to its output.
      return;
    }
    if ("status" in value) this.#end = value;
    else if ("stage" in value) onProgress(value);
  }

  async #whenEnded(): Promise<ChildEnd> {
    // `close` comes after the last line; a child that could not be started has only `error`.
    const [code, signal] = await (once(this.#child, "close") as Promise<[number | null, NodeJS.Signals | null]>).catch(
      (error: unknown) => {
        this.#stderr += String(error);
        return [null, null] as const;
      },
    );
    if (this.#end && (this.#end.status === "failed" || code === 0)) return this.#end;
    const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    const said = this.#stderr.trim();
    return { status: "failed", error: `The run ${how}.${said ? `\n${said}` : ""}` };
  }
}

function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Ended already, or a system that does not let us: it runs as any other then.
  }
}
