import { expect, test } from "vitest";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import { tagTexts } from "./tag-table.ts";

test("each row of a query gets its tag; blank ones get none; equal texts get the same", async () => {
  await withDuckDB(":memory:", {}, async (connection) => {
    await connection.run(`create table tickets as from (values
      (7, 'Where is my order?', null), (-1, '商品破损，箱子压扁了', null), (3, '  ', 'en'), (9, null, 'en'),
      (12, 'Where is my order?', null), (13, 'defekt', 'de'), (14, 'I love it', null)) as t(id, words, language)`);
    const from = "select id as row_id, words as text, language as known_language from tickets order by id";
    expect(await tagTexts(connection, { from, into: "ticket_tags" })).toEqual({ texts: 5, tagged: 4 });
    expect(await queryRows(connection, "select row_id, language, reason from ticket_tags order by row_id")).toEqual([
      { row_id: -1, language: "zh", reason: "damaged_in_transit" },
      { row_id: 7, language: "en", reason: "late_delivery" },
      { row_id: 12, language: "en", reason: "late_delivery" },
      { row_id: 13, language: "de", reason: "quality_defect" },
      { row_id: 14, language: "en", reason: null },
    ]);
    const [rule] = await queryRows(connection, "select rule_id from ticket_tags where row_id = 13");
    expect(rule?.rule_id).toMatch(/^de: /);
  });
});

test("more rows than one batch, in a catalog with another search path: every row once", async () => {
  const rows = 150_000;
  await withDuckDB(":memory:", { memoryLimit: "300MB" }, async (connection) => {
    await connection.run("attach ':memory:' as snapshot; set search_path = 'snapshot.main'");
    const told: number[] = [];
    const count = await tagTexts(connection, {
      from: `select i as row_id, 'Parcel ' || i || ' has not arrived' as text, 'en' as known_language from range(${rows}) t(i)`,
      into: "tags",
      onProgress: (done) => told.push(done),
    });
    expect(count).toEqual({ texts: rows, tagged: rows });
    expect(told.at(-1)).toBe(rows);
    expect(told.length).toBeGreaterThan(2);
    const sums =
      "select count(*) as n, count(distinct row_id) as ids, min(row_id) as low, max(row_id) as high from tags";
    expect(await queryRows(connection, sums)).toEqual([{ n: rows, ids: rows, low: 0, high: rows - 1 }]);
    expect(await queryRows(connection, "select 1 from duckdb_tables() where table_name = 'texts_to_tag'")).toEqual([]);
  });
});

test("no rows: an empty table of the same form", async () => {
  await withDuckDB(":memory:", {}, async (connection) => {
    const from = "select 1 as row_id, null::varchar as text, null::varchar as known_language limit 0";
    expect(await tagTexts(connection, { from, into: "tags" })).toEqual({ texts: 0, tagged: 0 });
    const columns = await queryRows<{ column_name: string }>(connection, "describe tags");
    expect(columns.map((column) => column.column_name)).toEqual(["row_id", "language", "reason", "rule_id"]);
  });
});
