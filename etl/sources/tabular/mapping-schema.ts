// The shape of a `*.mapping.yml`: how a table of any layout fills one entity. README.md explains every key.
import iconv from "iconv-lite";
import { z } from "zod";
import { ENTITIES, type EntityName } from "../../entities.ts";
import { isTimeZone } from "../../settings/time-zones.ts";

const names = ENTITIES.map((entity) => entity.name) as [EntityName, ...EntityName[]];
const text = z.string().min(1);
/** YAML reads `1` and `true` as a number and a boolean; in a table everything is text. */
const cell = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const timeZone = z.string().refine(isTimeZone, { error: "is not an IANA time zone such as Europe/Berlin" });
const encoding = z.string().refine((name) => iconv.encodingExists(name), {
  error: "is not an encoding known here; use e.g. utf-8, windows-1252, shift_jis, gb18030, utf-16le",
});

const AGGREGATES = ["first", "min", "max", "sum", "count"] as const;

const expressionSchema = z.strictObject({
  column: text.optional(),
  constant: cell.optional(),
  concat: z.array(text).min(1).optional(),
  separator: z.string().optional(),
  template: text.optional(),
  hash: z.array(text).min(1).optional(),
  product: z.array(text).min(2).optional(),
  values: z.record(z.string(), z.union([cell, z.null()])).optional(),
  otherwise: z.union([z.literal("keep"), z.null(), z.strictObject({ constant: cell })]).optional(),
  lower: z.literal(true).optional(),
  upper: z.literal(true).optional(),
  decimal_comma: z.literal(true).optional(),
  negate: z.literal(true).optional(),
  absolute: z.literal(true).optional(),
  format: z.union([text, z.array(text).min(1)]).optional(),
  time_zone: timeZone.optional(),
  prefix: text.optional(),
  aggregate: z.enum(AGGREGATES).optional(),
});

/** Keys that say where a value comes from; exactly one of them stands in an expression. */
export const ORIGINS = ["column", "constant", "concat", "template", "hash", "product"] as const;

const oneOrigin = expressionSchema.refine((made) => ORIGINS.filter((key) => made[key] !== undefined).length === 1, {
  error: `needs exactly one of ${ORIGINS.join(", ")}`,
});

const conditionSchema = z
  .strictObject({
    column: text,
    matches: text.optional(),
    not_matches: text.optional(),
    equals: cell.optional(),
    not_equals: cell.optional(),
    in: z.array(cell).min(1).optional(),
    not_in: z.array(cell).min(1).optional(),
    not_empty: z.literal(true).optional(),
    less_than: z.number().optional(),
    greater_than: z.number().optional(),
  })
  .refine((condition) => Object.keys(condition).length === 2, {
    error:
      "needs a column and exactly one of matches, not_matches, equals, not_equals, in, not_in, not_empty, less_than, greater_than",
  });

const files = z.union([text.transform((one) => [one]), z.array(text).min(1)], {
  error: "must be a file name or pattern, or a list of them",
});
const FORMATS = ["csv", "parquet", "jsonl"] as const;

const layout = {
  format: z.enum(FORMATS).optional(),
  delimiter: z.enum([",", ";", "\t", "|"]).optional(),
  quote: z.enum(['"', "none"]).default('"'),
  encoding: encoding.optional(),
};

const joinSchema = z.strictObject({
  file: text,
  as: z.string().regex(/^[a-z][a-z0-9_]*$/, { error: "is a name of lower-case letters, digits and _" }),
  ...layout,
  on: z.record(text, text).refine((pairs) => Object.keys(pairs).length > 0, { error: "needs at least one pair" }),
});

export const mappingSchema = z.strictObject({
  entity: z.enum(names),
  system: z.string().regex(/^[a-z][a-z0-9_]*$/, { error: "is a label of lower-case letters, digits and _" }),
  files,
  ...layout,
  time_zone: timeZone.optional(),
  first_per_key: z.boolean().default(false),
  columns: z.record(
    z.string(),
    z.union([text.transform((column): Expression => ({ column })), oneOrigin], {
      error: "must be the name of a column, or a group such as { column: Name } or { constant: EUR }",
    }),
  ),
  where: z.array(conditionSchema).default([]),
  join: z.array(joinSchema).default([]),
});

export type MappingSpec = z.infer<typeof mappingSchema>;
export type Expression = z.infer<typeof expressionSchema>;
export type Condition = z.infer<typeof conditionSchema>;
export type Layout = Pick<MappingSpec, "format" | "delimiter" | "quote" | "encoding">;
