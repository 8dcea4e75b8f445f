// One process that reads an inbox into typed tables with DuckDB alone, as `create table as`, and prints what it took as JSON.
// Arguments: inbox, database file, spill folder.
import { queryRows, sqlIdentifier, withDuckDB } from "../../shared/duckdb.ts";
import { describeError } from "../../shared/errors.ts";
import { memoryLimit } from "../../etl/settings/memory-limit.ts";
import { BARE_PAGES, bareSteps } from "./bare-tables.ts";

export interface BareTable {
  readonly name: string;
  readonly rows: number;
  readonly seconds: number;
}

async function readBare(inbox: string, database: string, spill: string): Promise<BareTable[]> {
  return withDuckDB(database, { memoryLimit: memoryLimit(), tempDirectory: spill }, async (connection) => {
    const tables: BareTable[] = [];
    for (const { name, sql } of bareSteps(inbox)) {
      const start = performance.now();
      await connection.run(`create table ${sqlIdentifier(name)} as ${sql}`);
      const seconds = (performance.now() - start) / 1000;
      const [counted] = await queryRows<{ rows: number }>(
        connection,
        `select count(*) as rows from ${sqlIdentifier(name)}`,
      );
      tables.push({ name, rows: counted?.rows ?? 0, seconds });
    }
    for (const name of BARE_PAGES) await connection.run(`drop table ${sqlIdentifier(name)}`);
    await connection.run("checkpoint");
    return tables;
  });
}

try {
  const [inbox = "", database = "", spill = ""] = process.argv.slice(2);
  process.stdout.write(`${JSON.stringify(await readBare(inbox, database, spill))}\n`);
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}
