// What makes a row's judgement change while nothing arrives: slice.ts lists it, the models decide it. The list must not fall behind.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { LINKED } from "../models/models.ts";

const WATERMARK =
  /\b(?:as_of(?:_local|_date)?|(?:orders|returns|tickets|shipments|complaints)_complete_to(?:_date)?)\b/g;

test("every model that compares with a watermark is known to the slice", async () => {
  const found: Record<string, string[]> = {};
  for (const { name, folder } of LINKED) {
    const sql = await readFile(path.join(PROJECT_ROOT, "etl/models", folder, `${name}.sql`), "utf8");
    const code = sql.replaceAll(/--.*$/gm, "");
    const used = [...new Set(code.match(WATERMARK) ?? [])].toSorted();
    if (used.length > 0) found[name] = used;
  }
  // A change here needs the same change in DUE of etl/store/slice.ts: rows whose judgement falls due between two runs.
  expect(found).toEqual({
    customers: ["orders_complete_to_date", "returns_complete_to_date"],
    int_order_deliveries: ["orders_complete_to"],
    int_order_lines: ["orders_complete_to_date", "returns_complete_to_date"],
    orders: ["complaints_complete_to_date", "orders_complete_to_date", "returns_complete_to_date"],
    repurchase_occasions: ["orders_complete_to_date"],
    returns: ["orders_complete_to", "orders_complete_to_date", "returns_complete_to_date"],
    shipments: ["orders_complete_to_date", "shipments_complete_to_date"],
    tickets: ["tickets_complete_to"],
  });
});

test("every model file is in the build list, once", async () => {
  const { MODELS } = await import("../models/models.ts");
  const files: string[] = [];
  for (const folder of ["intermediate", "marts"]) {
    for (const name of await readdir(path.join(PROJECT_ROOT, "etl/models", folder))) {
      if (name.endsWith(".sql")) files.push(`${folder}/${name.slice(0, -4)}`);
    }
  }
  expect(MODELS.map((model) => `${model.folder}/${model.name}`).toSorted()).toEqual(files.toSorted());
});
