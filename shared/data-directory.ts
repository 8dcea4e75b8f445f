// Where everything the product writes lives. One root, four folders.
import { chmod, mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { AppError, hasCode, messageOf } from "./errors.ts";

export const PROJECT_ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const OWNER_ONLY = 0o700;

export interface DataDirectory {
  readonly root: string;
  /** The seller's exports, one folder a system. */
  readonly inbox: string;
  /** The pipeline's working file, lock and temporary files; may be emptied while no pipeline runs. */
  readonly work: string;
  /** Immutable versions `<version>.duckdb` and the pointer `current`. */
  readonly published: string;
  /** Secrets and app state; back this up. */
  readonly state: string;
}

/** The layout under `root`, `AFTERSIGHT_DATA_DIR` or `<project>/data`; nothing is created. */
export function dataDirectory(root?: string): DataDirectory {
  const base = path.resolve(root ?? process.env.AFTERSIGHT_DATA_DIR ?? path.join(PROJECT_ROOT, "data"));
  return {
    root: base,
    inbox: path.join(base, "inbox"),
    work: path.join(base, "work"),
    published: path.join(base, "published"),
    state: path.join(base, "state"),
  };
}

/**
 * Creates the folders that are missing. What is in them is about people, so only the owner may read; an inbox that is already
 * there keeps its own rights.
 *
 * @throws AppError when the data folder cannot be written.
 */
export async function ensureDataDirectory(data: DataDirectory): Promise<DataDirectory> {
  try {
    await mkdir(data.inbox, { recursive: true, mode: OWNER_ONLY });
    for (const folder of [data.work, data.published, data.state]) {
      const isNew = (await mkdir(folder, { recursive: true, mode: OWNER_ONLY })) !== undefined;
      if (!isNew) await closeToOthers(folder);
    }
  } catch (error) {
    throw new AppError(`The data folder ${data.root} cannot be written: ${messageOf(error)}`, {
      state: "Nothing was changed.",
      advice: "Make it writable for this user, or name another one with --data-dir.",
    });
  }
  return data;
}

/** A folder of another user, or on a file system without rights, stays as it is. */
async function closeToOthers(folder: string): Promise<void> {
  try {
    await chmod(folder, OWNER_ONLY);
  } catch (error) {
    if (!["EPERM", "EACCES", "EROFS", "ENOTSUP"].some((code) => hasCode(error, code))) throw error;
  }
}
