import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { queryRows, sqlString, withDuckDB } from "../../shared/duckdb.ts";
import { dataModelDocument } from "./data-model-doc.ts";
import { martColumnsOf } from "./measure-columns.ts";
import { projectLineage, type ProjectLineage } from "./model-lineage.ts";
import { lineageOf, type Lineage, type Node, type Relation } from "./sql-lineage.ts";
import { DATA_MODEL_DOCUMENT } from "./write-data-model-doc.ts";

test("docs/data-model.md says what the model is (npm run docs writes it)", async () => {
  expect(await readFile(DATA_MODEL_DOCUMENT, "utf8")).toBe(await dataModelDocument());
});

const open = (table: string): Relation => ({ columns: new Map(), other: (column) => new Set([`${table}.${column}`]) });

async function lineage(sql: string, tables: (name: string) => Relation = open): Promise<Lineage> {
  const [row] = await withDuckDB(":memory:", { threads: 1 }, (connection) =>
    queryRows<{ tree: string }>(connection, `select json_serialize_sql(${sqlString(sql)}) as tree`),
  );
  const { statements } = JSON.parse(row?.tree ?? "") as { statements: Node[] };
  return lineageOf(statements[0] as Node, tables);
}

async function columns(sql: string, tables?: (name: string) => Relation): Promise<Record<string, string[]>> {
  const found = await lineage(sql, tables);
  return Object.fromEntries([...found.columns].map(([name, origins]) => [name, [...origins].toSorted()]));
}

describe("lineage of SQL", () => {
  test.each<[string, string, Record<string, string[]>]>([
    [
      "through common tables and stars",
      "with a as (select x, y + 1 as z from t), b as (select * from a) select * from b",
      { x: ["t.x"], z: ["t.y"] },
    ],
    [
      "with columns left out and replaced",
      "with a as (select x, y, z from t) select * exclude (x) replace (y || z as z) from a",
      { y: ["t.y"], z: ["t.y", "t.z"] },
    ],
    [
      "through joins, by the table named",
      "select l.a, r.a as b from s.l left join s.r using (id)",
      { a: ["s.l.a"], b: ["s.r.a"] },
    ],
    [
      "through cases and windows",
      "select case when a then b end as c, lead(d) over (partition by e order by f) as g from t",
      { c: ["t.a", "t.b"], g: ["t.d", "t.e", "t.f"] },
    ],
    [
      "through unions, by position",
      "select a, b from t union all select c, d from u",
      { a: ["t.a", "u.c"], b: ["t.b", "u.d"] },
    ],
    ["through aliases of the same select", "select a + 1 as b, b * 2 as c from t", { b: ["t.a"], c: ["t.b"] }],
    [
      "into nested values, not through functions",
      "with a as (select json_transform(r, '{}') as j, struct_pack(v := w) as p from t) select j.x.y as y, p.v as v from a",
      { y: ["t.r.x.y"], v: ["t.w"] },
    ],
    [
      "with lambdas and subqueries",
      "select list_filter(l, e -> e.ok and k) as f, (select max(m) from u) as s from t",
      { f: ["t.k", "t.l"], s: ["u.m"] },
    ],
    [
      "of what is fixed or null",
      "select 'USD' as currency, null::varchar as nothing, count(*) as n from t",
      { currency: ["(fixed)"], nothing: [], n: [] },
    ],
  ])("%s", async (_name, sql, expected) => {
    expect(await columns(sql)).toEqual(expected);
  });

  test("a name that can be of two tables, or of none, is reported and not guessed", async () => {
    const { columns: found, unresolved } = await lineage("select a from s.l join s.r using (id)");
    expect([...(found.get("a") ?? [])]).toEqual([]);
    expect(unresolved).toEqual(["a"]);
  });
});

describe("lineage of the project", () => {
  let project: ProjectLineage;

  beforeAll(async () => {
    project = await projectLineage();
  });

  const origins = (mart: string, column: string) => {
    const found = project.marts.find((candidate) => candidate.mart === mart);
    return [...(found?.columns.find(({ name }) => name === column)?.origins ?? [])].toSorted();
  };

  test("follows figures to the fields they are made of", () => {
    expect(origins("tickets", "subject")).toEqual(["tickets.subject"]);
    expect(origins("tickets", "full_resolution_minutes")).toEqual(
      expect.arrayContaining(["tickets.created_at", "tickets.solved_at"]),
    );
    expect(origins("shipments", "promised_delivery_date")).toContain("shipments.promised_delivery_date");
    expect(origins("orders", "ordered_at_local")).toContain("orders.ordered_at");
  });

  test("follows fields to the columns of exports", () => {
    const source = (field: string, name: string) =>
      project.fields.get(field)?.find((one) => one.source === name)?.columns;
    expect(source("returns.reason_raw", "amazon_fba_returns")).toEqual(["reason"]);
    expect(source("returns.requested_at", "loop")).toEqual(["created_at"]);
    expect(source("orders.order_id", "shopify")).toEqual(["name"]);
    // Amazon's FBA report names no carrier's claim.
    expect(source("returns.carrier_claim", "amazon_fba_returns")).toBeUndefined();
  });

  test("leaves no column of a model-made mart without an origin, but what is counted, joined or fixed", () => {
    const lost = project.marts.flatMap(({ unresolved, mart }) => unresolved.map((name) => `${mart}: ${name}`));
    expect(lost).toEqual([]);
  });
});

test("a measure's columns are its own, its filters' and those of the measures it names", () => {
  const cube = {
    name: "c",
    sql_table: "t",
    dimensions: [{ name: "d", type: "string", sql: "column_d" }],
    measures: [
      { name: "part", type: "count", filters: [{ sql: "{CUBE}.is_part and {CUBE}.b > 1" }] },
      { name: "whole", type: "sum", sql: "amount" },
      { name: "rate", type: "number", sql: "1.0 * {part} / nullif({whole}, 0)" },
      { name: "self", type: "number", sql: "{self}" },
    ],
  };
  expect([...martColumnsOf(cube, "rate")]).toEqual(["is_part", "b", "amount"]);
  expect([...martColumnsOf(cube, "d")]).toEqual(["column_d"]);
  expect(() => martColumnsOf(cube, "self")).toThrow("name each other");
});
