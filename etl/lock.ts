// One pipeline at a time per data folder. DuckDB's own file lock does it: the system gives it to one process and takes it back
// when that process ends in whatever way, so there is no stale lock and no moment when two believe they hold it.
import { readFile, realpath, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { AppError, hasCode, messageOf } from "../shared/errors.ts";

/** Another pipeline is at work on the same data folder; nothing was changed. */
export class PipelineBusyError extends AppError {
  /** The process that holds the lock; null when it cannot be told. */
  readonly pid: number | null;
  /** Since when it holds it, ISO 8601 with Z; null when it has not said so yet. */
  readonly startedAt: string | null;

  constructor(dataFolder: string, owner: Owner) {
    super(`Another pipeline is at work on ${dataFolder}: ${describeOwner(owner)}.`, {
      state: "Nothing was changed.",
      advice: "Wait until it has finished (--wait does), or end that process and run again.",
    });
    this.pid = owner.pid;
    this.startedAt = owner.startedAt;
  }
}

interface Owner {
  readonly pid: number | null;
  readonly startedAt: string | null;
}

/** The system's lock is per process; this keeps two runs within one apart. Value: since when. */
const heldHere = new Map<string, string>();

/** Runs `work` while holding the lock of `folder`. @throws PipelineBusyError naming the process that holds it. */
export async function withPipelineLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const file = path.join(await realpath(folder), "pipeline.lock");
  const owner = `${file}.json`;
  const since = heldHere.get(file);
  if (since !== undefined) throw busy(file, { pid: process.pid, startedAt: since });
  const startedAt = new Date().toISOString();
  heldHere.set(file, startedAt);
  try {
    const instance = await acquire(file, owner);
    try {
      await writeFile(owner, JSON.stringify({ pid: process.pid, startedAt }));
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
    throw busy(file, await readOwner(owner, message));
  }
}

/** The file's own name has "lock" in it; DuckDB's words for a conflict are these. */
export function isLockConflict(message: string): boolean {
  return /could not set lock on file|conflicting lock|being used by another process/i.test(message);
}

function firstSentence(message: string): string {
  return message.split("\n", 1).join();
}

/** The system's word for who holds the lock beats the file's: one left by a killed process names another. */
async function readOwner(file: string, lockMessage: string): Promise<Owner> {
  const [, digits] = /PID (\d+)/.exec(lockMessage) ?? [];
  const pid = digits === undefined ? null : Number(digits);
  try {
    const told = JSON.parse(await readFile(file, "utf8")) as { pid: number; startedAt: string };
    if (pid === null || pid === told.pid) return { pid: told.pid, startedAt: told.startedAt };
  } catch (error) {
    // The owner has the lock but has not written its name yet, or is just leaving.
    if (!hasCode(error, "ENOENT") && !(error instanceof SyntaxError)) throw error;
  }
  return { pid, startedAt: null };
}

function describeOwner({ pid, startedAt }: Owner): string {
  if (pid === null) return "another process";
  const name = pid === process.pid ? `process ${pid} (this one)` : `process ${pid}`;
  return startedAt === null ? name : `${name}, running since ${startedAt}`;
}

function busy(file: string, owner: Owner): PipelineBusyError {
  return new PipelineBusyError(path.dirname(path.dirname(file)), owner);
}
