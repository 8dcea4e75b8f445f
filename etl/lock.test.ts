import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isLockConflict, PipelineBusyError, withPipelineLock } from "./lock.ts";

const HOLDER = `
  const { withPipelineLock } = await import(process.argv[1]);
  await withPipelineLock(process.argv[2], async () => {
    process.stdout.write("held");
    await new Promise((resolve) => setTimeout(resolve, Number(process.argv[3])));
  }).catch((error) => { process.stdout.write(error.message); process.exitCode = 1; });
`;

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "lock-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

function hold(milliseconds: number): ChildProcess & { stdout: NonNullable<ChildProcess["stdout"]> } {
  const child = spawn(process.execPath, [
    "--import",
    "tsx",
    "--input-type=module",
    "-e",
    HOLDER,
    path.resolve("etl/lock.ts"),
    folder,
    String(milliseconds),
  ]);
  children.push(child);
  return child;
}

describe("the pipeline's lock", () => {
  it("held by another process is refused, naming that process", async () => {
    const holder = hold(60_000);
    await once(holder.stdout, "data");
    const attempt = withPipelineLock(folder, async () => "ran");
    const error = await attempt.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PipelineBusyError);
    const { message, pid, startedAt } = error as PipelineBusyError;
    expect(message).toMatch(new RegExp(`Another pipeline is at work.*process ${holder.pid}, running since 20`));
    expect(pid).toBe(holder.pid);
    expect(Math.abs(Date.now() - Date.parse(startedAt ?? ""))).toBeLessThan(60_000);
  });

  it("of a killed process is free at once", async () => {
    const holder = hold(60_000);
    await once(holder.stdout, "data");
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(await withPipelineLock(folder, async () => "ran")).toBe("ran");
    expect(await readdir(folder)).not.toContain("pipeline.lock.json");
  });

  it("is told by the system's word, not by the name a killed process left behind", async () => {
    const gone = hold(60_000);
    await once(gone.stdout, "data");
    gone.kill("SIGKILL");
    await once(gone, "exit");
    const left = await readFile(path.join(folder, "pipeline.lock.json"), "utf8");
    const holder = hold(60_000);
    await once(holder.stdout, "data");
    await writeFile(path.join(folder, "pipeline.lock.json"), left);
    const error = await withPipelineLock(folder, async () => "ran").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ pid: holder.pid, startedAt: null });
  });

  it("keeps two runs of one process apart and is free again after an error", async () => {
    const failing = withPipelineLock(folder, async () => {
      await expect(withPipelineLock(folder, async () => "inner")).rejects.toThrow("this one");
      throw new Error("broken");
    });
    await expect(failing).rejects.toThrow("broken");
    expect(await withPipelineLock(folder, async () => "ran")).toBe("ran");
  });

  it("that cannot be opened is not taken for another pipeline", async () => {
    await mkdir(path.join(folder, "pipeline.lock"));
    await expect(withPipelineLock(folder, async () => "ran")).rejects.toThrow(
      /^The lock file .*pipeline\.lock cannot be opened: .*directory/,
    );
    expect(isLockConflict('Cannot open file "/data/work/pipeline.lock": Read-only file system')).toBe(false);
    expect(isLockConflict('Cannot open file "/data/work/pipeline.lock": Permission denied')).toBe(false);
  });

  it("asked for by six at once is given to exactly one", async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const [data] = (await once(hold(15_000).stdout, "data")) as [Buffer];
        return data.toString();
      }),
    );
    expect(answers.filter((answer) => answer === "held")).toHaveLength(1);
    expect(answers.filter((answer) => answer.startsWith("Another pipeline"))).toHaveLength(5);
  });
});
