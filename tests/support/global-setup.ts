// Once for all whole-way tests: the demo seller's exports, one pipeline run over them and a server, each by the product's own command.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { runCommand, startServer } from "./commands.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Root of the data folder: `inbox/` holds the demo, `published/` its version. */
    demoDataRoot: string;
    demoServerUrl: string;
  }
}

/** The last day of the demo: a Sunday two weeks before Black Friday 2026. */
export const DEMO_END = "2026-11-15";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = await mkdtemp(path.join(os.tmpdir(), "aftersight-whole-way-"));
  await succeed("etl/demo/main.ts", ["--out", path.join(root, "inbox"), "--seed", "7", "--end", DEMO_END]);
  await succeed("etl/main.ts", ["--inbox", path.join(root, "inbox"), "--data-dir", root]);
  const server = await startServer(root);
  project.provide("demoDataRoot", root);
  project.provide("demoServerUrl", server.url);
  return async () => {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  };
}

async function succeed(file: string, args: string[]): Promise<void> {
  const { code, output } = await runCommand(file, args);
  if (code !== 0) throw new Error(`${file} ended with ${code}:\n${output}`);
}
