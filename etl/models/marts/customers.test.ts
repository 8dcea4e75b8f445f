// What a customer is worth in a year, what they return, and whether they buy again beside those who never return; numbers by hand.
import { describe, expect, test } from "vitest";
import { withMarts } from "../testing/model-world.ts";
import { back, delivered, line, order, parcel, scan } from "./test-rows.ts";

describe("a year's value", () => {
  const values = `select customer_id as id, value_365d_reporting::double as value, is_matured_365d as final, is_returner as returner
    from customers order by 1`;

  test("is paid orders less refunds until day 365; free, exchange and cancelled orders are none", async () => {
    const staging = {
      orders: [
        order("1", "2025-01-10T10:00:00", { total_amount: 100, refunded_amount: 30 }),
        order("2", "2026-01-10T23:59:59", { total_amount: 50 }),
        order("3", "2026-01-11T00:00:00", { total_amount: 900 }),
        order("4", "2025-02-01T10:00:00", { total_amount: 700, is_exchange: true }),
        order("5", "2025-02-01T10:00:00", { total_amount: 700, status: "cancelled" }),
        order("6", "2025-01-01T10:00:00", { total_amount: 0 }),
        order("7", "2025-03-01T10:00:00", { total_amount: 80, customer_ref: "bob", refunded_amount: 80 }),
        order("8", "2025-08-01T10:00:00", { total_amount: 80, customer_ref: "young" }),
        order("9", "2025-03-01T10:00:00", { total_amount: 80, currency: "SEK", customer_ref: "rateless" }),
      ],
      returns: [
        // Of the order's 30 these are 20; two lines of it must not count it twice.
        back("a", "2025-02-01T10:00:00", { order_id: "1", refund_amount: 12 }),
        back("b", "2025-02-02T10:00:00", { order_id: "1", refund_amount: 8 }),
        back("too late", "2026-01-11T10:00:00", { order_id: "2", refund_amount: 5 }),
        back("paid in time", "2026-02-11T10:00:00", {
          order_id: "2",
          refund_amount: 4,
          refunded_at: "2026-01-09T10:00:00",
        }),
      ],
    };
    await withMarts({ staging, asOf: "2026-07-31 00:00:00" }, async (query) => {
      expect(await query(values)).toEqual([
        // 100 + 50 - 12 - 8 - 10 that no return tells of - 4.
        { id: "ann", value: 116, final: true, returner: true },
        { id: "bob", value: 0, final: true, returner: false },
        { id: "rateless", value: null, final: true, returner: false },
        { id: "young", value: 80, final: false, returner: false },
      ]);
    });
  });

  test("is final once day 365 is over, and never known of somebody who only wrote", async () => {
    const staging = {
      orders: [order("1", "2025-01-10T10:00:00")],
      tickets: [{ ticket_id: "t", created_at: "2025-01-10T10:00:00", customer_ref: "zoe" }],
    };
    const writer = { id: "zoe", value: null, final: false, returner: false };
    for (const [asOf, final] of [
      ["2026-01-10 23:59:59", false],
      ["2026-01-11 00:00:00", true],
    ] as const) {
      await withMarts({ staging, asOf }, async (query) => {
        expect(await query(values)).toEqual([{ id: "ann", value: 50, final, returner: false }, writer]);
      });
    }
  });
});

describe("what a customer returns", () => {
  test("is told in orders, units, value, reasons and claims that no scan bears out, and judged by nobody", async () => {
    const staging = {
      orders: ["1", "2", "3", "4"].map((id) => order(id, "2026-01-01T10:00:00")),
      order_items: ["1", "2", "3", "4"].flatMap((id) => [
        line(`${id}:1`, id, "A", 2),
        line(`${id}:2`, id, "B", 1, { unit_price: 9 }),
      ]),
      shipments: [
        parcel("p1", "1", delivered("2026-01-05T10:00:00")),
        parcel("p2", "2", delivered("2026-01-05T10:00:00")),
        parcel("p3", "3", { shipped_at: "2026-01-02T10:00:00" }),
      ],
      carrier_events: [scan("e", "p2", "2026-01-04T10:00:00", "damaged")],
      returns: [
        back("1 damaged, no scan", "2026-01-10T10:00:00", {
          order_id: "1",
          product_id: "A",
          reason_raw: "damaged in transit",
        }),
        back("2 damaged, scanned", "2026-01-10T10:00:00", {
          order_id: "2",
          product_id: "A",
          reason_raw: "damaged in transit",
        }),
        back("3 missing, arrived", "2026-01-10T10:00:00", {
          order_id: "1",
          product_id: "B",
          reason_raw: "never arrived",
        }),
        back("4 missing, on its way", "2026-01-10T10:00:00", {
          order_id: "3",
          product_id: "A",
          reason_raw: "never arrived",
        }),
        back("5 missing, nobody tells", "2026-01-10T10:00:00", {
          order_id: "4",
          product_id: "A",
          reason_raw: "never arrived",
        }),
        back("6 too small", "2026-01-10T10:00:00", { order_id: "2", product_id: "B", reason_raw: "too small" }),
        back("7 declined", "2026-01-10T10:00:00", { order_id: "2", product_id: "A", status: "declined" }),
        back("8 no reason", "2026-01-10T10:00:00", { order_id: "3", product_id: "B" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const claims = "select left(return_id, 1) as id, is_claim_without_scan as claim from returns order by 1";
      expect(await query(claims)).toEqual(
        [true, false, true, false, null, false, false, false].map((claim, index) => ({ id: String(index + 1), claim })),
      );
      const indicators = `select order_count as orders, ordered_units as units, return_count as returns, returned_units as back,
        returned_value_reporting::double as value, return_reason_count as reasons, claim_without_scan_count as claims from customers`;
      // Three of the B returned at 9, four of the A at 50.
      expect(await query(indicators)).toEqual([
        { orders: 4, units: 12, returns: 7, back: 7, value: 3 * 9 + 4 * 50, reasons: 3, claims: 2 },
      ]);
    });
  });
});

describe("repurchase after a return and without one", () => {
  const occasions = `select occasion_id as id, is_matured_30d as over, is_repurchased_30d as d30, is_repurchased_60d as d60
    from repurchase_occasions order by 1`;

  test("an exchange after a return and a free order are none; each of a customer's two returns is an occasion of the same customer", async () => {
    const staging = {
      orders: [
        order("1", "2026-01-01T10:00:00"),
        order("2", "2026-01-21T10:00:00", { is_exchange: true }),
        order("3", "2026-01-22T10:00:00", { total_amount: 0 }),
        order("4", "2026-03-10T10:00:00"),
      ],
      returns: [
        back("a", "2026-01-20T10:00:00", { order_id: "1", resolution: "exchange" }),
        back("b", "2026-02-20T10:00:00", { order_id: "1", resolution: "refund" }),
        back("open", "2026-02-20T10:00:00", { order_id: "1", status: "open" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query(occasions)).toEqual([
        { id: "return:a", over: true, d30: false, d60: true },
        { id: "return:b", over: true, d30: true, d60: true },
      ]);
      const resolutions = "select resolution, customer_id from repurchase_occasions order by 1";
      expect(await query(resolutions)).toEqual([
        { resolution: "exchange", customer_id: "ann" },
        { resolution: "refund", customer_id: "ann" },
      ]);
    });
  });

  test("without a return each delivered paid order is one; the day of delivery is out, day 30 is in", async () => {
    const of = (customer_ref: string, again: string) => [
      order(`${customer_ref} 1`, "2026-01-01T10:00:00", { customer_ref }),
      order(`${customer_ref} 2`, again, { customer_ref, delivered_at: null }),
    ];
    const firsts = ["same", "next", "last", "beyond"];
    const staging = {
      orders: [
        ...of("same", "2026-01-10T23:59:59"),
        ...of("next", "2026-01-11T00:00:00"),
        ...of("last", "2026-02-09T23:59:59"),
        ...of("beyond", "2026-02-10T00:00:00"),
        order("nobody 1", "2026-01-01T10:00:00", { customer_ref: null }),
        order("free 1", "2026-01-01T10:00:00", { customer_ref: "free", total_amount: 0 }),
      ],
      shipments: [...firsts, "nobody", "free"].map((name) =>
        parcel(name, `${name} 1`, delivered("2026-01-10T10:00:00")),
      ),
      returns: [back("r", "2026-02-01T10:00:00")],
    };
    const first = occasions.replace(
      "from repurchase_occasions",
      "from repurchase_occasions where occasion_id like '% 1'",
    );
    for (const [asOf, over] of [
      ["2026-02-09 23:59:59", false],
      ["2026-02-10 00:00:00", true],
    ] as const) {
      await withMarts({ staging, asOf }, async (query) => {
        expect(await query(first)).toEqual([
          { id: "order:beyond 1", over, d30: false, d60: true },
          { id: "order:last 1", over, d30: true, d60: true },
          { id: "order:next 1", over, d30: true, d60: true },
          { id: "order:same 1", over, d30: false, d60: false },
        ]);
      });
    }
  });

  test("who has ever returned is no baseline, whichever order it was", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2026-02-01T10:00:00")],
      returns: [back("r", "2026-02-20T10:00:00", { order_id: "2" })],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select occasion_id as id, kind from repurchase_occasions")).toEqual([
        { id: "return:r", kind: "return" },
      ]);
    });
    const declined = { ...staging, returns: [back("r", "2026-02-20T10:00:00", { order_id: "2", status: "declined" })] };
    await withMarts({ staging: declined }, async (query) => {
      expect(
        await query("select occasion_id as id, is_repurchased_30d as d30 from repurchase_occasions order by 1"),
      ).toEqual([
        { id: "order:1", d30: true },
        { id: "order:2", d30: false },
      ]);
    });
  });
});
