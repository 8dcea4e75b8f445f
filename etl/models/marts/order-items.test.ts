// What came back of an order line, and when a line is delivered and matured.
import { describe, expect, test } from "vitest";
import { withMarts } from "../testing/model-world.ts";
import { back, delivered, line, order, parcel } from "./test-rows.ts";

describe("returned units", () => {
  test("two returns of one line never count more units than the line holds, the earlier one first", async () => {
    const staging = {
      orders: [order("1001", "2026-01-01T10:00:00")],
      order_items: [line("a", "1001", "SKU-1", 2)],
      shipments: [parcel("s", "1001", delivered("2026-01-05T10:00:00"))],
      returns: [
        back("r1", "2026-01-20T10:00:00", { order_id: "1001", order_item_id: "a", product_id: "SKU-1", quantity: 1 }),
        back("r2", "2026-03-20T10:00:00", { order_id: "1001", order_item_id: "a", product_id: "SKU-1", quantity: 5 }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(
        await query("select quantity, returned_units, returned_units_30d, matured_units_30d from order_items"),
      ).toEqual([{ quantity: 2, returned_units: 2, returned_units_30d: 1, matured_units_30d: 2 }]);
    });
  });

  test("a return without a line is spread over the order's lines of that product, first line first", async () => {
    const staging = {
      orders: [order("#1001", "2026-01-01T10:00:00")],
      order_items: [
        line("1001:1", "#1001", "SKU-1", 2),
        line("1001:2", "#1001", "SKU-2", 1),
        line("1001:3", "#1001", "SKU-1", 3),
      ],
      shipments: [parcel("s", "1001", delivered("2026-01-05T10:00:00"))],
      returns: [
        back("named", "2026-01-25T10:00:00", { order_id: "1001", order_item_id: "1001:1", quantity: 1 }),
        back("spread", "2026-01-20T10:00:00", { order_id: "1001", product_id: "SKU-1", quantity: 3 }),
        back("other order", "2026-01-20T10:00:00", { order_id: "9999", product_id: "SKU-1", quantity: 1 }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select order_item_id, returned_units_30d from order_items order by 1")).toEqual([
        { order_item_id: "1001:1", returned_units_30d: 2 },
        { order_item_id: "1001:2", returned_units_30d: 0 },
        { order_item_id: "1001:3", returned_units_30d: 2 },
      ]);
      expect(await query("select return_id, order_id, order_item_id, product_id from returns order by 1")).toEqual([
        { return_id: "named", order_id: "1001", order_item_id: "1001:1", product_id: "SKU-1" },
        { return_id: "other order", order_id: "9999", order_item_id: null, product_id: "SKU-1" },
        { return_id: "spread", order_id: "1001", order_item_id: "1001:1", product_id: "SKU-1" },
      ]);
    });
  });

  test("day 30 after delivery is inside the window, day 31 is not; maturity needs day 30 to be over", async () => {
    const staging = {
      orders: [
        order("1", "2026-01-01T10:00:00"),
        order("2", "2026-05-25T10:00:00"),
        order("3", "2026-05-20T10:00:00"),
        order("4", "2026-05-20T10:00:00"),
      ],
      order_items: [
        line("1:1", "1", "SKU-1", 1),
        line("1:2", "1", "SKU-2", 1),
        line("2:1", "2", "SKU-1", 1),
        line("3:1", "3", "SKU-1", 1),
        line("4:1", "4", "SKU-1", 1),
      ],
      shipments: [
        parcel("s1", "1", delivered("2026-01-05T10:00:00")),
        parcel("s2", "2", delivered("2026-06-01T10:00:00")),
        parcel("s3", "3", delivered("2026-05-31T10:00:00")),
        parcel("s4", "4", delivered("2026-05-30T23:00:00")),
      ],
      returns: [
        back("r30", "2026-02-04T23:00:00", { order_id: "1", product_id: "SKU-1" }),
        back("r31", "2026-02-05T01:00:00", { order_id: "1", product_id: "SKU-2" }),
      ],
    };
    await withMarts({ staging, asOf: "2026-06-30 12:00:00" }, async (query) => {
      const sql =
        "select order_item_id, returned_units, returned_units_30d, is_matured_30d from order_items order by 1";
      expect(await query(sql)).toEqual([
        { order_item_id: "1:1", returned_units: 1, returned_units_30d: 1, is_matured_30d: true },
        { order_item_id: "1:2", returned_units: 1, returned_units_30d: 0, is_matured_30d: true },
        { order_item_id: "2:1", returned_units: 0, returned_units_30d: 0, is_matured_30d: false },
        { order_item_id: "3:1", returned_units: 0, returned_units_30d: 0, is_matured_30d: false },
        { order_item_id: "4:1", returned_units: 0, returned_units_30d: 0, is_matured_30d: true },
      ]);
    });
  });

  test("a return that was declined or only asked for takes no units", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00")],
      order_items: [line("1:1", "1", "SKU-1", 2)],
      returns: [
        back("no", "2026-01-20T10:00:00", {
          order_id: "1",
          product_id: "SKU-1",
          status: "DECLINED",
          reason_raw: "defective",
        }),
        back("asked", "2026-01-21T10:00:00", { order_id: "1", product_id: "SKU-1", status: "requested" }),
        back("amazon", "2026-01-22T10:00:00", { order_id: "1", product_id: "SKU-1", status: "Pending repackaging" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select returned_units, has_product_complaint as complaint from order_items")).toEqual([
        { returned_units: 1, complaint: false },
      ]);
      expect(await query("select return_id, is_completed, order_item_id from returns order by 1")).toEqual([
        { return_id: "amazon", is_completed: true, order_item_id: "1:1" },
        { return_id: "asked", is_completed: false, order_item_id: "1:1" },
        { return_id: "no", is_completed: false, order_item_id: "1:1" },
      ]);
    });
  });

  // Shopify's, AfterShip's and Amazon's words; a word nobody knows tells of goods that are back.
  test.each([
    ["CLOSED", true],
    ["received", true],
    ["Unit returned to inventory", true],
    ["Pending repackaging", true],
    ["Reimbursed", true],
    [null, true],
    ["OPEN", false],
    ["REQUESTED", false],
    ["DECLINED", false],
    ["CANCELED", false],
    ["cancelled", false],
    ["Expired", false],
    ["In review", false],
    ["待处理", false],
  ])("a return of status %s is completed: %s", async (status, is_completed) => {
    await withMarts({ staging: { returns: [back("r", "2026-01-20T10:00:00", { status })] } }, async (query) => {
      expect(await query("select is_completed from returns")).toEqual([{ is_completed }]);
    });
  });

  test("cancelled lines are not delivered, and their age assumes nothing", async () => {
    const staging = {
      orders: [
        order("1", "2026-01-01T10:00:00", { cancelled_at: "2026-01-02T10:00:00" }),
        order("2", "2026-01-01T10:00:00"),
        order("3", "2026-06-29T10:00:00"),
      ],
      order_items: [line("1:1", "1", "SKU-1", 4), line("2:1", "2", "SKU-1", 3), line("3:1", "3", "SKU-1", 2)],
      returns: [back("r", "2026-06-29T10:00:00", { product_id: "SKU-9" })],
    };
    await withMarts({ staging }, async (query) => {
      const sql = `select order_item_id, delivery_basis, delivered_date, is_delivered, delivered_units, matured_units_30d
        from order_items order by 1`;
      const none = { delivery_basis: "none", delivered_date: null, is_delivered: false, delivered_units: 0 };
      expect(await query(sql)).toEqual([
        { order_item_id: "1:1", ...none, matured_units_30d: 0 },
        {
          order_item_id: "2:1",
          delivery_basis: "assumed",
          delivered_date: "2026-01-08",
          is_delivered: true,
          delivered_units: 3,
          matured_units_30d: 3,
        },
        { order_item_id: "3:1", ...none, matured_units_30d: 0 },
      ]);
      expect(await query("select count(*) as known from orders where delivered_at is not null")).toEqual([
        { known: 0 },
      ]);
    });
  });
});
