// When orders arrive, what is late, and what state a parcel is in.
import { describe, expect, test } from "vitest";
import { withMarts } from "../testing/model-world.ts";
import { delivered, line, order, parcel, scan } from "./test-rows.ts";

describe("deliveries", () => {
  test("an order in two parcels has arrived with the last one and takes its carrier", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2026-01-01T10:00:00"), order("3", "2026-01-01T10:00:00")],
      order_items: [line("1:1", "1", "A"), line("2:1", "2", "A"), line("3:1", "3", "A")],
      shipments: [
        parcel("1a", "1", { carrier: "GLS", shipped_at: "2026-01-04T10:00:00", ...delivered("2026-01-09T10:00:00") }),
        parcel("1b", "1", { shipped_at: "2026-01-02T10:00:00", ...delivered("2026-01-05T10:00:00") }),
        parcel("1c", "1", { is_return_leg: true, ...delivered("2026-02-05T10:00:00") }),
        parcel("1d", "1", { status_raw: "label_created" }),
        parcel("2a", "2", delivered("2026-01-05T10:00:00")),
        parcel("2b", "2", { status_raw: "in_transit" }),
        parcel("3a", "3", { status_raw: "lost" }),
        parcel("3b", "3", { shipped_at: "2026-01-12T10:00:00", ...delivered("2026-01-20T10:00:00") }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const sql = "select order_id, carrier, delivered_date, delivery_basis from order_items order by 1";
      expect(await query(sql)).toEqual([
        { order_id: "1", carrier: "gls", delivered_date: "2026-01-09", delivery_basis: "carrier" },
        { order_id: "2", carrier: "dhl", delivered_date: null, delivery_basis: "none" },
        { order_id: "3", carrier: "dhl", delivered_date: "2026-01-20", delivery_basis: "carrier" },
      ]);
    });
  });

  test("late is judged by days at the destination; the way back is never late; an unattempted parcel is overdue", async () => {
    const promise = { promised_delivery_date: "2026-01-10" };
    const staging = {
      shipments: [
        parcel("a on the day", null, {
          ...promise,
          delivered_at: "2026-01-10T23:59:00",
          delivered_at_precision: "local",
        }),
        parcel("b a day late", null, { ...promise, delivered_at: "2026-01-10T22:00:00", delivered_date: "2026-01-11" }),
        parcel("c attempted in time", null, {
          ...promise,
          first_attempted_date: "2026-01-10",
          ...delivered("2026-01-15T10:00:00"),
        }),
        parcel("d way back", null, { ...promise, is_return_leg: true, ...delivered("2026-03-15T10:00:00") }),
        parcel("e overdue", null, { ...promise, status_raw: "in_transit" }),
        parcel("f last day", null, { promised_delivery_date: "2026-06-30", status_raw: "in_transit" }),
        parcel("g no promise", null, delivered("2026-03-15T10:00:00")),
      ],
    };
    await withMarts({ staging, asOf: "2026-06-30 23:00:00" }, async (query) => {
      const sql = `select shipment_id as id, has_promise_and_attempt as judged, is_on_time as on_time, is_late as late,
        is_overdue as overdue from shipments order by 1`;
      const no = { judged: false, on_time: false, late: false, overdue: false };
      expect(await query(sql)).toEqual([
        { id: "a on the day", judged: true, on_time: true, late: false, overdue: false },
        { id: "b a day late", judged: true, on_time: false, late: true, overdue: false },
        { id: "c attempted in time", judged: true, on_time: true, late: false, overdue: false },
        { id: "d way back", ...no },
        { id: "e overdue", ...no, overdue: true },
        { id: "f last day", ...no },
        { id: "g no promise", ...no },
      ]);
    });
  });

  test("the state is that of the latest scan whatever order the file lists them in", async () => {
    const staging = {
      shipments: [
        parcel("moved", null, { source_system: "aftership", status_raw: "Pending" }),
        parcel("broken", null, { source_system: "aftership" }),
        parcel("sent back", null, { source_system: "aftership" }),
        parcel("silent", null, { source_system: "aftership", status_raw: "InfoReceived_001" }),
      ],
      carrier_events: [
        scan("1", "moved", "2026-01-05T10:00:00", "Delivered_001"),
        scan("2", "moved", "2026-01-02T10:00:00", "InTransit_002"),
        scan("3", "moved", "2026-01-04T08:00:00", "AttemptFail_002"),
        scan("4", "broken", "2026-01-06T10:00:00", "Delivered_003"),
        scan("5", "broken", "2026-01-04T10:00:00", "Exception_012"),
        scan("6", "sent back", "2026-01-09T10:00:00", "Exception_011"),
        scan("7", "sent back", "2026-01-04T10:00:00", "InTransit_001"),
        scan("8", "silent", "2026-01-04T10:00:00", "NewTag_001"),
        scan("9", "silent", "2026-01-03T10:00:00", "InfoReceived"),
      ].map((row) => ({ ...row, source_system: "aftership" })),
    };
    await withMarts({ staging }, async (query) => {
      const sql = `select shipment_id as id, state, delivered_date, first_attempted_date as attempted, is_damaged, is_tracked
        from shipments order by 1`;
      expect(await query(sql)).toEqual([
        {
          id: "broken",
          state: "delivered",
          delivered_date: "2026-01-06",
          attempted: "2026-01-06",
          is_damaged: true,
          is_tracked: true,
        },
        {
          id: "moved",
          state: "delivered",
          delivered_date: "2026-01-05",
          attempted: "2026-01-04",
          is_damaged: false,
          is_tracked: true,
        },
        {
          id: "sent back",
          state: "returned_to_sender",
          delivered_date: null,
          attempted: null,
          is_damaged: false,
          is_tracked: true,
        },
        {
          id: "silent",
          state: "label_created",
          delivered_date: null,
          attempted: null,
          is_damaged: false,
          is_tracked: false,
        },
      ]);
      expect(await query("select raw_value from unmapped_values")).toEqual([{ raw_value: "NewTag_001" }]);
      expect(await query("select lane, event_state from carrier_events where carrier_event_id = '8'")).toEqual([
        { lane: "CN→DE · dhl", event_state: "unknown" },
      ]);
    });
  });

  test("an order whose own export tells promise and delivery stands in for the parcel nobody tracks", async () => {
    const told = {
      promised_delivery_date: "2026-01-08",
      delivered_at: "2026-01-09T10:00:00",
      shipped_at: "2026-01-02T10:00:00",
    };
    const staging = {
      orders: [
        order("1", "2026-01-01T10:00:00", told),
        order("2", "2026-01-01T10:00:00", told),
        order("3", "2026-01-01T10:00:00"),
      ],
      order_items: [line("1:1", "1", "A")],
      shipments: [parcel("s2", "2", delivered("2026-01-07T10:00:00"))],
    };
    await withMarts({ staging }, async (query) => {
      expect(
        await query("select shipment_id, carrier, source_system, is_late, transit_days from shipments order by 1"),
      ).toEqual([
        { shipment_id: "order:1", carrier: "unknown", source_system: "shop", is_late: true, transit_days: 7 },
        { shipment_id: "s2", carrier: "dhl", source_system: "shop", is_late: false, transit_days: null },
      ]);
      expect(await query("select delivery_basis from order_items")).toEqual([{ delivery_basis: "order_export" }]);
    });
  });
});
