// Tables another tool made of a shop, put into the folder of the shop's own export: refused with what they lack.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { PROJECT_ROOT } from "../../../shared/data-directory.ts";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { shopify } from "./shopify.ts";

const SHAPES = path.resolve(PROJECT_ROOT, "../shared/data/shopify_shapes");
const isThere = existsSync(SHAPES);
if (!isThere) console.log(`Skipped: the recorded shapes are not at ${SHAPES}`);

test.skipIf(!isThere)("none of another tool's tables is taken for orders; the export beside them is read", async () => {
  const files: Record<string, string> = {
    "orders.csv": "Name,Created at,Lineitem quantity,Lineitem name\n#1,2026-01-01 10:00:00 +0100,1,Mug\n",
  };
  for (const name of (await readdir(SHAPES)).filter((each) => each.endsWith(".csv"))) {
    files[name] = await readFile(path.join(SHAPES, name), "utf8");
  }
  await withStagedInbox(shopify, files, async (query) => {
    const rows = await query("select path, status, message from raw.files where path <> 'shopify/orders.csv'");
    expect(rows.length).toBe(Object.keys(files).length - 1);
    for (const row of rows) {
      expect(row, String(row.path)).toMatchObject({
        status: "refused",
        message: expect.stringMatching(/lacks the required column/),
      });
    }
    expect(await query("select order_item_id as id from order_items")).toEqual([{ id: "#1:1" }]);
  });
});
