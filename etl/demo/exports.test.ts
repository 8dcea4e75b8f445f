// The files, read back by DuckDB: as many rows as truth.json says, and each system's quirks where they should be.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { READ, writtenDemo, type WrittenDemo } from "./testing.ts";

let demo: WrittenDemo;
beforeAll(async () => {
  demo = await writtenDemo({ seed: 11, products: 24, days: 120, ordersPerDay: 60, end: "2026-05-01" });
});
afterAll(() => demo.remove());

const one = async (sql: string): Promise<Record<string, unknown>> => (await demo.rows(sql))[0] ?? {};

/** Data rows of the Japanese reports, which are UTF-16. */
async function japaneseRows(): Promise<string[]> {
  const folder = path.join(demo.folder, "amazon_fba_returns");
  const names = (await readdir(folder)).filter((name) => name.includes("_jp_"));
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), "utf16le")));
  return texts.flatMap((text) => text.trimEnd().split("\r\n").slice(1));
}

test("order lines and orders are as many as truth.json counts", async () => {
  const { counts } = demo.truth;
  const shopify = await one(`select count(*) as lines, count(distinct Name) as orders from ${READ.shopify}`);
  expect(shopify).toEqual({ lines: counts.shopify_order_lines, orders: counts.shopify_orders });
  const amazon = await one(
    `select count(*) as lines, count(distinct "amazon-order-id") as orders from ${READ.amazonOrders}`,
  );
  expect(amazon).toEqual({ lines: counts.amazon_order_lines, orders: counts.amazon_orders });
});

test("returns are as many as truth.json counts, each unit once after removing repeats", async () => {
  const { counts } = demo.truth;
  const sheet = await one(
    `select count(*) as rows, count("Received / settled") as settled, count(distinct RMA) as ids from ${READ.shopReturns}`,
  );
  expect(sheet).toEqual({
    rows: counts.shop_return_rows,
    settled: counts.shop_returns_settled,
    ids: counts.shop_return_rows,
  });
  const west = await one(
    `select count(*) as rows, count(distinct "license-plate-number") as units from ${READ.fbaUtf8}`,
  );
  const east = await japaneseRows();
  const eastUnits = new Set(east.map((row) => row.split("\t")[11])).size;
  expect(Number(west.rows) + east.length).toBe(counts.fba_return_rows);
  expect(Number(west.units) + eastUnits).toBe(counts.fba_returned_units);
  expect(counts.fba_return_rows).toBeGreaterThan(counts.fba_returned_units);
});

test("a unit looked at again is reported with a later date and another status", async () => {
  const again = await one(`select count(*) as units from (
    select "license-plate-number" from ${READ.fbaUtf8}
    group by all having count(distinct "return-date") = 2 and count(distinct status) = 2)`);
  expect(again.units).toBeGreaterThan(0);
});

test("tickets, ratings, parcels and survey rows are as many as truth.json counts", async () => {
  const { counts } = demo.truth;
  const tickets = await one(`select count(*) as rows, count(distinct ticket ->> '$.id') as ids from ${READ.tickets}`);
  expect(tickets).toEqual({ rows: counts.zendesk_ticket_rows, ids: counts.zendesk_tickets });
  expect(counts.zendesk_ticket_rows).toBeGreaterThan(counts.zendesk_tickets);
  const ratings = await one(`select count(*) as rows from ${READ.ratings}`);
  expect(ratings.rows).toBe(counts.zendesk_rating_rows);
  const parcels =
    await one(`select count(*) as rows, sum(json_array_length(tracking -> '$.checkpoints'))::bigint as scans,
    count(distinct tracking ->> '$.id') as ids from ${READ.trackings}`);
  expect(parcels).toEqual({
    rows: counts.aftership_trackings,
    scans: counts.aftership_checkpoints,
    ids: counts.aftership_trackings,
  });
  expect((await one(`select count(*) as rows from ${READ.surveys}`)).rows).toBe(counts.survey_rows);
});

test("a ticket's last row in the export is its newest", async () => {
  const stale = await one(`select count(*) as tickets from (
    select ticket ->> '$.id' as id, max(ticket ->> '$.updated_at') as newest,
      max(ticket ->> '$.updated_at') filter (where ticket ->> '$.status' in ('solved', 'closed', 'deleted')) as done
    from ${READ.tickets} group by 1) where done is not null and done < newest`);
  expect(stale.tickets).toBe(0);
});

test("Shopify's order cells stand on the first row of an order only", async () => {
  const rows = await one(
    `select count("Created at") as filled, count(Total) as totals, count(*) as rows from ${READ.shopify}`,
  );
  expect(rows.filled).toBe(demo.truth.counts.shopify_orders);
  expect(rows.totals).toBe(rows.filled);
  expect(Number(rows.rows)).toBeGreaterThan(Number(rows.filled));
  const quirks = await one(`select count(*) filter (where "Shipping Zip" like '''%') as zips,
    count(*) filter (where Notes like '%' || chr(10) || '%') as long_notes,
    count(*) filter (where Tags = 'exchange' and Total = '0.00') as exchanges,
    count("Cancelled at") as cancelled from ${READ.shopify}`);
  expect(quirks.zips).toBe(rows.filled);
  expect(Object.entries(quirks).filter(([, count]) => Number(count) === 0)).toEqual([]);
});

test("the shop's offset is the one Berlin had at that instant, before and after the clock change", async () => {
  const times = await demo.rows<{ text: string }>(
    `select "Created at" as text from ${READ.shopify} where "Created at" is not null`,
  );
  const offsets = new Set<string>();
  const berlin = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Europe/Berlin",
    dateStyle: "short",
    timeStyle: "medium",
  });
  for (const { text } of times) {
    const [day = "", time = "", offset = ""] = text.split(" ");
    const instant = Date.parse(`${day}T${time}${offset.slice(0, 3)}:${offset.slice(3)}`);
    expect(berlin.format(instant)).toBe(`${day} ${time}`);
    offsets.add(offset);
  }
  expect([...offsets].sort()).toEqual(["+0100", "+0200"]);
});

test("nothing in the files happens after the end", async () => {
  const end = `${demo.truth.end}T00:00:00Z`;
  const later = await one(`select
    (select count(*) from ${READ.amazonOrders} where "purchase-date" >= '${end}' or "last-updated-date" >= '${end}')
    + (select count(*) from ${READ.tickets} where (ticket ->> '$.updated_at') >= '${end}')
    + (select count(*) from ${READ.fbaUtf8} where "return-date" >= '${end}') as rows`);
  expect(later.rows).toBe(0);
});

test("every address and number is fictional", async () => {
  const real = await one(`select
    (select count(*) from ${READ.shopify} where Email is not null and not regexp_matches(Email, '@example\\.(com|net)$'))
    + (select count(*) from ${READ.shopify} where Phone is not null and replace(Phone, ' ', '') not like '%555%') as rows`);
  expect(real.rows).toBe(0);
});
