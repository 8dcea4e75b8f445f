// Reads the mapping files of the inbox and finds the files each one names.
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { AppError, messageOf } from "../../../shared/errors.ts";
import { MAPPING_ENDING, type Extract } from "../../files/extract.ts";
import type { InboxFile } from "../../files/inbox-files.ts";
import { nearest } from "../../settings/nearest.ts";
import type { MappingSpec } from "./mapping-schema.ts";
import { parseMapping } from "./parse-mapping.ts";
import { patternProblems } from "./pattern-problems.ts";

export interface Mapping {
  /** Relative path of the mapping file. */
  readonly path: string;
  /** Name for its raw table and staging view, unique in the run. */
  readonly name: string;
  readonly spec: MappingSpec;
  readonly files: readonly InboxFile[];
  /** Joined files by their `as`; one that matches no file is missing here. */
  readonly joined: ReadonlyMap<string, InboxFile>;
  /** All of them. */
  readonly reads: readonly InboxFile[];
}

export interface Mappings {
  readonly mappings: readonly Mapping[];
  /** Patterns that match no file. */
  readonly warnings: readonly string[];
}

/** @throws AppError with all that is wrong in any mapping file: the file, the key and what is allowed. */
export async function readMappings(extract: Extract, connection: DuckDBConnection): Promise<Mappings> {
  const taken = new Set<string>();
  const mappings: Mapping[] = [];
  const warnings: string[] = [];
  const problems: string[] = [];
  for (const file of extract.mappings) {
    const { spec, problems: found } = parseMapping(await readMapping(file));
    const wrong = spec ? await patternProblems(connection, spec) : [];
    const finder = new Finder(extract, file.path);
    const files = spec?.files.flatMap((glob) => finder.files("files", glob)) ?? [];
    const joined = new Map<string, InboxFile>();
    for (const [index, join] of spec?.join.entries() ?? []) {
      const only = finder.oneFile(`join[${index}].file`, join.file);
      if (only) joined.set(join.as, only);
    }
    problems.push(...[...found, ...wrong, ...finder.problems].map((problem) => `${file.path}: ${problem}`));
    warnings.push(...finder.warnings.map((warning) => `${file.path}: ${warning}`));
    if (!spec) continue;
    const unique = [...new Set(files)];
    const name = uniqueName(file.path, taken);
    mappings.push({ path: file.path, name, spec, files: unique, joined, reads: [...unique, ...joined.values()] });
  }
  if (problems.length > 0) throw wrongMappings(problems);
  return { mappings, warnings };
}

function wrongMappings(problems: readonly string[]): AppError {
  const told = problems.length === 1 ? problems.join() : problems.map((problem) => `\n  - ${problem}`).join("");
  return new AppError(problems.length === 1 ? told : `The mapping files cannot be used:${told}`, {
    state: "The served version is unchanged.",
    advice: "Put this right and run again; etl/sources/tabular/README.md tells the keys of a mapping.",
  });
}

const LARGEST_MAPPING = 1 << 20;

async function readMapping(file: InboxFile): Promise<string> {
  if (file.bytes > LARGEST_MAPPING) throw wrongMappings([`${file.path}: is larger than 1 MB, so it is no mapping`]);
  try {
    return await readFile(file.absolute, "utf8");
  } catch (error) {
    throw wrongMappings([`${file.path}: cannot be read: ${messageOf(error)}`]);
  }
}

/** Finds the files of one mapping's patterns, and keeps what is to be told about them. */
class Finder {
  readonly problems: string[] = [];
  readonly warnings: string[] = [];
  readonly #extract: Extract;
  readonly #folder: string;

  constructor(extract: Extract, mapping: string) {
    this.#extract = extract;
    this.#folder = path.posix.dirname(mapping);
  }

  files(key: string, glob: string): InboxFile[] {
    const pattern = path.posix.join(this.#folder, glob);
    if (pattern.startsWith("../") || /^(?:[\\/~]|[a-z]:)/i.test(glob)) {
      this.problems.push(
        `${key}: "${glob}" leads out of the inbox; only files in it are read, named from this file's folder`,
      );
      return [];
    }
    const matches = globMatcher(pattern);
    // What the seller wrote wins over what a source would make of its folder.
    const bySources = this.#extract.bySource.flatMap(({ files }) => files);
    const found = [...this.#extract.others, ...bySources].filter((file) => matches(file.path));
    if (found.length > 0) return found;
    const known = this.#extract.others.map((file) => file.path);
    this.warnings.push(`${key}: "${glob}" matches no file in the inbox${nearest(pattern, known)}`);
    return [];
  }

  oneFile(key: string, glob: string): InboxFile | undefined {
    const found = this.files(key, glob);
    if (found.length > 1) this.problems.push(`${key}: "${glob}" must match exactly one file, not ${found.length}`);
    return found[0];
  }
}

/**
 * `*` within a folder, `**` across folders, `?` one character; case is ignored. Takes time by the pattern's length times the path's,
 * whatever the pattern: a regular expression of many `*` may take for ever.
 */
function globMatcher(glob: string): (file: string) => boolean {
  const tokens = glob.toLowerCase().match(/\*\*\/|\*\*|[^]/g) ?? [];
  return (file) => {
    const text = file.toLowerCase();
    let reached = new Set([0]);
    for (const token of tokens) {
      const next = new Set<number>();
      for (const at of reached) for (const end of endsOf(token, text, at)) next.add(end);
      if (next.size === 0) return false;
      reached = next;
    }
    return reached.has(text.length);
  };
}

/** Where a token that begins at `at` may end. */
function endsOf(token: string, text: string, at: number): number[] {
  if (token === "*" || token === "**") {
    const slash = text.indexOf("/", at);
    const last = token === "**" || slash < 0 ? text.length : slash;
    return Array.from({ length: last - at + 1 }, (_, index) => at + index);
  }
  if (token === "**/") {
    const slashes = [...text.slice(at).matchAll(/\//g)].map((match) => at + match.index + 1);
    return [at, ...slashes];
  }
  const isHere = token === "?" ? at < text.length && text[at] !== "/" : text[at] === token;
  return isHere ? [at + 1] : [];
}

function uniqueName(file: string, taken: Set<string>): string {
  const stem = path.posix
    .basename(file)
    .slice(0, -MAPPING_ENDING.length)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_");
  let name = stem;
  for (let number = 2; taken.has(name); number += 1) name = `${stem}_${number}`;
  taken.add(name);
  return name;
}
