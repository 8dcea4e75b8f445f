// One field's expression as SQL. Every value stays text; what cannot be read as its type is the cast step's to tell.
import { sqlString } from "../../../shared/duckdb.ts";
import { localToUtc } from "../../cast/cast-time.ts";
import type { Field } from "../../entities.ts";
import type { Expression } from "./mapping-schema.ts";

/** SQL of a column as the mapping writes it. */
export type ColumnSql = (text: string) => string;

/** Order of the steps: origin, values, lower or upper, decimal comma, negate or absolute, format and zone, prefix. */
export function expressionSql(expression: Expression, field: Field, column: ColumnSql): string {
  let sql = originSql(expression, column);
  if (expression.values) sql = valuesSql(sql, expression);
  if (expression.lower) sql = `lower(${sql})`;
  if (expression.upper) sql = `upper(${sql})`;
  if (expression.decimal_comma) sql = `replace(replace(replace(${sql}, '.', ''), ' ', ''), ',', '.')`;
  if (expression.negate) sql = numberSql(sql, (number) => `-${number}`);
  if (expression.absolute) sql = numberSql(sql, (number) => `abs(${number})`);
  if (expression.format) sql = formatSql(sql, [expression.format].flat(), field, expression.time_zone);
  else if (expression.time_zone) sql = zoneSql(sql, expression.time_zone);
  if (expression.prefix) sql = `${sqlString(expression.prefix)} || ${sql}`;
  return sql;
}

function originSql(expression: Expression, column: ColumnSql): string {
  if (expression.constant !== undefined) return `${sqlString(expression.constant)}::varchar`;
  if (expression.concat) {
    return `concat_ws(${sqlString(expression.separator ?? "")}, ${expression.concat.map(column).join(", ")})`;
  }
  if (expression.hash) {
    const parts = expression.hash.map((name) => `coalesce(${column(name)}, chr(30))`);
    return `left(sha256(concat_ws(chr(31), ${parts.join(", ")})), 32)`;
  }
  if (expression.product) {
    const factors = expression.product.map((name) => `try_cast(${column(name)} as double)`);
    return `(${factors.join(" * ")})::decimal(38, 4)::varchar`;
  }
  if (expression.template !== undefined) return templateSql(expression.template, column);
  return column(expression.column ?? "");
}

/** Null when one of the columns is null: a key with a hole in it is no key. */
function templateSql(template: string, column: ColumnSql): string {
  const parts = template.split(/\{([^{}]+)\}/);
  const items = parts.map((part, index) => (index % 2 === 1 ? column(part) : sqlString(part)));
  return `(${items.join(" || ")})`;
}

function valuesSql(sql: string, expression: Expression): string {
  const cases = Object.entries(expression.values ?? {}).map(
    ([raw, canonical]) => `when ${sqlString(raw)} then ${canonical === null ? "null" : sqlString(canonical)}`,
  );
  const { otherwise } = expression;
  const rest = otherwise === null ? "null" : typeof otherwise === "object" ? sqlString(otherwise.constant) : sql;
  return `(case trim(${sql}) ${cases.join(" ")} else ${rest} end)`;
}

/** Text that is no number passes unchanged, so that it lands in quarantine as it was. */
function numberSql(sql: string, change: (number: string) => string): string {
  const number = `try_cast(${sql} as decimal(38, 4))`;
  return `coalesce((${change(number)})::varchar, ${sql})`;
}

/**
 * strptime formats → ISO text; a format without an hour gives a day. Text that fits none must not be read as ISO by accident
 * (day and month would change places), so it goes on with words before it: to quarantine, as bad_time.
 */
function formatSql(sql: string, formats: readonly string[], field: Field, zone: string | undefined): string {
  const attempts = formats.map((format) => {
    const parsed = `try_strptime(trim(${sql}), ${sqlString(format)})`;
    if (format.includes("%z")) return `strftime(timezone('UTC', ${parsed}), '%Y-%m-%dT%H:%M:%S.%fZ')`;
    if (!/%-?[HIcXsfg]/.test(format) || field.type === "date") return `strftime(${parsed}, '%Y-%m-%d')`;
    if (zone) return `strftime(${localToUtc(parsed, zone)}, '%Y-%m-%dT%H:%M:%S.%fZ')`;
    return `strftime(${parsed}, '%Y-%m-%dT%H:%M:%S.%f')`;
  });
  const isTime = field.type === "time" || field.type === "date";
  const unread = `case when trim(${sql}) <> '' then ${sqlString(`not ${formats.join(" or ")}: `)} || ${sql} end`;
  return `coalesce(${attempts.join(", ")}, ${isTime ? unread : sql})`;
}

/** A zone of its own for one column: its naive times are turned into UTC here; times with an offset and days pass. */
function zoneSql(sql: string, zone: string): string {
  const isNaive = `regexp_full_match(trim(${sql}), '\\d{4}-\\d{1,2}-\\d{1,2}[T ][\\d:.]+')`;
  const utc = `strftime(${localToUtc(`try_cast(${sql} as timestamp)`, zone)}, '%Y-%m-%dT%H:%M:%S.%fZ')`;
  return `coalesce(case when ${isNaive} then ${utc} end, ${sql})`;
}
