// Rules that hold for several marts: money and freshness.
import { describe, expect, test } from "vitest";
import { withMarts, type Row } from "../model-world.ts";
import { back, line, order, parcel } from "./test-rows.ts";

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

  test("a system is complete to its latest event, but not beyond the run's now", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2027-01-01T10:00:00")],
      order_items: [line("1:1", "1", "A")],
      products: [{ source_system: "amazon_fba_returns", product_id: "A" }],
      returns: [back("r", "2026-01-05T10:00:00", { source_system: "amazon_fba_returns" })],
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
          data_complete_to: "2026-01-05T10:00:00",
        },
        {
          source_system: "amazon_fba_returns",
          entity: "returns",
          row_count: 1,
          latest_event_at: "2026-01-05T10:00:00",
          data_complete_to: "2026-01-05T10:00:00",
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

describe("one number in two systems", () => {
  test("keeps both rows, the later system's under its name; what names the number plainly means the first", async () => {
    const both = (row: Row): Row[] => ["desk", "shop"].map((source_system) => ({ ...row, source_system }));
    const at = "2026-01-01T10:00:00";
    const staging = {
      orders: [...both(order("7", at)), order("#7", at)],
      order_items: [...both(line("7:1", "7", "A")), line("7:2", "#7", "B")],
      shipments: both(parcel("p", "7", { status_raw: "in_transit" })),
      carrier_events: both({ carrier_event_id: "e", shipment_id: "p", occurred_at: at, state_raw: "in_transit" }),
      returns: both(back("r", at, { order_id: "7", product_id: "A" })),
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select order_id, source_system from orders order by 1")).toEqual([
        { order_id: "7", source_system: "desk" },
        { order_id: "shop/#7", source_system: "shop" },
        { order_id: "shop/7", source_system: "shop" },
      ]);
      expect(await query("select order_item_id, order_id, returned_units from order_items order by 1")).toEqual([
        { order_item_id: "7:1", order_id: "7", returned_units: 1 },
        { order_item_id: "7:2", order_id: "shop/#7", returned_units: 0 },
        { order_item_id: "shop/7:1", order_id: "shop/7", returned_units: 0 },
      ]);
      expect(await query("select carrier_event_id, shipment_id from carrier_events order by 1")).toEqual([
        { carrier_event_id: "e", shipment_id: "p" },
        { carrier_event_id: "shop/e", shipment_id: "shop/p" },
      ]);
      expect(await query("select return_id from returns order by 1")).toEqual([
        { return_id: "r" },
        { return_id: "shop/r" },
      ]);
    });
  });
});
