import { expect, test } from "vitest";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import { createCostTables } from "./cost-settings.ts";
import { parseRunSettings } from "./run-settings.ts";

const tables = (yml: string) =>
  withDuckDB(":memory:", {}, async (connection) => {
    await connection.run("create schema staging");
    await createCostTables(connection, parseRunSettings(yml));
    return {
      rates: await queryRows(connection, "select * from staging.cost_rates order by market"),
      promise: await queryRows(connection, "select * from staging.refund_promise"),
    };
  });

test("nothing set is nothing known, never 0; seven business days from receipt are promised", async () => {
  const unknown = { return_label: null, handling: null, outbound: null, goods_cost_rate: null, recovery_rate: null };
  expect(await tables("")).toEqual({
    rates: [{ market: "*", ...unknown }],
    promise: [{ clock: "received", business_days: 7 }],
  });
});

test("a market's card takes from the default one what it leaves out; 0 is a rate", async () => {
  const yml = `costs: { default: { return_label: 6, handling: 3 }, DE: { return_label: 0, recovery_rate: 0.5 } }
refund_promise: { clock: approved, business_days: 5 }`;
  expect(await tables(yml)).toEqual({
    rates: [
      { market: "*", return_label: 6, handling: 3, outbound: null, goods_cost_rate: null, recovery_rate: null },
      { market: "DE", return_label: 0, handling: 3, outbound: null, goods_cost_rate: null, recovery_rate: 0.5 },
    ],
    promise: [{ clock: "approved", business_days: 5 }],
  });
});

test.each([
  ["costs: { DE: { recovery_rate: 1.2 } }", /costs\.DE\.recovery_rate/],
  ["costs: { Germany: { handling: 1 } }", /ISO 3166-1/],
  ["costs: { DE: { labels: 3 } }", /labels/],
  ["refund_promise: { clock: closed }", /refund_promise\.clock/],
  ["refund_promise: { business_days: 0 }", /refund_promise\.business_days/],
])("%s is refused by name", (yml, problem) => {
  expect(() => parseRunSettings(yml)).toThrow(problem);
});
