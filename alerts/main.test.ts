// The command as a user runs it; the way through real data is in tests/.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PROJECT_ROOT } from "../shared/data-directory.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "aftersight-alerts-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

async function run(...given: string[]): Promise<Ended> {
  const ours = Object.entries(process.env).filter(([name]) => !name.startsWith("AFTERSIGHT_"));
  const child = spawn(process.execPath, ["--import", "tsx", "alerts/main.ts", ...given], {
    cwd: PROJECT_ROOT,
    env: Object.fromEntries(ours),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, stderr };
}

it("ends with 1 and says what to do where no way to send is set", async () => {
  const { code, stderr } = await run("--once");
  expect(stderr).toMatch(
    /AFTERSIGHT_SMTP_URL is not set[\s\S]*State: no mail was sent\.[\s\S]*What to do: Set AFTERSIGHT_SMTP_URL/,
  );
  expect(code).toBe(1);
});

it("ends with 1 where nothing is published", async () => {
  const { code, stderr } = await run("--once", "--out", folder, "--data-dir", path.join(folder, "empty"));
  expect(stderr).toMatch(/no published data in .*empty[\s\S]*State: no mail was sent\.[\s\S]*npm run pipeline/);
  expect(code).toBe(1);
});

it("does not stay without --once", async () => {
  const { code, stderr } = await run("--out", folder);
  expect(stderr).toContain("--once is missing");
  expect(code).toBe(1);
});
