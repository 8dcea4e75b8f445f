import path from "node:path";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { loop } from "./loop.ts";

const FIXTURES = path.join(import.meta.dirname, "fixtures");
const item = (id: string, more: object) => ({
  line_item_id: id,
  sku: "KETTLE",
  title: "Kettle",
  refund: "50.00",
  ...more,
});
const closed = (id: string, more: object) => ({
  id,
  state: "closed",
  outcome: "refund",
  order_name: "#1001",
  customer: "ada@example.com",
  currency: "EUR",
  label_status: "delivered",
  label_updated_at: "2026-01-16T18:00:00.000Z",
  created_at: "2026-01-10T09:00:00.000Z",
  updated_at: "2026-01-20T08:00:00.000Z",
  line_items: [item("1", { return_reason: "Too small" })],
  ...more,
});

test("lists with and without an envelope and webhooks give one return a unit, counted when goods came, else when closed", async () => {
  await withStagedInbox(loop, FIXTURES, async (query) => {
    const sql = `select return_id as id, order_id as name, product_id as sku, returned_at, is_completed as is_back
      from returns order by 1`;
    const one = { name: "1001", sku: "KETTLE", returned_at: "2026-01-16T17:59:11", is_back: true };
    expect(await query(sql)).toEqual([
      { ...one, id: "101:501" },
      { ...one, id: "101:501:2" },
      { id: "102:502", name: "1002", sku: "DRESS-M", returned_at: "2026-01-20T08:00:00", is_back: true },
      { id: "102:503", name: "1002", sku: "LAMP", returned_at: "2026-01-20T08:00:00", is_back: true },
      { id: "103:504", name: "1003", sku: "KETTLE", returned_at: "2026-01-10T09:00:00", is_back: false },
      { id: "104:505", name: "1004", sku: "KETTLE", returned_at: "2026-02-02T12:00:00", is_back: true },
      { id: "105:506", name: "1005", sku: "KETTLE", returned_at: "2026-01-16T17:59:11", is_back: true },
      { id: "106:507", name: "1006", sku: "Kettle - Red", returned_at: "2026-02-05T09:00:00", is_back: true },
      { id: "107:508", name: "1007", sku: "KETTLE", returned_at: "2026-01-15T10:00:00", is_back: true },
      { id: "107:509", name: "1007", sku: "LAMP", returned_at: "2026-01-10T09:00:00", is_back: false },
    ]);
    expect(await query("select path, message from raw.files where status <> 'loaded'")).toEqual([]);
    expect(await query("select * from main.quarantine")).toEqual([]);
  });
});

test("the merchant's words count in any language: the finer reason, else the coarser, else both stand as a new value", async () => {
  await withStagedInbox(loop, FIXTURES, async (query) => {
    const sql = "select return_id as id, reason_raw, reason, comment from returns order by 1";
    const silent = { comment: null };
    expect(await query(sql)).toEqual([
      { id: "101:501", reason_raw: "Too small", reason: "size_too_small", comment: "Call me: [phone]" },
      { ...silent, id: "101:501:2", reason_raw: "zu klein", reason: "size_too_small" },
      { ...silent, id: "102:502", reason_raw: "Zu eng", reason: "size_too_small" },
      { ...silent, id: "102:503", reason_raw: "Trop large", reason: "size_too_large" },
      { ...silent, id: "103:504", reason_raw: "发错货", reason: "wrong_item" },
      { ...silent, id: "104:505", reason_raw: "No me gusta", reason: "style_colour" },
      { ...silent, id: "105:506", reason_raw: "Elektronik > Blinkt nicht mehr", reason: "unmapped" },
      { ...silent, id: "106:507", reason_raw: null, reason: "no_reason" },
      { ...silent, id: "107:508", reason_raw: "Wrong color", reason: "wrong_item" },
      { ...silent, id: "107:509", reason_raw: "expectations", reason: "not_as_described" },
    ]);
    expect(await query("select raw_value from unmapped_values")).toEqual([
      { raw_value: "Elektronik > Blinkt nicht mehr" },
    ]);
  });
});

test("an item's outcome is its own, else its share of the return's; refunds count once the return is closed", async () => {
  await withStagedInbox(loop, FIXTURES, async (query) => {
    const sql = `select staged.return_id as id, judged.resolution, staged.refund_amount as refund, staged.currency,
        judged.market, staged.status
      from staging.returns as staged inner join main.returns as judged using (return_id) order by 1`;
    const euro = { currency: "EUR", market: "unknown" };
    expect(await query(sql)).toEqual([
      { ...euro, id: "101:501", resolution: "refund", refund: 53.55, status: "delivered" },
      { ...euro, id: "101:501:2", resolution: "refund", refund: 53.55, status: "delivered" },
      { ...euro, id: "102:502", resolution: "exchange", refund: null, status: "closed" },
      { ...euro, id: "102:503", resolution: "refund", refund: 20, status: "closed" },
      { ...euro, id: "103:504", resolution: "refund", refund: null, status: "expired" },
      { ...euro, id: "104:505", resolution: "refund", refund: 53.55, status: "delivered" },
      { ...euro, id: "105:506", resolution: "store_credit", refund: null, status: "delivered" },
      { ...euro, id: "106:507", resolution: "keep_item", refund: null, status: "closed" },
      { ...euro, id: "107:508", resolution: "store_credit", refund: null, status: "delivered", market: "FR" },
      { ...euro, id: "107:509", resolution: "store_credit", refund: null, status: "review", market: "FR" },
    ]);
  });
});

test("an item's own returned_at is when the customer asked, not when the goods came: it is not taken for that", async () => {
  const asked = item("1", { returned_at: "2026-01-10 09:00:00", return_reason: "Too small" });
  const open = closed("1", { state: "open", label_status: "in_transit", line_items: [asked] });
  await withStagedInbox(loop, { "a.json": JSON.stringify([open]) }, async (query) => {
    expect(await query("select status, returned_at, requested_at from staging.returns")).toEqual([
      { status: "open", returned_at: "2026-01-10T09:00:00", requested_at: "2026-01-10T09:00:00" },
    ]);
    expect(await query("select is_completed from returns")).toEqual([{ is_completed: false }]);
  });
});

test("tools' envelopes and lines are read alike; a return that lists nothing and an unknown record are told", async () => {
  const exports = {
    "data.json": JSON.stringify({ errors: [], data: [closed("1", {})] }),
    "nested.json": JSON.stringify({ data: { returns: [closed("2", {})] } }),
    "lines.ndjson": [closed("3", {}), closed("4", {})].map((each) => JSON.stringify(each)).join("\n"),
    "nothing.json": JSON.stringify({ returns: [closed("5", { line_items: [] }), closed("6", {})] }),
    "label.json": JSON.stringify({ topic: "label", trigger: "label.created", return_id: 1 }),
    "empty.json": JSON.stringify({ returns: [], nextPageUrl: null }),
  };
  await withStagedInbox(loop, exports, async (query) => {
    expect(await query("select return_id as id from staging.returns order by 1")).toEqual(
      ["1:1", "2:1", "3:1", "4:1", "6:1"].map((id) => ({ id })),
    );
    expect(await query("select path, row_no, column_name, reason from main.quarantine")).toEqual([
      { path: "loop/nothing.json", row_no: 1, column_name: "return_id", reason: "missing_required" },
    ]);
    expect(await query("select path, status from raw.files where status <> 'loaded'")).toEqual([
      { path: "loop/label.json", status: "refused" },
    ]);
  });
});

test("price, label and fee are shared by the items; 0 and the rate of several labels are not told", async () => {
  const priced = (id: string) =>
    item(id, { price: "50.00", discount: "5.00", tax: "8.55", return_reason: "Too small" });
  const labels = [{ status: "delivered", updated_at: "2026-01-15T10:00:00Z", line_items: ["1"] }];
  const returns = [
    closed("1", { label_rate: "4.50", handling_fee: "3.00", line_items: [priced("1"), priced("2")] }),
    closed("2", { label_rate: "0.00", handling_fee: "0.00", line_items: [item("1", { return_reason: "Too small" })] }),
    closed("3", { label_rate: "4.50", labels: [...labels, ...labels], line_items: [priced("1")] }),
  ];
  await withStagedInbox(loop, { "a.json": JSON.stringify(returns) }, async (query) => {
    const sql = `select return_id as id, returned_value as value, label_cost as label, customer_contribution as fee,
      case_line_count as lines, received_at as received from staging.returns order by 1`;
    const received = "2026-01-16T18:00:00";
    const half = { value: 53.55, label: 2.25, fee: 1.5, lines: 2, received };
    expect(await query(sql)).toEqual([
      { id: "1:1", ...half },
      { id: "1:2", ...half },
      { id: "2:1", value: null, label: null, fee: null, lines: 1, received },
      { id: "3:1", value: 53.55, label: null, fee: null, lines: 1, received: "2026-01-15T10:00:00" },
    ]);
    expect(await query("select * from main.quarantine")).toEqual([]);
  });
});
