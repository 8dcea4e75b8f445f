// The same counts in the inbox files, the marts, Cube and the page.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, inject, test } from "vitest";
import type { Truth } from "../etl/demo/truth.ts";
import { dataDirectory } from "../shared/data-directory.ts";
import { queryRows, sqlString, withDuckDB } from "../shared/duckdb.ts";
import { launchBrowser } from "./support/browser.ts";
import { cubeSession, type CubeRow } from "./support/cube-query.ts";

const data = dataDirectory(inject("demoDataRoot"));
const url = inject("demoServerUrl");
const truth = JSON.parse(await readFile(path.join(data.inbox, "truth.json"), "utf8")) as Truth;

async function published(): Promise<string> {
  return path.join(data.published, `${(await readFile(path.join(data.published, "current"), "utf8")).trim()}.duckdb`);
}

async function one(sql: string): Promise<Record<string, number>> {
  const rows = await withDuckDB(await published(), { readOnly: true }, (connection) => queryRows(connection, sql));
  return rows[0] as Record<string, number>;
}

test("every order line, order, ticket, parcel, scan and return of the exports is in the marts, once", async () => {
  const counts = truth.counts;
  expect(
    await one(`select (select count(*) from orders) as orders, (select count(*) from order_items) as order_items,
      (select count(*) from tickets) as tickets, (select count(*) from shipments) as shipments,
      (select count(*) from carrier_events) as scans,
      (select sum(quantity) from returns where source_system = 'amazon_fba_returns') as fba_units,
      (select count(*) from quarantine) as quarantined, (select count(*) from unmapped_values) as unmapped`),
  ).toEqual({
    orders: counts.shopify_orders + counts.amazon_orders,
    order_items: counts.shopify_order_lines + counts.amazon_order_lines,
    tickets: await liveTickets(),
    shipments: counts.aftership_trackings,
    scans: counts.aftership_checkpoints,
    fba_units: counts.fba_returned_units,
    quarantined: 0,
    unmapped: 0,
  });
});

/** Tickets of the export files whose last state is neither deleted nor merged into another. */
async function liveTickets(): Promise<number> {
  const files = sqlString(path.join(data.inbox, "zendesk", "incremental_tickets_*.json"));
  const rows = await withDuckDB(":memory:", {}, (connection) =>
    queryRows<{ all_tickets: number; live: number }>(
      connection,
      `with tickets as (
         select unnest(tickets).id as id, unnest(tickets).status as status, unnest(tickets).updated_at as updated_at,
                unnest(tickets).tags as tags
         from read_json(${files}, maximum_object_size = 100000000)),
       latest as (select id, arg_max(status, updated_at) as status, arg_max(tags, updated_at) as tags from tickets group by id)
       select count(*)::int as all_tickets, count(*) filter (where status <> 'deleted' and not list_contains(tags, 'closed_by_merge'))::int as live from latest`,
    ),
  );
  expect(rows[0]?.all_tickets).toBe(truth.counts.zendesk_tickets);
  return rows[0]?.live ?? 0;
}

test("an independent reading of the shop's order files gives Cube's units, by market", async () => {
  const load = await cubeSession(url);
  const rows = await load({
    measures: ["sales.units"],
    dimensions: ["sales.market"],
    filters: [{ member: "sales.sales_channel", operator: "equals", values: ["own_shop"] }],
  });
  const files = sqlString(path.join(data.inbox, "shopify", "*.csv"));
  const independent = await withDuckDB(":memory:", {}, (connection) =>
    queryRows<{ market: string; units: number }>(
      connection,
      `with lines as (from read_csv(${files}, all_varchar = true, header = true, filename = true, union_by_name = true)),
       orders as (select "Name" as name, max("Shipping Country") as market, max("Cancelled at") as cancelled from lines group by 1)
       select market, sum("Lineitem quantity"::int)::int as units from lines join orders on lines."Name" = orders.name
       where cancelled is null group by 1 order by 1`,
    ),
  );
  const byMarket = (a: [string, number], b: [string, number]) => (a[0] < b[0] ? -1 : 1);
  expect(
    rows.map((row): [string, number] => [String(row["sales.market"]), Number(row["sales.units"])]).sort(byMarket),
  ).toEqual(independent.map((row): [string, number] => [row.market, row.units]).sort(byMarket));
});

test("on every day that detection judged, a return series holds Cube's returned units", async () => {
  const load = await cubeSession(url);
  const members = { product_id: "EB-1001", reason: "quality_defect" };
  const judged = await load({
    measures: ["anomaly_days.observed"],
    timeDimensions: [{ dimension: "anomaly_days.day", granularity: "day" }],
    filters: [...only("anomaly_days", { ...members, watch: "returns" })],
  });
  const returned = await load({
    measures: ["product_returns.returned_units"],
    timeDimensions: [{ dimension: "product_returns.returned_at", granularity: "day" }],
    filters: only("product_returns", members),
  });
  const units = new Map(
    returned.map((row) => [row["product_returns.returned_at.day"], Number(row["product_returns.returned_units"])]),
  );
  const day = (row: CubeRow) => row["anomaly_days.day.day"] ?? null;
  expect(judged.length).toBeGreaterThan(300);
  expect(judged.map((row) => [day(row), Number(row["anomaly_days.observed"])])).toEqual(
    judged.map((row) => [day(row), units.get(day(row)) ?? 0]),
  );
});

function only(view: string, members: Record<string, string>): object[] {
  return Object.entries(members).map(([name, value]) => ({
    member: `${view}.${name}`,
    operator: "equals",
    values: [value],
  }));
}

test("the overview shows Cube's number of orders for its period", async () => {
  const load = await cubeSession(url);
  const [row] = await load({
    measures: ["sales.orders"],
    timeDimensions: [{ dimension: "sales.ordered_at", dateRange: ["2026-09-01", "2026-09-30"] }],
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ locale: "en-US" });
    await page.goto(`${url}/?from=2026-09-01&to=2026-10-01`);
    const orders = Number(row?.["sales.orders"]).toLocaleString("en-US");
    const card = page.getByText(orders, { exact: true }).first();
    await card.waitFor({ timeout: 60_000 });
    expect(await card.isVisible()).toBe(true);
  } finally {
    await browser.close();
  }
});
