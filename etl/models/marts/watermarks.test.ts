// How far each kind of record is complete, and that nothing is judged beyond it.
import { describe, expect, test } from "vitest";
import { withMarts } from "../testing/model-world.ts";
import { back, delivered, line, order, parcel } from "./test-rows.ts";

const run = `select returns_complete_to as returns, returns_complete_to_date as returns_day, orders_complete_to as orders,
  tickets_complete_to as tickets, shipments_complete_to as shipments, as_of from staging.run`;
const fba = { source_system: "fba" };
const dead = { source_system: "dead" };

describe("complete to", () => {
  test("the earliest of the live systems' latest, whatever came of other records; as_of where nobody tells", async () => {
    const staging = {
      orders: [order("1", "2026-05-01T10:00:00"), order("2", "2026-06-30T12:00:00")],
      returns: [
        back("a", "2026-05-20T10:00:00"),
        back("b", "2026-06-10T23:30:00"),
        back("c", "2026-06-20T10:00:00", fba),
        back("d", "2024-01-01T10:00:00", dead),
      ],
      shipments: [parcel("p", "1", { shipped_at: "2026-06-01T10:00:00" })],
      carrier_events: [
        { carrier_event_id: "e", shipment_id: "p", occurred_at: "2026-06-28T10:00:00", state_raw: "in_transit" },
      ],
    };
    await withMarts({ staging, asOf: null, timeZone: "Asia/Shanghai" }, async (query) => {
      expect(await query(run)).toEqual([
        {
          returns: "2026-06-10T23:30:00",
          returns_day: "2026-06-11",
          orders: "2026-06-30T12:00:00",
          tickets: "2026-06-30T12:00:00",
          shipments: "2026-06-28T10:00:00",
          as_of: "2026-06-30T12:00:00",
        },
      ]);
      const freshness = `select source_system, is_silent, latest_event_at as latest, data_complete_to as complete
        from source_freshness where entity = 'returns' order by 1`;
      expect(await query(freshness)).toEqual([
        { source_system: "dead", is_silent: true, latest: "2024-01-01T18:00:00", complete: null },
        { source_system: "fba", is_silent: false, latest: "2026-06-20T18:00:00", complete: "2026-06-20T18:00:00" },
        { source_system: "shop", is_silent: false, latest: "2026-06-11T07:30:00", complete: "2026-06-30T20:00:00" },
      ]);
      // What publishing takes as the whole's date.
      expect(await query("select min(data_complete_to) as complete from source_freshness")).toEqual([
        { complete: "2026-06-20T18:00:00" },
      ]);
    });
  });

  test("silent is more than 60 days before as_of; where only silent systems tell, the last they told counts", async () => {
    const staging = {
      orders: [order("1", "2026-06-30T00:00:00")],
      returns: [back("a", "2026-03-01T10:00:00", dead), back("b", "2026-02-01T10:00:00", fba)],
      tickets: [
        { ticket_id: "1", created_at: "2026-05-01T00:00:00", source_system: "slow" },
        { ticket_id: "2", created_at: "2026-04-30T23:59:59", source_system: "gone" },
      ],
    };
    await withMarts({ staging, asOf: null }, async (query) => {
      expect(await query("select * from staging.silent_systems order by 1")).toEqual([
        { source_system: "dead" },
        { source_system: "fba" },
        { source_system: "gone" },
      ]);
      expect(await query(run)).toMatchObject([{ returns: "2026-03-01T10:00:00", tickets: "2026-05-01T00:00:00" }]);
    });
  });

  test("the seller's own as_of wins", async () => {
    const staging = {
      orders: [order("1", "2026-06-30T00:00:00")],
      returns: [back("a", "2026-05-01T10:00:00")],
    };
    await withMarts({ staging, asOf: "2026-06-15 20:00:00", timeZone: "Asia/Shanghai" }, async (query) => {
      const at = "2026-06-15T20:00:00";
      expect(await query(run)).toEqual([
        { returns: at, returns_day: "2026-06-16", orders: at, tickets: at, shipments: at, as_of: at },
      ]);
    });
  });
});

describe("beyond a watermark nothing is judged", () => {
  test("a line matures by the returns' and by the orders' export, never by another one's", async () => {
    const lines = ["2026-04-30", "2026-05-01"].map((day, index) => ({ day, id: String(index + 1) }));
    const base = {
      orders: [...lines.map(({ id, day }) => order(id, `${day}T01:00:00`)), order("9", "2026-06-20T10:00:00")],
      order_items: lines.map(({ id }) => line(id, id, "A")),
      shipments: lines.map(({ id, day }) => parcel(`s${id}`, id, delivered(`${day}T10:00:00`))),
      tickets: [{ ticket_id: "t", created_at: "2026-06-30T10:00:00" }],
    };
    const matured = "select order_item_id as id, is_matured_30d as matured from order_items order by 1";
    const returns = [back("r", "2026-05-31T23:00:00", { product_id: "A" })];
    await withMarts({ staging: { ...base, returns }, asOf: null }, async (query) => {
      expect(await query(matured)).toEqual([
        { id: "1", matured: true },
        { id: "2", matured: false },
      ]);
    });
    const early = [...base.orders.slice(0, 2), order("9", "2026-05-31T10:00:00")];
    const late = [back("r", "2026-06-25T10:00:00", { product_id: "A" })];
    await withMarts({ staging: { ...base, orders: early, returns: late }, asOf: null }, async (query) => {
      expect(await query(matured)).toEqual([
        { id: "1", matured: true },
        { id: "2", matured: false },
      ]);
    });
  });

  test("where nobody exports returns no line matures: a return rate is unknown then, not 0", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2026-06-20T10:00:00")],
      order_items: [line("1", "1", "A")],
    };
    for (const asOf of [null, "2026-06-30 00:00:00"]) {
      await withMarts({ staging, asOf }, async (query) => {
        expect(await query("select is_delivered, is_matured_30d, matured_units_30d as units from order_items")).toEqual(
          [{ is_delivered: true, is_matured_30d: false, units: 0 }],
        );
        expect(await query("select returns_complete_to as told from staging.run")).toEqual([{ told: null }]);
      });
    }
  });

  test("a purchase after a return is waited for as far as the orders go", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2026-02-19T10:00:00", { customer_ref: "bob" })],
      returns: [
        back("over", "2026-01-20T10:00:00", { order_id: "1" }),
        back("under way", "2026-01-20T10:00:01", { order_id: "1" }),
        back("day over", "2026-01-19T00:00:00", { order_id: "1", returned_at_precision: "date" }),
        back("last day", "2026-01-20T00:00:00", { order_id: "1", returned_at_precision: "date" }),
        back("newest", "2026-04-10T10:00:00"),
      ],
    };
    await withMarts({ staging, asOf: null }, async (query) => {
      expect(await query("select return_id as id, is_matured_30d as matured from returns order by 1")).toEqual([
        { id: "day over", matured: true },
        { id: "last day", matured: false },
        { id: "newest", matured: false },
        { id: "over", matured: true },
        { id: "under way", matured: false },
      ]);
    });
  });

  test("an old ticket export makes no missed replies, an old carrier export no overdue parcels", async () => {
    const staging = {
      orders: [
        order("1", "2026-06-30T10:00:00"),
        order("2", "2026-06-01T10:00:00", { promised_delivery_date: "2026-06-12" }),
      ],
      tickets: [
        { ticket_id: "due", created_at: "2026-06-09T10:00:00" },
        { ticket_id: "open", created_at: "2026-06-09T10:00:01" },
        { ticket_id: "z", created_at: "2026-06-10T10:00:00", first_replied_at: "2026-06-10T10:00:00" },
      ],
      shipments: [
        parcel("due", null, { promised_delivery_date: "2026-06-11" }),
        parcel("way", null, { promised_delivery_date: "2026-06-12", shipped_at: "2026-06-12T10:00:00" }),
      ],
    };
    await withMarts({ staging, asOf: null }, async (query) => {
      expect(await query("select ticket_id as id, is_reply_due as due from tickets order by 1")).toEqual([
        { id: "due", due: true },
        { id: "open", due: false },
        { id: "z", due: true },
      ]);
      expect(await query("select shipment_id as id, is_overdue as overdue from shipments order by 1")).toEqual([
        { id: "due", overdue: true },
        { id: "order:2", overdue: true },
        { id: "way", overdue: false },
      ]);
    });
  });

  test("a delivery is assumed as far as the orders go", async () => {
    const staging = {
      orders: [order("1", "2026-06-03T10:00:00"), order("2", "2026-06-03T10:00:01"), order("3", "2026-06-10T10:00:00")],
      order_items: [line("1", "1", "A"), line("2", "2", "A")],
      tickets: [{ ticket_id: "t", created_at: "2026-06-30T10:00:00" }],
    };
    await withMarts({ staging, asOf: null }, async (query) => {
      expect(await query("select order_item_id as id, delivery_basis as basis from order_items order by 1")).toEqual([
        { id: "1", basis: "assumed" },
        { id: "2", basis: "none" },
      ]);
    });
  });
});
