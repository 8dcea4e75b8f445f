// What must hold for any parcel of any tracker: its scans may come in any order and as often as they like, and a time means what
// its writer meant. Many parcels share an inbox, for a run costs more than a parcel.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withStagedInbox } from "../models/testing/staged-inbox.ts";
import { aftership } from "./aftership/aftership.ts";
import { easypost } from "./easypost/easypost.ts";
import { seventeentrack } from "./seventeentrack/seventeentrack.ts";
import type { Source } from "./source.ts";

const RUNS = { numRuns: 3, endOnFailure: true };
const PATIENCE_MS = 300_000;
const FIRST_MS = Date.UTC(2026, 0, 1);

interface Scan {
  /** From the first moment on. */
  readonly minute: number;
  readonly second: number;
  /** What the clock of the place shows more than UTC. */
  readonly offset: number;
  readonly state: number;
  readonly text: string;
}

type Fields = Readonly<Record<string, unknown>>;

interface Tracker {
  readonly source: Source;
  readonly states: readonly string[];
  /** A record of one parcel; `told` in the order of the list, `known` its scans in an order of their own. */
  readonly record: (number: string, told: readonly Scan[], known: readonly Scan[]) => object;
  readonly file: (records: readonly object[]) => object;
  /** Whether a record that was tampered with still tells its own parcel's state. */
  readonly isNews: (record: Fields) => boolean;
}

const isNumber = (value: unknown) => /^(trk_)?P\d+$/.test(String(value));

const iso = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 19);
const moment = (scan: Scan) => FIRST_MS + scan.minute * 60_000 + scan.second * 1000;
const zone = (minutes: number) => {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${String(Math.floor(size / 60)).padStart(2, "0")}:${String(size % 60).padStart(2, "0")}`;
};
/** The clock of the place with its offset. */
const placeTime = (scan: Scan) => `${iso(moment(scan) + scan.offset * 60_000)}${zone(scan.offset)}`;
const newest = (scans: readonly Scan[]) => scans.toSorted((left, right) => moment(right) - moment(left))[0];

const TRACKERS: readonly Tracker[] = [
  {
    source: seventeentrack,
    file: (records) => ({ code: 0, data: { accepted: records } }),
    isNews: ({ number, track_info: info }) =>
      isNumber(number) && typeof (info as { latest_status?: { status?: unknown } })?.latest_status?.status === "string",
    states: [
      "InfoReceived",
      "InTransit_PickedUp",
      "InTransit_Other",
      "DeliveryFailure_NoBody",
      "Delivered_Other",
      "Exception_Returning",
    ],
    record(number, told, known) {
      const last = newest(known);
      const event = (scan: Scan) => ({
        time_iso: placeTime(scan),
        time_utc: `${iso(moment(scan))}Z`,
        time_raw: { date: null, time: null, timezone: scan.state % 2 ? zone(scan.offset) : null },
        description: scan.text,
        sub_status: this.states[scan.state],
      });
      const half = Math.floor(told.length / 2);
      const providers = [told.slice(half), told.slice(0, half)].map((scans, index) => ({
        provider: { key: 3011 + index, name: `Carrier ${index}` },
        latest_sync_time: "2026-06-01T00:00:00Z",
        events: scans.map(event),
      }));
      return {
        number,
        carrier: 3011,
        track_info: {
          latest_status: { status: "InTransit", sub_status: this.states[last?.state ?? 0] },
          latest_event: last && event(last),
          tracking: { providers },
        },
      };
    },
  },
  {
    source: easypost,
    file: (trackers) => ({ trackers }),
    isNews: ({ id, tracking_code: code, object }) => isNumber(id) && isNumber(code) && object === "Tracker",
    states: ["pre_transit", "in_transit", "out_for_delivery", "failure", "delivered", "return_to_sender"],
    record(number, told, known) {
      return {
        id: `trk_${number}`,
        object: "Tracker",
        mode: "production",
        tracking_code: number,
        carrier: "USPS",
        status: this.states[newest(known)?.state ?? 0],
        updated_at: "2026-06-01T00:00:00Z",
        tracking_details: told.map((scan) => ({
          datetime: scan.state % 2 ? placeTime(scan) : `${iso(moment(scan))}Z`,
          message: scan.text,
          status: this.states[scan.state],
          status_detail: "status_update",
          est_delivery_date: scan.second % 3 ? null : `${iso(moment(scan)).slice(0, 10)}T00:00:00Z`,
          tracking_location: { city: "SAN DIEGO", state: "CA", country: scan.second % 2 ? "US" : null, zip: null },
        })),
      };
    },
  },
  {
    source: aftership,
    file: (trackings) => ({ meta: { code: 200 }, data: { trackings } }),
    isNews: ({ id, tracking_number: number }) => isNumber(id) && isNumber(number),
    states: ["InfoReceived_001", "InTransit_002", "InTransit_001", "AttemptFail_002", "Delivered_001", "Exception_010"],
    record(number, told, known) {
      return {
        id: number,
        slug: "dhl",
        tracking_number: number,
        tag: this.states[newest(known)?.state ?? 0],
        updated_at: "2026-06-01T00:00:00Z",
        checkpoints: told.map((scan) => ({
          checkpoint_time: scan.second % 2 ? placeTime(scan) : placeTime(scan).slice(0, 19),
          subtag: this.states[scan.state],
          message: scan.text,
        })),
      };
    },
  },
];

const scans: fc.Arbitrary<Scan[]> = fc.array(
  fc.record({
    // Few minutes, so that scans collide
    minute: fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 3 })),
    second: fc.integer({ min: 0, max: 59 }),
    offset: fc.integer({ min: -48, max: 56 }).map((quarters) => quarters * 15),
    state: fc.integer({ min: 0, max: 5 }),
    text: fc.constantFrom("Arrived", "arrived.", "Delivered", "Out for delivery", "到达", ""),
  }),
  { maxLength: 8 },
);

/** A parcel's scans, and the same in another order with repetitions. */
const toldTwice = scans.chain((known) =>
  fc.record({
    known: fc.constant(known),
    again: fc
      .shuffledSubarray(known, { minLength: 0 })
      .chain((more) => fc.shuffledSubarray([...known, ...more], { minLength: known.length + more.length })),
  }),
);

const SHIPMENTS = "select * from shipments order by shipment_id";
const EVENTS = "select * from carrier_events order by shipment_id, occurred_at, carrier_event_id";

async function marts(source: Source, records: readonly object[]): Promise<unknown[]> {
  let rows: unknown[] = [];
  const text = records.map((record) => JSON.stringify(record)).join("\n");
  await withStagedInbox(source, { "day.jsonl": text }, async (query) => {
    rows = [
      await query(SHIPMENTS),
      await query(EVENTS),
      await query("select reason, count(*) as n from main.quarantine group by 1"),
    ];
  });
  return rows;
}

describe.each(TRACKERS)("$source.title", (tracker) => {
  test(
    "the scans of a parcel in any order and repeated give the same parcel",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(toldTwice, { minLength: 10, maxLength: 40 }), async (parcels) => {
          const number = (index: number) => `P${String(index).padStart(3, "0")}`;
          const plain = parcels.map(({ known }, index) => tracker.record(number(index), known, known));
          const mixed = parcels.map(({ known, again }, index) => tracker.record(number(index), again, known));
          expect(await marts(tracker.source, mixed.toReversed())).toEqual(await marts(tracker.source, plain));
        }),
        RUNS,
      );
    },
    PATIENCE_MS,
  );

  test(
    "a time with its offset is that moment, and a delivery's day is the place's",
    async () => {
      const one = fc.record({
        minute: fc.integer({ min: 0, max: 200_000 }),
        second: fc.constant(1),
        offset: fc.integer({ min: -48, max: 56 }).map((quarters) => quarters * 15),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(one, { minLength: 20, maxLength: 80 }), async (times) => {
          const state = tracker.states.findIndex((word) => /^delivered/i.test(word));
          const delivered = times.map((time) => ({ ...time, state, text: "Delivered" }));
          const records = delivered.map((scan, index) => ({
            ...tracker.record(`P${100 + index}`, [scan], [scan]),
            // Else EasyPost's Z
            ...(tracker.source === easypost && {
              tracking_details: [{ datetime: placeTime(scan), message: "Delivered", status: "delivered" }],
            }),
          }));
          const [parcels, events] = (await marts(tracker.source, records)) as [
            Record<string, unknown>[],
            Record<string, unknown>[],
          ];
          expect(events.map((row) => row.occurred_at)).toEqual(delivered.map((scan) => iso(moment(scan))));
          if (tracker.source === aftership) return;
          expect(parcels.map((row) => row.delivered_date)).toEqual(
            delivered.map((scan) => placeTime(scan).slice(0, 10)),
          );
        }),
        RUNS,
      );
    },
    PATIENCE_MS,
  );

  test(
    "a record with anything in it gone or of another kind gives its parcel or is told, and never breaks the others",
    async () => {
      const scan = { minute: 5, second: 1, offset: 480, state: 1, text: "Arrived" };
      const paths = placesIn(tracker.record("P0", [scan], [scan]));
      const change = fc.record({ place: fc.constantFrom(...paths), value: fc.constantFrom(...ODDITIES) });
      const changes = fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { minLength: 40, maxLength: 80 });
      await fc.assert(
        fc.asyncProperty(changes, async (lists) => {
          const records = lists.map((list, index) => {
            const whole = tracker.record(`P${index}`, [scan], [scan]);
            return list.reduce((record, { place, value }) => changed(record, place, value), whole);
          });
          const told = await rowsTold(tracker, records);
          const missing = records.filter((record, index) => !told.has(index + 1) && tracker.isNews(record as Fields));
          expect(missing).toEqual([]);
        }),
        RUNS,
      );
    },
    PATIENCE_MS,
  );
});

const GONE = Symbol("gone");
const ODDITIES = [
  GONE,
  null,
  "",
  "text",
  5,
  true,
  [],
  {},
  [{}],
  ["infinity"],
  "infinity",
  "epoch",
  "9999-12-31T23:59:59-14:00",
  "0000-00-00T00:00:00Z",
  "2026-02-30T10:00:00+08:00",
  "2026-01-01T10:00:00+99:99",
  "\u0000\uD800 \\ \" '",
];

/** The keys that lead to every value of a record. */
function placesIn(value: unknown, keys: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [keys];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const inside = entries.flatMap(([key, child]) => placesIn(child, [...keys, key]));
  return keys.length > 0 ? [keys, ...inside] : inside;
}

/** A copy with the value at the place changed; the same where the place is no more. */
function changed(record: object, [key, ...rest]: readonly (string | number)[], value: unknown): object {
  if (key === undefined || typeof record !== "object" || record === null || !(key in record)) return record;
  const copy = (Array.isArray(record) ? [...record] : { ...record }) as Record<string | number, unknown>;
  if (rest.length > 0) copy[key] = changed(copy[key] as object, rest, value);
  else if (value === GONE) delete copy[key];
  else copy[key] = value;
  return copy;
}

/** Row numbers of the records that gave a row or stand in quarantine. */
async function rowsTold({ source, file }: Tracker, records: readonly object[]): Promise<ReadonlySet<number>> {
  const rows = new Set<number>();
  await withStagedInbox(source, { "day.json": JSON.stringify(file(records)) }, async (query) => {
    const sql = `select distinct row_no from (select _row_no as row_no from staging.shipments union all select row_no from main.quarantine)`;
    for (const row of await query(sql)) rows.add(Number(row.row_no));
  });
  return rows;
}
