// One pipeline at a time per data folder. DuckDB's own file lock does it: the system gives it to one process and takes it back
// when that process ends in whatever way, so there is no stale lock and no moment when two believe they hold it.
import { readFile, realpath, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { AppError, hasCode, messageOf } from "../shared/errors.ts";

/** The system's lock is per process; this keeps two runs within one apart. */
const heldHere = new Set<string>();

/** Runs `work` while holding the lock of `folder`. @throws AppError naming the process that holds it. */
export async function withPipelineLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const file = path.join(await realpath(folder), "pipeline.lock");
  const owner = `${file}.json`;
  if (heldHere.has(file)) throw heldBy(file, `process ${process.pid} (this one)`);
  heldHere.add(file);
  try {
    const instance = await acquire(file, owner);
    try {
      await writeFile(owner, JSON.stringify({ pid: process.pid, startedAt: new Date().toISOString() }));
      return await work();
    } finally {
      await rm(owner, { force: true });
      instance.closeSync();
    }
  } finally {
    heldHere.delete(file);
  }
}

async function acquire(file: string, owner: string): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(file);
  } catch (error) {
    const message = messageOf(error);
    if (!isLockConflict(message)) {
      throw new AppError(`The lock file ${file} cannot be opened: ${firstSentence(message)}`, {
        state: "Nothing was changed.",
        advice:
          "Check that the disk has space and this user may write there; the lock file holds nothing and may be deleted.",
      });
    }
    throw heldBy(file, await describeOwner(owner, message));
  }
}

/** The file's own name has "lock" in it; DuckDB's words for a conflict are these. */
export function isLockConflict(message: string): boolean {
  return /could not set lock on file|conflicting lock|being used by another process/i.test(message);
}

function firstSentence(message: string): string {
  return message.split("\n", 1).join();
}

async function describeOwner(owner: string, lockMessage: string): Promise<string> {
  const [, pid] = /PID (\d+)/.exec(lockMessage) ?? [];
  try {
    const told = JSON.parse(await readFile(owner, "utf8")) as { pid: number; startedAt: string };
    if (!pid || Number(pid) === told.pid) return `process ${told.pid}, running since ${told.startedAt}`;
  } catch (error) {
    // The owner has the lock but has not written its name yet, or is just leaving.
    if (!hasCode(error, "ENOENT") && !(error instanceof SyntaxError)) throw error;
  }
  return pid ? `process ${pid}` : "another process";
}

function heldBy(file: string, owner: string): AppError {
  return new AppError(`Another pipeline is at work on ${path.dirname(path.dirname(file))}: ${owner}.`, {
    state: "Nothing was changed.",
    advice: "Wait until it has finished, or end that process and run again.",
  });
}
