// What a return's goods were worth, what its resolution cost, and whether its refund came in time; numbers by hand.
import { describe, expect, test } from "vitest";
import { withMarts, type Row } from "../testing/model-world.ts";
import { back, line, order } from "./test-rows.ts";

const CARD = { return_label: 6, handling: 3, outbound: 8, goods_cost_rate: 0.4, recovery_rate: 0.5 };
const settings = { costs: { default: CARD } };
/** One unit of 50. */
const sale = { orders: [order("1", "2026-01-01T10:00:00")], order_items: [line("1:1", "1", "A")] };
const claim = (id: string, more: Row) => back(id, "2026-01-20T10:00:00", { order_id: "1", product_id: "A", ...more });

describe("the cost of a resolution", () => {
  const costs = `select return_id as id, returned_value_reporting::double as value, label_cost_reporting::double as label,
    handling_cost_reporting::double as handling, outbound_cost_reporting::double as outbound, goods_cost_reporting::double as goods,
    recovered_value_reporting::double as recovered, resolution_cost_reporting::double as cost, unknown_cost_parts as unknown
    from returns order by 1`;
  const none = { value: 50, label: 0, handling: 0, outbound: 0, goods: 0, recovered: 0, unknown: null };
  const came = { ...none, label: 6, handling: 3, recovered: 25 };

  test.each([
    ["refund", { refund_amount: 50 }, { ...came, cost: 50 + 6 + 3 - 25 }],
    ["exchange", {}, { ...came, outbound: 8, goods: 20, cost: 6 + 3 + 8 + 20 - 25 }],
    ["store_credit", {}, { ...came, goods: 20, cost: 6 + 3 + 20 - 25 }],
    ["repair", {}, { ...came, outbound: 8, recovered: 0, cost: 6 + 3 + 8 }],
    ["keep_item", { refund_amount: 50 }, { ...none, cost: 50 }],
    ["partial_refund", { refund_amount: 15 }, { ...none, cost: 15 }],
    // Received all the same: it is inspected and put back.
    ["partial_refund", { refund_amount: 15, disposition: "opened" }, { ...came, cost: 15 + 6 + 3 - 25 }],
    ["reship", {}, { ...none, outbound: 8, goods: 20, cost: 28 }],
    ["rejected", {}, { ...none, cost: 0 }],
    ["refund", {}, { ...came, cost: null, unknown: "refund" }],
    ["mystery", { refund_amount: 50 }, { ...came, cost: null, unknown: "resolution" }],
  ])("of %s %o", async (resolution, more, expected) => {
    const staging = { ...sale, returns: [claim("r", { resolution, ...more })] };
    await withMarts({ staging, settings }, async (query) => {
      expect(await query(costs)).toEqual([{ id: "r", ...expected }]);
    });
  });

  test("a resent item of 100 for which the customer pays 70 costs what is left of shipping and goods", async () => {
    const staging = {
      orders: sale.orders,
      order_items: [line("1:1", "1", "A", 1, { unit_price: 100 })],
      returns: [claim("r", { resolution: "reship", customer_contribution: 70, carrier_claim: 5, duty_loss: 2 })],
    };
    await withMarts({ staging, settings }, async (query) => {
      expect(await query("select resolution_cost_reporting::double as cost from returns")).toEqual([
        { cost: 8 + 40 + 2 - 70 - 5 },
      ]);
    });
  });

  test("what an export tells wins over the rate card; lines of one case share its label", async () => {
    const returns = [
      claim("card", { resolution: "exchange", case_line_count: 2 }),
      claim("told", {
        resolution: "exchange",
        label_cost: 2.5,
        handling_cost: 1,
        outbound_cost: 4,
        recovered_amount: 9,
      }),
      claim("customer", { resolution: "exchange", label_cost: 2.5, label_paid_by: "Customer" }),
      claim("stranger", { resolution: "exchange", label_cost: 2.5, label_paid_by: "uncle" }),
      claim("value", { resolution: "exchange", returned_value: 30 }),
    ];
    const staging = { orders: sale.orders, order_items: [line("1:1", "1", "A", 9, { unit_price: 50 })], returns };
    await withMarts({ staging, settings }, async (query) => {
      expect(await query(costs)).toEqual([
        { id: "card", ...came, label: 3, outbound: 4, goods: 20, cost: 3 + 3 + 4 + 20 - 25 },
        { id: "customer", ...came, label: 0, outbound: 8, goods: 20, cost: 3 + 8 + 20 - 25 },
        { id: "stranger", ...came, label: null, outbound: 8, goods: 20, cost: null, unknown: "return_label" },
        {
          id: "told",
          value: 50,
          label: 2.5,
          handling: 1,
          outbound: 4,
          goods: 20,
          recovered: 9,
          cost: 18.5,
          unknown: null,
        },
        { id: "value", ...came, value: 30, outbound: 8, goods: 12, recovered: 15, cost: 6 + 3 + 8 + 12 - 15 },
      ]);
    });
  });

  test("without a rate a part is unknown and named, never 0; a market's own rate wins", async () => {
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2026-01-01T10:00:00", { market: "US" })],
      order_items: [line("1:1", "1", "A"), line("2:1", "2", "A")],
      returns: [
        claim("de", { resolution: "refund", refund_amount: 50 }),
        claim("us", { resolution: "refund", refund_amount: 50, order_id: "2" }),
        claim("kept", { resolution: "keep_item", refund_amount: 50, order_id: "2" }),
      ],
    };
    const some = { costs: { default: { handling: 3 }, DE: { return_label: 4, recovery_rate: 0.2 } } };
    await withMarts({ staging, settings: some }, async (query) => {
      const sql = `select return_id as id, resolution_cost_reporting::double as cost, unknown_cost_parts as unknown,
        break_even_value_reporting::double as v from returns order by 1`;
      expect(await query(sql)).toEqual([
        { id: "de", cost: 50 + 4 + 3 - 10, unknown: null, v: 35 },
        { id: "kept", cost: 50, unknown: null, v: null },
        { id: "us", cost: null, unknown: "return_label, recovery", v: null },
      ]);
    });
  });

  test("goods worth less than (label + handling) / recovery rate cost more to take back than they bring", async () => {
    const worth = (id: string, returned_value: number) =>
      claim(id, { resolution: "refund", refund_amount: 1, returned_value });
    const staging = { ...sale, returns: [worth("a", 17), worth("b", 18), worth("c", 20)] };
    await withMarts({ staging, settings }, async (query) => {
      const sql = `select return_id as id, break_even_value_reporting::double as v, keep_item_saving_reporting::double as saving
        from returns order by 1`;
      expect(await query(sql)).toEqual([
        { id: "a", v: 18, saving: 0.5 },
        { id: "b", v: 18, saving: 0 },
        { id: "c", v: 18, saving: 0 },
      ]);
    });
  });

  test("an order's after-sales cost is that of all its returns, unknown with one of them, 0 without", async () => {
    const staging = {
      orders: ["1", "2", "3"].map((id) => order(id, "2026-01-01T10:00:00")),
      order_items: ["1", "2", "3"].map((id) => line(`${id}:1`, id, "A", 3)),
      returns: [
        claim("a", { resolution: "keep_item", refund_amount: 5 }),
        claim("b", { resolution: "keep_item", refund_amount: 7 }),
        claim("c", { resolution: "keep_item", refund_amount: 7, status: "declined" }),
        claim("d", { resolution: "keep_item", refund_amount: 7, order_id: "2" }),
        claim("e", { order_id: "2" }),
      ],
    };
    await withMarts({ staging, settings }, async (query) => {
      expect(
        await query("select order_id as id, after_sales_cost_reporting::double as cost from orders order by 1"),
      ).toEqual([
        { id: "1", cost: 12 },
        { id: "2", cost: null },
        { id: "3", cost: 0 },
      ]);
    });
    await withMarts({ staging: { orders: staging.orders }, settings }, async (query) => {
      expect(await query("select count(after_sales_cost_reporting) as known from orders")).toEqual([{ known: 0 }]);
    });
  });
});

describe("retained and refunded value", () => {
  test("make up the returned value, whatever lines the units came from; what settles nothing is in neither", async () => {
    const staging = {
      orders: sale.orders,
      order_items: [line("1:1", "1", "A", 2, { unit_price: 10 }), line("1:2", "1", "A", 2, { unit_price: 20 })],
      returns: [
        claim("1 over two lines", { resolution: "exchange", quantity: 3 }),
        claim("2 cheaper", { resolution: "Umtausch", returned_value: 30, refund_amount: 12 }),
        claim("3 credit", { resolution: "Gift card", returned_value: 25 }),
        claim("4 refund", { resolution: "refund", refund_amount: 40 }),
        claim("5 kept", { resolution: "退款不退货", refund_amount: 8 }),
        claim("6 resent", { resolution: "reship", returned_value: 10 }),
        claim("7 unknown", { refund_amount: 10 }),
        claim("8 no money told", { resolution: "refund" }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const sql = `select return_id as id, resolution, retained_value_reporting::double as retained,
        refunded_value_reporting::double as refunded from returns order by 1`;
      expect(await query(sql)).toEqual([
        { id: "1 over two lines", resolution: "exchange", retained: 40, refunded: 0 },
        { id: "2 cheaper", resolution: "exchange", retained: 18, refunded: 12 },
        { id: "3 credit", resolution: "store_credit", retained: 25, refunded: 0 },
        { id: "4 refund", resolution: "refund", retained: 0, refunded: 40 },
        { id: "5 kept", resolution: "keep_item", retained: 0, refunded: 8 },
        { id: "6 resent", resolution: "reship", retained: null, refunded: null },
        { id: "7 unknown", resolution: "unknown", retained: null, refunded: null },
        { id: "8 no money told", resolution: "refund", retained: null, refunded: null },
      ]);
    });
  });

  test("a word no map knows is unmapped and told with its rows", async () => {
    const staging = { ...sale, returns: ["a", "b"].map((id) => claim(id, { resolution: "Kulanz Plus" })) };
    await withMarts({ staging }, async (query) => {
      expect(await query("select distinct resolution, resolution_raw from returns")).toEqual([
        { resolution: "unmapped", resolution_raw: "Kulanz Plus" },
      ]);
      expect(await query("select kind, raw_value, row_count from unmapped_values")).toEqual([
        { kind: "resolution", raw_value: "Kulanz Plus", row_count: 2 },
      ]);
    });
  });
});

describe("a refund within 7 business days", () => {
  // 6 May 2026 is a Wednesday: the seventh business day after it is Friday 15, the eighth Monday 18.
  const owed = (id: string, more: Row) =>
    claim(id, { resolution: "refund", received_at: "2026-05-06T09:00:00", has_refund_dates: true, ...more });
  const flags = `select return_id as id, refund_due_date as due, is_refund_due as judged, is_refunded_in_time as hit,
    is_refund_overdue as overdue from returns order by 1`;
  const open = { due: "2026-05-17", judged: false, hit: false, overdue: false };

  test("hits until the day before the eighth; open and overdue is a miss; nobody is judged early or on a silence", async () => {
    const staging = {
      ...sale,
      returns: [
        owed("1 the Sunday before", { refunded_at: "2026-05-17T23:59:59" }),
        owed("2 the Monday", { refunded_at: "2026-05-18T00:00:00" }),
        owed("3 before it came", { refunded_at: "2026-05-01T00:00:00" }),
        owed("4 open", {}),
        owed("5 no dates told", { has_refund_dates: null }),
        owed("6 exchange", { resolution: "exchange" }),
        owed("7 declined", { status: "declined" }),
        owed("8 never came", { received_at: null }),
      ],
    };
    const answer = async (asOf: string) => {
      let rows: Record<string, unknown>[] = [];
      await withMarts({ staging, asOf }, async (query) => void (rows = await query(flags)));
      return rows;
    };
    const paid = [
      { id: "1 the Sunday before", ...open, judged: true, hit: true },
      { id: "2 the Monday", ...open, judged: true },
      { id: "3 before it came", ...open, judged: true, hit: true },
    ];
    const rest = [
      { id: "5 no dates told", ...open },
      { id: "6 exchange", ...open },
      { id: "7 declined", ...open },
      { id: "8 never came", ...open, due: null },
    ];
    expect(await answer("2026-05-17 23:59:59")).toEqual([...paid, { id: "4 open", ...open }, ...rest]);
    const missed = { id: "4 open", ...open, judged: true, overdue: true };
    expect(await answer("2026-05-18 00:00:00")).toEqual([...paid, missed, ...rest]);
  });

  test("by the market's calendar, the clock and the days that the seller sets, across a night of DST", async () => {
    const clocked = { received_at: "2026-03-26T23:30:00", approved_at: "2026-03-20T10:00:00" };
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00"), order("2", "2026-01-01T10:00:00", { market: "SA" })],
      returns: [owed("de", clocked), owed("sa", { ...clocked, order_id: "2" })],
    };
    const own = {
      calendars: {
        germany: { hours: { "mon-fri": "09:00-18:00" }, holidays: ["2026-04-03", "2026-04-06"] },
        riyadh: { hours: { "sun-thu": "09:00-17:00" } },
      },
      calendar_of: { markets: { DE: "germany", SA: "riyadh" } },
    };
    const due = "select return_id as id, refund_clock_date as start, refund_due_date as due from returns order by 1";
    // 23:30 UTC is Friday 27 in Berlin. Germany: 30 31 1 2 | 7 8 9 are seven, 10 is too late.
    // Riyadh: Friday is off; Sunday 29 30 31 1 2 | 5 6 are seven, 7 is too late.
    await withMarts({ staging, settings: own, timeZone: "Europe/Berlin" }, async (query) => {
      expect(await query(due)).toEqual([
        { id: "de", start: "2026-03-27", due: "2026-04-09" },
        { id: "sa", start: "2026-03-27", due: "2026-04-06" },
      ]);
    });
    // Friday 20: Monday 23 and 24 are two, 25 is too late.
    const approved = { ...own, refund_promise: { clock: "approved", business_days: 2 } };
    await withMarts({ staging, settings: approved, timeZone: "Europe/Berlin" }, async (query) => {
      expect(await query(`${due} limit 1`)).toEqual([{ id: "de", start: "2026-03-20", due: "2026-03-24" }]);
    });
  });
});
