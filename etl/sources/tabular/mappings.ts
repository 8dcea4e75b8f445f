// Reads the mapping files of the inbox and finds the files each one names.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { AppError, messageOf } from "../../../shared/errors.ts";
import { entity } from "../../entities.ts";
import { MAPPING_ENDING, type Extract, type InboxFile } from "../../extract.ts";
import { nearest } from "./nearest.ts";
import { mappingSchema, ORIGINS, type Expression, type MappingSpec } from "./mapping-schema.ts";

export interface Mapping {
  /** Relative path of the mapping file. */
  readonly path: string;
  /** Name for its raw table and staging view, unique in the run. */
  readonly name: string;
  readonly spec: MappingSpec;
  readonly files: readonly InboxFile[];
  /** Joined files by their `as`. */
  readonly joined: ReadonlyMap<string, InboxFile>;
  /** All of them. */
  readonly reads: readonly InboxFile[];
}

/** @throws AppError naming the mapping file, the key and what is allowed. */
export async function readMappings(extract: Extract): Promise<Mapping[]> {
  const taken = new Set<string>();
  const mappings: Mapping[] = [];
  for (const file of extract.mappings) {
    const spec = parseMapping(await readFile(file.absolute, "utf8"), file.path);
    const files = spec.files.flatMap((glob) => findFiles(extract, file.path, glob));
    const joined = new Map(spec.join.map((join) => [join.as, oneFile(extract, file.path, join.file)]));
    const unique = [...new Set(files)];
    mappings.push({
      path: file.path,
      name: uniqueName(file.path, taken),
      spec,
      files: unique,
      joined,
      reads: [...unique, ...joined.values()],
    });
  }
  return mappings;
}

/** `file` is only for messages. */
export function parseMapping(text: string, file: string): MappingSpec {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw mappingError(file, `is not valid YAML: ${messageOf(error)}`);
  }
  const parsed = mappingSchema.safeParse(content);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const unknown =
        issue.code === "unrecognized_keys" ? ` (known: ${Object.keys(mappingSchema.shape).join(", ")})` : "";
      return `\n  - ${issue.path.join(".") || "(top)"}: ${issue.message}${issue.path.length === 0 ? unknown : ""}`;
    });
    throw mappingError(file, `cannot be used:${problems.join("")}`);
  }
  checkFields(parsed.data, file);
  return parsed.data;
}

function checkFields(spec: MappingSpec, file: string): void {
  const { fields, name, key } = entity(spec.entity);
  const known = fields.map((field) => field.name);
  for (const field of Object.keys(spec.columns)) {
    if (known.includes(field)) continue;
    throw mappingError(
      file,
      `columns.${field}: the entity ${name} has no field "${field}"${nearest(field, known)}. Fields: ${known.join(", ")}`,
    );
  }
  const missing = fields.filter((field) => field.required && !spec.columns[field.name]).map((field) => field.name);
  if (missing.length > 0) throw mappingError(file, `columns: the entity ${name} also needs ${missing.join(", ")}`);
  for (const field of fields) {
    const expression = spec.columns[field.name];
    if (!expression) continue;
    checkExpression(expression, `${file}: columns.${field.name}`, spec);
    const needsZone = field.type === "time" && !expression.time_zone && !spec.time_zone;
    if (needsZone)
      throw mappingError(
        file,
        `time_zone is needed for ${field.name}: the zone its times without an offset are in, e.g. Europe/Berlin`,
      );
  }
  if (spec.columns[key]?.aggregate) throw mappingError(file, `columns.${key}: the key cannot be an aggregate`);
  const aliases = spec.join.map((join) => join.as);
  if (new Set(aliases).size < aliases.length) throw mappingError(file, "join: two files have the same `as`");
}

function checkExpression(expression: Expression, where: string, spec: MappingSpec): void {
  const uses = (key: keyof Expression) => expression[key] !== undefined;
  if (uses("aggregate") && !spec.first_per_key) throw mappingError(where, "aggregate needs `first_per_key: true`");
  if (uses("otherwise") && !uses("values")) throw mappingError(where, "otherwise needs values");
  if (uses("separator") && !uses("concat")) throw mappingError(where, "separator needs concat");
  if (uses("constant") && ORIGINS.some((key) => key !== "constant" && uses(key)))
    throw mappingError(where, "constant stands alone");
}

function findFiles(extract: Extract, mapping: string, glob: string): InboxFile[] {
  const pattern = path.posix.join(path.posix.dirname(mapping), glob);
  const matcher = globToRegExp(pattern);
  const found = extract.others.filter((file) => matcher.test(file.path));
  if (found.length > 0) return found;
  const owner = extract.bySource.find(({ files }) => files.some((file) => matcher.test(file.path)));
  if (owner) {
    const { system } = owner.source;
    throw mappingError(
      mapping,
      `files: "${glob}" is in the folder ${system}, whose source reads it; put it into another folder`,
    );
  }
  const known = extract.others.map((file) => file.path);
  throw mappingError(mapping, `files: "${glob}" matches no file in the inbox${nearest(pattern, known)}`);
}

function oneFile(extract: Extract, mapping: string, glob: string): InboxFile {
  const [only, ...others] = findFiles(extract, mapping, glob);
  if (!only || others.length > 0) throw mappingError(mapping, `join: "${glob}" must match exactly one file`);
  return only;
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

export function mappingError(file: string, problem: string): AppError {
  return new AppError(`${file}: ${problem}`, {
    state: "The served version is unchanged.",
    advice: "See etl/sources/tabular/README.md for the keys of a mapping.",
  });
}
