// The admin's list of shipments as CSV, and trackings that are none.
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { aftership } from "./aftership.ts";

const HEADER =
  "Tracking number,Order number,Shipment title,Carrier,Service,Status,Sub-status,Issues,Latest event,Origin,Destination,Transit time,Estimated delivery date,On-time status";

const list = (...rows: readonly string[]) => ({ "shipments.csv": `${[HEADER, ...rows].join("\r\n")}\r\n` });

test("the admin's list gives parcels with state, lane and estimate, though no scans", async () => {
  const files = list(
    'RR700000007CN,#1007,#1007,China Post,,In transit,Customs clearance started,,"Held by customs, Feb 3","Shenzhen, China",Germany,12,2026-02-01 - 2026-02-04,Late',
    '1Z888,1008,1008,UPS,Ground,Delivered,Delivered,,"Delivered, Feb 2",CHN,United States,9,"Feb 03, 2026",On time',
    '9400,1009,1009,USPS,,Exception,Exception,"Shipment lost, Late",Lost,中国,USA,,"Jan 30 – February 1, 2026",',
    "H1,1010,1010,Hermes,,Available for pickup,,Shipment damaged,,,,,,",
  );
  await withStagedInbox(aftership, files, async (query) => {
    const sql = `select shipment_id as id, order_id, lane, state, promised_delivery_date as promised, estimated_delivery_date as estimated,
      delivered_date, is_late from shipments order by order_id`;
    const plain = { delivered_date: null, is_late: false };
    const day = (date: string | null) => ({ promised: date, estimated: date });
    expect(await query(sql)).toEqual([
      {
        ...plain,
        id: "china post:RR700000007CN",
        order_id: "1007",
        lane: "CN→DE · china post",
        state: "customs_in",
        ...day("2026-02-04"),
      },
      { ...plain, id: "ups:1Z888", order_id: "1008", lane: "CN→US · ups", state: "delivered", ...day("2026-02-03") },
      { ...plain, id: "usps:9400", order_id: "1009", lane: "CN→US · usps", state: "lost", ...day("2026-02-01") },
      { ...plain, id: "hermes:H1", order_id: "1010", lane: "unknown→unknown · hermes", state: "damaged", ...day(null) },
    ]);
    expect(await query("select * from carrier_events union all by name select * from main.quarantine")).toEqual([]);
    expect(await query("select * from unmapped_values")).toEqual([]);
  });
});

test("columns may stand in any order and under the API's names; what cannot be read is told, the parcel stays", async () => {
  const text =
    "tag,tracking_number,slug,origin,expected_delivery,subtag,surprise\nInTransit,1Z1,ups,Atlantis,soon,InTransit_005,x\n";
  await withStagedInbox(aftership, { "export.csv": text }, async (query) => {
    expect(await query("select shipment_id as id, state, origin_country from shipments")).toEqual([
      { id: "ups:1Z1", state: "customs_out", origin_country: "unknown" },
    ]);
    expect(await query("select column_name as name, reason, raw from main.quarantine order by 1")).toEqual([
      { name: "estimated_delivery_date", reason: "bad_time", raw: "soon" },
      { name: "origin_country", reason: "bad_country", raw: "atlantis" },
      { name: "promised_delivery_date", reason: "bad_time", raw: "soon" },
    ]);
  });
});

test("a tracking without a tracking number is quarantined, from the API as from the list", async () => {
  const trackings = [
    { id: "a", slug: "dhl", order_number: "1", tag: "Pending", tracking_number: null },
    {
      id: "b",
      slug: "dhl",
      order_number: "2",
      tag: "InTransit",
      checkpoints: [{ checkpoint_time: "2026-01-01T10:00:00", tag: "InTransit" }],
    },
    { id: "c", slug: "dhl", order_number: "3", tag: "InTransit", tracking_number: " " },
    { id: "d", slug: "dhl", order_number: "4", tag: "InTransit", tracking_number: "00340" },
  ];
  const files = { "api.json": JSON.stringify({ data: { trackings } }), ...list(",1010,1010,UPS,,Pending,,,,,,,,") };
  await withStagedInbox(aftership, files, async (query) => {
    expect(await query("select shipment_id as id from shipments")).toEqual([{ id: "d" }]);
    expect(await query("select 1 from carrier_events")).toEqual([]);
    const nameless = { entity: "shipments", column: "shipment_id", reason: "missing_required" };
    const sql = `select entity, path, row_no, column_name as "column", reason from main.quarantine order by path, row_no`;
    expect(await query(sql)).toEqual([
      { ...nameless, path: "aftership/api.json", row_no: 1 },
      { ...nameless, path: "aftership/api.json", row_no: 2 },
      { ...nameless, path: "aftership/api.json", row_no: 3 },
      { ...nameless, path: "aftership/shipments.csv", row_no: 1 },
    ]);
  });
});

test("the promise is the first that was made, the estimate the newest, whoever makes it", async () => {
  const tracking = (id: string, more: object) => ({ id, slug: "dhl", tracking_number: id, tag: "InTransit", ...more });
  const date = (estimated_delivery_date: string | null, estimated_delivery_date_max: string | null = null) => ({
    estimated_delivery_date,
    estimated_delivery_date_max,
  });
  const trackings = [
    tracking("promised", {
      order_promised_delivery_date: "2026-01-01",
      first_estimated_delivery: { datetime: "2026-01-02" },
      latest_estimated_delivery: { datetime: "2026-01-03T10:00:00" },
    }),
    tracking("range", {
      first_estimated_delivery: { datetime: null, datetime_max: "2026-01-04T23:00:00" },
      courier_estimated_delivery_date: date("2026-01-05"),
    }),
    tracking("courier", {
      courier_estimated_delivery_date: date(null, "2026-01-06"),
      aftership_estimated_delivery_date: date("2026-01-07"),
    }),
    tracking("ai", {
      aftership_estimated_delivery_date: date("2026-01-08"),
      custom_estimated_delivery_date: { datetime: "2026-01-09" },
    }),
    tracking("custom", {
      custom_estimated_delivery_date: { type: "range", datetime: null, datetime_max: "2026-01-10" },
    }),
    tracking("old", { expected_delivery: "2026-01-11T00:00:00" }),
    tracking("none", {}),
  ];
  await withStagedInbox(aftership, { "api.json": JSON.stringify({ data: { trackings } }) }, async (query) => {
    const sql =
      "select shipment_id as id, promised_delivery_date as promised, estimated_delivery_date as estimated from shipments order by 2";
    const day = (id: string, promised: string | null, estimated = promised) => ({ id, promised, estimated });
    expect(await query(sql)).toEqual([
      day("promised", "2026-01-01", "2026-01-03"),
      day("range", "2026-01-04", "2026-01-05"),
      day("courier", "2026-01-06"),
      day("ai", "2026-01-08"),
      day("custom", "2026-01-10"),
      day("old", "2026-01-11"),
      day("none", null),
    ]);
  });
});

test("an older or a newer file, whichever comes last, mends the parcel", async () => {
  const checkpoint = (checkpoint_time: string, subtag: string) => ({
    checkpoint_time,
    subtag,
    tag: subtag.split("_")[0],
    message: subtag,
  });
  const body = (updated_at: string, tag: string, checkpoints: readonly object[]) =>
    JSON.stringify({ msg: { id: "a", slug: "dhl", tracking_number: "1", tag, updated_at, checkpoints } });
  const early = body("2026-01-05T00:00:00Z", "InTransit", [checkpoint("2026-01-02T10:00:00", "InTransit_002")]);
  const late = body("2026-01-09T00:00:00Z", "Delivered", [checkpoint("2026-01-08T10:00:00", "Delivered_001")]);
  for (const files of [
    { "1.json": early, "2.json": late },
    { "1.json": late, "2.json": early },
  ]) {
    await withStagedInbox(aftership, files, async (query) => {
      expect(await query("select state, delivered_date from shipments")).toEqual([
        { state: "delivered", delivered_date: "2026-01-08" },
      ]);
      expect(await query("select event_state as state from carrier_events order by occurred_at")).toEqual([
        { state: "picked_up" },
        { state: "delivered" },
      ]);
    });
  }
});
