import { readFile } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { withDuckDB } from "../../shared/duckdb.ts";
import { checkMarts } from "./check.ts";
import { DETECTED } from "../models/models.ts";

interface Column {
  name: string;
  type: string;
}

/** An empty mart with the columns its .yml promises, changed by `change`. */
async function createMart(
  connection: DuckDBConnection,
  name: string,
  change: (columns: Column[]) => Column[] = (columns) => columns,
): Promise<void> {
  const file = path.join(PROJECT_ROOT, `etl/models/marts/${name}.yml`);
  const yml = parse(await readFile(file, "utf8")) as { columns: Column[] };
  const columns = change(yml.columns).map((column) => `"${column.name}" ${column.type}`);
  await connection.run(`create table main.${name} (${columns.join(", ")})`);
}

async function withCustomers(
  change: (columns: Column[]) => Column[],
  work: (connection: DuckDBConnection) => Promise<void>,
): Promise<void> {
  await withDuckDB(":memory:", {}, async (connection) => {
    await createMart(connection, "customers", change);
    await work(connection);
  });
}

const check = (connection: DuckDBConnection) => checkMarts(connection, ["customers"], () => undefined);

describe("the checks of a mart", () => {
  it("pass for the columns and types of its .yml", async () => {
    await withCustomers(
      (columns) => columns,
      async (connection) => expect(await check(connection)).toBeUndefined(),
    );
  });

  it("name a missing column, one too many and another type, all at once", async () => {
    const change = (columns: Column[]) => [
      ...columns
        .filter((column) => column.name !== "order_count")
        .map((column) => (column.name === "country" ? { ...column, type: "DATE" } : column)),
      { name: "colour", type: "VARCHAR" },
    ];
    await withCustomers(change, async (connection) => {
      const failing = check(connection);
      await expect(failing).rejects.toThrow(/order_count of the .yml was not built/);
      await expect(failing).rejects.toThrow(/customers\.country is DATE, the \.yml says VARCHAR/);
      await expect(failing).rejects.toThrow(/customers\.colour is not in the \.yml/);
    });
  });

  it("stop on a repeated key, with an example", async () => {
    await withCustomers(
      (columns) => columns,
      async (connection) => {
        await connection.run(
          "insert into main.customers (customer_id, country) values ('twice', 'DE'), ('twice', 'DE')",
        );
        await expect(check(connection)).rejects.toThrow(/customers\.customer_id is not unique: 1 rows, e\.g\. .*twice/);
      },
    );
  });

  it("hold what detection wrote too: a day told twice, of a series and an anomaly that are not there", async () => {
    await withDuckDB(":memory:", {}, async (connection) => {
      const names = DETECTED.map((each) => each.name);
      for (const name of ["products", ...names]) await createMart(connection, name);
      const checking = () => checkMarts(connection, names, () => undefined);
      await checking();
      await connection.run(`insert into main.anomaly_points (series_id, date, day, exposure, expected, is_alarm, anomaly_id, p_value)
        select 's', date '2026-01-01', timestamp '2026-01-01 10:00:00', 1, 1, true, 'lost', 1.5 from range(2)`);
      const failing = checking();
      await expect(failing).rejects.toThrow(/anomaly_points: series and day are the key: 1 rows/);
      await expect(failing).rejects.toThrow(/anomaly_points\.series_id is not in anomaly_series\.series_id: 1 rows/);
      await expect(failing).rejects.toThrow(/anomaly_points\.anomaly_id is not in anomalies\.anomaly_id: 1 rows/);
      await expect(failing).rejects.toThrow(/day is the date's midnight: 2 rows/);
      await expect(failing).rejects.toThrow(/probabilities are between 0 and 1: 2 rows/);
    });
  });
});
