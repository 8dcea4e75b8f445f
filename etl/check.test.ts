import { readFile } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PROJECT_ROOT } from "../shared/data-directory.ts";
import { withDuckDB } from "../shared/duckdb.ts";
import { checkMarts } from "./check.ts";

interface Column {
  name: string;
  type: string;
}

/** An empty customers mart with the columns its .yml promises, changed by `change`. */
async function withCustomers(
  change: (columns: Column[]) => Column[],
  work: (connection: DuckDBConnection) => Promise<void>,
): Promise<void> {
  const yml = parse(await readFile(path.join(PROJECT_ROOT, "etl/models/marts/customers.yml"), "utf8")) as {
    columns: Column[];
  };
  await withDuckDB(":memory:", {}, async (connection) => {
    const columns = change(yml.columns).map((column) => `"${column.name}" ${column.type}`);
    await connection.run(`create table main.customers (${columns.join(", ")})`);
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
});
