// Reads the mapping files of the inbox and finds the files each one names.
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { AppError, messageOf } from "../../../shared/errors.ts";
import { MAPPING_ENDING, type Extract } from "../../extract.ts";
import type { InboxFile } from "../../inbox-files.ts";
import { nearest } from "../../nearest.ts";
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

async function readMapping(file: InboxFile): Promise<string> {
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
    const matcher = globToRegExp(pattern);
    // What the seller wrote wins over what a source would make of its folder.
    const bySources = this.#extract.bySource.flatMap(({ files }) => files);
    const found = [...this.#extract.others, ...bySources].filter((file) => matcher.test(file.path));
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

/** `*` within a folder, `**` across folders, `?` one character; case is ignored. */
function globToRegExp(glob: string): RegExp {
  const pattern = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("**/", "\u0001")
    .replaceAll("**", "\u0002")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]")
    .replaceAll("\u0001", "(?:.*/)?")
    .replaceAll("\u0002", ".*");
  return new RegExp(`^${pattern}$`, "i");
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
