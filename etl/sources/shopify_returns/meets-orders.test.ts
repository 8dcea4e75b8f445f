// Returns and orders of one shop come in two folders: through the whole pipeline, each return must find its order and line.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { dataDirectory } from "../../../shared/data-directory.ts";
import { queryRows, withDuckDB } from "../../../shared/duckdb.ts";
import { runPipeline } from "../../pipeline.ts";

const ORDERS = [
  "Name,Email,Created at,Currency,Total,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Country",
  "#1001,ada@example.com,2026-01-02 09:00:00 +0100,EUR,60.00,2,Kettle - Red,25.00,KETTLE,DE",
  "#1001,,,,,1,Plate - Large,10.00,,",
  "#1002,ada@example.com,2026-01-25 09:00:00 +0100,EUR,25.00,1,Kettle - Red,25.00,KETTLE,DE",
].join("\n");
const RETURN = {
  id: "gid://shopify/Return/11",
  name: "#1001-R1",
  status: "CLOSED",
  createdAt: "2026-01-10T09:00:00Z",
  closedAt: "2026-01-18T12:00:00Z",
  returnLineItems: {
    nodes: [
      {
        id: "gid://shopify/ReturnLineItem/111",
        quantity: 1,
        returnReason: "DEFECTIVE",
        fulfillmentLineItem: { lineItem: { sku: "KETTLE" } },
      },
      {
        id: "gid://shopify/ReturnLineItem/112",
        quantity: 1,
        returnReason: "STYLE",
        fulfillmentLineItem: { lineItem: { sku: "", name: "Plate - Large" } },
      },
    ],
  },
};
const LOOP_RETURN = {
  id: "9001",
  state: "closed",
  outcome: "refund",
  order_name: "#1001",
  customer: "Ada@example.com",
  currency: "EUR",
  created_at: "2026-01-11T09:00:00.000Z",
  updated_at: "2026-01-19T09:00:00.000Z",
  line_items: [{ line_item_id: "1", sku: "KETTLE", title: "Kettle - Red", refund: "25.00", return_reason: "Too loud" }],
};

test("Shopify's and Loop's returns find the order of their name, its line, buyer, market and the buyer's next order", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "aftersight-returns-"));
  try {
    const inbox = path.join(root, "inbox");
    const exports = {
      "shopify/orders_export_1.csv": ORDERS,
      "shopify_returns/returns.json": JSON.stringify({ data: { returns: { nodes: [RETURN] } } }),
      "loop/returns.json": JSON.stringify({ returns: [LOOP_RETURN] }),
      "aftersight.yml": 'as_of: "2026-06-30T00:00:00Z"\nreporting_currency: EUR\n',
    };
    for (const [name, text] of Object.entries(exports)) {
      await mkdir(path.dirname(path.join(inbox, name)), { recursive: true });
      await writeFile(path.join(inbox, name), text);
    }
    const data = dataDirectory(path.join(root, "data"));
    const { versionName } = await runPipeline({ inbox, data, report: () => {} });
    await withDuckDB(path.join(data.published, `${versionName}.duckdb`), { readOnly: true }, async (connection) => {
      const sql = `select returns.source_system as system, returns.order_id, returns.order_item_id as line, returns.market,
        is_repurchased_30d as again, lines.product_id as sku, returned_units as back
        from returns left join order_items as lines on returns.order_item_id = lines.order_item_id order by 1, 3, 6`;
      const common = { order_id: "1001", market: "DE", again: true };
      expect(await queryRows(connection, sql)).toEqual([
        { ...common, system: "loop", line: "#1001:1", sku: "KETTLE", back: 2 },
        { ...common, system: "shopify_returns", line: "#1001:1", sku: "KETTLE", back: 2 },
        { ...common, system: "shopify_returns", line: "#1001:2", sku: "Plate - Large", back: 1 },
      ]);
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
