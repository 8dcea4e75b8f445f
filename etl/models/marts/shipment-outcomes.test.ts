// What became of a shipment: attempts, loss, customs, causes of delay, how long it took, and by whose calendar it was late.
import { describe, expect, test } from "vitest";
import { withMarts, type Row } from "../testing/model-world.ts";
import { delivered, order, parcel, scan } from "./test-rows.ts";

const promise = { promised_delivery_date: "2026-01-10" };
/** A scan as a carrier without time zones writes it: the wall clock of the place. */
const clock = (id: string, shipment: string, at: string, state: string, more: Row = {}): Row => ({
  ...scan(id, shipment, at, state),
  occurred_at_precision: "local",
  ...more,
});

describe("punctuality", () => {
  test("the day is the destination's, whatever the clock says elsewhere; DST nights and mere days included", async () => {
    const staging = {
      shipments: [
        // 23:30 in Los Angeles is the next day in UTC and Shanghai: the tracker tells the day.
        parcel("a day told", null, {
          ...promise,
          destination_country: "US",
          delivered_at: "2026-01-11T07:30:00",
          delivered_date: "2026-01-10",
        }),
        // Germany has one zone: 23:30 in Berlin.
        parcel("b one zone", null, { ...promise, delivered_at: "2026-01-10T22:30:00" }),
        parcel("c one zone, past midnight", null, { ...promise, delivered_at: "2026-01-10T23:30:00" }),
        // A moment in a country of several zones: the reporting zone's day is all there is.
        parcel("d several zones", null, {
          ...promise,
          destination_country: "US",
          delivered_at: "2026-01-10T23:30:00",
        }),
        // Clocks went forward at 2 o'clock that night.
        parcel("e DST night", null, { promised_delivery_date: "2026-03-29", delivered_at: "2026-03-29T21:59:00" }),
        parcel("f DST night over", null, { promised_delivery_date: "2026-03-29", delivered_at: "2026-03-29T22:01:00" }),
        parcel("g a mere day", null, { ...promise, delivered_at: "2026-01-10", delivered_at_precision: "date" }),
        parcel("h by scan", null, promise),
        parcel("i by scan with its day", null, { ...promise, destination_country: "US" }),
        parcel("j attempt", null, { ...promise, first_attempted_at: "2026-01-10T22:30:00" }),
      ],
      carrier_events: [
        scan("h", "h by scan", "2026-01-10T22:30:00", "delivered"),
        { ...scan("i", "i by scan with its day", "2026-01-11T07:30:00", "delivered"), occurred_date: "2026-01-10" },
      ],
    };
    await withMarts({ staging, timeZone: "Asia/Shanghai" }, async (query) => {
      const rows = await query(
        "select left(shipment_id, 1) as id, first_attempted_date as day, is_late from shipments order by 1",
      );
      expect(rows.map((row) => `${String(row.id)} ${String(row.day)} ${row.is_late ? "late" : "on time"}`)).toEqual([
        "a 2026-01-10 on time",
        "b 2026-01-10 on time",
        "c 2026-01-11 late",
        "d 2026-01-11 late",
        "e 2026-03-29 on time",
        "f 2026-03-30 late",
        "g 2026-01-10 on time",
        "h 2026-01-10 on time",
        "i 2026-01-10 on time",
        "j 2026-01-10 on time",
      ]);
    });
  });

  test("is judged against the promise and, beside it, against the last estimate, each where it is known", async () => {
    const came = delivered("2026-01-12T10:00:00");
    const staging = {
      shipments: [
        parcel("a both", null, { ...promise, estimated_delivery_date: "2026-01-12", ...came }),
        parcel("b promise only", null, { ...promise, ...came }),
        parcel("c estimate only", null, { estimated_delivery_date: "2026-01-11", ...came }),
        parcel("d on its way back", null, {
          ...promise,
          estimated_delivery_date: "2026-01-11",
          is_return_leg: true,
          ...came,
        }),
        parcel("e not attempted", null, { estimated_delivery_date: "2026-01-11", status_raw: "in_transit" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const sql = `select left(shipment_id, 1) as id, is_on_time as kept, is_late as late, is_on_time_by_estimate as estimate_kept,
        is_late_by_estimate as estimate_late from shipments order by 1`;
      const no = { kept: false, late: false, estimate_kept: false, estimate_late: false };
      expect(await query(sql)).toEqual([
        { ...no, id: "a", late: true, estimate_kept: true },
        { ...no, id: "b", late: true },
        { ...no, id: "c", estimate_late: true },
        { ...no, id: "d" },
        { ...no, id: "e" },
      ]);
    });
  });
});

describe("outcome", () => {
  test("lost is what stays lost; turned back is told apart; what only has a label is pending, expired or cancelled", async () => {
    const staging = {
      orders: [order("9", "2026-01-01T10:00:00", { cancelled_at: "2026-01-02T10:00:00" })],
      shipments: [
        parcel("a lost", null),
        parcel("b lost then found", null),
        parcel("c lost, moving again", null),
        parcel("d back at the sender", null),
        parcel("e on its way to the sender", null),
        parcel("f a customer's return", null, { is_return_leg: true, status_raw: "returned_to_sender" }),
        parcel("g label", null, { status_raw: "label_created" }),
        parcel("h given up", null, { status_raw: "expired_no_scan" }),
        parcel("i label of a cancelled order", "9", { status_raw: "label_created" }),
        parcel("j sent, then cancelled", "9", { status_raw: "in_transit" }),
        parcel("k given up under way", null, { status_raw: "expired_no_scan" }),
      ],
      carrier_events: [
        scan("a1", "a lost", "2026-01-03T10:00:00", "in_transit"),
        scan("a2", "a lost", "2026-01-20T10:00:00", "lost"),
        scan("b1", "b lost then found", "2026-01-20T10:00:00", "lost"),
        scan("b2", "b lost then found", "2026-02-01T10:00:00", "delivered"),
        scan("c1", "c lost, moving again", "2026-01-20T10:00:00", "lost"),
        scan("c2", "c lost, moving again", "2026-01-21T10:00:00", "in_transit"),
        scan("d1", "d back at the sender", "2026-01-05T10:00:00", "attempt_failed"),
        scan("d2", "d back at the sender", "2026-01-15T10:00:00", "returned_to_sender"),
        scan("e1", "e on its way to the sender", "2026-01-15T10:00:00", "returning"),
        scan("k1", "k given up under way", "2026-01-05T10:00:00", "in_transit"),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const sql = `select left(shipment_id, 1) as id, tracking, is_lost as lost, is_returned_to_sender as back, is_under_way as under_way
        from shipments order by 1`;
      const row = (id: string, tracking: string, more: object = {}) => ({
        id,
        tracking,
        lost: false,
        back: false,
        under_way: false,
        ...more,
      });
      expect(await query(sql)).toEqual([
        row("a", "tracked", { lost: true }),
        row("b", "tracked"),
        row("c", "tracked", { under_way: true }),
        row("d", "tracked", { back: true }),
        row("e", "tracked", { back: true }),
        row("f", "tracked"),
        row("g", "pending"),
        row("h", "expired"),
        row("i", "cancelled"),
        row("j", "tracked"),
        row("k", "tracked", { under_way: true }),
      ]);
    });
  });

  test("the first attempt: delivered, failed though delivered later, or not to be told", async () => {
    const staging = {
      shipments: [
        parcel("a at once", null),
        parcel("b failed, then delivered the same day", null),
        parcel("c failed and turned back", null),
        parcel("d waits at the pick-up point", null),
        parcel("e collected there", null),
        parcel("f failed, then collected", null),
        parcel("g told by the tracker", null, {
          first_attempted_date: "2026-01-05",
          ...delivered("2026-01-07T10:00:00"),
        }),
        parcel("h one and the same day", null, {
          first_attempted_date: "2026-01-07",
          ...delivered("2026-01-07T10:00:00"),
        }),
        parcel("i delivery alone tells nothing", null, delivered("2026-01-07T10:00:00")),
        parcel("j a late word after delivery", null),
        parcel("k under way", null),
        parcel("l delivered by day, failed that day", null, { delivered_date: "2026-01-07" }),
      ],
      carrier_events: [
        scan("a1", "a at once", "2026-01-05T10:00:00", "out_for_delivery"),
        scan("a2", "a at once", "2026-01-05T15:00:00", "delivered"),
        scan("b1", "b failed, then delivered the same day", "2026-01-05T10:00:00", "attempt_failed"),
        scan("b2", "b failed, then delivered the same day", "2026-01-05T18:00:00", "delivered"),
        scan("c1", "c failed and turned back", "2026-01-05T10:00:00", "attempt_failed"),
        scan("c2", "c failed and turned back", "2026-01-08T10:00:00", "returning"),
        scan("d1", "d waits at the pick-up point", "2026-01-05T10:00:00", "available_for_pickup"),
        scan("e1", "e collected there", "2026-01-05T10:00:00", "available_for_pickup"),
        scan("e2", "e collected there", "2026-01-08T10:00:00", "delivered"),
        scan("f1", "f failed, then collected", "2026-01-04T10:00:00", "attempt_failed"),
        scan("f2", "f failed, then collected", "2026-01-05T10:00:00", "available_for_pickup"),
        scan("f3", "f failed, then collected", "2026-01-08T10:00:00", "delivered"),
        scan("j1", "j a late word after delivery", "2026-01-05T10:00:00", "delivered"),
        scan("j2", "j a late word after delivery", "2026-01-06T10:00:00", "attempt_failed"),
        scan("k1", "k under way", "2026-01-05T10:00:00", "out_for_delivery"),
        scan("l1", "l delivered by day, failed that day", "2026-01-07T10:00:00", "attempt_failed"),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const rows = await query("select left(shipment_id, 1) as id, first_attempt from shipments order by 1");
      expect(Object.fromEntries(rows.map((row) => [row.id, row.first_attempt]))).toEqual({
        a: "delivered",
        b: "failed",
        c: "failed",
        d: null,
        e: "delivered",
        f: "failed",
        g: "failed",
        h: "delivered",
        i: null,
        j: "delivered",
        k: null,
        l: "failed",
      });
    });
  });
});

describe("days", () => {
  test("are exact between moments, whole where a day is all that is told, and none where they run backwards", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T22:00:00"), order("2", "2026-01-01", { ordered_at_precision: "date" })],
      shipments: [
        parcel("a moments", "1", { shipped_at: "2026-01-02T10:00:00", ...delivered("2026-01-04T22:00:00") }),
        parcel("b a day", "1", { shipped_at: "2026-01-02T10:00:00", delivered_date: "2026-01-04" }),
        parcel("c the same day", "2", { shipped_at: "2026-01-02T10:00:00", delivered_date: "2026-01-02" }),
        parcel("d backwards", "1", { shipped_at: "2026-01-05T10:00:00", ...delivered("2026-01-04T22:00:00") }),
        parcel("e by scans", "2"),
        parcel("f on its way back", "1", {
          is_return_leg: true,
          shipped_at: "2026-01-20T10:00:00",
          ...delivered("2026-01-22T10:00:00"),
        }),
        // The night of March 29th has 23 hours.
        parcel("g DST", null, { shipped_at: "2026-03-28T11:00:00", ...delivered("2026-03-29T10:00:00") }),
      ],
      carrier_events: [
        scan("e0", "e by scans", "2026-01-01T10:00:00", "label_created"),
        scan("e1", "e by scans", "2026-01-02T10:00:00", "picked_up"),
        scan("e2", "e by scans", "2026-01-03T16:00:00", "delivered"),
      ],
    };
    await withMarts({ staging, timeZone: "Europe/Berlin" }, async (query) => {
      const sql = `select left(shipment_id, 1) as id, transit_days as transit, order_to_delivery_days as whole from shipments order by 1`;
      expect(await query(sql)).toEqual([
        { id: "a", transit: 2.5, whole: 3 },
        { id: "b", transit: 2, whole: 3 },
        { id: "c", transit: 0, whole: 1 },
        { id: "d", transit: null, whole: 3 },
        { id: "e", transit: 1.25, whole: 2 },
        { id: "f", transit: 2, whole: null },
        { id: "g", transit: 23 / 24, whole: null },
      ]);
    });
  });

  test("in customs go from the first word of it to the release, stays added; without a release they are open or unknown", async () => {
    const at = (day: number) => `2026-01-${String(day).padStart(2, "0")}T10:00:00`;
    const staging = {
      shipments: ["a", "b", "c", "d", "e"].map((id) => parcel(id, null)),
      carrier_events: [
        ...(["customs_in", "customs_in", "customs_out", "customs_out"] as const).map((state, index) =>
          scan(`a${index}`, "a", at(2 + index), state),
        ),
        ...(["customs_in", "customs_out", "in_transit", "customs_in", "customs_out"] as const).map((state, index) =>
          scan(`b${index}`, "b", at(2 + index), state),
        ),
        scan("c1", "c", at(2), "customs_in"),
        scan("c2", "c", at(5), "delayed"),
        scan("d1", "d", at(2), "customs_in"),
        scan("d2", "d", at(4), "out_for_delivery"),
        scan("e1", "e", at(4), "customs_out"),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const sql =
        "select shipment_id as id, customs_days as days, is_in_customs as open, customs_in_at::date as since from shipments order by 1";
      expect(await query(sql)).toEqual([
        { id: "a", days: 2, open: false, since: null },
        { id: "b", days: 2, open: false, since: null },
        { id: "c", days: null, open: true, since: "2026-01-02" },
        { id: "d", days: null, open: false, since: null },
        { id: "e", days: null, open: false, since: null },
      ]);
    });
  });
});

test("a delay has the cause that a code, the carrier's words or a stay in customs tell, one or several; else it is untold", async () => {
  const late = delivered("2026-01-15T10:00:00");
  const aftership = { source_system: "aftership", ...promise };
  const ids = [
    "a code",
    "b words",
    "c two",
    "d word of two",
    "e after the attempt",
    "f on time",
    "g nothing",
    "h customs over the promise",
    "i customs before",
  ];
  const staging = {
    shipments: [
      ...ids.map((id) =>
        parcel(id, null, { ...aftership, ...(id.startsWith("f") ? delivered("2026-01-10T10:00:00") : late) }),
      ),
      parcel("j overdue in customs", null, { ...promise, status_raw: "in_transit" }),
      parcel("k words of what is no delay", null, { ...aftership, ...late }),
    ],
    carrier_events: [
      clock("a1", "a code", "2026-01-09T10:00:00", "Exception_017"),
      clock("b1", "b words", "2026-01-09T10:00:00", "Exception_001", { message: "Delayed: severe weather conditions" }),
      clock("c1", "c two", "2026-01-09T10:00:00", "Exception_017"),
      clock("c2", "c two", "2026-01-10T10:00:00", "Exception_001", { message: "包裹滞留海关" }),
      clock("d1", "d word of two", "2026-01-09T10:00:00", "Exception_001", {
        message: "Customs closed by bad weather",
      }),
      clock("e1", "e after the attempt", "2026-01-16T10:00:00", "Exception_007"),
      clock("f1", "f on time", "2026-01-09T10:00:00", "Exception_017"),
      clock("h1", "h customs over the promise", "2026-01-09T10:00:00", "InTransit_006"),
      clock("h2", "h customs over the promise", "2026-01-12T10:00:00", "InTransit_005"),
      clock("i1", "i customs before", "2026-01-05T10:00:00", "InTransit_006"),
      clock("i2", "i customs before", "2026-01-08T10:00:00", "InTransit_005"),
      clock("k1", "k words of what is no delay", "2026-01-09T10:00:00", "InTransit_003", {
        message: "Left in fine weather",
      }),
    ]
      .map((row): Row => ({ ...row, source_system: "aftership" }))
      .concat(scan("j1", "j overdue in customs", "2026-01-08T10:00:00", "customs_in")),
  };
  await withMarts({ staging }, async (query) => {
    const rows = await query("select left(shipment_id, 1) as id, delay_cause as cause from shipments order by 1");
    expect(Object.fromEntries(rows.map((row) => [row.id, row.cause]))).toEqual({
      a: "weather",
      b: "weather",
      c: "several",
      d: "untold",
      e: "untold",
      f: null,
      g: "untold",
      h: "customs",
      i: "untold",
      j: "customs",
      k: "untold",
    });
  });
});

const WORDS: readonly (readonly [string, ...string[]])[] = [
  ["customs", "Held by customs", "清关延误", "Zollabfertigung verzögert", "Retenu en douane", "Retido na alfândega"],
  [
    "weather",
    "Delay: severe weather conditions",
    "因台风延误",
    "Verzögerung wegen Unwetter",
    "Retard dû aux intempéries",
  ],
  [
    "address",
    "Incorrect address",
    "收件地址不详",
    "Unbekannte Adresse",
    "Dirección incompleta",
    "Address was not found",
  ],
  ["carrier", "Missorted", "Late flight", "航班取消", "The truck was delayed", "Operational delay"],
  ["untold", "Held", "Customer asked for another day", "Delivery address confirmed", "延误", "Weather at customs"],
];

test.each(WORDS)("words of a delay that tell: %s", async (cause, ...texts) => {
  const staging = {
    shipments: texts.map((text) => parcel(text, null, { ...promise, ...delivered("2026-01-15T10:00:00") })),
    carrier_events: texts.map((message) => ({ ...scan(message, message, "2026-01-09T10:00:00", "delayed"), message })),
  };
  await withMarts({ staging }, async (query) => {
    const rows = await query("select shipment_id as text, delay_cause as cause from shipments order by 1");
    expect(rows).toEqual(texts.toSorted().map((text) => ({ text, cause })));
  });
});
