// What truth.json claims must be visible in the raw files, and decoys must not be more than they say.
import { afterAll, beforeAll, expect, test } from "vitest";
import { READ, writtenDemo, type WrittenDemo } from "./testing.ts";
import type { TruthEpisode } from "./truth.ts";

let demo: WrittenDemo;
beforeAll(async () => {
  demo = await writtenDemo({ seed: 7, products: 20, days: 380, ordersPerDay: 110, end: "2026-11-22" });
});
afterAll(() => demo.remove());

function episode(id: string): TruthEpisode {
  const found = [...demo.truth.episodes, ...demo.truth.decoys].find((each) => each.id === id);
  if (!found) throw new Error(`The demo has no episode ${id}`);
  return found;
}

const number = async (sql: string): Promise<number> => Number(Object.values((await demo.rows(sql))[0] ?? {})[0]);

/** Own-shop lines with their order's day, lot, and whether the RMA sheet has them back for a reason like this. */
const lines = (reason: string): string => `(
  with lines as (
    select Name as order_name, "Lineitem sku" as sku, "Lineitem quantity"::int as units,
      max("Created at"[:10]::date) over (partition by Name) as day,
      max("Note Attributes") over (partition by Name) as packed
    from ${READ.shopify}),
  backs as (select "Order" as order_name, SKU as sku from ${READ.shopReturns} where Reason like '${reason}%')
  select lines.sku, day, units, regexp_extract(packed, 'lot ' || lines.sku || ': (\\S+)', 1) as lot,
    backs.sku is not null as is_back
  from lines left join backs on lines.order_name = backs.order_name and lines.sku = backs.sku)`;

test("every episode has its product, onset and a size, and the newest is still open", () => {
  const { episodes, end } = demo.truth;
  expect(episodes.map((each) => each.type).sort()).toEqual(
    ["backlog", "carrier", "listing", "lot", "lot", "packaging", "ramp"].sort(),
  );
  expect(episodes.filter((each) => each.onset >= end)).toEqual([]);
  expect(episodes.filter((each) => each.type !== "backlog" && (each.expected_excess ?? 0) <= 5)).toEqual([]);
  expect(episodes.at(-1)?.end).toBeNull();
});

test("the drawn excess is what chance allows around the expected one", () => {
  const improbable = demo.truth.episodes.filter(({ expected_excess: expected, actual_excess: actual }) => {
    if (expected === null || actual === null) return false;
    return Math.abs(actual - expected) > 4 * Math.sqrt(expected) + 3;
  });
  expect(improbable).toEqual([]);
});

test("the bad lot comes back several times as often as the product's other lots", async () => {
  const { lot, product_ids } = episode("lot-earbuds");
  // Only deliveries old enough to have come back.
  const rate = (where: string): Promise<number> =>
    number(
      `select avg(is_back::int) from ${lines("Defective")} where sku = '${product_ids[0]}' and day < date '2026-11-06' and ${where}`,
    );
  const bad = await rate(`lot = '${lot}'`);
  const others = await rate(`lot <> '${lot}'`);
  expect(bad / others).toBeGreaterThan(2.5);
});

test("the wrong size chart shows in its weeks and not after", async () => {
  const { onset, end, product_ids } = episode("size-dress");
  const rate = (where: string): Promise<number> =>
    number(`select avg(is_back::int) from ${lines("Too small")} where sku = '${product_ids[0]}' and ${where}`);
  const during = await rate(`day between date '${onset}' and date '${end}'`);
  const after = await rate(`day > date '${end}' + 3 and day < date '2026-11-01'`);
  expect(during / after).toBeGreaterThan(2);
});

test("the carrier's crisis is late on its lane and nowhere else", async () => {
  const { onset, end } = episode("carrier-de");
  const [late = {}] = await demo.rows<Record<string, number>>(`
    with parcels as (select (tracking ->> '$.slug') = 'yunexpress' as is_carrier,
      (tracking ->> '$.destination_country_region') = 'DEU' as is_market,
      (tracking ->> '$.first_attempted_at')[:10] > (tracking ->> '$.order_promised_delivery_date') as is_late
      from ${READ.trackings} where (tracking ->> '$.shipment_pickup_date')[:10] between '${onset}' and '${end}')
    select avg(is_late::int) filter (where is_carrier and is_market) as lane,
      avg(is_late::int) filter (where is_carrier and not is_market) as other_markets,
      avg(is_late::int) filter (where is_market and not is_carrier) as other_carriers from parcels`);
  expect(late.lane).toBeGreaterThan(0.5);
  expect(late.other_markets).toBeLessThan(0.2);
  expect(late.other_carriers).toBeLessThan(0.2);
});

test("the backlog makes one team slow for its days", async () => {
  const { onset, end } = episode("backlog-eu");
  const median = (where: string): Promise<number> =>
    number(`
    with sets as (select unnest(metric_sets) as metric from read_json('{dir}/zendesk/incremental_tickets_*.json',
      columns = {metric_sets: 'JSON[]'}, maximum_object_size = 200000000)),
    replies as (select metric ->> '$.ticket_id' as id, max((metric ->> '$.reply_time_in_minutes.calendar')::int) as minutes from sets group by 1)
    select median(minutes) from ${READ.tickets} join replies on (ticket ->> '$.id') = replies.id
    where (ticket ->> '$.group_id') = '360011000002' and ${where}`);
  const days = `(ticket ->> '$.created_at')[:10] between '${onset}' and '${end}'`;
  expect((await median(days)) / (await median(`not ${days}`))).toBeGreaterThan(3);
});

test("the promotion sells several times as much but returns at the usual rate per unit", async () => {
  const { onset, end, product_ids } = episode("promo-watch");
  const all = `(with watch as (select * from ${lines("")} where sku = '${product_ids[0]}')
    select sum(units) filter (where day between date '${onset}' and date '${end}') / 7.0 as promo_units,
      sum(units) filter (where day between date '${onset}' - 28 and date '${onset}' - 1) / 28.0 as usual_units,
      avg(is_back::int) filter (where day between date '${onset}' and date '${end}') as promo_rate,
      avg(is_back::int) filter (where day < date '${onset}') as usual_rate from watch)`;
  const [sums = {}] = await demo.rows<Record<string, number>>(`select * from ${all}`);
  expect(Number(sums.promo_units) / Number(sums.usual_units)).toBeGreaterThan(2.8);
  const ratio = Number(sums.promo_rate) / Number(sums.usual_rate);
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(1.6);
});

test("the outages leave days without rows and a backlog on the day after", async () => {
  const perDay = (from: string, day: string, where: string): Promise<number> =>
    number(`select count(*) from ${from} where ${day} and ${where}`);
  const fba = episode("outage-fba");
  const returnDay = `"return-date"[:10]`;
  expect(await perDay(READ.fbaUtf8, `${returnDay} between '${fba.onset}' and '${fba.end}'`, "true")).toBe(0);
  const after = `${returnDay}::date = date '${fba.end}' + 1`;
  const before = `${returnDay}::date between date '${fba.onset}' - 28 and date '${fba.onset}' - 1`;
  expect(await perDay(READ.fbaUtf8, after, "true")).toBeGreaterThan(
    (2 * (await perDay(READ.fbaUtf8, before, "true"))) / 28,
  );
  const mail = episode("outage-tickets");
  const created = `(ticket ->> '$.created_at')[:10]`;
  expect(await perDay(READ.tickets, `${created} between '${mail.onset}' and '${mail.end}'`, "true")).toBe(0);
});

test("the bulk return is many rows of one order", async () => {
  const [row = {}] =
    await demo.rows(`select "order-id", count(distinct "license-plate-number") as units from ${READ.fbaUtf8}
    where sku = '${episode("bulk-toy").product_ids[0]}' group by 1 order by 2 desc limit 1`);
  expect(row.units).toBe(20);
});
