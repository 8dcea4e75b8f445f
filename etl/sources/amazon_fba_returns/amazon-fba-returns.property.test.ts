import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { cellText, variants, withVariants, writtenTime } from "../testing/delimited-variants.ts";
import { amazonFbaReturns } from "./amazon-fba-returns.ts";

const COLUMNS =
  "return-date order-id sku asin fnsku product-name quantity fulfillment-center-id detailed-disposition reason status " +
  "license-plate-number customer-comments";

const unit = fc.record({ title: cellText, words: cellText, units: fc.integer({ min: 1, max: 3 }), time: writtenTime });

test("however a report is written, its units, times and places are the same", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(unit, { minLength: 1, maxLength: 5 }), variants, async (cases, written) => {
      const rowsOf = (file: number) =>
        cases.map(({ title, words, units, time }, index) => ({
          "return-date": time.text,
          "order-id": `302-${file}-${index}`,
          sku: "KETTLE",
          "product-name": title,
          quantity: String(units),
          "fulfillment-center-id": "LEJ1",
          "detailed-disposition": "SELLABLE",
          reason: "DEFECTIVE",
          "license-plate-number": `LPN${index}`,
          "customer-comments": words,
        }));
      await withVariants(COLUMNS.split(" "), rowsOf, written, (folder) =>
        withStagedInbox(amazonFbaReturns, folder, async (query) => {
          expect(await query("select path, message from raw.files where status <> 'loaded'")).toEqual([]);
          expect(await query("select * from main.quarantine")).toEqual([]);
          const sql = "select order_id, quantity, returned_at, warehouse from staging.returns";
          const expected = written.flatMap((_, file) =>
            cases.map(({ units, time }, index) => ({
              order_id: `302-${file}-${index}`,
              quantity: units,
              returned_at: time.utc,
              warehouse: "LEJ1",
            })),
          );
          const texts = (rows: readonly object[]) => new Set(rows.map((row) => JSON.stringify(row)));
          expect(texts(await query(sql))).toEqual(texts(expected));
        }),
      );
    }),
    { numRuns: 4, endOnFailure: true },
  );
}, 60_000);
