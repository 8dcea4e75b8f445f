import path from "node:path";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { amazonOrders } from "./amazon-orders.ts";

const FIXTURES = path.join(import.meta.dirname, "fixtures");
const HEADER =
  "amazon-order-id\tpurchase-date\torder-status\tsales-channel\tsku\tproduct-name\titem-status\tquantity\tcurrency\t" +
  "item-price\tshipping-price\titem-promotion-discount\tship-country";
const order = (id: string, sku: string, quantity: string, ...more: string[]) =>
  [id, "2026-01-05T08:00:00+00:00", "Shipped", "Amazon.de", sku, sku, "Shipped", quantity, ...more].join("\t");

test("an order's total is what its lines cost, tax added only where prices leave it out, discounts taken off", async () => {
  await withStagedInbox(amazonOrders, FIXTURES, async (query) => {
    const sql = `select order_id as id, ordered_at, market, status, total_amount as total, unit_count as units,
      is_paid, is_cancelled, is_exchange from orders order by 1`;
    const paid = { market: "DE", status: "Shipped", is_paid: true, is_cancelled: false, is_exchange: false };
    expect(await query(sql)).toEqual([
      {
        ...paid,
        id: "111-0000002-0000002",
        ordered_at: "2026-01-08T07:30:00",
        market: "US",
        total: 71.28,
        units: 2,
      },
      {
        ...paid,
        id: "111-0000003-0000003",
        ordered_at: "2026-01-08T10:00:00",
        market: "unknown",
        status: "Cancelled",
        total: null,
        units: 0,
        is_paid: false,
        is_cancelled: true,
      },
      { ...paid, id: "302-0000001-0000001", ordered_at: "2026-01-05T08:04:21", total: 74, units: 3 },
      { ...paid, id: "302-0000004-0000004", ordered_at: "2026-01-09T10:00:00", total: 20, units: 1 },
      { ...paid, id: "302-0000005-0000005", ordered_at: "2026-01-10T10:00:00", total: 20, units: 1 },
      {
        ...paid,
        id: "302-0000007-0000007",
        ordered_at: "2026-01-12T10:00:00",
        total: 0,
        units: 1,
        is_paid: false,
        is_exchange: true,
      },
    ]);
    expect(await query("select * from unmapped_values")).toEqual([]);
    expect(await query("select * from main.quarantine")).toEqual([]);
  });
});

test("a line is its order, its SKU and which of equal ones it is; units of a cancelled item were not ordered", async () => {
  await withStagedInbox(amazonOrders, FIXTURES, async (query) => {
    const sql = `select order_item_id as id, quantity, unit_price as price, discount_amount as discount
      from staging.order_items order by 1`;
    expect(await query(sql)).toEqual([
      { id: "111-0000002-0000002:KETTLE", quantity: 1, price: 30, discount: null },
      { id: "111-0000002-0000002:KETTLE:2", quantity: 1, price: 30, discount: null },
      { id: "111-0000003-0000003:LAMP", quantity: 0, price: null, discount: null },
      { id: "302-0000001-0000001:KETTLE", quantity: 2, price: 30, discount: 6 },
      { id: "302-0000001-0000001:LAMP", quantity: 1, price: 20, discount: null },
      { id: "302-0000004-0000004:LAMP", quantity: 1, price: 20, discount: null },
      { id: "302-0000005-0000005:KETTLE", quantity: 0, price: 30, discount: null },
      { id: "302-0000005-0000005:LAMP", quantity: 1, price: 20, discount: null },
      { id: "302-0000007-0000007:KETTLE", quantity: 1, price: 0, discount: null },
    ]);
    expect(await query("select product_id, product_name from products order by 1")).toEqual([
      { product_id: "KETTLE", product_name: 'Kettle 12" steel' },
      { product_id: "LAMP", product_name: "Lamp" },
    ]);
  });
});

test("every marketplace is the channel Amazon, and nobody is the buyer", async () => {
  const sites = "com ca com.mx com.br co.uk de fr es it nl se pl com.be ie com.tr ae sa eg in co.jp com.au sg co.za";
  const rows = sites
    .split(" ")
    .map((site, index) => order(`302-${index}`, "LAMP", "1").replace("Amazon.de", `Amazon.${site}`));
  await withStagedInbox(amazonOrders, { "a.txt": `${[HEADER, ...rows].join("\n")}\n` }, async (query) => {
    expect(await query("select count(*) as n from orders")).toEqual([{ n: rows.length }]);
    expect(await query("select raw_value from unmapped_values")).toEqual([]);
    expect(await query("select distinct sales_channel, customer_id from orders")).toEqual([
      { sales_channel: "amazon", customer_id: null },
    ]);
    expect(await query("select * from customers")).toEqual([]);
  });
});

test("a column of item ids changes no line's number, only the order of equal SKUs", async () => {
  const plain = "amazon-order-id\tpurchase-date\torder-status\tsku\tquantity\titem-price";
  const row = (price: string) => `302-1\t2026-01-05T08:00:00Z\tShipped\tKETTLE\t1\t${price}`;
  const exports = {
    "1.txt": `${plain}\n${row("10.00")}\n${row("20.00")}\n`,
    "2.txt": `${plain}\torder-item-id\n${row("20.00")}\t72\n${row("10.00")}\t71\n`,
  };
  await withStagedInbox(amazonOrders, exports, async (query) => {
    expect(await query("select order_item_id as id, unit_price as price from staging.order_items order by 1")).toEqual([
      { id: "302-1:KETTLE", price: 10 },
      { id: "302-1:KETTLE:2", price: 20 },
    ]);
  });
});

test("amounts and quantities that are no numbers are told and not counted", async () => {
  const rows = [
    order("302-1", "KETTLE", "1", "EUR", "10,50", "", "", "DE"),
    order("302-1", "LAMP", "1", "EUR", "20.00", "", "", "DE"),
    order("302-2", "LAMP", "one", "EUR", "20.00", "4.90", "", "DE"),
    order("302-3", "LAMP", "1", "EUR", "20.00", "free", "", "DE"),
    ["", ...order("", "LAMP", "1", "EUR", "20.00", "", "", "DE").split("\t").slice(1)].join("\t"),
    ["", ...order("", "KETTLE", "1", "EUR", "20.00", "", "", "DE").split("\t").slice(1)].join("\t"),
  ];
  await withStagedInbox(amazonOrders, { "a.txt": `${[HEADER, ...rows].join("\n")}\n` }, async (query) => {
    expect(await query("select order_id as id, total_amount as total from staging.orders order by 1")).toEqual([
      { id: "302-1", total: null },
      { id: "302-2", total: 24.9 },
      { id: "302-3", total: null },
    ]);
    const told = "select entity, row_no, column_name as field, reason, raw from main.quarantine order by 1, 2, 3";
    const missing = { reason: "missing_required", raw: null };
    expect(await query(told)).toEqual([
      { entity: "order_items", row_no: 1, field: "unit_price", reason: "bad_number", raw: "10,50" },
      { entity: "order_items", row_no: 3, field: "quantity", reason: "bad_number", raw: "one" },
      { entity: "order_items", row_no: 5, field: "order_id", ...missing },
      { entity: "order_items", row_no: 5, field: "order_item_id", ...missing },
      { entity: "order_items", row_no: 6, field: "order_id", ...missing },
      { entity: "order_items", row_no: 6, field: "order_item_id", ...missing },
      { entity: "orders", row_no: 1, field: "total_amount", reason: "bad_number", raw: "10,50" },
      { entity: "orders", row_no: 4, field: "total_amount", reason: "bad_number", raw: "free" },
      { entity: "orders", row_no: 5, field: "order_id", ...missing },
      { entity: "orders", row_no: 6, field: "order_id", ...missing },
    ]);
  });
});
