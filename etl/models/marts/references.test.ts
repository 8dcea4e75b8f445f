// What names a number means: two shops, desks and carriers share numbers, and every reference finds its own.
import { describe, expect, test } from "vitest";
import { withMarts, type Row } from "../testing/model-world.ts";
import { back, line, order, parcel } from "./test-rows.ts";

const AT = "2026-01-01T10:00:00";
const shops = (make: (source_system: string) => Row): Row[] =>
  ["desk", "shop"].map((source_system) => ({ ...make(source_system), source_system }));
const both = (row: Row): Row[] => shops(() => row);

describe("one number in two systems", () => {
  test("keeps both rows, the later system's under its name, and each system's references mean its own", async () => {
    const staging = {
      orders: [...both(order("7", AT)), order("#7", AT)],
      order_items: [...both(line("7:1", "7", "A")), line("7:2", "#7", "B")],
      shipments: both(parcel("p", "7", { status_raw: "in_transit" })),
      carrier_events: both({ carrier_event_id: "e", shipment_id: "p", occurred_at: AT, state_raw: "in_transit" }),
      returns: [
        ...both(back("r", AT, { order_id: "7", product_id: "A" })),
        back("named", AT, { order_id: "7", order_item_id: "7:1", product_id: "A", source_system: "shop" }),
      ],
      tickets: both({ ticket_id: "t", created_at: AT, order_id: "7" }),
      survey_responses: [
        ...both({ survey_response_id: "s", ticket_id: "t", scale: "1-5", sent_at: AT }),
        { survey_response_id: "o", order_id: "7", scale: "1-5", sent_at: AT },
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select order_id, source_system from orders order by 1")).toEqual([
        { order_id: "7", source_system: "desk" },
        { order_id: "shop/#7", source_system: "shop" },
        { order_id: "shop/7", source_system: "shop" },
      ]);
      expect(await query("select order_item_id as id, order_id, returned_units from order_items order by 1")).toEqual([
        { id: "7:1", order_id: "7", returned_units: 1 },
        { id: "7:2", order_id: "shop/#7", returned_units: 0 },
        { id: "shop/7:1", order_id: "shop/7", returned_units: 1 },
      ]);
      expect(
        await query("select carrier_event_id as id, shipment_id, order_id from carrier_events order by 1"),
      ).toEqual([
        { id: "e", shipment_id: "p", order_id: "7" },
        { id: "shop/e", shipment_id: "shop/p", order_id: "shop/7" },
      ]);
      expect(await query("select return_id as id, order_id, order_item_id as line from returns order by 1")).toEqual([
        { id: "named", order_id: "shop/7", line: "shop/7:1" },
        { id: "r", order_id: "7", line: "7:1" },
        { id: "shop/r", order_id: "shop/7", line: "shop/7:1" },
      ]);
      expect(await query("select ticket_id as id, order_id from tickets order by 1")).toEqual([
        { id: "shop/t", order_id: "shop/7" },
        { id: "t", order_id: "7" },
      ]);
      expect(
        await query("select survey_response_id as id, ticket_id, order_id from survey_responses order by 1"),
      ).toEqual([
        { id: "o", ticket_id: null, order_id: "shop/7" },
        { id: "s", ticket_id: "t", order_id: "7" },
        { id: "shop/s", ticket_id: "shop/t", order_id: "shop/7" },
      ]);
    });
  });

  test("a third system's reference finds the one that bears the number, and of two none", async () => {
    const third = { source_system: "third" };
    const staging = {
      orders: [...shops((system) => order("7", AT, { customer_ref: system })), order("#8", AT)],
      order_items: [
        ...shops((system) => line("7:1", "7", `SKU-${system}`)),
        line("8:1", "#8", "B"),
        line("own", "7", "A", 1, third),
      ],
      shipments: [
        ...both(parcel("p", null)),
        parcel("q", "8"),
        parcel("two", "7", { ...third, destination_country: null }),
        parcel("one", "8", third),
      ],
      carrier_events: ["p", "q", "z"].map((shipment_id) => ({
        carrier_event_id: `e${shipment_id}`,
        shipment_id,
        occurred_at: AT,
        state_raw: "delivered",
        ...third,
      })),
      returns: [
        back("two", AT, { ...third, order_id: "7" }),
        back("line", AT, { ...third, order_item_id: "7:1" }),
        back("one", AT, { ...third, order_id: "8" }),
        back("none", AT, { ...third, order_id: "#9" }),
      ],
      tickets: [{ ticket_id: "t", created_at: AT, order_id: "7", ...third }],
    };
    await withMarts({ staging }, async (query) => {
      expect(
        await query("select return_id as id, order_id, order_item_id as line, customer_id from returns order by 1"),
      ).toEqual([
        { id: "line", order_id: null, line: null, customer_id: null },
        { id: "none", order_id: "9", line: null, customer_id: null },
        { id: "one", order_id: "8", line: "8:1", customer_id: "ann" },
        { id: "two", order_id: null, line: null, customer_id: null },
      ]);
      expect(await query("select order_id, customer_id from order_items where order_item_id = 'own'")).toEqual([
        { order_id: null, customer_id: null },
      ]);
      expect(await query("select shipment_id as id, order_id, state, market from shipments order by 1")).toEqual([
        { id: "one", order_id: "8", state: "unknown", market: "DE" },
        { id: "p", order_id: null, state: "unknown", market: "DE" },
        { id: "q", order_id: "8", state: "delivered", market: "DE" },
        { id: "shop/p", order_id: null, state: "unknown", market: "DE" },
        { id: "two", order_id: null, state: "unknown", market: "unknown" },
      ]);
      expect(await query("select carrier_event_id as id, shipment_id from carrier_events order by 1")).toEqual([
        { id: "ep", shipment_id: null },
        { id: "eq", shipment_id: "q" },
        { id: "ez", shipment_id: "z" },
      ]);
      expect(await query("select order_id, product_id, customer_id from tickets")).toEqual([
        { order_id: null, product_id: "unknown", customer_id: null },
      ]);
    });
  });

  test("lines make up their own order's total and product, whatever else bears its number", async () => {
    const staging = {
      orders: shops(() => order("7", AT, { total_amount: null })),
      order_items: shops((system) => line("7:1", "7", `SKU-${system}`, system === "shop" ? 3 : 1)),
      returns: both(back("r", AT, { order_id: "#7" })),
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select order_id, total_amount, unit_count from orders order by 1")).toEqual([
        { order_id: "7", total_amount: 50, unit_count: 1 },
        { order_id: "shop/7", total_amount: 150, unit_count: 3 },
      ]);
      expect(await query("select order_id, product_id from returns order by 1")).toEqual([
        { order_id: "7", product_id: "SKU-desk" },
        { order_id: "shop/7", product_id: "SKU-shop" },
      ]);
    });
  });
});
