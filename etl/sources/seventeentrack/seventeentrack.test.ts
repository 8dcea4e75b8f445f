import path from "node:path";
import { describe, expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { seventeentrack } from "./seventeentrack.ts";

const FIXTURES = path.join(import.meta.dirname, "fixtures");

interface Scan {
  readonly time_iso?: string | null;
  readonly time_utc?: string | null;
  readonly time_raw?: unknown;
  readonly description?: string;
  readonly sub_status?: string | null;
  readonly stage?: string | null;
}

/** What the API tells of one parcel of one carrier. */
const parcel = (number: string, sub_status: string, events: readonly Scan[]) => ({
  number,
  carrier: 3011,
  track_info: {
    latest_status: { status: sub_status.split("_")[0], sub_status },
    tracking: { providers: [{ provider: { key: 3011, name: "China Post" }, events }] },
  },
});

const answer = (number: string, sub_status: string, events: readonly Scan[]) =>
  JSON.stringify({ code: 0, data: { accepted: [parcel(number, sub_status, events)], rejected: [] } });

const scan = (time_iso: string, description: string, sub_status: string | null): Scan => ({
  time_iso,
  description,
  sub_status,
});

describe("answers and webhooks", () => {
  test("give their parcels, with the carrier's name and the order number wherever the seller put it", async () => {
    await withStagedInbox(seventeentrack, FIXTURES, async (query) => {
      const sql = "select shipment_id as id, order_id, lane, state, is_return_leg from shipments order by 1";
      const plain = { is_return_leg: false };
      expect(await query(sql)).toEqual([
        // misc_info.customer_number; known after it was not found, whatever file came last
        { ...plain, id: "EI400000004IN", order_id: "1004", lane: "IN→US · india post", state: "in_transit" },
        { ...plain, id: "JJ500000005GB", order_id: "1005", lane: "CN→GB · royal mail", state: "out_for_delivery" },
        // "VIP" is no order number: misc_info.reference_number
        { ...plain, id: "LX200000002US", order_id: "1002", lane: "US→US · usps", state: "returned_to_sender" },
        { ...plain, id: "RR100000001CN", order_id: "1001", lane: "CN→DE · china post", state: "delivered" },
        // The list of numbers alone: a carrier's key, no name
        { ...plain, id: "RR600000006CN", order_id: "1006", lane: "CN→FR · 3011", state: "delivered" },
        // "return 1003"
        { id: "YT300000003", order_id: "1003", lane: "CN→FR · yunexpress", state: "in_transit", is_return_leg: true },
      ]);
      expect(await query("select * from unmapped_values")).toEqual([]);
    });
  });

  test("days are those of the place: delivered after midnight in Berlin, the evening before in UTC", async () => {
    await withStagedInbox(seventeentrack, FIXTURES, async (query) => {
      const sql = `select shipped_at, first_attempted_date as attempted, delivered_at, delivered_date, promised_delivery_date as promised,
        estimated_delivery_date as estimated, is_on_time from shipments where shipment_id = 'RR100000001CN'`;
      expect(await query(sql)).toEqual([
        {
          shipped_at: "2026-01-02T01:00:00",
          attempted: "2026-01-10",
          delivered_at: "2026-01-11T23:20:00",
          delivered_date: "2026-01-12",
          promised: "2026-01-11",
          estimated: "2026-01-11",
          is_on_time: true,
        },
      ]);
    });
  });

  test("a scan two carriers tell is one; an assumed zone says so; what nobody dated is told, not guessed", async () => {
    await withStagedInbox(seventeentrack, FIXTURES, async (query) => {
      const sql = `select occurred_at as at, occurred_at_precision as precision, event_state as state, location
        from carrier_events where shipment_id = 'RR100000001CN' order by 1`;
      expect(await query(sql)).toEqual([
        // Without an offset beside its UTC, and with an offset that 17TRACK assumed
        { at: "2026-01-01T12:00:00", precision: "local", state: "label_created", location: null },
        { at: "2026-01-02T01:00:00", precision: "local", state: "picked_up", location: "深圳" },
        { at: "2026-01-08T02:00:00", precision: "instant", state: "customs_in", location: "Frankfurt" },
        { at: "2026-01-10T08:00:00", precision: "instant", state: "attempt_failed", location: "Berlin" },
        { at: "2026-01-11T23:20:00", precision: "instant", state: "delivered", location: "Berlin" },
      ]);
      const quarantine = `select entity, row_no, column_name as "column", reason from main.quarantine where reason = 'missing_required'`;
      expect(await query(quarantine)).toEqual([
        { entity: "carrier_events", row_no: 1, column: "occurred_at", reason: "missing_required" },
      ]);
    });
  });

  test("numbers 17TRACK rejected are told with its reason; one it knew before is no loss", async () => {
    await withStagedInbox(seventeentrack, FIXTURES, async (query) => {
      const told = await query("select path, raw from main.quarantine where raw is not null order by raw");
      expect(told).toHaveLength(2);
      expect(told.map((row) => row.path)).toEqual(Array(2).fill("seventeentrack/gettrackinfo.json"));
      expect(told[0]?.raw).toMatch(/^rejected by 17TRACK: .*The format of/);
      expect(told[1]?.raw).toBe(
        "rejected by 17TRACK: RR900000009CN -18019902 The tracking number 'RR900000009CN' does not register, please register first.",
      );
      expect(await query("select 1 from shipments where shipment_id like '%900000009%'")).toEqual([]);
    });
  });

  test("an answer that refuses the request as a whole is told", async () => {
    const refused = { code: -1, data: { errors: [{ code: -18010013, message: "Submitted data is invalid." }] } };
    await withStagedInbox(seventeentrack, { "a.json": JSON.stringify(refused) }, async (query) => {
      expect(await query("select raw from main.quarantine")).toEqual([
        { raw: "rejected by 17TRACK: -18010013 Submitted data is invalid." },
      ]);
    });
  });

  test("a parcel without its number is quarantined; a file in the layout of version 1 is refused", async () => {
    const files = {
      "nameless.json": answer("", "InTransit_Other", [scan("2026-01-01T10:00:00Z", "On the way", "InTransit_Other")]),
      "old.json": JSON.stringify({
        data: { accepted: [{ number: "RR1", track: { z0: { a: "2026-01-01", z: "x" } } }] },
      }),
    };
    await withStagedInbox(seventeentrack, files, async (query) => {
      expect(await query("select entity, path, column_name, reason from main.quarantine")).toEqual([
        {
          entity: "shipments",
          path: "seventeentrack/nameless.json",
          column_name: "shipment_id",
          reason: "missing_required",
        },
      ]);
      expect(await query("select path, status from raw.files order by 1")).toEqual([
        { path: "seventeentrack/nameless.json", status: "loaded" },
        { path: "seventeentrack/old.json", status: "refused" },
      ]);
      expect(await query("select 1 from shipments union all select 1 from carrier_events")).toEqual([]);
    });
  });
});

describe("what a code hides", () => {
  test("is read from the text", async () => {
    const cases = [
      ["Delivered_Other", "Delivered to local carrier", "in_transit"],
      ["Delivered_Other", "Handed over to destination post office for delivery", "in_transit"],
      ["Delivered_Other", "包裹已移交末端派送", "in_transit"],
      ["Delivered_Other", "Has been delivered back to the sender", "returned_to_sender"],
      ["Delivered_Other", "Delivered, left with the neighbour who returned to the house", "delivered"],
      ["Delivered_Other", "Not delivered", "attempt_failed"],
      ["Delivered_Other", "Not delivered to sender", "returning"],
      ["Delivered_Other", "已妥投", "delivered"],
      ["InTransit_Other", "Returned to sender", "returned_to_sender"],
      ["InTransit_Other", "The item was not delivered and has been returned to sender", "returned_to_sender"],
      ["InTransit_Other", "Will be returned to sender", "returning"],
      ["InTransit_Other", "Could not be returned to the sender", "returning"],
      ["InTransit_Other", "Return to sender processed", "returning"],
      ["InTransit_Other", "退件中", "returning"],
      ["InTransit_Other", "已退回寄件人", "returned_to_sender"],
      ["InTransit_Other", "Retour à l'expéditeur", "returning"],
      ["InTransit_Other", "Arrived at facility", "in_transit"],
      ["Exception_Delayed", "Returned to sender", "delayed"],
    ] as const;
    const lines = cases.map(([code, text], index) =>
      JSON.stringify(parcel(`RR${100 + index}`, code, [scan("2026-01-01T10:00:00Z", text, code)])),
    );
    await withStagedInbox(seventeentrack, { "a.jsonl": lines.join("\n") }, async (query) => {
      const scans = await query(
        "select message as text, event_state as state from carrier_events order by shipment_id",
      );
      expect(scans).toEqual(cases.map(([, text, state]) => ({ text, state })));
      const parcels = await query("select state, is_delivered as done from shipments order by shipment_id");
      expect(parcels).toEqual(cases.map(([, , state]) => ({ state, done: state === "delivered" })));
    });
  });

  test("what is delivered after it was sent back, the sender has", async () => {
    const events = [
      scan("2026-01-09T10:00:00Z", "Delivered", "Delivered_Other"),
      scan("2026-01-05T10:00:00Z", "Address unknown", "Exception_Returning"),
    ];
    await withStagedInbox(seventeentrack, { "a.json": answer("RR1", "Delivered_Other", events) }, async (query) => {
      expect(await query("select state, delivered_date from shipments")).toEqual([
        { state: "returned_to_sender", delivered_date: null },
      ]);
    });
  });

  test("an event without any code is what the newest status says, when it is the newest", async () => {
    const events = [scan("2026-01-09T10:00:00Z", "Gate 7", null), scan("2026-01-05T10:00:00Z", "Gate 3", null)];
    await withStagedInbox(
      seventeentrack,
      { "a.json": answer("RR1", "OutForDelivery_Other", events) },
      async (query) => {
        expect(await query("select message, event_state from carrier_events order by 1")).toEqual([
          { message: "Gate 3", event_state: "unknown" },
          { message: "Gate 7", event_state: "out_for_delivery" },
        ]);
      },
    );
  });
});

describe("times", () => {
  const raw = (date: string | null, time: string | null, timezone: string | null) => ({ date, time, timezone });
  const nine = raw("2026-01-01", "09:00:00", null);

  test("are moments where the carrier told its zone; else the clock stays and its zone is an assumption", async () => {
    const iso = "2026-01-01T09:00:00+08:00";
    const cases: readonly [string, Scan, string, string][] = [
      [
        "the carrier's own offset",
        { time_iso: iso, time_raw: { ...nine, timezone: "+08:00" } },
        "2026-01-01T01:00:00",
        "instant",
      ],
      ["an offset 17TRACK assumed", { time_iso: iso, time_raw: nine }, "2026-01-01T01:00:00", "local"],
      [
        "half an hour off its own UTC, as India's are",
        {
          time_iso: "2026-01-01T14:40:00+05:30",
          time_utc: "2026-01-01T09:40:00Z",
          time_raw: raw("2026-01-01", "14:40:00", null),
        },
        "2026-01-01T09:10:00",
        "local",
      ],
      [
        "no offset, its UTC beside it",
        { time_iso: "2026-01-01T09:00:00", time_utc: "2026-01-01T01:00:00Z" },
        "2026-01-01T01:00:00",
        "local",
      ],
      ["no offset at all", { time_iso: "2026-01-01T09:00:00" }, "2026-01-01T09:00:00", "local"],
      ["UTC alone", { time_iso: null, time_utc: "2026-01-01T01:00:00Z" }, "2026-01-01T01:00:00", "instant"],
      ["the raw clock alone", { time_iso: null, time_raw: nine }, "2026-01-01T09:00:00", "local"],
      ["a day alone", { time_iso: null, time_raw: raw("2026-01-01", null, null) }, "2026-01-01T00:00:00", "date"],
      ["a raw time in words", { time_iso: iso, time_raw: "January 1, 9 am" }, "2026-01-01T01:00:00", "local"],
      [
        "an offset no zone has",
        { time_iso: "2026-01-01T09:00:00+12:45", time_raw: nine },
        "2025-12-31T20:15:00",
        "instant",
      ],
    ];
    const lines = cases.map(([description, time], index) =>
      JSON.stringify(
        parcel(`RR${100 + index}`, "InTransit_Other", [{ description, sub_status: "InTransit_Other", ...time }]),
      ),
    );
    await withStagedInbox(seventeentrack, { "a.jsonl": lines.join("\n") }, async (query) => {
      const sql = `select message as name, occurred_at as at, occurred_at_precision as precision from carrier_events order by shipment_id`;
      expect(await query(sql)).toEqual(cases.map(([name, , at, precision]) => ({ name, at, precision })));
    });
  });

  test("a time that is none is quarantined as it stood", async () => {
    const event = { description: "Scan", sub_status: "InTransit_Other", time_iso: "yesterday" };
    await withStagedInbox(seventeentrack, { "a.json": answer("RR1", "InTransit_Other", [event]) }, async (query) => {
      expect(await query("select column_name, reason, raw from main.quarantine")).toEqual([
        { column_name: "occurred_at", reason: "bad_time", raw: "yesterday" },
      ]);
    });
  });
});

describe("a later file", () => {
  const picked = scan("2026-01-02T10:00:00Z", "Picked up", "InTransit_PickedUp");
  const out = scan("2026-01-08T10:00:00Z", "Out for delivery", "OutForDelivery_Other");
  const done = scan("2026-01-08T15:00:00Z", "Delivered", "Delivered_Other");
  const early = answer("RR1", "OutForDelivery_Other", [out, picked]);
  const late = answer("RR1", "Delivered_Other", [done, out, picked]);

  test.each([
    ["newer", { "1.json": early, "2.json": late }],
    ["older, come late", { "1.json": late, "2.json": early }],
  ])("that is %s mends the parcel", async (_, files) => {
    await withStagedInbox(seventeentrack, files, async (query) => {
      expect(await query("select state, delivered_date from shipments")).toEqual([
        { state: "delivered", delivered_date: "2026-01-08" },
      ]);
      expect(await query("select count(*) as n from carrier_events")).toEqual([{ n: 3 }]);
    });
  });

  test("that brings only a scan nobody had told mends the state", async () => {
    const returned = scan("2026-01-20T10:00:00Z", "Returned to sender", "Exception_Returned");
    const files = { "1.json": late, "2.json": answer("RR1", "Exception_Returned", [returned]) };
    await withStagedInbox(seventeentrack, files, async (query) => {
      expect(await query("select state, is_delivered from shipments")).toEqual([
        { state: "returned_to_sender", is_delivered: false },
      ]);
    });
  });

  test("that tells tracking has stopped takes nothing away", async () => {
    const stopped = JSON.stringify({ event: "TRACKING_STOPPED", data: { number: "RR1", carrier: 3011, tag: null } });
    await withStagedInbox(seventeentrack, { "1.json": late, "2.json": stopped }, async (query) => {
      expect(await query("select state, carrier from shipments")).toEqual([
        { state: "delivered", carrier: "china post" },
      ]);
      expect(await query("select * from main.quarantine")).toEqual([]);
    });
  });
});
