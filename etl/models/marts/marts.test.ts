// Rules that hold for several marts: money and freshness.
import { describe, expect, test } from "vitest";
import { withMarts } from "../testing/model-world.ts";
import { back, line, order } from "./test-rows.ts";

describe("money and freshness", () => {
  test("amounts are in the reporting currency; without a rate there is no amount, and such an order still is paid", async () => {
    const staging = {
      orders: [
        order("1", "2026-01-01T10:00:00", { currency: "EUR" }),
        order("2", "2026-01-01T10:00:00", { currency: "JPY" }),
        order("3", "2026-01-01T10:00:00", { currency: null, total_amount: null }),
      ],
      order_items: [line("1:1", "1", "A", 2, { discount_amount: 10 }), line("3:1", "3", "A", 2)],
    };
    await withMarts({ staging, rates: { EUR: 1.1 } }, async (query) => {
      expect(await query("select order_id, total_amount_reporting as amount, is_paid from orders order by 1")).toEqual([
        { order_id: "1", amount: 55, is_paid: true },
        { order_id: "2", amount: null, is_paid: true },
        { order_id: "3", amount: 100, is_paid: true },
      ]);
      expect(await query("select order_id, line_amount_reporting as amount from order_items order by 1")).toEqual([
        { order_id: "1", amount: 99 },
        { order_id: "3", amount: 100 },
      ]);
    });
  });

  // Paid is what is not known to be unpaid: the list of unpaid states is closed.
  test.each([
    ["pending", null, false],
    ["Payment pending", null, false],
    ["authorized", null, false],
    ["待付款", null, false],
    ["pending", "2026-01-02T10:00:00", true],
    ["voided", "2026-01-02T10:00:00", false],
    ["partially_paid", null, true],
    ["refunded", null, true],
    ["Shipped", null, true],
    [null, null, true],
  ])("an order of status %s, paid at %s, is paid: %s", async (status, paid_at, is_paid) => {
    const staging = { orders: [order("1", "2026-01-01T10:00:00", { status, paid_at })] };
    await withMarts({ staging }, async (query) => {
      expect(await query("select is_paid from orders")).toEqual([{ is_paid }]);
    });
  });

  test("a system is complete to its latest event, but not beyond the run's now", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2027-01-01T10:00:00")],
      order_items: [line("1:1", "1", "A")],
      products: [{ source_system: "amazon_fba_returns", product_id: "A" }],
      returns: [back("r", "2026-06-05T10:00:00", { source_system: "amazon_fba_returns" })],
    };
    await withMarts({ staging }, async (query) => {
      const sql =
        "select source_system, entity, row_count, latest_event_at, data_complete_to from source_freshness order by 1, 2";
      expect(await query(sql)).toEqual([
        {
          source_system: "amazon_fba_returns",
          entity: "products",
          row_count: 1,
          latest_event_at: null,
          data_complete_to: "2026-06-05T10:00:00",
        },
        {
          source_system: "amazon_fba_returns",
          entity: "returns",
          row_count: 1,
          latest_event_at: "2026-06-05T10:00:00",
          data_complete_to: "2026-06-05T10:00:00",
        },
        {
          source_system: "shop",
          entity: "order_items",
          row_count: 1,
          latest_event_at: null,
          data_complete_to: "2026-06-30T00:00:00",
        },
        {
          source_system: "shop",
          entity: "orders",
          row_count: 2,
          latest_event_at: "2027-01-01T10:00:00",
          data_complete_to: "2026-06-30T00:00:00",
        },
      ]);
    });
  });
});
