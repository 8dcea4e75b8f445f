// Conversion by comparisons says what ICU says, around every change of the clock and far from it.
import { expect, test } from "vitest";
import { queryRows, withDuckDB } from "./duckdb.ts";
import { utcToZone } from "./zone-sql.ts";

const ZONES = [
  "UTC",
  "Asia/Shanghai",
  "Asia/Kolkata",
  "Europe/Berlin",
  "Europe/London",
  "America/New_York",
  "America/Los_Angeles",
  "America/Sao_Paulo",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "Asia/Tokyo",
];

test.each(ZONES)("%s, every half hour of 1990 to 2045", async (zone) => {
  await withDuckDB(":memory:", {}, async (connection) => {
    const rows = await queryRows(
      connection,
      `select utc, own, icu from (
        select utc, ${utcToZone("utc", zone)} as own, timezone('${zone}', timezone('UTC', utc)) as icu
        from range(timestamp '1990-01-01', timestamp '2045-01-01', interval 30 minutes) as t(utc))
       where own is distinct from icu limit 3`,
    );
    expect(rows).toEqual([]);
  });
});

test("nothing stays nothing", async () => {
  await withDuckDB(":memory:", {}, async (connection) => {
    const rows = await queryRows(
      connection,
      `select ${utcToZone("utc", "Europe/Berlin")} as own from (select null::timestamp as utc)`,
    );
    expect(rows).toEqual([{ own: null }]);
  });
});
