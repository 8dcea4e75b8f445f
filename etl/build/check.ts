// Holds the built marts against what models/marts/<name>.yml promises: columns, types, and tests that run as SQL.
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { parse } from "yaml";
import { z } from "zod";
import { AppError, hasCode, messageOf } from "../../shared/errors.ts";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { queryRows, sqlIdentifier, sqlString } from "../../shared/duckdb.ts";
import type { Report } from "../progress/progress.ts";

const severity = z.enum(["error", "warn"]).default("error");
const columnTest = z.union([
  z.enum(["unique", "not_null"]),
  z.strictObject({ unique: z.strictObject({ severity }) }),
  z.strictObject({ not_null: z.strictObject({ severity }) }),
  z.strictObject({ accepted_values: z.array(z.union([z.string(), z.number(), z.boolean()])), severity }),
  z.strictObject({ relationships: z.strictObject({ to: z.string(), field: z.string() }), severity }),
]);
const martSchema = z.strictObject({
  description: z.string(),
  columns: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string(),
      description: z.string(),
      unit: z.string().optional(),
      tests: z.array(columnTest).default([]),
    }),
  ),
  tests: z.array(z.strictObject({ name: z.string(), sql: z.string(), severity })).default([]),
});

type Mart = z.infer<typeof martSchema>;
type ColumnTest = z.infer<typeof columnTest>;

interface Failure {
  readonly severity: "error" | "warn";
  readonly message: string;
}

/** @throws AppError listing every failed check of severity `error`; warnings are reported and pass. */
export async function checkMarts(
  connection: DuckDBConnection,
  names: readonly string[],
  report: Report,
): Promise<void> {
  const failures: Failure[] = [];
  let tests = 0;
  for (const name of names) {
    const mart = await readMart(name);
    const found = [...(await checkShape(connection, name, mart)), ...(await runTests(connection, name, mart))];
    failures.push(...found);
    tests += 1 + mart.tests.length + mart.columns.reduce((sum, column) => sum + column.tests.length, 0);
  }
  for (const failure of failures.filter((each) => each.severity === "warn")) {
    report({ stage: "check", message: `warning: ${failure.message}` });
  }
  const errors = failures.filter((each) => each.severity === "error");
  report({
    stage: "check",
    message: `${tests} checks, ${errors.length} failed`,
    figures: { tests, failed: errors.length },
  });
  if (errors.length === 0) return;
  throw new AppError(
    `Checks failed, so nothing was published:${errors.map((each) => `\n  - ${each.message}`).join("")}`,
    {
      state: "The served version is unchanged.",
      advice: "Look at the rows named above in the exports, or correct the model or its .yml in etl/models/marts.",
    },
  );
}

async function readMart(name: string): Promise<Mart> {
  const file = `etl/models/marts/${name}.yml`;
  try {
    return martSchema.parse(parse(await readFile(path.join(PROJECT_ROOT, file), "utf8")));
  } catch (error) {
    const problem = hasCode(error, "ENOENT")
      ? "does not exist"
      : error instanceof z.ZodError
        ? error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")
        : messageOf(error);
    throw new AppError(`${file} cannot be used: ${problem}`, {
      state: "The served version is unchanged.",
      cause: error,
    });
  }
}

async function checkShape(connection: DuckDBConnection, name: string, mart: Mart): Promise<Failure[]> {
  const built = await queryRows<{ column_name: string; column_type: string }>(
    connection,
    `describe main.${sqlIdentifier(name)}`,
  );
  const types = new Map(built.map((column) => [column.column_name, column.column_type]));
  const promised = new Map(mart.columns.map((column) => [column.name, column.type]));
  const failures: string[] = [];
  for (const [column, type] of promised) {
    const actual = types.get(column);
    if (actual === undefined) failures.push(`${name}: the column ${column} of the .yml was not built`);
    else if (plainType(actual) !== plainType(type))
      failures.push(`${name}.${column} is ${actual}, the .yml says ${type}`);
  }
  for (const column of types.keys()) if (!promised.has(column)) failures.push(`${name}.${column} is not in the .yml`);
  return failures.map((message) => ({ severity: "error", message }));
}

function plainType(type: string): string {
  return type.toUpperCase().replaceAll(" ", "");
}

async function runTests(connection: DuckDBConnection, name: string, mart: Mart): Promise<Failure[]> {
  const tests = [
    ...mart.columns.flatMap((column) => column.tests.map((test) => columnTestSql(name, column.name, test))),
    ...mart.tests.map((test) => ({ title: `${name}: ${test.name}`, sql: test.sql, severity: test.severity })),
  ];
  const failures: Failure[] = [];
  for (const { title, sql, severity } of tests) {
    try {
      const rows = await queryRows(
        connection,
        `select *, count(*) over () as failing_rows from (${sql.trim().replace(/;$/, "")}) as failing limit 3`,
      );
      if (rows.length === 0) continue;
      const examples = rows.map((row) => JSON.stringify({ ...row, failing_rows: undefined })).join(" ");
      failures.push({
        severity,
        message: `${title}: ${String(rows[0]?.failing_rows)} rows, e.g. ${examples.slice(0, 400)}`,
      });
    } catch (error) {
      failures.push({ severity: "error", message: `${title}: the test itself failed: ${messageOf(error)}` });
    }
  }
  return failures;
}

function columnTestSql(mart: string, column: string, test: ColumnTest) {
  const table = `main.${sqlIdentifier(mart)}`;
  const field = sqlIdentifier(column);
  const named = (what: string, sql: string, severity: "error" | "warn" = "error") => ({
    title: `${mart}.${column} ${what}`,
    sql,
    severity,
  });
  const unique = `select ${field}, count(*) as times from ${table} where ${field} is not null group by ${field} having count(*) > 1`;
  const notNull = `select * from ${table} where ${field} is null`;
  if (test === "unique") return named("is not unique", unique);
  if (test === "not_null") return named("is null", notNull);
  if ("unique" in test) return named("is not unique", unique, test.unique.severity);
  if ("not_null" in test) return named("is null", notNull, test.not_null.severity);
  if ("accepted_values" in test) {
    const values = test.accepted_values.map((value) => (typeof value === "string" ? sqlString(value) : String(value)));
    return named(
      "has values not listed",
      `select distinct ${field} from ${table} where ${field} not in (${values.join(", ")})`,
      test.severity,
    );
  }
  const { to, field: key } = test.relationships;
  return named(
    `is not in ${to}.${key}`,
    `select distinct ${field} from ${table} anti join main.${sqlIdentifier(to)} as target on ${table}.${field} = target.${sqlIdentifier(key)} where ${field} is not null`,
    test.severity,
  );
}
