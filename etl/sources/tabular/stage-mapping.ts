// A mapping as SQL: its raw tables → a staging view with every field of its entity as text.
import type { DuckDBConnection } from "@duckdb/node-api";
import { sqlIdentifier, sqlString } from "../../../shared/duckdb.ts";
import type { UncastRelation } from "../../cast/cast.ts";
import { entity, type Field } from "../../entities.ts";
import { parseReference, PSEUDO_COLUMNS } from "./column-references.ts";
import { expressionSql, type ColumnSql } from "./expression-sql.ts";
import type { StagedMapping } from "./load-mapping.ts";
import type { Condition, Expression, MappingSpec } from "./mapping-schema.ts";

/** Creates the view; the cast step takes it from there. */
export async function stageMapping(connection: DuckDBConnection, staged: StagedMapping): Promise<UncastRelation> {
  const { spec, name } = staged.mapping;
  const relation = `staging.${sqlIdentifier(`stg_${spec.system}__${spec.entity}__${name}`)}`;
  await connection.run(`create view ${relation} as ${stagingSelect(staged)}`);
  return { system: spec.system, entity: spec.entity, relation };
}

export function stagingSelect(staged: StagedMapping): string {
  const { spec } = staged.mapping;
  const column = columnSql(spec);
  const zone = sqlString(spec.time_zone ?? "UTC");
  const from = `from ${staged.table} as main${joins(staged, column)}`;
  const where =
    spec.where.length > 0 ? `where ${spec.where.map((each) => conditionSql(each, column)).join(" and ")}` : "";
  const { fields, key } = entity(spec.entity);
  const expression = (field: Field) => spec.columns[field.name] ?? silence(field, spec);
  const value = (field: Field) => fieldSql(field, expression(field), column);
  if (!spec.first_per_key) {
    const items = fields.map((field) => `${value(field)} as ${sqlIdentifier(field.name)}`);
    return `select ${items.join(", ")}, main.file_id as _file_id, main.row_no as _row_no, ${zone} as _time_zone ${from} ${where}`;
  }
  const items = fields.map((field) => {
    const own = field.name === key ? value(field) : aggregateSql(field, expression(field), value(field));
    return `${own} as ${sqlIdentifier(field.name)}`;
  });
  const keyField = fields.find((field) => field.name === key);
  const group = keyField ? value(keyField) : "null";
  const rowOrder = "order by main.file_id, main.row_no";
  return `select ${items.join(", ")}, min(main.file_id) as _file_id, first(main.row_no ${rowOrder}) as _row_no, ${zone} as _time_zone
    ${from} ${where} group by ${group}`;
}

/** A field that others would tell of, all of them unmapped. */
function silence(field: Field, spec: MappingSpec): Expression | undefined {
  return field.toldBy?.every((name) => spec.columns[name] === undefined) ? { constant: "false" } : undefined;
}

function columnSql(spec: MappingSpec): ColumnSql {
  return (text) => {
    if (text === "$row") return "main.row_no::varchar";
    if (text === "$file") return "(select path from raw.files where files.file_id = main.file_id limit 1)";
    const { join, column } = parseReference(text, spec);
    return `${sqlIdentifier(join ?? "main")}.${sqlIdentifier(column)}`;
  };
}

/** The first row of the joined file wins for each key, so a join never multiplies rows. */
function joins(staged: StagedMapping, column: ColumnSql): string {
  return staged.mapping.spec.join
    .map((join) => {
      const right = Object.values(join.on).map(sqlIdentifier);
      const table = staged.joined.get(join.as) ?? "";
      const first = `(select distinct on (${right.join(", ")}) * from ${table} order by ${right.join(", ")}, file_id, row_no)`;
      const on = Object.entries(join.on).map(
        ([left, name]) => `trim(${column(left)}) = trim(${sqlIdentifier(join.as)}.${sqlIdentifier(name)})`,
      );
      return ` left join ${first} as ${sqlIdentifier(join.as)} on ${on.join(" and ")}`;
    })
    .join("");
}

function fieldSql(field: Field, expression: Expression | undefined, column: ColumnSql): string {
  return expression ? expressionSql(expression, field, column) : "null::varchar";
}

function aggregateSql(field: Field, expression: Expression | undefined, value: string): string {
  if (!expression) return "null::varchar";
  const isNumber = field.type === "integer" || field.type === "decimal";
  const number = `try_cast(${value} as decimal(38, 4))`;
  switch (expression.aggregate ?? "first") {
    case "min":
    case "max":
      return `${expression.aggregate}(${isNumber ? number : value})::varchar`;
    case "sum":
      return `sum(${number})::varchar`;
    case "count":
      return `count(${value})::varchar`;
    case "first":
    default:
      return `first(${value} order by main.file_id, main.row_no)`;
  }
}

function conditionSql(condition: Condition, column: ColumnSql): string {
  const value = PSEUDO_COLUMNS.has(condition.column) ? column(condition.column) : `trim(${column(condition.column)})`;
  const number = `try_cast(${value} as double)`;
  const list = (cells: readonly string[]) => cells.map(sqlString).join(", ");
  if (condition.matches !== undefined)
    return `coalesce(regexp_matches(${value}, ${sqlString(condition.matches)}), false)`;
  if (condition.not_matches !== undefined)
    return `not coalesce(regexp_matches(${value}, ${sqlString(condition.not_matches)}), false)`;
  if (condition.equals !== undefined) return `coalesce(${value} = ${sqlString(condition.equals)}, false)`;
  if (condition.not_equals !== undefined) return `${value} is distinct from ${sqlString(condition.not_equals)}`;
  if (condition.in !== undefined) return `coalesce(${value} in (${list(condition.in)}), false)`;
  if (condition.not_in !== undefined) return `not coalesce(${value} in (${list(condition.not_in)}), false)`;
  if (condition.less_than !== undefined) return `coalesce(${number} < ${condition.less_than}, false)`;
  if (condition.greater_than !== undefined) return `coalesce(${number} > ${condition.greater_than}, false)`;
  return `coalesce(${value}, '') <> ''`;
}
