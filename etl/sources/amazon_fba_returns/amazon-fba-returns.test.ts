import path from "node:path";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { FBA_REASONS } from "../testing/amazon-reasons.ts";
import { amazonFbaReturns } from "./amazon-fba-returns.ts";

const FIXTURES = path.join(import.meta.dirname, "fixtures");

test("one unit seen under two dates is one return of the latest date; alike rows are several only within a file", async () => {
  await withStagedInbox(amazonFbaReturns, FIXTURES, async (query) => {
    const sql = `select order_id, product_id, quantity, returned_at, reason, disposition, is_completed, sales_channel
      from returns order by order_id, return_id`;
    const common = { is_completed: true, sales_channel: "amazon" };
    const kettle = { ...common, product_id: "KETTLE" };
    const unwanted = {
      ...kettle,
      order_id: "302-2",
      quantity: 2,
      returned_at: "2026-01-06T09:00:00",
      reason: "changed_mind",
      disposition: "SELLABLE",
    };
    expect(await query(sql)).toEqual([
      {
        ...kettle,
        order_id: "302-1",
        quantity: 1,
        returned_at: "2026-01-09T15:31:40",
        reason: "quality_defect",
        disposition: "DEFECTIVE",
      },
      unwanted,
      unwanted,
      {
        ...kettle,
        order_id: "302-3",
        quantity: 1,
        returned_at: "2026-01-07T10:00:00",
        reason: "unmapped",
        disposition: "SELLABLE",
      },
      {
        ...common,
        order_id: "402-9",
        product_id: "LAMP",
        quantity: 1,
        returned_at: "2026-01-31T20:00:00",
        reason: "undeliverable",
        disposition: "CARRIER_DAMAGED",
      },
    ]);
    expect(await query("select raw_value from unmapped_values")).toEqual([{ raw_value: "BRAND_NEW_CODE" }]);
  });
});

test("a quote is a letter, and the report names the products", async () => {
  await withStagedInbox(amazonFbaReturns, FIXTURES, async (query) => {
    expect(await query("select comment from returns where comment is not null")).toEqual([
      { comment: 'It said "on" and died' },
    ]);
    expect(await query("select product_id, product_name from products order by 1")).toEqual([
      { product_id: "KETTLE", product_name: 'Kettle 12" steel' },
      { product_id: "LAMP", product_name: "Lamp" },
    ]);
  });
});

test("without buyers repurchase is unknown and nothing is matured", async () => {
  await withStagedInbox(amazonFbaReturns, FIXTURES, async (query) => {
    expect(await query("select distinct customer_id, is_repurchased_90d, is_matured_30d from returns")).toEqual([
      { customer_id: null, is_repurchased_90d: null, is_matured_30d: false },
    ]);
  });
});

test("English days of downloads from the site are read, days that may be months are refused and told", async () => {
  const header = "return-date\torder-id\tsku\tquantity\treason\tlicense-plate-number\tproduct-name";
  const row = (day: string, order: number) => `${day}\t302-${order}\tKETTLE\t1\tDEFECTIVE\tLPN${order}\tKettle`;
  const days = ["09-Sep-2025", "9-SEPTEMBER-2025", "03-04-2026", "2025-09-10T07:00:00Z"];
  const exports = { "a.txt": `${[header, ...days.map(row)].join("\n")}\n` };
  await withStagedInbox(amazonFbaReturns, exports, async (query) => {
    const sql = `select order_id as id, returned_at_date as day, returned_at_precision as how
      from staging.returns order by 1`;
    expect(await query(sql)).toEqual([
      { id: "302-0", day: "2025-09-09", how: "date" },
      { id: "302-1", day: "2025-09-09", how: "date" },
      { id: "302-3", day: "2025-09-10", how: "instant" },
    ]);
    expect(await query("select entity, row_no, column_name, reason from main.quarantine order by 1, 3")).toEqual([
      { entity: "products", row_no: 3, column_name: "updated_at", reason: "bad_time" },
      { entity: "returns", row_no: 3, column_name: "returned_at", reason: "bad_time" },
      { entity: "returns", row_no: 3, column_name: "updated_at", reason: "bad_time" },
    ]);
  });
});

test("every documented reason means one of ours", async () => {
  const header = "return-date\torder-id\tsku\tquantity\treason\tlicense-plate-number";
  const rows = FBA_REASONS.map(
    (reason, index) => `2026-01-05T10:00:00Z\t302-${index}\tKETTLE\t1\t${reason}\tLPN${index}`,
  );
  await withStagedInbox(amazonFbaReturns, { "a.txt": `${[header, ...rows].join("\n")}\n` }, async (query) => {
    expect(await query("select count(distinct reason_raw) as n from returns")).toEqual([{ n: FBA_REASONS.length }]);
    expect(await query("select raw_value from unmapped_values")).toEqual([]);
  });
});
