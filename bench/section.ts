// Sections of docs/benchmarks.md: each benchmark replaces its own and leaves the others alone.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { PROJECT_ROOT } from "../shared/data-directory.ts";
import { hasCode } from "../shared/errors.ts";
import { writeFileAtomic } from "../shared/files.ts";

/** Writes `section`, which begins with `heading` (`## Name`), into docs/benchmarks.md. */
export async function writeSection(heading: string, section: string): Promise<void> {
  const file = path.join(PROJECT_ROOT, "docs", "benchmarks.md");
  await writeFileAtomic(file, withSection(await readOrEmpty(file), heading, section));
}

/** The document with the section under `heading` replaced, or added at the end. */
function withSection(document: string, heading: string, section: string): string {
  const start = document.search(new RegExp(`^${heading}$`, "m"));
  if (start < 0) return document.trim() ? `${document.trimEnd()}\n\n${section}` : `# Benchmarks\n\n${section}`;
  const after = document.slice(start + heading.length).search(/^## /m);
  const rest = after < 0 ? "" : document.slice(start + heading.length + after);
  return `${document.slice(0, start)}${section}${rest ? `\n${rest}` : ""}`;
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "";
    throw error;
  }
}
