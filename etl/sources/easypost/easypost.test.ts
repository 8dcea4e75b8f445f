import path from "node:path";
import { describe, expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { easypost } from "./easypost.ts";

const FIXTURES = path.join(import.meta.dirname, "fixtures");

const tracker = (
  id: string,
  updated_at: string,
  status: string,
  tracking_details: readonly object[],
  more: object = {},
) => ({
  id,
  object: "Tracker",
  mode: "production",
  tracking_code: `code of ${id}`,
  carrier: "USPS",
  status,
  updated_at,
  tracking_details,
  ...more,
});
const place = (city: string | null, state: string | null, country: string | null, zip: string | null) => ({
  city,
  state,
  country,
  zip,
});
const detail = (
  datetime: string,
  status: string,
  status_detail: string,
  tracking_location = place(null, null, null, null),
) => ({
  datetime,
  status,
  status_detail,
  message: `${status} ${status_detail}`,
  tracking_location,
});

describe("trackers", () => {
  test("of a list, a webhook and a shipment give their parcels; a code used again is another parcel; test mode is left out", async () => {
    await withStagedInbox(easypost, FIXTURES, async (query) => {
      const sql = "select shipment_id as id, order_id, lane, state, is_return_leg as is_back from shipments order by 1";
      const plain = { order_id: null, is_back: false };
      expect(await query(sql)).toEqual([
        { ...plain, id: "trk_1", lane: "US→US · fedex", state: "delivered" },
        { ...plain, id: "trk_2", lane: "unknown→unknown · usps", state: "returned_to_sender" },
        { ...plain, id: "trk_2b", lane: "unknown→unknown · usps", state: "label_created" },
        { ...plain, id: "trk_3", lane: "US→US · usps", state: "delivered", is_back: true },
        { ...plain, id: "trk_4", lane: "CN→DE · dhlexpress", state: "in_transit" },
        { ...plain, id: "trk_5", lane: "CN→CA · canadapost", state: "lost", order_id: "1005" },
      ]);
      expect(await query("select * from unmapped_values")).toEqual([]);
      expect(await query("select * from main.quarantine")).toEqual([]);
    });
  });

  test("days are those of the place: delivered in the evening in San Diego, the day after in UTC", async () => {
    await withStagedInbox(easypost, FIXTURES, async (query) => {
      const sql = `select shipment_id as id, shipped_at, first_attempted_date as attempted, delivered_at, delivered_date,
        promised_delivery_date as promised, estimated_delivery_date as estimated, is_on_time from shipments
        where shipment_id in ('trk_1', 'trk_4') order by 1`;
      expect(await query(sql)).toEqual([
        {
          id: "trk_1",
          shipped_at: "2026-01-03T22:01:00",
          attempted: "2026-01-08",
          delivered_at: "2026-01-10T04:30:00",
          delivered_date: "2026-01-09",
          // What the carrier said first, and last
          promised: "2026-01-09",
          estimated: "2026-01-10",
          is_on_time: true,
        },
        {
          id: "trk_4",
          shipped_at: "2026-04-01T02:00:00",
          attempted: null,
          delivered_at: null,
          delivered_date: null,
          // Guaranteed, and what carrier_detail says now
          promised: "2026-04-05",
          estimated: "2026-04-06",
          is_on_time: false,
        },
      ]);
    });
  });

  test("a Z is only true where the place is whole; else the clock is the place's own", async () => {
    const scans = [
      detail("2026-01-01T20:00:00Z", "in_transit", "held", place("HOUSTON", "TX", "US", "77063")),
      detail("2026-01-02T20:00:00Z", "in_transit", "held", place("HOUSTON", "TX", null, "77063")),
      detail("2026-01-03T20:00:00Z", "in_transit", "held", place(null, "TX", "US", null)),
      detail("2026-01-04T20:00:00Z", "in_transit", "held"),
      detail("2026-01-05T20:00:00-06:00", "in_transit", "held", place("HOUSTON", "TX", null, null)),
    ];
    await withStagedInbox(
      easypost,
      { "a.json": JSON.stringify(tracker("trk_1", "2026-01-06T00:00:00Z", "in_transit", scans)) },
      async (query) => {
        expect(
          await query("select occurred_at as at, occurred_at_precision as precision from carrier_events order by 1"),
        ).toEqual([
          { at: "2026-01-01T20:00:00", precision: "instant" },
          { at: "2026-01-02T20:00:00", precision: "local" },
          { at: "2026-01-03T20:00:00", precision: "local" },
          { at: "2026-01-04T20:00:00", precision: "local" },
          { at: "2026-01-06T02:00:00", precision: "instant" },
        ]);
      },
    );
  });

  test("EasyPost's test mode is read from a folder or a file named test-mode only", async () => {
    const one = (id: string) => JSON.stringify(tracker(id, "2026-01-06T00:00:00Z", "in_transit", [], { mode: "test" }));
    const files = {
      "test_tracker.json": one("trk_1"),
      "contest-modern.json": one("trk_2"),
      "2026-test-mode.json": one("trk_3"),
      "Test Mode.json": one("trk_4"),
    };
    await withStagedInbox(easypost, files, async (query) => {
      expect(await query("select shipment_id as id from shipments order by 1")).toEqual([
        { id: "trk_3" },
        { id: "trk_4" },
      ]);
    });
  });

  test("a tracker without its number is quarantined; what is no tracker gives nothing", async () => {
    const files = {
      "nameless.json": JSON.stringify({
        trackers: [tracker("trk_1", "2026-01-06T00:00:00Z", "unknown", [], { tracking_code: null })],
      }),
      "refund.json": JSON.stringify({
        object: "Event",
        mode: "production",
        result: { id: "rfnd_1", object: "Refund", tracking_code: "1", status: "submitted" },
      }),
    };
    await withStagedInbox(easypost, files, async (query) => {
      expect(await query("select path, column_name, reason from main.quarantine")).toEqual([
        { path: "easypost/nameless.json", column_name: "shipment_id", reason: "missing_required" },
      ]);
      expect(await query("select 1 from shipments")).toEqual([]);
    });
  });
});

describe("what a status hides", () => {
  test("is read from its detail and its text", async () => {
    const cases = [
      ["in_transit", "departed_facility", "", "in_transit"],
      ["in_transit", "status_update", "", "in_transit"],
      ["in_transit", "arrived_at_pickup_location", "", "available_for_pickup"],
      ["in_transit", "weather_delay", "", "delayed"],
      ["in_transit", "damaged", "", "damaged"],
      ["failure", "delayed", "Delivery exception (Customer not available or business closed)", "attempt_failed"],
      ["failure", "delayed", "Severe weather", "delayed"],
      ["failure", "refused", "", "attempt_failed"],
      ["failure", "lost", "", "lost"],
      ["return_to_sender", "return", "", "returning"],
      ["delivered", "arrived_at_destination", "Delivered, To Original Sender", "returned_to_sender"],
      ["delivered", "arrived_at_destination", "Delivered, Front Door", "delivered"],
      ["out_for_delivery", "held", "", "out_for_delivery"],
      ["pre_transit", "label_created", "", "label_created"],
      ["error", "unknown", "", "unknown"],
    ] as const;
    const lines = cases.map(([status, status_detail, message], index) =>
      JSON.stringify(
        tracker(
          `trk_${100 + index}`,
          "2026-01-06T00:00:00Z",
          status,
          [{ ...detail("2026-01-01T10:00:00Z", status, status_detail), message }],
          { status_detail },
        ),
      ),
    );
    await withStagedInbox(easypost, { "a.jsonl": lines.join("\n") }, async (query) => {
      const sql = "select event_state as state from carrier_events order by shipment_id";
      expect(await query(sql)).toEqual(cases.map(([, , , state]) => ({ state })));
      const delivered = await query("select shipment_id from shipments where is_delivered");
      expect(delivered).toHaveLength(1);
      expect(await query("select * from unmapped_values")).toEqual([]);
    });
  });

  test("a detail EasyPost adds one day is told as unmapped, and the scan stays", async () => {
    const scans = [detail("2026-01-01T10:00:00Z", "in_transit", "boarded_rocket")];
    await withStagedInbox(
      easypost,
      { "a.json": JSON.stringify(tracker("trk_1", "2026-01-06T00:00:00Z", "in_transit", scans)) },
      async (query) => {
        expect(await query("select raw_value from unmapped_values")).toEqual([{ raw_value: "boarded_rocket" }]);
        expect(await query("select event_state from carrier_events")).toEqual([{ event_state: "unknown" }]);
      },
    );
  });
});

test("an older or a newer file, whichever comes last, mends the parcel", async () => {
  const picked = detail("2026-01-02T10:00:00Z", "in_transit", "received_at_origin_facility");
  const early = JSON.stringify({
    description: "tracker.updated",
    result: tracker("trk_1", "2026-01-03T00:00:00Z", "in_transit", [picked]),
  });
  const late = JSON.stringify({
    trackers: [
      tracker("trk_1", "2026-01-09T00:00:00Z", "delivered", [
        picked,
        detail("2026-01-08T10:00:00Z", "delivered", "arrived_at_destination"),
      ]),
    ],
  });
  for (const files of [
    { "1.json": early, "2.json": late },
    { "1.json": late, "2.json": early },
  ]) {
    await withStagedInbox(easypost, files, async (query) => {
      expect(await query("select state, delivered_date from shipments")).toEqual([
        { state: "delivered", delivered_date: "2026-01-08" },
      ]);
      expect(await query("select count(*) as n from carrier_events")).toEqual([{ n: 2 }]);
    });
  }
});
