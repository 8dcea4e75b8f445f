// What is under way: how likely it comes late, by whose history, what fell silent; and how long each lane takes.
import { describe, expect, test } from "vitest";
import { withMarts, type Row } from "../testing/model-world.ts";
import { order, parcel, scan } from "./test-rows.ts";

const day = (start: string, days: number) =>
  new Date(Date.parse(`${start}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const arrived = (id: string, shipped: string, days: number, more: Row = {}): Row =>
  parcel(id, null, {
    shipped_at: `${shipped}T10:00:00`,
    delivered_at: `${day(shipped, days)}T10:00:00`,
    delivered_date: day(shipped, days),
    ...more,
  });
const underWay = (id: string, shipped: string, promised: string | null, more: Row = {}): Row =>
  parcel(id, null, {
    shipped_at: `${shipped}T10:00:00`,
    promised_delivery_date: promised,
    status_raw: "in_transit",
    ...more,
  });
const many = (count: number, row: (index: number) => Row) =>
  Array.from({ length: count }, (_, index) => row(index + 1));

/** CN→DE by DHL: one each of 1 to 40 days and one that was lost. US→DE by DHL: 30 of 12 days. */
const HISTORY: readonly Row[] = [
  ...many(40, (days) => arrived(`old ${days}`, "2026-03-01", days)),
  parcel("old lost", null, { shipped_at: "2026-03-01T10:00:00", status_raw: "lost" }),
  ...many(30, (index) => arrived(`us ${index}`, "2026-03-01", 12, { origin_country: "US" })),
  // Sent too lately, or too long ago; on their way back: not counted.
  ...many(50, (index) => arrived(`new ${index}`, "2026-06-01", 1)),
  ...many(50, (index) => arrived(`ancient ${index}`, "2025-01-01", 1)),
  ...many(50, (index) => arrived(`back ${index}`, "2026-03-01", 1, { is_return_leg: true })),
];

describe("the chance of being late", () => {
  test("is the share of late ones among shipments that had not arrived either after as many days, on the narrowest level with 30", async () => {
    const staging = {
      orders: [order("9", "2026-06-18T10:00:00", { cancelled_at: "2026-06-21T10:00:00" })],
      shipments: [
        ...HISTORY,
        underWay("a", "2026-06-20", "2026-07-10"),
        underWay("b", "2026-06-18", "2026-07-08"),
        underWay("c", "2026-06-18", "2026-07-08", { carrier: "UPS" }),
        underWay("d", "2026-06-20", "2026-07-10", { destination_country: "JP" }),
        underWay("e", "2026-06-20", "2026-06-29"),
        underWay("f", "2026-06-20", null),
        underWay("g", "2026-06-28", "2026-06-30"),
        { ...underWay("h", "2026-06-20", "2026-07-10"), order_id: "9" },
        underWay("i", "2026-06-20", "2026-07-10", { status_raw: "returning" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const sql = `select shipment_id as id, round(late_probability * late_basis_shipments)::int as late, late_basis_shipments as n,
        late_basis as basis, late_probability as chance, is_at_risk as risk from open_shipments order by 1`;
      expect(await query(sql)).toEqual([
        // Ten days gone: 10 to 40 and the lost one are left; 21 to 40 and the lost one come after 20 days.
        { id: "a", late: 21, n: 32, basis: "lane", chance: 21 / 32, risk: true },
        // Twelve days gone: 30 are left.
        { id: "b", late: 21, n: 30, basis: "lane", chance: 21 / 30, risk: true },
        // Nobody sent by UPS: all carriers to Germany, the 30 from the US among them.
        { id: "c", late: 21, n: 60, basis: "destination", chance: 21 / 60, risk: false },
        { id: "d", late: null, n: null, basis: "none", chance: null, risk: false },
        { id: "e", late: null, n: null, basis: "overdue", chance: 1, risk: false },
        { id: "f", late: null, n: null, basis: "none", chance: null, risk: false },
        // Promised for today: 2 to 40 and the lost one are left.
        { id: "g", late: 39, n: 40, basis: "lane", chance: 39 / 40, risk: true },
      ]);
    });
  });

  test("falls back from the lane to its carrier's other lanes when too few are left", async () => {
    const staging = { shipments: [...HISTORY, underWay("a", "2026-06-17", "2026-07-07")] };
    await withMarts({ staging }, async (query) => {
      const sql =
        "select late_basis as basis, late_basis_shipments as n, late_probability as chance from open_shipments";
      // 13 days gone: 29 left on the lane, none from the US.
      expect(await query(sql)).toEqual([{ basis: "none", n: null, chance: null }]);
    });
    const slow = many(20, (index) => arrived(`fr ${index}`, "2026-03-01", 15, { origin_country: "FR" }));
    await withMarts({ staging: { shipments: [...staging.shipments, ...slow] } }, async (query) => {
      const sql =
        "select late_basis as basis, late_basis_shipments as n, late_probability as chance from open_shipments";
      expect(await query(sql)).toEqual([{ basis: "carrier_destination", n: 49, chance: 21 / 49 }]);
    });
  });

  test("of an order whose parcel nobody tracks follows the orders' export", async () => {
    const sent = (id: string, days: number) =>
      order(id, "2026-03-01T08:00:00", {
        shipped_at: "2026-03-02T08:00:00",
        delivered_at: `${day("2026-03-02", days)}T08:00:00`,
      });
    const staging = {
      orders: [
        ...many(30, (index) => sent(`d${index}`, 10)),
        ...many(10, (index) => sent(`e${index}`, 20)),
        order("1", "2026-06-25T08:00:00", { shipped_at: "2026-06-26T08:00:00", promised_delivery_date: "2026-07-10" }),
        order("2", "2026-06-25T08:00:00", { promised_delivery_date: "2026-07-10" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const sql = `select shipment_id as id, late_basis as basis, late_probability as chance, has_scans, is_silent, silent_days from open_shipments`;
      expect(await query(sql)).toEqual([
        { id: "order:1", basis: "lane", chance: 0.25, has_scans: false, is_silent: false, silent_days: null },
      ]);
    });
  });
});

test("silent is what is under way without a scan for seven days, where scans are exported at all", async () => {
  const staging = {
    shipments: [
      underWay("a quiet", "2026-06-01", null),
      underWay("b heard of", "2026-06-01", null),
      underWay("c sent lately", "2026-06-24", null),
      underWay("d never scanned", "2026-06-20", null),
      parcel("e arrived", null, { delivered_at: "2026-06-10T10:00:00" }),
      underWay("f on its way back", "2026-06-01", null, { is_return_leg: true }),
      parcel("g label", null, { status_raw: "label_created" }),
      underWay("h of a list without scans", "2026-06-01", null, { source_system: "list" }),
      underWay("i in customs", "2026-06-01", null),
      underWay("j of a system that fell silent", "2026-01-01", null, { source_system: "dead" }),
    ],
    carrier_events: [
      scan("1", "a quiet", "2026-06-23T00:00:00", "in_transit"),
      scan("2", "b heard of", "2026-06-23T00:00:01", "in_transit"),
      scan("3", "i in customs", "2026-06-20T00:00:00", "customs_in"),
      { ...scan("4", "j of a system that fell silent", "2026-01-02T00:00:00", "in_transit"), source_system: "dead" },
    ],
  };
  await withMarts({ staging, asOf: "2026-06-30 00:00:00" }, async (query) => {
    const sql = `select left(shipment_id, 1) as id, is_silent as silent, round(silent_days, 2) as days, customs_open_days as customs
      from open_shipments order by 1`;
    expect(await query(sql)).toEqual([
      { id: "a", silent: true, days: 7, customs: null },
      { id: "b", silent: false, days: 7, customs: null },
      { id: "c", silent: false, days: 5.58, customs: null },
      { id: "d", silent: true, days: 9.58, customs: null },
      { id: "h", silent: false, days: null, customs: null },
      { id: "i", silent: true, days: 10, customs: 10 },
    ]);
  });
});

test("a lane tells its own days when 30 matured shipments tell them, else its carrier's, else the destination's", async () => {
  const staging = {
    shipments: [
      ...HISTORY,
      underWay("a", "2026-06-20", null, { origin_country: "FR" }),
      underWay("b", "2026-06-20", null, { carrier: "UPS" }),
      underWay("c", "2026-06-20", null, { destination_country: "JP" }),
    ],
  };
  await withMarts({ staging }, async (query) => {
    const sql = `select lane, basis, shipments::int as shipments, matured_shipments::int as matured, basis_shipments::int as n, transit_days_p50 as p50, round(transit_days_p80, 3) as p80,
      transit_days_p90 as p90 from lanes order by 1`;
    const some = { matured: 0, n: 70, p50: 12, p80: 26.2, p90: 33.1 };
    expect(await query(sql)).toEqual([
      // 40 of 1 to 40 days, a lost one, 50 too new and 50 too old.
      { lane: "CN→DE · dhl", basis: "lane", shipments: 141, matured: 40, n: 40, p50: 20.5, p80: 32.2, p90: 36.1 },
      { ...some, lane: "CN→DE · ups", basis: "destination", shipments: 1 },
      { lane: "CN→JP · dhl", basis: "none", shipments: 1, matured: 0, n: null, p50: null, p80: null, p90: null },
      { ...some, lane: "FR→DE · dhl", basis: "carrier_destination", shipments: 1 },
      { lane: "US→DE · dhl", basis: "lane", shipments: 30, matured: 30, n: 30, p50: 12, p80: 12, p90: 12 },
    ]);
  });
});
