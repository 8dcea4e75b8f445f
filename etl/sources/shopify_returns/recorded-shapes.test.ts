// Recorded Shopify refunds, put into the answers that the API gives them in: their amounts must come out again.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { PROJECT_ROOT } from "../../../shared/data-directory.ts";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { shopifyReturns } from "./shopify-returns.ts";

const SHAPES = path.resolve(PROJECT_ROOT, "../shared/data/shopify_shapes");
const isThere = existsSync(SHAPES);
if (!isThere) console.log(`Skipped: the recorded shapes are not at ${SHAPES}`);

type Recorded = Record<string, string>;
const recorded = async (table: string): Promise<Recorded[]> =>
  parse(await readFile(path.join(SHAPES, `fivetran_shopify_gql_${table}_data.csv`), "utf8"), {
    columns: true,
    bom: true,
  });
const money = (row: Recorded, prefix: string) => ({
  shopMoney: { amount: row[`${prefix}_shop_amount`], currencyCode: row[`${prefix}_shop_currency_code`] },
  presentmentMoney: { amount: row[`${prefix}_pres_amount`], currencyCode: row[`${prefix}_pres_currency_code`] },
});
const instant = (text: string | undefined) => `${text?.replace(" ", "T")}Z`;
const answer = (id: string, lineItem: Recorded, refund: object) => ({
  id: `gid://shopify/Return/${id}`,
  name: `#${id}-R1`,
  status: "CLOSED",
  createdAt: "2025-07-01T00:00:00Z",
  closedAt: "2025-07-20T00:00:00Z",
  returnLineItems: {
    nodes: [
      {
        id: `gid://shopify/ReturnLineItem/${id}`,
        quantity: Number(lineItem.quantity ?? 1),
        returnReason: "UNWANTED",
        fulfillmentLineItem: { lineItem: { id: `gid://shopify/LineItem/${lineItem.id}`, sku: lineItem.sku } },
      },
    ],
  },
  refunds: { nodes: [refund] },
});

describe.skipIf(!isThere)("Shopify's recorded shapes", () => {
  test("a refund's total is that of its return, in the shop's money, on the day it was made", async () => {
    const refunds = await recorded("refund");
    const lines = await recorded("order_line");
    expect(refunds.length).toBeGreaterThan(0);
    const returns = refunds.map((row) => {
      const item = lines.find((line) => line.order_id === row.order_id) ?? {};
      const total = {
        id: row.id,
        createdAt: instant(row.created_at),
        totalRefundedSet: money(row, "total_refunded_set"),
      };
      return answer(row.return_id ?? "", item, total);
    });
    const exports = { "a.json": JSON.stringify({ data: { returns: { nodes: returns } } }) };
    await withStagedInbox(shopifyReturns, exports, async (query) => {
      const sql = `select return_id, refund_amount::double as amount, currency, refunded_at_date from staging.returns
        order by return_id`;
      const expected = refunds.map((row) => ({
        return_id: row.return_id,
        amount: Number(row.total_refunded_set_shop_amount),
        currency: row.total_refunded_set_shop_currency_code,
        refunded_at_date: row.created_at?.slice(0, 10),
      }));
      expect(await query(sql)).toEqual(
        expected.toSorted((a, b) => (String(a.return_id) < String(b.return_id) ? -1 : 1)),
      );
      expect(await query("select * from main.quarantine")).toEqual([]);
    });
  });

  test("a refund's item is worth its subtotal and tax", async () => {
    const items = await recorded("order_line_refund");
    expect(items.length).toBeGreaterThan(0);
    const returns = items.map((row) =>
      answer(
        row.id ?? "",
        { id: row.order_line_id ?? "", quantity: row.quantity ?? "" },
        {
          id: row.refund_id,
          refundLineItems: {
            edges: [
              {
                node: {
                  quantity: Number(row.quantity),
                  lineItem: { id: `gid://shopify/LineItem/${row.order_line_id}` },
                  subtotalSet: money(row, "subtotal_set"),
                  totalTaxSet: money(row, "total_tax_set"),
                },
              },
            ],
          },
        },
      ),
    );
    const exports = { "a.json": JSON.stringify({ data: { returns: { edges: returns.map((node) => ({ node })) } } }) };
    await withStagedInbox(shopifyReturns, exports, async (query) => {
      const sql = "select return_id, quantity, refund_amount::double as amount from staging.returns order by 1";
      const expected = items.map((row) => ({
        return_id: row.id,
        quantity: Number(row.quantity),
        amount: Number((Number(row.subtotal_set_shop_amount) + Number(row.total_tax_set_shop_amount)).toFixed(2)),
      }));
      expect(await query(sql)).toEqual(
        expected.toSorted((a, b) => (String(a.return_id) < String(b.return_id) ? -1 : 1)),
      );
    });
  });

  test("the recorded tables themselves are no answers: each is refused with what is read, none ends the run", async () => {
    const names = await readdir(SHAPES);
    const good = JSON.stringify({ returns: [answer("1", { id: "2", sku: "KETTLE" }, {})] });
    const tables = await Promise.all(
      names.map(async (name) => [name, await readFile(path.join(SHAPES, name), "utf8")] as const),
    );
    const exports = { ...Object.fromEntries(tables), "good.json": good };
    await withStagedInbox(shopifyReturns, exports, async (query) => {
      const refused = await query("select path, message from raw.files where status = 'refused'");
      expect(refused).toHaveLength(names.length);
      for (const { message } of refused) expect(message).toMatch(/\.json/);
      expect(await query("select count(*) as n from staging.returns")).toEqual([{ n: 1 }]);
    });
  });
});
