// What is in a data folder besides the published versions.
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { DataDirectory } from "../../shared/data-directory.ts";

export interface FoundFile {
  /** Relative; digits stand as `#`, for a run's number or time does not make it another file. */
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

export async function listDataFiles(data: DataDirectory): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const entry of await readdir(data.root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const relative = path.relative(data.root, file);
    if (!entry.isFile() || /^published.\d{8}T\d{9}Z\.duckdb$/.test(relative)) continue;
    const { size, mtimeMs } = await stat(file);
    found.push({ name: relative.replaceAll(/\d+/g, "#"), bytes: size, modifiedAtMs: mtimeMs });
  }
  return found;
}

/** @throws Error naming what a run that ended well has left. */
export function mustBeTidy(left: readonly FoundFile[]): void {
  if (left.length === 0) return;
  throw new Error(`a run that ended well left files behind: ${left.map((file) => file.name).join(", ")}`);
}
