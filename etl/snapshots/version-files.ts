// The files in data/published: `<version>.duckdb` and the pointer `current`.
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { DataDirectory } from "../../shared/data-directory.ts";
import { hasCode } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/files.ts";

const VERSION_FILE = /^(\d{8}T\d{9}Z)\.duckdb$/;

export function versionFile(data: DataDirectory, name: string): string {
  return path.join(data.published, `${name}.duckdb`);
}

/** Oldest first. */
export async function versionNames(data: DataDirectory): Promise<string[]> {
  try {
    const names = await readdir(data.published);
    return names.flatMap((name) => VERSION_FILE.exec(name)?.[1] ?? []).toSorted();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** Readers see the version before or this one; durable on return. A running server follows within a second. */
export async function pointTo(data: DataDirectory, name: string): Promise<void> {
  await writeFileAtomic(path.join(data.published, "current"), name, 0o600);
}
