// Who asked to be forgotten: only the keyed hashes of their identities, so that an export that still names them brings nobody back.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { DataDirectory } from "../../shared/data-directory.ts";
import { AppError, hasCode, messageOf } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/files.ts";

const schema = z.array(z.string().regex(/^[0-9a-f]{32}$/));

function fileOf(data: DataDirectory): string {
  return path.join(data.state, "forgotten.json");
}

/** Hashes as `hash_identity` gives them. @throws AppError when the list is there but cannot be read: nobody may come back. */
export async function readForgotten(data: DataDirectory): Promise<readonly string[]> {
  try {
    return schema.parse(JSON.parse(await readFile(fileOf(data), "utf8")));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw new AppError(`${fileOf(data)} cannot be read: ${messageOf(error)}`, {
      state: "Nothing was read; the served version is unchanged.",
      advice: "Restore it from a backup: it says whose data must not come back with a later export.",
    });
  }
}

export async function addForgotten(data: DataDirectory, hashes: readonly string[]): Promise<void> {
  const all = [...new Set([...(await readForgotten(data)), ...hashes])].toSorted();
  await writeFileAtomic(fileOf(data), `${JSON.stringify(all, null, 2)}\n`, 0o600);
}
