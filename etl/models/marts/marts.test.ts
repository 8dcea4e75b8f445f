// Business rules of the marts, each with the rows given and the rows expected.
import { describe, expect, test } from "vitest";
import { withMarts, type Row } from "../model-world.ts";

const order = (order_id: string, ordered_at: string, more: Row = {}): Row => ({
  order_id,
  ordered_at,
  customer_ref: "ann",
  market: "DE",
  currency: "USD",
  total_amount: 50,
  ...more,
});
const line = (order_item_id: string, order_id: string, product_id: string, quantity = 1, more: Row = {}): Row => ({
  order_item_id,
  order_id,
  product_id,
  quantity,
  unit_price: 50,
  ...more,
});
const back = (return_id: string, returned_at: string, more: Row = {}): Row => ({ return_id, returned_at, ...more });
const parcel = (shipment_id: string, order_id: string | null, more: Row = {}): Row => ({
  shipment_id,
  order_id,
  carrier: "DHL",
  origin_country: "CN",
  destination_country: "DE",
  ...more,
});
const scan = (carrier_event_id: string, shipment_id: string, occurred_at: string, state_raw: string): Row => ({
  carrier_event_id,
  shipment_id,
  occurred_at,
  state_raw,
});
const delivered = (delivered_at: string): Row => ({ delivered_at, delivered_date: delivered_at.slice(0, 10) });

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const isoSeconds = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 19);

describe("returned units", () => {
  test("two returns of one line never count more units than the line holds, the earlier one first", async () => {
    const staging = {
      orders: [order("1001", "2026-01-01T10:00:00")],
      order_items: [line("a", "1001", "SKU-1", 2)],
      shipments: [parcel("s", "1001", delivered("2026-01-05T10:00:00"))],
      returns: [
        back("r1", "2026-01-20T10:00:00", { order_id: "1001", order_item_id: "a", product_id: "SKU-1", quantity: 1 }),
        back("r2", "2026-03-20T10:00:00", { order_id: "1001", order_item_id: "a", product_id: "SKU-1", quantity: 5 }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(
        await query("select quantity, returned_units, returned_units_30d, matured_units_30d from order_items"),
      ).toEqual([{ quantity: 2, returned_units: 2, returned_units_30d: 1, matured_units_30d: 2 }]);
    });
  });

  test("a return without a line is spread over the order's lines of that product, first line first", async () => {
    const staging = {
      orders: [order("#1001", "2026-01-01T10:00:00")],
      order_items: [
        line("1001:1", "#1001", "SKU-1", 2),
        line("1001:2", "#1001", "SKU-2", 1),
        line("1001:3", "#1001", "SKU-1", 3),
      ],
      shipments: [parcel("s", "1001", delivered("2026-01-05T10:00:00"))],
      returns: [
        back("named", "2026-01-25T10:00:00", { order_id: "1001", order_item_id: "1001:1", quantity: 1 }),
        back("spread", "2026-01-20T10:00:00", { order_id: "1001", product_id: "SKU-1", quantity: 3 }),
        back("other order", "2026-01-20T10:00:00", { order_id: "9999", product_id: "SKU-1", quantity: 1 }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select order_item_id, returned_units_30d, has_return from order_items order by 1")).toEqual([
        { order_item_id: "1001:1", returned_units_30d: 2, has_return: true },
        { order_item_id: "1001:2", returned_units_30d: 0, has_return: false },
        { order_item_id: "1001:3", returned_units_30d: 2, has_return: false },
      ]);
      expect(await query("select return_id, order_id, order_item_id, product_id from returns order by 1")).toEqual([
        { return_id: "named", order_id: "1001", order_item_id: "1001:1", product_id: "SKU-1" },
        { return_id: "other order", order_id: "9999", order_item_id: null, product_id: "SKU-1" },
        { return_id: "spread", order_id: "1001", order_item_id: "1001:1", product_id: "SKU-1" },
      ]);
    });
  });

  test("day 30 after delivery is inside the window, day 31 is not; maturity needs the 30 days to be over", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2026-05-25T10:00:00"), order("3", "2026-05-20T10:00:00")],
      order_items: [
        line("1:1", "1", "SKU-1", 1),
        line("1:2", "1", "SKU-2", 1),
        line("2:1", "2", "SKU-1", 1),
        line("3:1", "3", "SKU-1", 1),
      ],
      shipments: [
        parcel("s1", "1", delivered("2026-01-05T10:00:00")),
        parcel("s2", "2", delivered("2026-06-01T10:00:00")),
        parcel("s3", "3", delivered("2026-05-31T10:00:00")),
      ],
      returns: [
        back("r30", "2026-02-04T23:00:00", { order_id: "1", product_id: "SKU-1" }),
        back("r31", "2026-02-05T01:00:00", { order_id: "1", product_id: "SKU-2" }),
      ],
    };
    await withMarts({ staging, asOf: "2026-06-30 12:00:00" }, async (query) => {
      const sql =
        "select order_item_id, returned_units, returned_units_30d, is_matured_30d from order_items order by 1";
      expect(await query(sql)).toEqual([
        { order_item_id: "1:1", returned_units: 1, returned_units_30d: 1, is_matured_30d: true },
        { order_item_id: "1:2", returned_units: 1, returned_units_30d: 0, is_matured_30d: true },
        { order_item_id: "2:1", returned_units: 0, returned_units_30d: 0, is_matured_30d: false },
        { order_item_id: "3:1", returned_units: 0, returned_units_30d: 0, is_matured_30d: true },
      ]);
    });
  });

  test("a return that was declined or only asked for takes no units", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00")],
      order_items: [line("1:1", "1", "SKU-1", 2)],
      returns: [
        back("no", "2026-01-20T10:00:00", { order_id: "1", product_id: "SKU-1", status: "DECLINED" }),
        back("asked", "2026-01-21T10:00:00", { order_id: "1", product_id: "SKU-1", status: "requested" }),
        back("amazon", "2026-01-22T10:00:00", { order_id: "1", product_id: "SKU-1", status: "Pending repackaging" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select returned_units from order_items")).toEqual([{ returned_units: 1 }]);
      expect(await query("select return_id, is_completed, order_item_id from returns order by 1")).toEqual([
        { return_id: "amazon", is_completed: true, order_item_id: "1:1" },
        { return_id: "asked", is_completed: false, order_item_id: "1:1" },
        { return_id: "no", is_completed: false, order_item_id: "1:1" },
      ]);
    });
  });

  test("cancelled lines are not delivered, and their age assumes nothing", async () => {
    const staging = {
      orders: [
        order("1", "2026-01-01T10:00:00", { cancelled_at: "2026-01-02T10:00:00" }),
        order("2", "2026-01-01T10:00:00"),
        order("3", "2026-06-29T10:00:00"),
      ],
      order_items: [line("1:1", "1", "SKU-1", 4), line("2:1", "2", "SKU-1", 3), line("3:1", "3", "SKU-1", 2)],
    };
    await withMarts({ staging }, async (query) => {
      const sql = `select order_item_id, delivery_basis, delivered_date, is_delivered, delivered_units, matured_units_30d
        from order_items order by 1`;
      const none = { delivery_basis: "none", delivered_date: null, is_delivered: false, delivered_units: 0 };
      expect(await query(sql)).toEqual([
        { order_item_id: "1:1", ...none, matured_units_30d: 0 },
        {
          order_item_id: "2:1",
          delivery_basis: "assumed",
          delivered_date: "2026-01-08",
          is_delivered: true,
          delivered_units: 3,
          matured_units_30d: 3,
        },
        { order_item_id: "3:1", ...none, matured_units_30d: 0 },
      ]);
      expect(await query("select count(*) as known from orders where delivered_at is not null")).toEqual([
        { known: 0 },
      ]);
    });
  });
});

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

describe("tickets", () => {
  const ticket = (ticket_id: string, created_at: string, more: Row = {}): Row => ({
    ticket_id,
    created_at,
    status: "open",
    customer_ref: "ann",
    ...more,
  });

  test("a ticket on an order of several products has no product, on an order of one it has that", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2026-01-01T10:00:00", { market: "FR" })],
      order_items: [line("1:1", "1", "A"), line("1:2", "1", "B"), line("2:1", "2", "A"), line("2:2", "2", "A")],
      tickets: [
        ticket("many", "2026-01-10T10:00:00", { order_id: "#1", reason_raw: "产品质量" }),
        ticket("one", "2026-01-10T10:00:00", { order_id: "2", reason_raw: " Defective " }),
        ticket("own", "2026-01-10T10:00:00", { order_id: "1", product_id: "B", reason_raw: "flux capacitor" }),
        ticket("none", "2026-01-10T10:00:00"),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const sql =
        "select ticket_id, order_id, product_id, market, reason, is_quality_complaint from tickets order by 1";
      expect(await query(sql)).toEqual([
        {
          ticket_id: "many",
          order_id: "1",
          product_id: "unknown",
          market: "DE",
          reason: "quality_defect",
          is_quality_complaint: true,
        },
        {
          ticket_id: "none",
          order_id: null,
          product_id: "unknown",
          market: "unknown",
          reason: "no_reason",
          is_quality_complaint: false,
        },
        {
          ticket_id: "one",
          order_id: "2",
          product_id: "A",
          market: "FR",
          reason: "quality_defect",
          is_quality_complaint: true,
        },
        {
          ticket_id: "own",
          order_id: "1",
          product_id: "B",
          market: "DE",
          reason: "unmapped",
          is_quality_complaint: false,
        },
      ]);
      expect(await query("select order_item_id, has_product_complaint from order_items order by 1")).toEqual([
        { order_item_id: "1:1", has_product_complaint: false },
        { order_item_id: "1:2", has_product_complaint: false },
        { order_item_id: "2:1", has_product_complaint: true },
        { order_item_id: "2:2", has_product_complaint: true },
      ]);
      expect(await query("select * from unmapped_values")).toEqual([
        { kind: "reason", source_system: "shop", raw_value: "flux capacitor", row_count: 1 },
      ]);
      expect(await query("select product_id, product_name from products order by 1")).toEqual([
        { product_id: "A", product_name: "A" },
        { product_id: "B", product_name: "B" },
        { product_id: "unknown", product_name: "unknown" },
      ]);
    });
  });

  test("the 24 h clock: answered counts, unanswered counts once 24 h are over, younger is pending", async () => {
    const staging = {
      tickets: [
        ticket("a fast", "2026-01-10T10:00:00", { first_replied_at: "2026-01-11T10:00:00" }),
        ticket("b slow", "2026-01-10T10:00:00", { first_replied_at: "2026-01-11T10:00:01" }),
        ticket("c silent", "2026-01-10T12:00:00"),
        ticket("d pending", "2026-01-10T12:00:01"),
        ticket("e ours", "2026-01-01T10:00:00", { is_agent_initiated: true, first_replied_at: "2026-01-01T11:00:00" }),
        ticket("f before", "2026-01-05T10:00:00", { first_replied_at: "2026-01-05T09:00:00" }),
        ticket("g reported", "2026-01-05T10:00:00", { first_reply_minutes_reported: 90, status: "closed" }),
        ticket("h deleted", "2026-01-05T10:00:00", { status: "deleted" }),
        ticket("i merged", "2026-01-05T10:00:00", { status: "merged" }),
        ticket("j closed", "2026-01-05T10:00:00", { status: "closed" }),
      ],
    };
    await withMarts({ staging, asOf: "2026-01-11 12:00:00" }, async (query) => {
      const sql = `select ticket_id, round(first_reply_minutes, 3) as minutes, is_answered, is_reply_due as due,
        is_replied_within_24h as hit, is_awaiting_first_reply as awaiting from tickets order by 1`;
      expect(await query(sql)).toEqual([
        { ticket_id: "a fast", minutes: 1440, is_answered: true, due: true, hit: true, awaiting: false },
        { ticket_id: "b slow", minutes: 1440.017, is_answered: true, due: true, hit: false, awaiting: false },
        { ticket_id: "c silent", minutes: null, is_answered: false, due: true, hit: false, awaiting: true },
        { ticket_id: "d pending", minutes: null, is_answered: false, due: false, hit: false, awaiting: true },
        { ticket_id: "e ours", minutes: null, is_answered: true, due: false, hit: false, awaiting: false },
        { ticket_id: "f before", minutes: null, is_answered: true, due: false, hit: false, awaiting: false },
        { ticket_id: "g reported", minutes: 90, is_answered: true, due: true, hit: true, awaiting: false },
        { ticket_id: "j closed", minutes: null, is_answered: false, due: true, hit: false, awaiting: false },
      ]);
    });
  });

  test("two desks may use one ticket number, and each survey finds its own", async () => {
    const staging = {
      tickets: [
        ticket("7", "2026-01-10T10:00:00", { source_system: "desk_a", product_id: "A", channel: "native_messaging" }),
        ticket("7", "2026-01-10T10:00:00", { source_system: "desk_b", product_id: "B", channel: "fax" }),
      ],
      survey_responses: [
        {
          source_system: "desk_b",
          survey_response_id: "1",
          ticket_id: "7",
          scale: "1-5",
          score: "4",
          sent_at: "2026-01-11T10:00:00",
        },
        {
          source_system: "desk_a",
          survey_response_id: "2",
          ticket_id: "7",
          scale: "good_bad",
          score: "bad",
          sent_at: "2026-01-11T10:00:00",
        },
        { source_system: "desk_a", survey_response_id: "3", scale: "good_bad", sent_at: "2026-01-12T10:00:00" },
        { source_system: "desk_a", survey_response_id: "4", scale: "1-5", score: "9", sent_at: "2026-01-12T10:00:00" },
      ],
    };
    await withMarts({ staging }, async (query) => {
      expect(await query("select ticket_id, product_id, channel from tickets order by 1")).toEqual([
        { ticket_id: "7", product_id: "A", channel: "chat" },
        { ticket_id: "desk_b/7", product_id: "B", channel: "fax" },
      ]);
      const sql = `select survey_response_id as id, ticket_id, product_id, score, is_rated, is_satisfied, responded_at
        from survey_responses order by 1`;
      const unrated = {
        ticket_id: null,
        product_id: "unknown",
        score: null,
        is_rated: false,
        is_satisfied: null,
        responded_at: null,
      };
      expect(await query(sql)).toEqual([
        {
          id: "1",
          ticket_id: "desk_b/7",
          product_id: "B",
          score: 4,
          is_rated: true,
          is_satisfied: true,
          responded_at: "2026-01-11T10:00:00",
        },
        {
          id: "2",
          ticket_id: "7",
          product_id: "A",
          score: 1,
          is_rated: true,
          is_satisfied: false,
          responded_at: "2026-01-11T10:00:00",
        },
        { id: "3", ...unrated },
        { id: "4", ...unrated },
      ]);
      expect(await query("select kind, raw_value from unmapped_values")).toEqual([
        { kind: "contact_channel", raw_value: "fax" },
      ]);
    });
  });
});

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

describe("money and freshness", () => {
  test("amounts are in the reporting currency; without a rate there is no amount, and such an order still is paid", async () => {
    const staging = {
      orders: [
        order("1", "2026-01-01T10:00:00", { currency: "EUR" }),
        order("2", "2026-01-01T10:00:00", { currency: "JPY" }),
        order("3", "2026-01-01T10:00:00", { currency: null, total_amount: null }),
      ],
      order_items: [line("1:1", "1", "A", 2, { discount_amount: 10 }), line("3:1", "3", "A", 2)],
    };
    await withMarts({ staging, rates: { EUR: 1.1 } }, async (query) => {
      expect(await query("select order_id, total_amount_reporting as amount, is_paid from orders order by 1")).toEqual([
        { order_id: "1", amount: 55, is_paid: true },
        { order_id: "2", amount: null, is_paid: true },
        { order_id: "3", amount: 100, is_paid: true },
      ]);
      expect(await query("select order_id, line_amount_reporting as amount from order_items order by 1")).toEqual([
        { order_id: "1", amount: 99 },
        { order_id: "3", amount: 100 },
      ]);
    });
  });

  test("a system is complete to its latest event, but not beyond the run's now", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2027-01-01T10:00:00")],
      order_items: [line("1:1", "1", "A")],
      returns: [back("r", "2026-01-05T10:00:00", { source_system: "amazon_fba_returns" })],
    };
    await withMarts({ staging }, async (query) => {
      const sql =
        "select source_system, entity, row_count, latest_event_at, data_complete_to from source_freshness order by 1, 2";
      expect(await query(sql)).toEqual([
        {
          source_system: "amazon_fba_returns",
          entity: "returns",
          row_count: 1,
          latest_event_at: "2026-01-05T10:00:00",
          data_complete_to: "2026-01-05T10:00:00",
        },
        {
          source_system: "shop",
          entity: "order_items",
          row_count: 1,
          latest_event_at: null,
          data_complete_to: "2026-06-30T00:00:00",
        },
        {
          source_system: "shop",
          entity: "orders",
          row_count: 2,
          latest_event_at: "2027-01-01T10:00:00",
          data_complete_to: "2026-06-30T00:00:00",
        },
      ]);
    });
  });
});
