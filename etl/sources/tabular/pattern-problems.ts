// Asks DuckDB whether it understands a mapping's regular expressions and time formats, before any file is read.
import type { DuckDBConnection } from "@duckdb/node-api";
import { messageOf } from "../../../shared/errors.ts";
import { sqlString } from "../../../shared/duckdb.ts";
import type { MappingSpec } from "./mapping-schema.ts";

/** One text a problem, with its key: `where[0].matches: ...`. */
export async function patternProblems(connection: DuckDBConnection, spec: MappingSpec): Promise<string[]> {
  const problems: string[] = [];
  const attempt = async (key: string, sql: string, hint: string) => {
    try {
      await connection.run(`select ${sql}`);
    } catch (error) {
      const why = messageOf(error)
        .split("\n", 1)
        .join()
        .replace(/^.*?Error: /, "");
      problems.push(`${key}: ${why}${hint}`);
    }
  };
  for (const [index, condition] of spec.where.entries()) {
    for (const test of ["matches", "not_matches"] as const) {
      const pattern = condition[test];
      if (pattern === undefined) continue;
      const hint = /\(\?<?[=!]/.test(pattern) ? "; lookaheads and lookbehinds are not supported (RE2 syntax)" : "";
      await attempt(`where[${index}].${test}`, `regexp_matches('', ${sqlString(pattern)})`, hint);
    }
  }
  for (const [field, expression] of Object.entries(spec.columns)) {
    for (const format of [expression.format ?? []].flat()) {
      await attempt(
        `columns.${field}.format`,
        `try_strptime('', ${sqlString(format)})`,
        ` in ${JSON.stringify(format)}`,
      );
    }
  }
  return problems;
}
