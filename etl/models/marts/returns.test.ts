// Whether a customer bought again after a return, and what a return takes from its order line.
import { describe, expect, test } from "vitest";
import { withMarts, type Row } from "../testing/model-world.ts";
import { back, line, order } from "./test-rows.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const isoSeconds = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 19);

describe("repurchase after a return", () => {
  const flags = `select return_id, is_matured_30d, is_repurchased_30d, is_repurchased_60d, is_repurchased_90d
    from returns order by 1`;

  test("exchanges, free and cancelled orders and the same day's earlier order are no repurchase", async () => {
    const staging = {
      orders: [
        order("1", "2026-01-01T10:00:00"),
        order("2", "2026-01-20T09:59:59"),
        order("3", "2026-01-21T10:00:00", { is_exchange: true }),
        order("4", "2026-01-22T10:00:00", { total_amount: 0 }),
        order("5", "2026-01-23T10:00:00", { status: "voided" }),
        order("6", "2026-01-23T10:00:00", { customer_ref: "bob" }),
      ],
      returns: [back("r", "2026-01-20T10:00:00", { order_id: "1", product_id: "SKU-1" })],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query(flags)).toEqual([
        {
          return_id: "r",
          is_matured_30d: true,
          is_repurchased_30d: false,
          is_repurchased_60d: false,
          is_repurchased_90d: false,
        },
      ]);
      expect(await query("select order_id from orders where is_paid order by 1")).toEqual(
        ["1", "2", "6"].map((order_id) => ({ order_id })),
      );
    });
  });

  test("the window is open at its start and closed at its end", async () => {
    const staging = {
      orders: [
        order("1", "2026-01-01T10:00:00"),
        order("2", "2026-01-01T10:00:00", { customer_ref: "bob" }),
        order("3", "2026-02-19T10:00:00"),
        order("4", "2026-02-19T10:00:01", { customer_ref: "bob" }),
        order("5", "2026-01-20T10:00:00", { customer_ref: "bob" }),
      ],
      returns: [
        back("at the end", "2026-01-20T10:00:00", { order_id: "1" }),
        back("just after", "2026-01-20T10:00:00", { order_id: "2" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select return_id, is_repurchased_30d, is_repurchased_60d from returns order by 1")).toEqual([
        { return_id: "at the end", is_repurchased_30d: true, is_repurchased_60d: true },
        { return_id: "just after", is_repurchased_30d: false, is_repurchased_60d: true },
      ]);
    });
  });

  test("each return of a customer is judged from its own moment", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2026-01-02T10:00:00"), order("3", "2026-02-01T10:00:00")],
      returns: [
        back("first", "2026-01-20T10:00:00", { order_id: "1" }),
        back("second", "2026-02-10T10:00:00", { order_id: "2" }),
      ],
    };
    await withMarts({ staging, asOf: "2026-03-01 00:00:00" }, async (query) => {
      const sql = "select return_id, is_matured_30d, is_repurchased_30d from returns order by 1";
      expect(await query(sql)).toEqual([
        { return_id: "first", is_matured_30d: true, is_repurchased_30d: true },
        { return_id: "second", is_matured_30d: false, is_repurchased_30d: false },
      ]);
    });
  });

  test("the returned order itself is no repurchase even when it is dated after the return", async () => {
    const staging = {
      orders: [order("1", "2026-01-21T10:00:00"), order("2", "2026-02-25T10:00:00")],
      returns: [back("r", "2026-01-20T10:00:00", { order_id: "1" })],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select is_repurchased_30d, is_repurchased_60d from returns")).toEqual([
        { is_repurchased_30d: false, is_repurchased_60d: true },
      ]);
    });
  });

  test("of a return known by its day only, orders of that day don't count", async () => {
    const staging = {
      orders: [
        order("1", "2026-01-01T10:00:00"),
        order("2", "2026-01-20T18:00:00"),
        order("3", "2026-01-01T10:00:00", { customer_ref: "bob" }),
        order("4", "2026-01-21T00:00:00", { customer_ref: "bob" }),
      ],
      returns: [
        back("ann", "2026-01-20T00:00:00", { returned_at_precision: "date", order_id: "1" }),
        back("bob", "2026-01-20T00:00:00", { returned_at_precision: "date", order_id: "3" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select return_id, is_repurchased_30d from returns order by 1")).toEqual([
        { return_id: "ann", is_repurchased_30d: false },
        { return_id: "bob", is_repurchased_30d: true },
      ]);
    });
  });

  // A return known by its day only has that day in the reporting zone, whose midnight is not UTC's.
  test.each([
    // 20 January ends at 08:00 UTC of the 21st in Los Angeles, and 19 February at 08:00 of the 20th.
    ["America/Los_Angeles", "2026-01-21T07:59:00", "2026-01-21T08:00:00", "2026-02-20T07:59:00", "2026-02-20T08:00:00"],
    // ... at 16:00 UTC of the 20th in Shanghai, and of the 19th.
    ["Asia/Shanghai", "2026-01-20T15:59:00", "2026-01-20T16:00:00", "2026-02-19T15:59:00", "2026-02-19T16:00:00"],
  ])("of a return known by its day only, days of %s count", async (timeZone, same, next, last, beyond) => {
    const bought: Readonly<Record<string, string>> = { same, next, last, beyond };
    const staging = {
      orders: Object.entries(bought).flatMap(([name, ordered_at]) => [
        order(`first ${name}`, "2026-01-01T12:00:00", { customer_ref: name }),
        order(`again ${name}`, ordered_at, { customer_ref: name }),
      ]),
      returns: Object.keys(bought).map((name) =>
        back(name, "2026-01-20T00:00:00", { returned_at_precision: "date", order_id: `first ${name}` }),
      ),
    };
    await withMarts({ staging, timeZone }, async (query) => {
      const sql =
        "select return_id as id, is_repurchased_30d as d30, is_repurchased_60d as d60 from returns order by 1";
      expect(await query(sql)).toEqual([
        { id: "beyond", d30: false, d60: true },
        { id: "last", d30: true, d60: true },
        { id: "next", d30: true, d60: true },
        { id: "same", d30: false, d60: false },
      ]);
    });
  });

  test("an order known by its day only counts from the day after the return", async () => {
    const byDay = { ordered_at_precision: "date" };
    const staging = {
      orders: [
        order("1", "2026-01-01T10:00:00"),
        order("2", "2026-01-20T00:00:00", byDay),
        order("3", "2026-01-01T10:00:00", { customer_ref: "bob" }),
        order("4", "2026-01-21T00:00:00", { ...byDay, customer_ref: "bob" }),
      ],
      // 03:00 UTC of the 21st is the evening of the 20th in Los Angeles.
      returns: [
        back("ann", "2026-01-20T12:00:00", { order_id: "1" }),
        back("bob", "2026-01-21T03:00:00", { order_id: "3" }),
      ],
    };
    await withMarts({ staging, timeZone: "America/Los_Angeles" }, async (query) => {
      expect(await query("select return_id as id, is_repurchased_30d as d30 from returns order by 1")).toEqual([
        { id: "ann", d30: false },
        { id: "bob", d30: true },
      ]);
    });
  });

  test("without a buyer it is unknown, never false, and never matured", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00", { customer_ref: null })],
      returns: [back("r", "2026-01-20T10:00:00", { order_id: "1" })],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query(flags)).toEqual([
        {
          return_id: "r",
          is_matured_30d: false,
          is_repurchased_30d: null,
          is_repurchased_60d: null,
          is_repurchased_90d: null,
        },
      ]);
    });
  });

  test("several identities of one person are one customer", async () => {
    const staging = {
      customers: [
        { customer_ref: "id-1", person_ref: "ann" },
        { customer_ref: "id-2", person_ref: "ann", country: "FR" },
      ],
      orders: [
        order("1", "2026-01-01T10:00:00", { customer_ref: "id-1" }),
        order("2", "2026-01-25T10:00:00", { customer_ref: "id-2" }),
      ],
      returns: [back("r", "2026-01-20T10:00:00", { order_id: "1" })],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select customer_id, is_repurchased_30d from returns")).toEqual([
        { customer_id: "ann", is_repurchased_30d: true },
      ]);
      expect(await query("select customer_id, country, order_count from customers")).toEqual([
        { customer_id: "ann", country: "FR", order_count: 2 },
      ]);
    });
  });

  test("of two thousand orders the flags equal a join of all pairs", async () => {
    const orders: Row[] = [];
    const returns: Row[] = [];
    for (let index = 0; index < 2000; index += 1) {
      const orderedMs = Date.UTC(2026, 0, 1) + ((index * 7919) % 150) * DAY_MS + (index % 5) * HOUR_MS;
      orders.push(order(String(index), isoSeconds(orderedMs), { customer_ref: `c${(index * 31) % 211}` }));
      if (index % 4 > 0) continue;
      const returnedAt = isoSeconds(orderedMs + (index % 9) * DAY_MS);
      returns.push(back(`r${index}`, returnedAt, { order_id: String(index) }));
    }
    await withMarts({ staging: { orders, returns } }, async (query) => {
      const differing = await query(`
        select returns.return_id
        from returns
        left join (
          select distinct returns.return_id
          from returns
          inner join orders
            on returns.customer_id = orders.customer_id
            and orders.is_paid
            and orders.order_id <> returns.order_id
            and orders.ordered_at > returns.returned_at
            and orders.ordered_at <= returns.returned_at + interval 30 days
        ) as pairs on returns.return_id = pairs.return_id
        where returns.is_repurchased_30d <> (pairs.return_id is not null)`);
      expect(differing).toEqual([]);
      const [counts] = await query(
        "select count(*) filter (where is_repurchased_30d) as hits, count(*) as n from returns",
      );
      expect(counts?.n).toBe(500);
      expect(Number(counts?.hits)).toBeGreaterThan(100);
      expect(Number(counts?.hits)).toBeLessThan(499);
    });
  });

  // Why the models hold no correlated EXISTS: with =, <> and one range DuckDB 1.5 finds nothing at all. When this test fails
  // after an upgrade, DuckDB has been mended and the rule may go.
  test("the natural question, asked by EXISTS, misses a repurchase that ours finds", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2026-02-01T10:00:00")],
      returns: [back("r", "2026-01-20T10:00:00", { order_id: "1" })],
    };
    await withMarts({ staging }, async (query) => {
      const natural = await query(`
        select return_id
        from returns
        where exists (
          select 1
          from orders
          where orders.customer_id = returns.customer_id
            and orders.order_id <> returns.order_id
            and orders.ordered_at > returns.returned_at
        )`);
      expect(natural).toEqual([]);
      expect(await query("select return_id from returns where is_repurchased_90d")).toEqual([{ return_id: "r" }]);
    });
  });
});

test("a return's lot is the one noted on receipt, else its line's", async () => {
  const staging = {
    orders: [order("1", "2026-01-01T10:00:00")],
    order_items: [line("1:1", "1", "A", 2, { lot: "L1", warehouse: "Leipzig" }), line("1:2", "1", "B")],
    returns: [
      back("a", "2026-01-20T10:00:00", { order_id: "1", product_id: "A" }),
      back("b", "2026-01-20T10:00:00", { order_id: "1", product_id: "A", lot: "L2", warehouse: "Hamburg" }),
      back("c", "2026-01-20T10:00:00", { order_id: "1", product_id: "B" }),
    ],
  };
  await withMarts({ staging }, async (query) => {
    expect(await query("select return_id as id, lot, warehouse from returns order by 1")).toEqual([
      { id: "a", lot: "L1", warehouse: "Leipzig" },
      { id: "b", lot: "L2", warehouse: "Hamburg" },
      { id: "c", lot: "unknown", warehouse: "unknown" },
    ]);
  });
});
