// Return and complaint rates: which units and orders are in them, in which window; numbers by hand.
import { describe, expect, test } from "vitest";
import { withMarts, type Row } from "../testing/model-world.ts";
import { back, delivered, line, order, parcel } from "./test-rows.ts";

/** An order of `lines` lines (SKU-1, SKU-2 …) that arrived on 10 January. */
const arrived = (id: string, lines = 1) => ({
  orders: [order(id, "2026-01-01T10:00:00")],
  order_items: Array.from({ length: lines }, (_, index) => line(`${id}:${index + 1}`, id, `SKU-${index + 1}`)),
  shipments: [parcel(`p${id}`, id, delivered("2026-01-10T10:00:00"))],
});
const together = (...parts: readonly ReturnType<typeof arrived>[]) => ({
  orders: parts.flatMap((part) => part.orders),
  order_items: parts.flatMap((part) => part.order_items),
  shipments: parts.flatMap((part) => part.shipments),
});
const ticket = (ticket_id: string, created_at: string, more: Row = {}): Row => ({
  ticket_id,
  created_at,
  order_id: "1",
  reason_raw: "defective",
  status: "open",
  ...more,
});

describe("return rate in units and in orders", () => {
  const windows = (what: string) =>
    [14, 30, 60, 90].map((days) => `${what.replaceAll("N", String(days))} as d${days}`).join(", ");

  test.each([14, 30, 60, 90])("day %i is in its window, the next day is not", async (days) => {
    const day = (after: number) => new Date(Date.UTC(2026, 0, 10 + after)).toISOString().slice(0, 10);
    const staging = {
      ...together(arrived("1"), arrived("2")),
      returns: [
        back("last", `${day(days)}T23:59:59`, { order_id: "1", product_id: "SKU-1" }),
        back("after", `${day(days + 1)}T00:00:00`, { order_id: "2", product_id: "SKU-1" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const lines = `select order_id as id, returned_units_${days}d as units from order_items order by 1`;
      expect(await query(lines)).toEqual([
        { id: "1", units: 1 },
        { id: "2", units: 0 },
      ]);
      expect(await query(`select order_id as id, is_returned_${days}d as back from orders order by 1`)).toEqual([
        { id: "1", back: true },
        { id: "2", back: false },
      ]);
    });
  });

  test("each window matures on its own, and not on the last partial day", async () => {
    const returns = [back("r", "2026-01-12T10:00:00", { order_id: "1", product_id: "SKU-1" })];
    const maturity = async (asOf: string) => {
      let found: Record<string, unknown>[] = [];
      await withMarts({ staging: { ...arrived("1"), returns }, asOf }, async (query) => {
        const orders = await query(`select ${windows("is_matured_Nd")} from orders`);
        expect(await query(`select ${windows("is_matured_Nd")} from order_items`)).toEqual(orders);
        expect(await query(`select ${windows("matured_units_Nd > 0")} from order_items`)).toEqual(orders);
        found = orders;
      });
      return found[0];
    };
    const none = { d14: false, d30: false, d60: false, d90: false };
    // Day 14 is 24 January, day 60 is 11 March.
    expect(await maturity("2026-01-24 23:59:59")).toEqual(none);
    expect(await maturity("2026-01-25 00:00:00")).toEqual({ ...none, d14: true });
    expect(await maturity("2026-03-11 23:59:59")).toEqual({ ...none, d14: true, d30: true });
    expect(await maturity("2026-03-12 00:00:00")).toEqual({ ...none, d14: true, d30: true, d60: true });
  });

  test("three lines, two of them returned in three returns, are two units and one order", async () => {
    const staging = {
      ...together(arrived("1", 3), arrived("2", 3)),
      returns: [
        back("a", "2026-01-15T10:00:00", { order_id: "1", product_id: "SKU-1" }),
        back("a again", "2026-01-16T10:00:00", { order_id: "1", product_id: "SKU-1" }),
        back("b", "2026-01-17T10:00:00", { order_id: "1", product_id: "SKU-2" }),
        back("not back", "2026-01-17T10:00:00", { order_id: "2", product_id: "SKU-2", status: "open" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(
        await query(
          "select sum(returned_units_30d)::int as back, sum(matured_units_30d)::int as units from order_items",
        ),
      ).toEqual([{ back: 2, units: 6 }]);
      expect(
        await query(
          "select count(*) filter (is_returned_30d) as back, count(*) filter (is_matured_30d) as orders from orders",
        ),
      ).toEqual([{ back: 1, orders: 2 }]);
    });
  });

  test("the day of a return is the reporting zone's, also after a night of DST", async () => {
    const staging = {
      orders: ["1", "2"].map((id) => order(id, "2026-02-20T10:00:00")),
      order_items: ["1", "2"].map((id) => line(id, id, "A")),
      shipments: ["1", "2"].map((id) => parcel(`p${id}`, id, delivered("2026-02-28T10:00:00"))),
      // Berlin's clock goes forward on 29 March: 30 March, day 30, ends at 22:00 UTC.
      returns: [
        back("in", "2026-03-30T21:59:59", { order_id: "1", product_id: "A" }),
        back("out", "2026-03-30T22:00:00", { order_id: "2", product_id: "A" }),
      ],
    };
    await withMarts({ staging, timeZone: "Europe/Berlin" }, async (query) => {
      expect(await query("select order_id as id, is_returned_30d as back from orders order by 1")).toEqual([
        { id: "1", back: true },
        { id: "2", back: false },
      ]);
    });
  });

  test("received per delivered counts a day's arrivals whenever they were delivered, complete days only", async () => {
    const staging = {
      ...together(arrived("1", 2), arrived("2")),
      returns: [
        back("same day", "2026-01-10T20:00:00", { order_id: "1", product_id: "SKU-1" }),
        back("later", "2026-02-10T20:00:00", { order_id: "2", product_id: "SKU-1", quantity: 2 }),
        back("last day", "2026-02-11T20:00:00", { order_id: "2", product_id: "SKU-1" }),
        back("open", "2026-01-10T20:00:00", { order_id: "1", product_id: "SKU-2", status: "open" }),
      ],
    };
    const days = `select day, product_id as id, delivered_units as out, received_units as back, is_complete as done
      from product_days order by 1, 2`;
    await withMarts({ staging, asOf: "2026-02-11 21:00:00" }, async (query) => {
      expect(await query(days)).toEqual([
        { day: "2026-01-10", id: "SKU-1", out: 2, back: 1, done: true },
        { day: "2026-01-10", id: "SKU-2", out: 1, back: 0, done: true },
        { day: "2026-02-10", id: "SKU-1", out: 0, back: 2, done: true },
        { day: "2026-02-11", id: "SKU-1", out: 0, back: 1, done: false },
      ]);
      const sums = `select (select sum(delivered_units) from product_days)::int as days,
        (select sum(delivered_units) from order_items)::int as lines`;
      expect(await query(sums)).toEqual([{ days: 3, lines: 3 }]);
    });
    await withMarts({ staging: arrived("1") }, async (query) => {
      expect(await query("select delivered_units as out, received_units as back from product_days")).toEqual([
        { out: 1, back: null },
      ]);
    });
  });
});

describe("complaints", () => {
  const flags = `has_product_complaint_30d as product, has_quality_complaint_30d as quality, has_size_complaint_30d as size,
    has_nad_complaint_30d as nad, is_exposure_over_30d as over`;
  const orders = `select order_id as id, ${flags} from orders order by 1`;
  const quiet = { product: false, quality: false, size: false, nad: false, over: true };

  test("who wrote twice and returned once complained about one order", async () => {
    const staging = {
      ...together(arrived("1"), arrived("2")),
      tickets: [ticket("a", "2026-01-11T10:00:00"), ticket("b", "2026-01-12T10:00:00", { reason_raw: "too small" })],
      returns: [
        back("r", "2026-01-20T10:00:00", { order_id: "1", product_id: "SKU-1", reason_raw: "not as described" }),
      ],
    };
    const all = { product: true, quality: true, size: true, nad: true, over: true };
    await withMarts({ staging }, async (query) => {
      expect(await query(orders)).toEqual([
        { id: "1", ...all },
        { id: "2", ...quiet },
      ]);
      expect(await query(`select order_id as id, ${flags} from order_items order by 1`)).toEqual([
        { id: "1", ...all },
        { id: "2", ...quiet },
      ]);
    });
  });

  test("delivery, changed minds, deleted tickets, open returns and what comes after day 30 are none", async () => {
    const staging = {
      ...arrived("1"),
      tickets: [
        ticket("late", "2026-01-11T10:00:00", { reason_raw: "late delivery" }),
        ticket("deleted", "2026-01-11T10:00:00", { status: "deleted" }),
        ticket("merged", "2026-01-11T10:00:00", { status: "merged" }),
        ticket("day 31", "2026-02-10T00:00:00"),
      ],
      returns: [
        back("open", "2026-01-20T10:00:00", { order_id: "1", reason_raw: "defective", status: "open" }),
        back("mind", "2026-01-20T10:00:00", { order_id: "1", reason_raw: "changed mind" }),
      ],
    };
    await withMarts({ staging }, async (query) => expect(await query(orders)).toEqual([{ id: "1", ...quiet }]));
    const lastDay = { ...staging, tickets: [ticket("day 30", "2026-02-09T23:59:59")] };
    await withMarts({ staging: lastDay }, async (query) => {
      expect(await query(orders)).toEqual([{ id: "1", ...quiet, product: true, quality: true }]);
    });
  });

  test("a ticket about three lines that names none is the order's complaint, and no line's", async () => {
    const staging = { ...arrived("1", 3), tickets: [ticket("a", "2026-01-11T10:00:00")] };
    await withMarts({ staging }, async (query) => {
      expect(await query(orders)).toMatchObject([{ product: true }]);
      const lines = "select count(*) as lines, count(*) filter (has_product_complaint_30d) as blamed from order_items";
      expect(await query(lines)).toEqual([{ lines: 3, blamed: 0 }]);
    });
    const named = { ...arrived("1", 3), tickets: [ticket("a", "2026-01-11T10:00:00", { product_id: "SKU-2" })] };
    await withMarts({ staging: named }, async (query) => {
      expect(await query("select product_id from order_items where has_product_complaint_30d")).toEqual([
        { product_id: "SKU-2" },
      ]);
    });
  });

  test("a lost parcel's order is exposed from the day it left; a cancelled one and one without any export of complaints never", async () => {
    const lost = (id: string, more: Row = {}) => ({
      orders: [order(id, "2026-01-01T10:00:00", more)],
      order_items: [line(id, id, "A")],
      shipments: [parcel(`p${id}`, id, { shipped_at: "2026-01-03T10:00:00", status_raw: "lost" })],
    });
    const staging = together(lost("1"), lost("2", { status: "cancelled" }));
    const exposure = `select order_id as id, is_shipped as shipped, is_delivered as here, exposed_date as day,
      is_exposure_over_30d as over from orders order by 1`;
    const cancelled = { id: "2", shipped: false, here: false, day: null, over: false };
    const first = { id: "1", shipped: true, here: false, day: "2026-01-03", over: true };
    const tickets = [ticket("a", "2026-05-11T10:00:00")];
    await withMarts({ staging: { ...staging, tickets } }, async (query) => {
      expect(await query(exposure)).toEqual([first, cancelled]);
    });
    await withMarts({ staging: { ...staging, tickets }, asOf: "2026-02-02 23:59:59" }, async (query) => {
      expect(await query(exposure)).toEqual([{ ...first, over: false }, cancelled]);
    });
    await withMarts({ staging }, async (query) => {
      expect(await query(exposure)).toEqual([{ ...first, over: false }, cancelled]);
    });
  });
});
