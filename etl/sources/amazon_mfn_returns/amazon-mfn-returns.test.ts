import path from "node:path";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { MFN_REASONS } from "../testing/amazon-reasons.ts";
import { amazonMfnReturns } from "./amazon-mfn-returns.ts";

const FIXTURES = path.join(import.meta.dirname, "fixtures");
const HEADER =
  "Order ID\tReturn request date\tReturn request status\tAmazon RMA ID\tMerchant SKU\tReturn quantity\tReturn Reason\t" +
  "Resolution\tReturn delivery date\tCurrency code\tRefunded Amount";
const row = (id: number, cells: Partial<Record<"status" | "resolution" | "delivered" | "refunded", string>>) =>
  [
    `302-${id}`,
    "05-Jan-2026",
    cells.status ?? "Approved",
    `RMA${id}`,
    "KETTLE",
    "1",
    "CR-DEFECTIVE",
    cells.resolution ?? "StandardRefund",
    cells.delivered ?? " ",
    "USD",
    cells.refunded ?? " ",
  ].join("\t");
const report = (...rows: string[]) => `${[HEADER, ...rows].join("\n")}\n`;

test("a return counts on the day its goods came, else the day it was asked for, and only when goods or money moved", async () => {
  await withStagedInbox(amazonMfnReturns, FIXTURES, async (query) => {
    const sql = `select order_id as id, product_id as sku, returned_date as day, requested_at as asked, reason, resolution,
      is_completed as is_back from returns order by 1, return_id`;
    const common = { sku: "KETTLE", is_back: true };
    const twin = {
      ...common,
      id: "302-0000002-0000002",
      day: "2026-01-09",
      asked: "2026-01-09T00:00:00",
      reason: "wrong_item",
      resolution: "refund",
    };
    expect(await query(sql)).toEqual([
      {
        ...common,
        id: "111-0000006-0000006",
        day: "2026-01-19",
        asked: "2026-01-12T00:00:00",
        reason: "unmapped",
        resolution: "exchange",
      },
      {
        ...common,
        id: "111-0000007-0000007",
        day: "2026-01-19",
        asked: "2026-01-12T00:00:00",
        reason: "changed_mind",
        resolution: "refund",
      },
      {
        ...common,
        id: "302-0000001-0000001",
        day: "2026-01-15",
        asked: "2026-01-08T00:00:00",
        reason: "quality_defect",
        resolution: "refund",
      },
      twin,
      twin,
      {
        ...common,
        id: "302-0000003-0000003",
        day: "2026-01-20",
        asked: "2026-01-10T00:00:00",
        reason: "late_delivery",
        resolution: "refund",
      },
      {
        ...common,
        id: "302-0000004-0000004",
        sku: "LAMP",
        day: "2026-01-10",
        asked: "2026-01-10T00:00:00",
        reason: "not_as_described",
        resolution: "keep_item",
      },
      {
        id: "302-0000005-0000005",
        sku: "LAMP",
        day: "2026-01-11",
        asked: "2026-01-11T00:00:00",
        reason: "changed_mind",
        resolution: "refund",
        is_back: false,
      },
    ]);
    expect(await query("select distinct returned_at_precision from staging.returns")).toEqual([
      { returned_at_precision: "date" },
    ]);
    expect(await query("select raw_value from unmapped_values")).toEqual([{ raw_value: "CR-BRAND_NEW_CODE" }]);
    expect(await query("select distinct sales_channel, customer_id, is_repurchased_90d from returns")).toEqual([
      { sales_channel: "amazon", customer_id: null, is_repurchased_90d: null },
    ]);
  });
});

test("amounts are read with the comma or dot that their file proves", async () => {
  await withStagedInbox(amazonMfnReturns, FIXTURES, async (query) => {
    const sql = `select order_id as id, refund_amount as amount, currency from staging.returns
      where refund_amount is not null order by 1, 2`;
    expect(await query(sql)).toEqual([
      { id: "111-0000007-0000007", amount: 1030, currency: "USD" },
      { id: "302-0000001-0000001", amount: 30, currency: "EUR" },
      { id: "302-0000002-0000002", amount: 1030, currency: "EUR" },
      { id: "302-0000002-0000002", amount: 1030.5, currency: "EUR" },
      { id: "302-0000003-0000003", amount: 30, currency: "EUR" },
      { id: "302-0000004-0000004", amount: 20, currency: "EUR" },
    ]);
    expect(await query("select * from main.quarantine")).toEqual([]);
  });
});

test("1,234 is not guessed: without other amounts, or with both kinds, it is told and left unknown", async () => {
  const exports = {
    "alone.txt": report(row(1, { refunded: "1,234" }), row(2, { refunded: "25" })),
    "both.txt": report(
      row(3, { refunded: "1.234" }),
      row(4, { refunded: "9,50" }),
      row(5, { refunded: "9.50" }),
      row(6, { refunded: "-7,5" }),
    ),
  };
  await withStagedInbox(amazonMfnReturns, exports, async (query) => {
    const sql = "select order_id as id, refund_amount as amount from staging.returns order by 1";
    expect(await query(sql)).toEqual([
      { id: "302-1", amount: null },
      { id: "302-2", amount: 25 },
      { id: "302-3", amount: null },
      { id: "302-4", amount: 9.5 },
      { id: "302-5", amount: 9.5 },
      { id: "302-6", amount: -7.5 },
    ]);
    const told = "select path, column_name as field, reason, raw from main.quarantine order by 1";
    const field = { field: "refund_amount", reason: "bad_number" };
    expect(await query(told)).toEqual([
      { ...field, path: "amazon_mfn_returns/alone.txt", raw: "1,234 (decimals or thousands?)" },
      { ...field, path: "amazon_mfn_returns/both.txt", raw: "1.234 (decimals or thousands?)" },
    ]);
  });
});

test("only English months and ISO days are dates: what may be day or month first is refused and told", async () => {
  const rows = [
    report(row(1, { delivered: "9-SEP-2025" }), row(2, { delivered: "2025-09-09T22:15:00Z" })),
    row(3, { delivered: "03/04/2026" }),
    row(4, { delivered: "31-Feb-2026" }),
    row(5, { delivered: "09-Sep-26" }),
  ];
  await withStagedInbox(amazonMfnReturns, { "a.txt": `${rows.join("\n")}\n`.replace("\n\n", "\n") }, async (query) => {
    const sql = `select order_id as id, returned_at as day, returned_at_precision as how from staging.returns order by 1`;
    expect(await query(sql)).toEqual([
      { id: "302-1", day: "2025-09-09T00:00:00", how: "date" },
      { id: "302-2", day: "2025-09-09T22:15:00", how: "instant" },
    ]);
    const told = `select row_no, column_name as field, reason, raw from main.quarantine where column_name = 'returned_at'
      order by 1`;
    const field = { field: "returned_at" };
    expect(await query(told)).toEqual([
      { ...field, row_no: 3, reason: "bad_time", raw: "03/04/2026" },
      { ...field, row_no: 4, reason: "bad_time", raw: "31-Feb-2026" },
      { ...field, row_no: 5, reason: "bad_time", raw: "09-Sep-26" },
    ]);
  });
});

test("the status Amazon leaves at Approved is judged by goods and money; refusals stay refusals", async () => {
  const cases = [
    row(1, {}),
    row(2, { delivered: "09-Jan-2026" }),
    row(3, { refunded: "0.00" }),
    row(4, { refunded: "12.00" }),
    row(5, { resolution: "ReturnlessRefund" }),
    row(6, { status: "PendingSellerApproval" }),
    row(7, { status: "Denied", delivered: "09-Jan-2026" }),
    row(8, { status: "Completed" }),
    row(9, { status: "Withdrawn" }),
  ];
  await withStagedInbox(amazonMfnReturns, { "a.txt": report(...cases) }, async (query) => {
    const sql = `select staged.order_id as id, staged.status, judged.is_completed as is_back
      from staging.returns as staged inner join main.returns as judged using (return_id) order by 1`;
    expect(await query(sql)).toEqual([
      { id: "302-1", status: "Approved", is_back: false },
      { id: "302-2", status: "Received", is_back: true },
      { id: "302-3", status: "Approved", is_back: false },
      { id: "302-4", status: "Refunded", is_back: true },
      { id: "302-5", status: "Refunded", is_back: true },
      { id: "302-6", status: "Pending", is_back: false },
      { id: "302-7", status: "Rejected", is_back: false },
      { id: "302-8", status: "Completed", is_back: true },
      { id: "302-9", status: "Cancelled", is_back: false },
    ]);
  });
});

test("a report without rows, or a note that there is no data, is an empty file; another table is refused with what it lacks", async () => {
  const exports = {
    "full.txt": report(row(1, { refunded: "25.00" })),
    "header.txt": `${HEADER}\n`,
    "note.txt": "No data found.\r\n",
    "status.txt": "_DONE_NO_DATA_",
    "other.txt": "Order ID\tReturn Reason\tCancelled\n302-1\tCR-DEFECTIVE\tno\n",
  };
  await withStagedInbox(amazonMfnReturns, exports, async (query) => {
    const sql = "select replace(path, 'amazon_mfn_returns/', '') as file, status, rows_read from raw.files order by 1";
    expect(await query(sql)).toEqual([
      { file: "full.txt", status: "loaded", rows_read: 1 },
      { file: "header.txt", status: "loaded", rows_read: 0 },
      { file: "note.txt", status: "loaded", rows_read: 0 },
      { file: "other.txt", status: "refused", rows_read: 0 },
      { file: "status.txt", status: "loaded", rows_read: 0 },
    ]);
    const [refused] = await query("select message from raw.files where status = 'refused'");
    expect(refused?.message).toMatch(
      /lacks the required columns Return request date, Merchant SKU, Return quantity of "returns"; found: Order ID/,
    );
  });
});

test("every documented reason means one of ours", async () => {
  const rows = MFN_REASONS.map((reason, index) => row(index, {}).replace("CR-DEFECTIVE", reason));
  await withStagedInbox(amazonMfnReturns, { "a.txt": report(...rows) }, async (query) => {
    expect(await query("select count(distinct reason_raw) as n from returns")).toEqual([{ n: MFN_REASONS.length }]);
    expect(await query("select raw_value from unmapped_values")).toEqual([]);
  });
});

test("labels cost what the report says unless somebody else pays; a SafeT reimbursement is taken off", async () => {
  const header = HEADER + "\tLabel cost\tLabel to be paid by\tSafeT claim reimbursement amount";
  const cells = (id: number, label: string, payer: string, claim: string) =>
    `${row(id, { delivered: "20-Jan-2026", refunded: "30.00" })}\t${label}\t${payer}\t${claim}`;
  const file = [
    header,
    cells(1, "4,90", "Seller", " "),
    cells(2, "5.99", "Customer", "12.50"),
    cells(3, " ", "Amazon", " "),
  ];
  await withStagedInbox(amazonMfnReturns, { "a.txt": `${file.join("\n")}\n` }, async (query) => {
    const sql = `select order_id as id, label_cost_reporting::double as label, carrier_claim_reporting::double as claim,
      is_goods_back as back from returns order by 1`;
    expect(await query(sql)).toEqual([
      { id: "302-1", label: 4.9, claim: null, back: true },
      { id: "302-2", label: 0, claim: 12.5, back: true },
      { id: "302-3", label: 0, claim: null, back: true },
    ]);
    expect(await query("select * from main.quarantine")).toEqual([]);
  });
});
