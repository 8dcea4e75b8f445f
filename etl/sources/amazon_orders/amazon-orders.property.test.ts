import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { cellText, variants, withVariants, writtenTime } from "../testing/delimited-variants.ts";
import { amazonOrders } from "./amazon-orders.ts";

const COLUMNS =
  "amazon-order-id merchant-order-id purchase-date last-updated-date order-status sales-channel product-name sku asin " +
  "item-status quantity currency item-price item-tax shipping-price item-promotion-discount ship-country promotion-ids";

const line = fc.record({ title: cellText, units: fc.integer({ min: 1, max: 9 }), cents: fc.nat(99_999) });
const order = fc.record({ time: writtenTime, lines: fc.array(line, { minLength: 1, maxLength: 3 }) });
const orders = fc.array(order, { minLength: 1, maxLength: 4 });

test("however a report is written - columns, casing, line ends, encoding, short rows - its lines and totals are the same", async () => {
  await fc.assert(
    fc.asyncProperty(orders, variants, async (sold, written) => {
      const rowsOf = (file: number) =>
        sold.flatMap(({ time, lines }, order) =>
          lines.map(({ title, units, cents }, index) => ({
            "amazon-order-id": `302-${file}-${order}`,
            "purchase-date": time.text,
            "last-updated-date": "2026-01-06T10:00:00Z",
            "order-status": "Shipped",
            "sales-channel": "Amazon.de",
            "product-name": title,
            sku: `SKU-${index}`,
            quantity: String(units),
            currency: "EUR",
            "item-price": (cents / 100).toFixed(2),
            "shipping-price": "1.50",
            "ship-country": "DE",
          })),
        );
      await withVariants(COLUMNS.split(" "), rowsOf, written, (folder) =>
        withStagedInbox(amazonOrders, folder, async (query) => {
          expect(await query("select path, status, message from raw.files where status <> 'loaded'")).toEqual([]);
          expect(await query("select * from main.quarantine")).toEqual([]);
          const lines = await query("select order_item_id, product_name, quantity from staging.order_items");
          const orderRows = await query("select order_id, ordered_at, total_amount, market from staging.orders");
          const expectedLines = written.flatMap((_, file) =>
            sold.flatMap(({ lines: each }, order) =>
              each.map(({ title, units }, index) => ({
                order_item_id: `302-${file}-${order}:SKU-${index}`,
                product_name: title,
                quantity: units,
              })),
            ),
          );
          const expectedOrders = written.flatMap((_, file) =>
            sold.map(({ time, lines: each }, order) => ({
              order_id: `302-${file}-${order}`,
              ordered_at: time.utc,
              total_amount: each.reduce((sum, { cents }) => sum + cents + 150, 0) / 100,
              market: "DE",
            })),
          );
          expect(new Set(lines.map((row) => JSON.stringify(row)))).toEqual(
            new Set(expectedLines.map((row) => JSON.stringify(row))),
          );
          expect(new Set(orderRows.map((row) => JSON.stringify(row)))).toEqual(
            new Set(expectedOrders.map((row) => JSON.stringify(row))),
          );
        }),
      );
    }),
    { numRuns: 4, endOnFailure: true },
  );
}, 60_000);
