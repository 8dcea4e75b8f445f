import path from "node:path";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { aftership } from "./aftership.ts";

const FIXTURES = path.join(import.meta.dirname, "fixtures");

test("list, single answer, older answer and webhook give their trackings; a tracking seen twice is one shipment", async () => {
  await withStagedInbox(aftership, FIXTURES, async (query) => {
    const sql = "select shipment_id, order_id, lane, state from shipments order by 1";
    expect(await query(sql)).toEqual([
      {
        shipment_id: "old1",
        order_id: "1001",
        lane: "CN→DE · dhl",
        state: "delivered",
      },
      {
        shipment_id: "old2",
        order_id: "1002",
        lane: "DE→CN · china-post",
        state: "delivered",
      },
      {
        shipment_id: "old3",
        order_id: "1003",
        lane: "unknown→FR · gls",
        state: "returned_to_sender",
      },
      {
        shipment_id: "old4",
        order_id: "1004",
        lane: "CN→US · ups",
        state: "out_for_delivery",
      },
    ]);
  });
});

test("days are those of the destination: a delivery at 23:30 there is of that day, whatever the day in UTC", async () => {
  await withStagedInbox(aftership, FIXTURES, async (query) => {
    const sql = `select shipment_id as id, delivered_at, delivered_date, first_attempted_date as attempted,
      promised_delivery_date as promised, estimated_delivery_date as estimated, is_late, is_overdue, is_return_leg
      from shipments order by 1`;
    const plain = { is_late: false, is_overdue: false, is_return_leg: false };
    expect(await query(sql)).toEqual([
      {
        ...plain,
        id: "old1",
        delivered_at: "2026-01-12T07:30:00",
        delivered_date: "2026-01-11",
        attempted: "2026-01-10",
        promised: "2026-01-10",
        estimated: "2026-01-13",
      },
      {
        ...plain,
        id: "old2",
        delivered_at: "2026-02-11T10:00:00",
        delivered_date: "2026-02-11",
        attempted: "2026-02-11",
        promised: "2026-01-01",
        estimated: null,
        is_return_leg: true,
      },
      {
        ...plain,
        id: "old3",
        delivered_at: null,
        delivered_date: null,
        attempted: "2026-03-06",
        promised: "2026-03-05",
        estimated: null,
        is_late: true,
      },
      {
        ...plain,
        id: "old4",
        delivered_at: null,
        delivered_date: null,
        attempted: null,
        promised: "2026-04-09",
        estimated: "2026-04-09",
        is_overdue: true,
      },
    ]);
  });
});

test("a scan listed twice or sent again is one scan, and times without a zone say so", async () => {
  await withStagedInbox(aftership, FIXTURES, async (query) => {
    const sql = `select shipment_id as id, event_state as state, occurred_at_precision as precision, location
      from carrier_events order by shipment_id, occurred_at`;
    expect(await query(sql)).toEqual([
      { id: "old1", state: "picked_up", precision: "local", location: "Shenzhen" },
      { id: "old1", state: "attempt_failed", precision: "local", location: null },
      { id: "old1", state: "delivered", precision: "instant", location: "Berlin" },
      { id: "old3", state: "attempt_failed", precision: "date", location: null },
      { id: "old3", state: "returned_to_sender", precision: "local", location: null },
      { id: "old4", state: "customs_in", precision: "local", location: "Louisville, KY, United States" },
      { id: "old4", state: "out_for_delivery", precision: "local", location: null },
    ]);
    expect(await query("select * from unmapped_values")).toEqual([]);
  });
});
