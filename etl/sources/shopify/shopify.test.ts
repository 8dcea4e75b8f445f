import path from "node:path";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { shopify } from "./shopify.ts";

const FIXTURES = path.join(import.meta.dirname, "fixtures");

test("an order's own cells come from its first row, offsets are read, the latest export of an order wins", async () => {
  await withStagedInbox(shopify, FIXTURES, async (query) => {
    const sql = `select order_id, ordered_at, status, sales_channel, market, total_amount, is_cancelled, is_exchange
      from orders order by 1`;
    const paid = { sales_channel: "own_shop", is_cancelled: false, is_exchange: false, status: "paid" };
    expect(await query(sql)).toEqual([
      {
        ...paid,
        order_id: "1001",
        ordered_at: "2025-10-07T07:50:26",
        status: "partially_refunded",
        market: "DE",
        total_amount: 109.7,
      },
      {
        ...paid,
        order_id: "1002",
        ordered_at: "2025-10-27T07:00:00",
        status: "voided",
        market: "FR",
        total_amount: 39.9,
        is_cancelled: true,
      },
      {
        ...paid,
        order_id: "1003",
        ordered_at: "2025-10-28T07:00:00",
        market: "DE",
        total_amount: 0,
        is_exchange: true,
      },
      {
        ...paid,
        order_id: "1004",
        ordered_at: "2025-10-29T07:00:00",
        sales_channel: "3456789",
        market: "NL",
        total_amount: 50,
      },
      { ...paid, order_id: "1005", ordered_at: "2025-11-01T07:00:00", market: "DE", total_amount: null },
    ]);
    expect(await query("select order_id, refunded_amount from staging.orders where refunded_amount > 0")).toEqual([
      { order_id: "#1001", refunded_amount: 29.9 },
    ]);
  });
});

test("lines keep their number over overlapping exports and over a cut through an order", async () => {
  await withStagedInbox(shopify, FIXTURES, async (query) => {
    expect(
      await query("select order_item_id, product_id, variant, quantity, market from order_items order by 1"),
    ).toEqual([
      { order_item_id: "#1001:1", product_id: "DRESS-RED-M", variant: "Red / M", quantity: 2, market: "DE" },
      { order_item_id: "#1001:2", product_id: "SCARF", variant: "unknown", quantity: 1, market: "DE" },
      { order_item_id: "#1002:1", product_id: "DRESS-RED-M", variant: "Red / M", quantity: 1, market: "FR" },
      { order_item_id: "#1003:1", product_id: "DRESS-RED-L", variant: "Red / L", quantity: 1, market: "DE" },
      { order_item_id: "#1004:1", product_id: "MUG", variant: "unknown", quantity: 1, market: "NL" },
      { order_item_id: "#1004:2", product_id: "PLATE", variant: "unknown", quantity: 1, market: "NL" },
      { order_item_id: "#1004:3", product_id: "Bowl", variant: "unknown", quantity: 2, market: "NL" },
    ]);
  });
});

test("one person is one customer whatever the case of the address; unreadable cells are in quarantine", async () => {
  await withStagedInbox(shopify, FIXTURES, async (query) => {
    const sql = "select count(distinct customer_id) as people from orders where order_id in ('1001', '1003')";
    expect(await query(sql)).toEqual([{ people: 1 }]);
    expect(await query("select count(*) as clear from orders where customer_id like '%@%'")).toEqual([{ clear: 0 }]);
    expect(await query("select entity, row_no, column_name, reason, raw from main.quarantine order by 1")).toEqual([
      { entity: "order_items", row_no: 4, column_name: "quantity", reason: "bad_number", raw: "two" },
      { entity: "orders", row_no: 4, column_name: "total_amount", reason: "bad_number", raw: "not yet" },
    ]);
  });
});

test("a later export of an order with fewer lines leaves no line behind", async () => {
  const first = [
    "Name,Created at,Lineitem quantity,Lineitem name",
    "#1,2026-01-01 10:00:00 +0100,1,Mug",
    "#1,,1,Plate",
  ];
  const second = ["Name,Created at,Lineitem quantity,Lineitem name", "#1,2026-01-01 10:00:00 +0100,3,Plate"];
  await withStagedInbox(shopify, { "a.csv": first.join("\n"), "b.csv": second.join("\n") }, async (query) => {
    expect(await query("select order_item_id, product_id, quantity from order_items")).toEqual([
      { order_item_id: "#1:1", product_id: "Plate", quantity: 3 },
    ]);
  });
});

test("lots and warehouse come from the order's note attributes, for all of its lines; other notes are ignored", async () => {
  const csv = [
    "Name,Created at,Lineitem quantity,Lineitem name,Lineitem sku,Note Attributes",
    '#1,2026-01-01 10:00:00 +0100,1,Mug,MUG-1,"gift: yes, lot of it\r\nWarehouse: Leipzig: hall 2\nlot MUG-1: L7\nLot  Plate : P 9 \nlot BOWL:\n"',
    "#1,,1,Plate,,",
    "#1,,1,Bowl,BOWL,",
    '#2,2026-01-01 10:00:00 +0100,1,Mug,MUG-1,"lot MUG-1: L7\nlot MUG-1: L8"',
    "#2,,1,Mug,MUG-1,",
    "#3,2026-01-01 10:00:00 +0100,1,Mug,MUG-1,warehouse",
  ];
  await withStagedInbox(shopify, { "a.csv": csv.join("\n") }, async (query) => {
    const leipzig = { warehouse: "Leipzig: hall 2" };
    expect(await query("select order_item_id as id, lot, warehouse from order_items order by 1")).toEqual([
      { ...leipzig, id: "#1:1", lot: "L7" },
      { ...leipzig, id: "#1:2", lot: "P 9" },
      { ...leipzig, id: "#1:3", lot: "unknown" },
      { id: "#2:1", lot: "unknown", warehouse: "unknown" },
      { id: "#2:2", lot: "unknown", warehouse: "unknown" },
      { id: "#3:1", lot: "unknown", warehouse: "unknown" },
    ]);
  });
});

test("lines whose order no file holds are loaded, their order goes to quarantine", async () => {
  const csv = [
    "Name,Created at,Lineitem quantity,Lineitem name",
    "#7,,1,Mug",
    "#7,,2,Plate",
    "#8,2026-01-01 10:00:00 +0100,1,Mug",
  ];
  await withStagedInbox(shopify, { "a.csv": csv.join("\n") }, async (query) => {
    expect(await query("select order_id from orders")).toEqual([{ order_id: "8" }]);
    expect(await query("select entity, row_no, column_name, reason from main.quarantine")).toEqual([
      { entity: "orders", row_no: 1, column_name: "ordered_at", reason: "missing_required" },
    ]);
    expect(await query("select order_item_id, is_delivered from order_items where order_id = '7' order by 1")).toEqual([
      { order_item_id: "#7:1", is_delivered: false },
      { order_item_id: "#7:2", is_delivered: false },
    ]);
  });
});

test("an order exported again is taken whole from the file changed last, whatever its name", async () => {
  const header = "Name,Created at,Currency,Total,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku";
  const exported = (sku: string, total: number) =>
    `${header}\n#1,2025-10-07 09:50:26 +0200,EUR,${total},1,${sku},${total},${sku}\n`;
  await withStagedInbox(
    shopify,
    { "a-newest.csv": exported("NEW", 20), "b-older.csv": exported("OLD", 10) },
    async (query) => {
      const sql = `select orders.total_amount, items.product_id, items.unit_price
        from staging.int_orders as orders join staging.int_order_items as items on items.order_id = '#' || orders.order_id`;
      expect(await query(sql)).toEqual([{ total_amount: 20, product_id: "NEW", unit_price: 20 }]);
      expect(await query("select order_item_id, product_id from order_items")).toEqual([
        { order_item_id: "#1:1", product_id: "NEW" },
      ]);
    },
    { changedAt: (name) => new Date(name === "a-newest.csv" ? "2025-11-02" : "2025-11-01") },
  );
});
