// One mapping file's text → its spec, or everything that is wrong with it.
import { parse } from "yaml";
import { messageOf } from "../../../shared/errors.ts";
import { entity } from "../../entities.ts";
import { nearest } from "../../settings/nearest.ts";
import { firstLine } from "../../settings/run-settings.ts";
import { schemaProblems } from "../../settings/schema-problems.ts";
import { mappingSchema, ORIGINS, type Expression, type MappingSpec } from "./mapping-schema.ts";

export interface ParsedMapping {
  /** Missing when the text does not have the shape of a mapping. */
  readonly spec?: MappingSpec;
  readonly problems: readonly string[];
}

export function parseMapping(text: string): ParsedMapping {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    return { problems: [`is not valid YAML: ${firstLine(messageOf(error))}`] };
  }
  const parsed = mappingSchema.safeParse(content, { reportInput: true });
  if (!parsed.success) return { problems: schemaProblems(parsed.error, Object.keys(mappingSchema.shape)) };
  return { spec: parsed.data, problems: fieldProblems(parsed.data) };
}

function fieldProblems(spec: MappingSpec): string[] {
  const { fields, name, key } = entity(spec.entity);
  const known = fields.map((field) => field.name);
  const problems = Object.keys(spec.columns)
    .filter((field) => !known.includes(field))
    .map(
      (field) =>
        `columns.${field}: the entity ${name} has no field "${field}"${nearest(field, known)}. Fields: ${known.join(", ")}`,
    );
  const missing = fields.filter((field) => field.required && !spec.columns[field.name]).map((field) => field.name);
  if (missing.length > 0) problems.push(`columns: the entity ${name} also needs ${missing.join(", ")}`);
  const zoneless: string[] = [];
  for (const field of fields) {
    const expression = spec.columns[field.name];
    if (!expression) continue;
    problems.push(...expressionProblems(expression, spec).map((problem) => `columns.${field.name}: ${problem}`));
    if (field.type === "time" && !expression.time_zone && !spec.time_zone) zoneless.push(field.name);
  }
  if (zoneless.length > 0) {
    problems.push(
      `time_zone is needed for ${zoneless.join(", ")}: the zone times without an offset are in, e.g. Europe/Berlin`,
    );
  }
  if (spec.columns[key]?.aggregate) problems.push(`columns.${key}: the key cannot be an aggregate`);
  const aliases = spec.join.map((join) => join.as);
  if (new Set(aliases).size < aliases.length) problems.push("join: two files have the same `as`");
  return problems;
}

function expressionProblems(expression: Expression, spec: MappingSpec): string[] {
  const uses = (key: keyof Expression) => expression[key] !== undefined;
  const problems: string[] = [];
  if (uses("aggregate") && !spec.first_per_key) problems.push("aggregate needs `first_per_key: true`");
  if (uses("otherwise") && !uses("values")) problems.push("otherwise needs values");
  if (uses("separator") && !uses("concat")) problems.push("separator needs concat");
  if (uses("constant") && ORIGINS.some((key) => key !== "constant" && uses(key)))
    problems.push("constant stands alone");
  return problems;
}
