// Customers, repurchase and the cash view on public data, held against SQL written here over the raw files.
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { existsSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataDirectory, PROJECT_ROOT } from "../../../shared/data-directory.ts";
import { queryRows, withDuckDB } from "../../../shared/duckdb.ts";
import { runPipeline } from "../../pipeline.ts";

const SHARED = path.resolve(PROJECT_ROOT, "../shared/data");
const isThere = existsSync(SHARED);
if (!isThere) console.log(`Skipped: the public data sets are not at ${SHARED}`);

type Row = Record<string, number | null>;

/** Publishes an inbox; answers one row of SQL on the marts and on raw files. */
async function published(fill: (inbox: string) => Promise<void>) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "real-returns-"));
  const inbox = path.join(folder, "inbox");
  await mkdir(inbox);
  await fill(inbox);
  const data = dataDirectory(path.join(folder, "data"));
  const { versionName } = await runPipeline({ inbox, data, report: () => undefined });
  const ask = async (file: string, sql: string): Promise<Row> => {
    const options = file === ":memory:" ? {} : { readOnly: true };
    return (await withDuckDB(file, options, (connection) => queryRows<Row>(connection, sql)))[0] ?? {};
  };
  return {
    marts: (sql: string) => ask(path.join(data.published, `${versionName}.duckdb`), sql),
    raw: (sql: string) => ask(":memory:", sql),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
type Published = Awaited<ReturnType<typeof published>>;

const example = (name: string, source: string) => async (inbox: string) => {
  const examples = path.join(PROJECT_ROOT, "etl/sources/tabular/examples", name);
  await cp(examples, path.join(inbox, name), { recursive: true });
  await cp(path.join(examples, "aftersight.yml"), path.join(inbox, "aftersight.yml"));
  await rm(path.join(inbox, name, "aftersight.yml"));
  for (const file of readdirSync(source)) await copyFile(path.join(source, file), path.join(inbox, name, file));
};

/** The marts' answer to `buyersAgain`. */
const baseline = (days: number) => `select count(distinct customer_id) filter (is_matured_${days}d) as customers,
  count(distinct customer_id) filter (is_matured_${days}d and is_repurchased_${days}d) as again,
  count(*) filter (is_matured_${days}d) as deliveries from repurchase_occasions where kind = 'delivery'`;
/**
 * Of `paid(id, customer, moment, day)`, `returners(customer)` and `sold(moment, day)`, all sales: an order counts as delivered seven
 * days on; who bought within `days` after that. Every pair is looked at.
 */
const buyersAgain = (days: number) => `
  here as (select *, day + 7 as arrived from paid where customer is not null and customer not in (from returners)
    and moment + interval 7 days <= (select max(moment) from sold)),
  matured as (select * from here where arrived + ${days} < (select max(day) from sold)),
  again as (select distinct matured.id, matured.customer from matured join paid on paid.customer = matured.customer
    and paid.day > matured.arrived and paid.day <= matured.arrived + ${days})
  select (select count(distinct customer) from matured) as customers, (select count(distinct customer) from again) as again,
    (select count(*) from matured) as deliveries`;

const YEARS = `select count(*) filter (is_matured_365d) as customers,
  round(sum(value_365d_reporting) filter (is_matured_365d), 2)::double as value,
  round(sum(value_365d_reporting) filter (is_matured_365d and is_returner), 2)::double as of_returners from customers`;

describe.skipIf(!isThere)("Online Retail, 541,909 invoice lines", () => {
  let retail: Published;
  const source = path.join(SHARED, "online_retail");
  const raw = `with lines as (select *, InvoiceDate as moment, InvoiceDate::date as day,
      regexp_full_match(StockCode, '[0-9]{5}.*') or StockCode like 'DCGS%' as is_goods
      from '${path.join(source, "online_retail.parquet")}'),
    sales as (select * from lines where regexp_full_match(InvoiceNo, '[0-9]{6}') and Quantity > 0),
    paid as (select InvoiceNo as id, any_value(CustomerID) as customer, min(moment) as moment, min(day) as day,
      sum((Quantity * UnitPrice)::decimal(18, 4)) as amount from sales group by InvoiceNo having sum(Quantity * UnitPrice) > 0),
    back as (select *, (-Quantity * UnitPrice)::decimal(18, 4) as refund from lines
      where InvoiceNo like 'C%' and Quantity < 0 and is_goods),
    returners as (select distinct CustomerID as customer from back where CustomerID is not null),
    sold as (select moment, day from sales),
    complete as (select least((select max(day) from sold), (select max(day) from back)) as day)`;
  beforeAll(async () => {
    retail = await published(example("online_retail", source));
  }, 240_000);
  afterAll(() => retail?.close());

  test.each([30, 60, 90])("has the customers who never returned and bought again within %i days", async (days) => {
    const expected = await retail.raw(`${raw}, ${buyersAgain(days)}`);
    expect(expected.again).toBeGreaterThan(500);
    expect(await retail.marts(baseline(days))).toEqual(expected);
  });

  test("has a year's value of each customer, refunds by their day", async () => {
    const expected = await retail.raw(`${raw},
      firsts as (select customer, min(day) as first from paid where customer is not null group by customer
        having min(day) + 365 < (select day from complete)),
      earned as (select customer, sum(amount) as amount from paid join firsts using (customer) where day <= first + 365 group by customer),
      refunded as (select CustomerID as customer, sum(refund) as amount from back join firsts on customer = CustomerID
        where day <= first + 365 group by CustomerID),
      worth as (select customer, earned.amount - coalesce(refunded.amount, 0) as amount,
        customer in (from returners) as is_returner from earned left join refunded using (customer))
      select count(*) as customers, round(sum(amount), 2)::double as value,
        round(sum(amount) filter (is_returner), 2)::double as of_returners from worth`);
    expect(expected.customers).toBeGreaterThan(300);
    expect(await retail.marts(YEARS)).toEqual(expected);
  });

  test("has the units received and delivered on complete days", async () => {
    const expected = await retail.raw(`${raw} select
      (select sum(Quantity) from sales where is_goods and day + 7 < (select day from complete)
        and InvoiceNo in (select InvoiceNo from sales group by InvoiceNo
          having min(moment) + interval 7 days <= (select max(moment) from sales)))::bigint as delivered,
      (select -sum(Quantity) from back where day < (select day from complete))::bigint as received`);
    expect(expected.received).toBeGreaterThan(100_000);
    expect(
      await retail.marts(`select sum(delivered_units) filter (is_complete)::bigint as delivered,
        sum(received_units) filter (is_complete)::bigint as received from product_days`),
    ).toEqual(expected);
  });
});

describe.skipIf(!isThere)("CDNOW, 69,659 purchases", () => {
  let cdnow: Published;
  const raw = `with lines as (select string_split(regexp_replace(trim(line), ' +', ' ', 'g'), ' ') as cell, row_number() over () as id
      from read_csv('${path.join(SHARED, "cdnow/CDNOW_master.txt")}', columns = {'line': 'varchar'}, header = false, skip = 1, delim = '\\t')),
    bought as (select id, cell[1] as customer, strptime(cell[2], '%Y%m%d')::date as day, day::timestamp as moment,
      cell[4]::decimal(18, 4) as amount from lines where len(cell) = 4),
    paid as (select * from bought where amount > 0), returners as (select null::varchar as customer where false),
    sold as (select moment, day from bought)`;
  beforeAll(async () => {
    cdnow = await published(async (inbox) => {
      await mkdir(path.join(inbox, "cdnow"));
      await writeFile(
        path.join(inbox, "cdnow/orders.mapping.yml"),
        `entity: orders\nsystem: cdnow\nfiles: orders.csv\ntime_zone: UTC\ncolumns:\n  order_id: id\n  ordered_at: day
  customer_ref: customer\n  currency: { constant: USD }\n  total_amount: amount\n`,
      );
      await withDuckDB(":memory:", {}, (connection) =>
        connection.run(
          `copy (${raw} select id, customer, day, amount from bought) to '${path.join(inbox, "cdnow/orders.csv")}' (header)`,
        ),
      );
    });
  }, 120_000);
  afterAll(() => cdnow?.close());

  test.each([30, 60, 90])("has who bought again within %i days; free orders are no purchase", async (days) => {
    const expected = await cdnow.raw(`${raw}, ${buyersAgain(days)}`);
    expect(expected.again).toBeGreaterThan(3000);
    expect(await cdnow.marts(baseline(days))).toEqual(expected);
    const free = await cdnow.raw(`${raw} select count(*) as n from bought where amount = 0`);
    expect(free.n).toBeGreaterThan(50);
    expect(await cdnow.marts("select count(*) as n from orders where not is_paid")).toEqual(free);
  });

  test("has a year's value of each customer; what needs returns is unknown, not 0", async () => {
    const expected = await cdnow.raw(`${raw},
      firsts as (select customer, min(day) as first from paid group by customer
        having min(day) + 365 < (select max(day) from bought))
      select (select count(*) from firsts) as customers, round(sum(amount), 2)::double as value, null::double as of_returners
      from paid join firsts using (customer) where day <= first + 365`);
    expect(expected.customers).toBeGreaterThan(20_000);
    expect(await cdnow.marts(YEARS)).toEqual(expected);
    expect(
      await cdnow.marts(`select count(*) filter (is_matured_30d) as matured, count(*) filter (is_exposure_over_30d) as exposed,
        count(after_sales_cost_reporting) as costed, (select count(received_units) from product_days) as received from orders`),
    ).toEqual({ matured: 0, exposed: 0, costed: 0, received: 0 });
  });
});
