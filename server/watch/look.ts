// A quick look at the inbox: names, sizes and times of change, nothing opened. It is taken every few seconds, so it has to be
// cheap for thousands of files on a slow drive.
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { isUnfinishedName } from "../../etl/files/unfinished-names.ts";
import { AppError, messageOf } from "../../shared/errors.ts";

export interface SeenFile {
  /** Relative to the inbox, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

/** Sorted by path; files that are hidden or not whole yet by their name are left out. @throws AppError when there is no inbox. */
export async function lookAtInbox(inbox: string): Promise<SeenFile[]> {
  const files: SeenFile[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(path.join(inbox, folder), { withFileTypes: true })) {
      if (isUnfinishedName(entry.name)) continue;
      const relative = folder ? `${folder}/${entry.name}` : entry.name;
      // A folder that is gone by now, or closed to us, holds nothing that could be loaded.
      if (entry.isDirectory()) await walk(relative).catch(() => undefined);
      else {
        const info = await stat(path.join(inbox, relative)).catch(() => undefined);
        if (info?.isFile()) files.push({ path: relative, bytes: info.size, modifiedAtMs: Math.floor(info.mtimeMs) });
      }
    }
  };
  try {
    await walk("");
  } catch (error) {
    throw new AppError(`The inbox ${inbox} cannot be listed: ${messageOf(error)}`);
  }
  return files.toSorted((left, right) => (left.path < right.path ? -1 : 1));
}
