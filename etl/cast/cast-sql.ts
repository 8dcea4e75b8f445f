// Generates the SQL that turns one entity's text rows into typed rows, from the entity's field list alone.
import type { Entity, Field } from "../entities.ts";
import {
  dateExpression,
  dayExpression,
  isOutOfRange,
  localExpression,
  precisionExpression,
  utcExpression,
} from "./cast-time.ts";
import { sqlIdentifier, sqlString } from "../../shared/duckdb.ts";
import { versionColumns } from "./kept-fields.ts";

/** One staging model's relation, e.g. `stg_shopify__orders`. */
export interface StagedRelation {
  readonly system: string;
  readonly entity: string;
  /** Quoted, with its schema. */
  readonly relation: string;
  /** A temporary table, dropped when its entity is cast. */
  readonly isTemporary?: boolean;
  /** Rare fields it leaves out. */
  readonly absent?: ReadonlySet<string>;
  /** Zones that occur in its `_time_zone`. */
  readonly zones: readonly string[];
}

interface CastField {
  /** `expression as name` items of the typed select. */
  readonly columns: readonly string[];
  /** True when the text is there but cannot be read; null when every text is fine. */
  readonly bad: string | null;
  /** SQL expression of the reason, asked only when `bad`. */
  readonly reason: string;
  readonly join?: string;
}

const WHITESPACE = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279) || chr(12288)";
const TRUE_WORDS = "('true', '1', 'yes', 'y', 't')";
const FALSE_WORDS = "('false', '0', 'no', 'n', 'f')";
/**
 * ISO 4217's "no currency": an amount whose currency cannot be read has no rate and no worth. Null would mean that the source names
 * none, and be taken for the reporting currency.
 */
export const NO_CURRENCY = "XXX";
const LARGEST_INTEGER = "9007199254740991";

/** The typed rows of one entity with `_problems` (null for a good row) and `_is_refused`. */
export function castSelect(entity: Entity, relations: readonly StagedRelation[], reportingZone: string): string {
  const fields = entity.fields.map((field) => ({ field, cast: castField(field, reportingZone) }));
  const columns = fields.flatMap(({ cast }) => cast.columns);
  const problems = fields.flatMap(({ field, cast }) => problemItems(field, cast));
  const anyProblem = problems.map((problem) => problem.when).join(" or ");
  const refusing = problems.filter((problem) => problem.required).map((problem) => problem.when);
  const list = problems.map(
    (problem) =>
      `case when ${problem.when} then {'column_name': ${sqlString(problem.column)}, 'reason': ${problem.reason}, 'raw': ${problem.raw}} end`,
  );
  return `with staged as (
${relations.map((relation) => relationSelect(entity, relation)).join("\nunion all\n")}
)
select source_system, ${columns.join(", ")}, _file_id, _row_no,
  coalesce(${refusing.join(" or ")}, false) as _is_refused,
  case when ${anyProblem} then list_filter([${list.join(", ")}], lambda item: item is not null) end as _problems
from staged ${fields.map(({ cast }) => cast.join ?? "").join(" ")}`;
}

interface Problem {
  readonly column: string;
  readonly when: string;
  readonly reason: string;
  readonly raw: string;
  readonly required: boolean;
}

function problemItems(field: Field, cast: CastField): Problem[] {
  const column = sqlIdentifier(field.name);
  const required = field.required === true;
  const found: Problem[] = [];
  if (required) {
    found.push({ column: field.name, when: `${column} is null`, reason: "'missing_required'", raw: "null", required });
  }
  if (cast.bad) {
    // In the clear here; masked once, on the way into quarantine: each mask in a query costs time before its first row.
    const raw = `left(${column}, 200)`;
    found.push({ column: field.name, when: `(${cast.bad})`, reason: cast.reason, raw, required });
  }
  return found;
}

/** Text trimmed, empty → null; time fields also as `<name>__utc` and `<name>__precision`, whose zone differs by relation. */
function relationSelect(entity: Entity, relation: StagedRelation): string {
  const times = entity.fields
    .filter((field) => field.type === "time")
    .map((field) => ({
      name: field.name,
      text: sqlIdentifier(field.name),
      how: sqlIdentifier(`${field.name}__precision`),
    }));
  const precisions = times.map(({ text, how }) => `${precisionExpression(text)} as ${how}`);
  const moments = times.map(
    ({ name, text, how }) =>
      `${utcExpression(text, how, "_time_zone", relation.zones)} as ${sqlIdentifier(`${name}__utc`)}`,
  );
  const trimmed = entity.fields.map((field) => {
    const name = sqlIdentifier(field.name);
    if (relation.absent?.has(field.name)) return `null::varchar as ${name}`;
    return `${trimmedText(`(${name}::varchar)`)} as ${name}`;
  });
  return `select ${["*", ...moments].join(", ")} from (
  select ${[`${sqlString(relation.system)}::varchar as source_system`, "*", ...precisions].join(", ")} from (
  select ${trimmed.join(", ")}, _file_id::integer as _file_id, _row_no::bigint as _row_no, _time_zone::varchar as _time_zone
  from ${relation.relation}))`;
}

/** Most texts begin and end with a letter, a digit or a sign of ASCII: telling that costs a third of trimming. */
function trimmedText(text: string): string {
  const isTrimmed = `${text}[1] between '!' and '~' and ${text}[-1] between '!' and '~'`;
  return `case when ${isTrimmed} then ${text} else nullif(trim(${text}, ${WHITESPACE}), '') end`;
}

function castField(field: Field, reportingZone: string): CastField {
  const name = sqlIdentifier(field.name);
  const one = (expression: string, bad: string | null, reason = "null"): CastField => ({
    columns: [`${expression} as ${name}`],
    bad,
    reason,
  });
  switch (field.type) {
    case "text":
      return one(name, null);
    case "identity":
      return one(`hash_identity(${name})`, null);
    case "code":
      return one(`mask_code(${name})`, null);
    case "score":
      return scoreField(name);
    case "free_text":
      return one(`mask_text(${name})`, null);
    case "country":
      return lookup(field, "staging.country_codes");
    case "currency":
      return lookup(field, "staging.currency_codes", NO_CURRENCY);
    case "boolean": {
      const value = `case when lower(${name}) in ${TRUE_WORDS} then true when lower(${name}) in ${FALSE_WORDS} then false end`;
      return one(
        value,
        `${name} is not null and lower(${name}) not in ${TRUE_WORDS} and lower(${name}) not in ${FALSE_WORDS}`,
        "'bad_boolean'",
      );
    }
    case "integer": {
      // Exact up to the largest integer, and many times as fast as a decimal wide enough.
      const number = `try_cast(${name} as double)`;
      const good = `${number} = trunc(${number}) and abs(${number}) <= ${LARGEST_INTEGER}`;
      return one(`case when ${good} then ${number}::bigint end`, notGood(name, good), numberReason(name));
    }
    case "decimal": {
      const number = `try_cast(${name} as decimal(18, 4))`;
      return one(number, notGood(name, `${number} is not null`), numberReason(name));
    }
    case "date": {
      const date = dateExpression(name);
      const good = `${date} is not null and not (${isOutOfRange(date)})`;
      return one(`case when ${good} then ${date} end`, notGood(name, good), timeReason(date));
    }
    case "time":
    default:
      return timeField(field, reportingZone);
  }
}

function timeField(field: Field, reportingZone: string): CastField {
  const text = sqlIdentifier(field.name);
  const utc = sqlIdentifier(`${field.name}__utc`);
  const precision = sqlIdentifier(`${field.name}__precision`);
  const good = `${utc} is not null and not (${isOutOfRange(utc)})`;
  const local = localExpression(text, utc, precision, reportingZone);
  return {
    columns: [
      `case when ${good} then ${utc} end as ${text}`,
      `case when ${good} then ${local} end as ${sqlIdentifier(`${field.name}_local`)}`,
      `case when ${good} then ${precision} end as ${sqlIdentifier(`${field.name}_precision`)}`,
      `case when ${good} then ${dayExpression(text, local, precision)} end as ${sqlIdentifier(`${field.name}_date`)}`,
    ],
    bad: notGood(text, good),
    reason: timeReason(utc),
  };
}

/** What stands beside it in `scale` says what is an answer. */
function scoreField(name: string): CastField {
  const scale = `lower("scale")`;
  const word = `regexp_replace(lower(${name}), '_with(out)?_comment$', '')`;
  const points = `try_cast(${name} as double)`;
  const isAnswer = `case when ${scale} = 'good_bad' then ${word} in ('good', 'bad') when ${scale} = '1-5' then coalesce(${points} between 1 and 5, false) else false end`;
  const value = `case when ${isAnswer} then case when ${scale} = 'good_bad' then ${word} else ${name} end end`;
  const isNone = `lower(${name}) in ('offered', 'unoffered')`;
  return {
    columns: [`${value} as ${name}`],
    bad: `${name} is not null and not (${isNone}) and not (${isAnswer})`,
    reason: "'bad_score'",
  };
}

/**
 * A code looked up in a small table of the run whose `_code` is unique, so the join multiplies nothing.
 *
 * @param otherwise the value of a code that the table does not have; null unless given
 */
function lookup(field: Field, table: string, otherwise?: string): CastField {
  const name = sqlIdentifier(field.name);
  const alias = sqlIdentifier(`${field.name}__code`);
  const value =
    otherwise === undefined
      ? `${alias}._value`
      : `case when ${name} is not null then coalesce(${alias}._value, ${sqlString(otherwise)}) end`;
  return {
    columns: [`${value} as ${name}`],
    bad: `${name} is not null and ${alias}._value is null`,
    reason: `'bad_${field.type}'`,
    join: `left join ${table} as ${alias} on ${alias}._code = upper(${name})`,
  };
}

function notGood(name: string, good: string): string {
  return `${name} is not null and not coalesce(${good}, false)`;
}

function numberReason(name: string): string {
  return `case when try_cast(${name} as double) is not null and try_cast(${name} as decimal(18, 4)) is null then 'out_of_range' else 'bad_number' end`;
}

function timeReason(value: string): string {
  return `case when ${value} is not null then 'out_of_range' else 'bad_time' end`;
}

/** What tagging adds to an entity with a written text. */
export const TAG_COLUMNS = ["text_language", "text_reason"] as const;

/** Column definitions of `staging.<entity>`, in order. */
export function entityColumns(entity: Entity): { name: string; type: string }[] {
  const columns = [{ name: "source_system", type: "VARCHAR" }];
  for (const field of entity.fields) {
    columns.push({ name: field.name, type: SQL_TYPES[field.type] });
    if (field.type === "time") {
      columns.push(
        { name: `${field.name}_local`, type: "TIMESTAMP" },
        { name: `${field.name}_precision`, type: "VARCHAR" },
        { name: `${field.name}_date`, type: "DATE" },
      );
    }
  }
  if (entity.writtenText) for (const name of TAG_COLUMNS) columns.push({ name, type: "VARCHAR" });
  columns.push(...versionColumns(entity));
  return [...columns, { name: "_file_id", type: "INTEGER" }, { name: "_row_no", type: "BIGINT" }];
}

const SQL_TYPES: Record<Field["type"], string> = {
  text: "VARCHAR",
  identity: "VARCHAR",
  code: "VARCHAR",
  free_text: "VARCHAR",
  score: "VARCHAR",
  country: "VARCHAR",
  currency: "VARCHAR",
  integer: "BIGINT",
  decimal: "DECIMAL(18,4)",
  boolean: "BOOLEAN",
  time: "TIMESTAMP",
  date: "DATE",
};
