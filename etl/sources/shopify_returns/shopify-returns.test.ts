import path from "node:path";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { shopifyReturns } from "./shopify-returns.ts";

const FIXTURES = path.join(import.meta.dirname, "fixtures");

test("orders by nodes, returns by edges, bulk lines and a plain list give their return lines; the newest state wins", async () => {
  await withStagedInbox(shopifyReturns, FIXTURES, async (query) => {
    const sql = `select return_id as id, order_id, product_id as sku, quantity as units, status, returned_at
      from staging.returns order by 1`;
    expect(await query(sql)).toEqual([
      { id: "111", order_id: "#1001", sku: "KETTLE", units: 2, status: "CLOSED", returned_at: "2026-01-18T12:00:00" },
      {
        id: "112",
        order_id: "#1001",
        sku: "Plate - Large",
        units: 1,
        status: "CLOSED",
        returned_at: "2026-01-18T12:00:00",
      },
      { id: "121", order_id: "#1003", sku: "DRESS-M", units: 3, status: "CLOSED", returned_at: "2026-02-20T09:00:00" },
      { id: "131", order_id: "#1004", sku: "CASE", units: 1, status: "REQUESTED", returned_at: "2026-02-02T09:00:00" },
      { id: "141", order_id: "#1005", sku: "LAMP", units: 1, status: "DECLINED", returned_at: "2026-02-03T09:00:00" },
      { id: "161", order_id: "#1006", sku: "LAMP", units: 1, status: "CLOSED", returned_at: "2026-03-09T09:00:00" },
      { id: "171", order_id: "#1007", sku: null, units: 1, status: "CANCELED", returned_at: "2026-03-02T09:00:00" },
      { id: "172", order_id: "#1007", sku: null, units: 1, status: "CANCELED", returned_at: "2026-03-02T09:00:00" },
    ]);
    expect(await query("select path, message from raw.files where status <> 'loaded'")).toEqual([]);
    expect(await query("select * from main.quarantine")).toEqual([]);
    const ofBulk = "select return_id as id, _row_no as row from staging.returns where return_id > '160' order by 1";
    expect(await query(ofBulk)).toEqual([
      { id: "161", row: 3 },
      { id: "171", row: 7 },
      { id: "172", row: 8 },
    ]);
  });
});

test("reasons, old and new, customers' words, resolution and completion reach the mart", async () => {
  await withStagedInbox(shopifyReturns, FIXTURES, async (query) => {
    const sql = `select return_id as id, reason_raw, reason, comment, resolution, is_completed as is_back, market,
      customer_id is not null as has_buyer from returns order by 1`;
    const plain = { comment: null, resolution: "unknown", is_back: false, market: "unknown", has_buyer: false };
    const refunded = { ...plain, resolution: "refund", is_back: true, has_buyer: true };
    expect(await query(sql)).toEqual([
      {
        ...refunded,
        id: "111",
        reason_raw: "DEFECTIVE",
        reason: "quality_defect",
        comment: "Stopped heating. Mail me: [email]",
        market: "DE",
      },
      {
        ...refunded,
        id: "112",
        reason_raw: "OTHER",
        reason: "other",
        comment: "did not match the curtains",
        market: "DE",
      },
      {
        ...plain,
        id: "121",
        reason_raw: "too-tight",
        reason: "size_too_small",
        resolution: "exchange",
        is_back: true,
        has_buyer: true,
      },
      { ...plain, id: "131", reason_raw: "doesnt-fit-phone", reason: "not_as_described" },
      { ...plain, id: "141", reason_raw: "UNWANTED", reason: "changed_mind" },
      { ...refunded, id: "161", reason_raw: "WRONG_ITEM", reason: "wrong_item", market: "FR" },
      { ...plain, id: "171", reason_raw: "COLOR", reason: "style_colour" },
      { ...plain, id: "172", reason_raw: "UNKNOWN", reason: "no_reason" },
    ]);
    expect(await query("select * from unmapped_values")).toEqual([]);
  });
});

test("a line's refund is what the refunds say of its item, else that of a return of one line, in the shop's money", async () => {
  await withStagedInbox(shopifyReturns, FIXTURES, async (query) => {
    const sql = `select return_id as id, refund_amount as amount, currency, refunded_at from staging.returns
      where refund_amount is not null order by 1`;
    expect(await query(sql)).toEqual([
      { id: "111", amount: 59.5, currency: "EUR", refunded_at: "2026-01-17T08:00:00" },
      { id: "112", amount: 11.9, currency: "EUR", refunded_at: "2026-01-17T08:00:00" },
      { id: "161", amount: 20, currency: "EUR", refunded_at: "2026-03-08T09:00:00" },
    ]);
  });
});

const line = (id: number, more: object) => ({
  id: `gid://shopify/ReturnLineItem/${id}`,
  quantity: 1,
  returnReason: "DEFECTIVE",
  fulfillmentLineItem: { lineItem: { id: "gid://shopify/LineItem/5", sku: "KETTLE" } },
  ...more,
});
const closed = (id: number, more: object) => ({
  id: `gid://shopify/Return/${id}`,
  name: `#${id}-R1`,
  status: "CLOSED",
  createdAt: "2026-01-01T09:00:00Z",
  closedAt: "2026-01-05T09:00:00Z",
  ...more,
});
const money = (amount: string) => ({ shopMoney: { amount, currencyCode: "EUR" } });

test("one order line back for two reasons shares its refund; several lines without items' refunds have none", async () => {
  const both = closed(1, {
    returnLineItems: { nodes: [line(11, { quantity: 2 }), line(12, { quantity: 1, returnReason: "COLOR" })] },
    refunds: {
      edges: [
        {
          node: {
            id: "r1",
            refundLineItems: {
              edges: [{ node: { lineItem: { id: "gid://shopify/LineItem/5" }, subtotalSet: money("30.00") } }],
            },
          },
        },
      ],
    },
  });
  const whole = closed(2, {
    returnLineItems: [line(21, {}), line(22, { fulfillmentLineItem: { lineItem: { sku: "LAMP" } } })],
    refunds: [{ id: "r2", totalRefundedSet: money("50.00") }],
  });
  const wrong = closed(3, { returnLineItems: [line(31, {})], refunds: [{ totalRefundedSet: money("9,50") }] });
  const exports = { "a.json": JSON.stringify({ data: { returns: { nodes: [both, whole, wrong] } } }) };
  await withStagedInbox(shopifyReturns, exports, async (query) => {
    expect(await query("select return_id as id, refund_amount as amount from staging.returns order by 1")).toEqual([
      { id: "11", amount: 20 },
      { id: "12", amount: 10 },
      { id: "21", amount: null },
      { id: "22", amount: null },
      { id: "31", amount: null },
    ]);
    expect(await query("select column_name, reason, raw from main.quarantine")).toEqual([
      { column_name: "refund_amount", reason: "bad_number", raw: "9,50" },
    ]);
  });
});

test("of an open return the processed units are back, and no others", async () => {
  const open = (id: number, more: object) => ({ ...closed(id, {}), status: "OPEN", closedAt: null, ...more });
  const exports = {
    "a.json": JSON.stringify({
      returns: [
        open(1, { returnLineItems: [line(11, { quantity: 3, processedQuantity: 2 })] }),
        open(2, { returnLineItems: [line(21, { quantity: 3, processedQuantity: 0 })] }),
        open(3, { returnLineItems: [line(31, { quantity: 3 })] }),
      ],
    }),
  };
  await withStagedInbox(shopifyReturns, exports, async (query) => {
    expect(
      await query("select return_id as id, quantity as units, is_completed as is_back from returns order by 1"),
    ).toEqual([
      { id: "11", units: 2, is_back: true },
      { id: "21", units: 3, is_back: false },
      { id: "31", units: 3, is_back: false },
    ]);
  });
});

test("what tells too little is told: a return without lines or times, an answer that is an error, another table", async () => {
  const exports = {
    "error.json": JSON.stringify({ errors: [{ message: "Throttled" }], data: null }),
    "lines.json": JSON.stringify({ data: { return: closed(1, {}) } }),
    "times.json": JSON.stringify({
      data: {
        return: { ...closed(2, {}), createdAt: undefined, closedAt: undefined, returnLineItems: [line(21, {})] },
      },
    }),
    "orphan.jsonl": JSON.stringify({ ...line(41, {}), __parentId: "gid://shopify/Return/4" }),
    "empty.json": JSON.stringify({ data: { returns: { nodes: [] } } }),
    "returns.csv": "Name,Reason\n#1001,DEFECTIVE\n",
    "good.json": JSON.stringify({ data: { return: closed(3, { returnLineItems: [line(31, {})] }) } }),
  };
  await withStagedInbox(shopifyReturns, exports, async (query) => {
    expect(await query("select return_id from staging.returns")).toEqual([{ return_id: "31" }]);
    const told =
      "select replace(path, 'shopify_returns/', '') as file, column_name, reason from main.quarantine order by 1";
    expect(await query(told)).toEqual([
      { file: "lines.json", column_name: "return_id", reason: "missing_required" },
      { file: "orphan.jsonl", column_name: "returned_at", reason: "missing_required" },
      { file: "times.json", column_name: "returned_at", reason: "missing_required" },
    ]);
    const files = "select replace(path, 'shopify_returns/', '') as file, status from raw.files order by 1";
    expect(await query(files)).toEqual([
      { file: "empty.json", status: "loaded" },
      { file: "error.json", status: "refused" },
      { file: "good.json", status: "loaded" },
      { file: "lines.json", status: "loaded" },
      { file: "orphan.jsonl", status: "loaded" },
      { file: "returns.csv", status: "refused" },
      { file: "times.json", status: "loaded" },
    ]);
  });
});

test("fees are the customer's beside items' refunds only, and a silence about refunds counts where refunds were asked for", async () => {
  const fee = (amount: string) => ({ amountSet: { shopMoney: { amount } } });
  const refund = (id: string) => ({
    id,
    createdAt: "2026-01-04T09:00:00Z",
    totalRefundedSet: money("26.00"),
    refundLineItems: [{ lineItem: { id: "gid://shopify/LineItem/5" }, subtotalSet: money("30.00") }],
  });
  const returns = [
    closed(1, {
      requestApprovedAt: "2026-01-02T09:00:00Z",
      returnShippingFees: [fee("2.00"), fee("1.00")],
      returnLineItems: [
        line(11, { restockingFee: fee("1.25") }),
        line(12, { fulfillmentLineItem: { lineItem: { sku: "LAMP" } } }),
      ],
      refunds: [refund("r1")],
    }),
    closed(2, {
      returnShippingFees: [fee("2.00")],
      returnLineItems: [line(21, {})],
      refunds: { nodes: [{ ...refund("r2"), refundLineItems: [] }] },
    }),
    closed(3, { returnLineItems: [line(31, {})], refunds: [] }),
    closed(4, { returnLineItems: [line(41, {})] }),
  ];
  await withStagedInbox(shopifyReturns, { "a.json": JSON.stringify({ returns }) }, async (query) => {
    const sql = `select return_id as id, refund_amount as refund, customer_contribution as fee, case_line_count as lines,
      has_refund_dates as told, approved_at as approved from staging.returns order by 1`;
    expect(await query(sql)).toEqual([
      { id: "11", refund: 30, fee: 2.75, lines: 2, told: true, approved: "2026-01-02T09:00:00" },
      { id: "12", refund: null, fee: null, lines: 2, told: true, approved: "2026-01-02T09:00:00" },
      { id: "21", refund: 26, fee: null, lines: 1, told: true, approved: null },
      { id: "31", refund: null, fee: null, lines: 1, told: true, approved: null },
      { id: "41", refund: null, fee: null, lines: 1, told: false, approved: null },
    ]);
  });
});
