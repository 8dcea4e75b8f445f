// Where everything the product writes lives. One root, four folders.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const PROJECT_ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

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

/** Creates the folders that are missing (the inbox included); the state folder is readable by its owner only. */
export async function ensureDataDirectory(data: DataDirectory): Promise<DataDirectory> {
  for (const folder of [data.inbox, data.work, data.published]) await mkdir(folder, { recursive: true });
  await mkdir(data.state, { recursive: true, mode: 0o700 });
  return data;
}
