// The recorded and documented shapes of Amazon's reports: each is read as documented, or refused with what it lacks.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { PROJECT_ROOT } from "../../../shared/data-directory.ts";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { amazonFbaReturns } from "./amazon-fba-returns.ts";

const SHAPES = path.resolve(PROJECT_ROOT, "../shared/data/amazon_fba_shapes");
const isThere = existsSync(SHAPES);
if (!isThere) console.log(`Skipped: the recorded shapes are not at ${SHAPES}`);

describe.skipIf(!isThere)("Amazon's recorded reports in the folder of FBA returns", () => {
  test("every row of the returns report is a return with its reason, day and place", async () => {
    const report = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA.tsv";
    const text = await readFile(path.join(SHAPES, report), "utf8");
    const recorded: Record<string, string>[] = parse(text, { columns: true, delimiter: "\t", quote: null });
    expect(recorded.length).toBeGreaterThan(0);
    await withStagedInbox(amazonFbaReturns, { [report]: text }, async (query) => {
      const sql = `select order_id, product_id, reason_raw, quantity, disposition, warehouse, returned_at_date
        from staging.returns`;
      const expected = recorded.map((row) => ({
        order_id: row["order-id"],
        product_id: row.sku,
        reason_raw: row.reason,
        quantity: Number(row.quantity),
        disposition: row["detailed-disposition"],
        warehouse: row["fulfillment-center-id"],
        returned_at_date: row["return-date"]?.slice(0, 10),
      }));
      const found = await query(sql);
      expect(new Set(found.map((row) => JSON.stringify(row)))).toEqual(
        new Set(expected.map((row) => JSON.stringify(row))),
      );
      expect(await query("select reason from returns where reason in ('unmapped', 'no_reason')")).toEqual([]);
      expect(await query("select * from main.quarantine")).toEqual([]);
    });
  });

  test("every other report is refused with the columns it lacks, and none ends the run", async () => {
    const names = await readdir(SHAPES);
    expect(names.length).toBeGreaterThan(1);
    await withStagedInbox(amazonFbaReturns, SHAPES, async (query) => {
      const files = await query("select path, status, message from raw.files");
      expect(new Set(files.map((file) => path.basename(String(file.path))))).toEqual(new Set(names));
      const refused = files.filter((file) => file.status === "refused");
      expect(refused.map((file) => path.basename(String(file.path))).toSorted()).toEqual(
        names.filter((name) => !name.startsWith("GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA")).toSorted(),
      );
      for (const file of refused) expect(file.message).toMatch(/lacks the required columns? return-date.*found: \S/);
    });
  });
});
