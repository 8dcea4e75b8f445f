// Two published versions, table by table: the same rows, whatever their order.
import { createHash } from "node:crypto";
import { queryRows, sqlIdentifier, withDuckDB } from "../../shared/duckdb.ts";

/** Says when and from which state a version was built: never the same twice. */
const NOT_COMPARED = new Set(["snapshot"]);

export interface TableExport {
  readonly rows: readonly string[];
  readonly sha256: string;
}

/** Every table as JSON lines in order of their text. Reads every value, so a damaged file is found. */
export async function exportMarts(file: string): Promise<Map<string, TableExport>> {
  return withDuckDB(file, { readOnly: true, threads: 1 }, async (connection) => {
    const tables = await queryRows<{ name: string }>(
      connection,
      "select table_name as name from duckdb_tables() where database_name = current_database() order by 1",
    );
    const exported = new Map<string, TableExport>();
    for (const { name } of tables) {
      if (NOT_COMPARED.has(name)) continue;
      const columns = await queryRows<{ column_name: string }>(connection, `describe ${sqlIdentifier(name)}`);
      // Columns by name, so that their order does not matter either.
      const pack = columns
        .map((column) => column.column_name)
        .toSorted()
        .map((column) => `${sqlIdentifier(column)} := ${sqlIdentifier(column)}`);
      const rows = await queryRows<{ row: string }>(
        connection,
        `select to_json(struct_pack(${pack.join(", ")}))::varchar as "row" from ${sqlIdentifier(name)} order by 1`,
      );
      const lines = rows.map(({ row }) => row);
      exported.set(name, { rows: lines, sha256: createHash("sha256").update(lines.join("\n")).digest("hex") });
    }
    return exported;
  });
}

const SHOWN = 3;

/** One line a difference; empty when every table is the same. */
export function differences(left: ReadonlyMap<string, TableExport>, right: ReadonlyMap<string, TableExport>): string[] {
  const names = [...new Set([...left.keys(), ...right.keys()])].toSorted();
  return names.flatMap((name) => {
    const [one, other] = [left.get(name), right.get(name)];
    if (!one || !other) return [`${name} is in one version only`];
    if (one.sha256 === other.sha256) return [];
    const [rows, otherRows] = [new Set(one.rows), new Set(other.rows)];
    return [
      `${name}: ${one.rows.length} rows against ${other.rows.length}`,
      ...one.rows
        .filter((row) => !otherRows.has(row))
        .slice(0, SHOWN)
        .map((row) => `  only in the first:  ${row}`),
      ...other.rows
        .filter((row) => !rows.has(row))
        .slice(0, SHOWN)
        .map((row) => `  only in the second: ${row}`),
    ];
  });
}
