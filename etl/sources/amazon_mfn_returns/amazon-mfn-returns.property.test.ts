import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { PROJECT_ROOT } from "../../../shared/data-directory.ts";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { cellText, variants, withVariants } from "../testing/delimited-variants.ts";
import { amazonMfnReturns } from "./amazon-mfn-returns.ts";

const DOCUMENTED = path.join(
  PROJECT_ROOT,
  "../shared/data/amazon_fba_shapes/GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE.header.tsv",
);
const hasShapes = existsSync(DOCUMENTED);
if (!hasShapes) console.log(`Skipped: the documented header is not at ${DOCUMENTED}`);
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const returned = fc.record({
  title: cellText,
  units: fc.integer({ min: 1, max: 3 }),
  cents: fc.integer({ min: 1, max: 999_999 }),
  day: fc.integer({ min: 1, max: 28 }),
  month: fc.integer({ min: 1, max: 12 }),
});

/** As an account with decimal commas writes it. */
const withComma = (cents: number) => {
  const [whole = "", part = ""] = (cents / 100).toFixed(2).split(".");
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, ".")},${part}`;
};

test.skipIf(!hasShapes)(
  "however a report of the documented columns is written, its returns, days and amounts are the same",
  async () => {
    const columns = (await readFile(DOCUMENTED, "utf8")).trim().split("\t");
    await fc.assert(
      fc.asyncProperty(fc.array(returned, { minLength: 1, maxLength: 5 }), variants, async (cases, written) => {
        const rowsOf = (file: number) =>
          cases.map(({ title, units, cents, day, month }, index) => ({
            "Order ID": `302-${file}-${index}`,
            "Return request date": "01-Jan-2025",
            "Return request status": "Approved",
            "Amazon RMA ID": `RMA${index}`,
            "Currency code": "EUR",
            "Merchant SKU": "KETTLE",
            "Item Name": title,
            "Return quantity": String(units),
            "Return Reason": "CR-DEFECTIVE",
            Resolution: "StandardRefund",
            "Return delivery date": `${String(day).padStart(2, "0")}-${MONTHS[month - 1]}-2026`,
            "Refunded Amount": withComma(cents),
          }));
        await withVariants(columns, rowsOf, written, (folder) =>
          withStagedInbox(amazonMfnReturns, folder, async (query) => {
            expect(await query("select path, message from raw.files where status <> 'loaded'")).toEqual([]);
            expect(await query("select * from main.quarantine")).toEqual([]);
            const sql = "select order_id, quantity, refund_amount, returned_at_date from staging.returns";
            const expected = written.flatMap((_, file) =>
              cases.map(({ units, cents, day, month }, index) => ({
                order_id: `302-${file}-${index}`,
                quantity: units,
                refund_amount: cents / 100,
                returned_at_date: `2026-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`,
              })),
            );
            const texts = (rows: readonly object[]) => new Set(rows.map((row) => JSON.stringify(row)));
            expect(texts(await query(sql))).toEqual(texts(expected));
          }),
        );
      }),
      { numRuns: 4, endOnFailure: true },
    );
  },
  60_000,
);
