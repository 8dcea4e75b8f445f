// Two public data sets through the whole pipeline, held against SQL written here over the raw files.
import { copyFile, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { existsSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dataDirectory, PROJECT_ROOT } from "../../../shared/data-directory.ts";
import { queryRows, withDuckDB } from "../../../shared/duckdb.ts";
import { runPipeline } from "../../pipeline.ts";

const SHARED = path.resolve(PROJECT_ROOT, "../shared/data");
const isThere = existsSync(SHARED);
if (!isThere) console.log(`Skipped: the public data sets are not at ${SHARED}`);

type Row = Record<string, number>;

/** Publishes the example mappings over the files of `source`; answers SQL on the marts and on the raw files. */
async function publishExample(example: string, source: string) {
  const folder = await mkdtemp(path.join(os.tmpdir(), `${example}-`));
  const inbox = path.join(folder, "inbox");
  await mkdir(path.join(inbox, example), { recursive: true });
  const examples = path.join(import.meta.dirname, "examples", example);
  await cp(examples, path.join(inbox, example), { recursive: true });
  await cp(path.join(examples, "aftersight.yml"), path.join(inbox, "aftersight.yml"));
  await rm(path.join(inbox, example, "aftersight.yml"));
  for (const name of readdirSync(source)) await copyFile(path.join(source, name), path.join(inbox, example, name));
  const data = dataDirectory(path.join(folder, "data"));
  const result = await runPipeline({ inbox, data, report: () => undefined });
  const file = path.join(data.published, `${result.versionName}.duckdb`);
  const ask = async (target: string, sql: string): Promise<Row> => {
    const rows = await withDuckDB(target, target === ":memory:" ? {} : { readOnly: true }, (connection) =>
      queryRows<Row>(connection, sql),
    );
    return rows[0] ?? {};
  };
  return {
    counts: Object.fromEntries(result.counts.map((count) => [count.entity, count.rows])),
    marts: (sql: string) => ask(file, sql),
    raw: (sql: string) => ask(":memory:", sql),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

type Published = Awaited<ReturnType<typeof publishExample>>;

describe.skipIf(!isThere)("Olist, 4,000 orders", () => {
  let olist: Published;
  const source = path.join(SHARED, "olist/sample4k");
  const csv = (name: string) =>
    `read_csv('${path.join(source, name)}', all_varchar = true, header = true, quote = '"', escape = '"')`;
  beforeAll(async () => {
    olist = await publishExample("olist", source);
  });
  afterAll(() => olist?.close());

  it("has every order, line, buyer, product and review", async () => {
    const expected = await olist.raw(`select
      (select count(*) from ${csv("olist_orders_dataset.csv")}) as orders,
      (select count(*) from ${csv("olist_order_items_dataset.csv")}) as order_items,
      (select count(distinct customer_unique_id) from ${csv("olist_customers_dataset.csv")}) as customers,
      (select count(*) from ${csv("olist_products_dataset.csv")}) as products,
      (select count(distinct (review_id, order_id)) from ${csv("olist_order_reviews_dataset.csv")}) as survey_responses`);
    expect(expected.orders).toBe(4000);
    expect(olist.counts).toMatchObject(expected);
    const marts =
      await olist.marts(`select (select count(*) from orders) as orders, (select count(*) from order_items) as order_items,
      (select count(*) from products where product_id <> 'unknown') as products, (select count(*) from survey_responses) as survey_responses,
      (select count(*) from quarantine) as quarantined`);
    expect(marts).toEqual({
      orders: expected.orders,
      order_items: expected.order_items,
      products: expected.products,
      survey_responses: expected.survey_responses,
      quarantined: 0,
    });
  });

  it("has the late rate of promised against actual days", async () => {
    const expected = await olist.raw(`select count(*) as delivered,
        count(*) filter (left(order_delivered_customer_date, 10) > left(order_estimated_delivery_date, 10)) as late
      from ${csv("olist_orders_dataset.csv")} where order_delivered_customer_date is not null`);
    const marts = await olist.marts(`select count(*) filter (has_promise_and_attempt) as delivered,
        count(*) filter (has_promise_and_attempt and is_late) as late from shipments`);
    expect(expected.late).toBeGreaterThan(100);
    expect(marts).toEqual(expected);
  });

  it("has the mean review score and the English categories", async () => {
    const score = await olist.raw(
      `select avg(review_score::double) as mean, count(*) as rated from ${csv("olist_order_reviews_dataset.csv")}`,
    );
    const marts = await olist.marts(
      "select avg(score) as mean, count(*) as rated from survey_responses where is_rated",
    );
    expect(marts.rated).toBe(score.rated);
    expect(marts.mean).toBeCloseTo(score.mean ?? 0, 9);
    const categories = `select count(*) as n from ${csv("olist_products_dataset.csv")} join ${csv("product_category_name_translation.csv")} using (product_category_name)
      where product_category_name_english = 'health_beauty'`;
    expect(await olist.marts("select count(*) as n from products where category = 'health_beauty'")).toEqual(
      await olist.raw(categories),
    );
  });
});

describe.skipIf(!isThere)("Online Retail, 541,909 invoice lines", () => {
  let retail: Published;
  const source = path.join(SHARED, "online_retail");
  const goods = "(regexp_full_match(StockCode, '[0-9]{5}.*') or StockCode like 'DCGS%')";
  /** Times as UTC: the file's are London's. */
  const lines = `lines as (select *, timezone('UTC', timezone('Europe/London', InvoiceDate)) as moment
    from '${path.join(source, "online_retail.parquet")}')`;
  beforeAll(async () => {
    retail = await publishExample("online_retail", source);
  }, 180_000);
  afterAll(() => retail?.close());

  it("has every order, every line though lines repeat, and every return", async () => {
    const expected = await retail.raw(`with ${lines} select
      count(distinct InvoiceNo) filter (InvoiceNo not like 'C%' and InvoiceNo not like 'A%' and Quantity > 0) as orders,
      count(*) filter (InvoiceNo not like 'C%' and InvoiceNo not like 'A%' and Quantity > 0 and ${goods}) as order_items,
      count(*) filter (InvoiceNo like 'C%' and ${goods}) as returns,
      count(distinct CustomerID) as customers from lines`);
    expect(expected.order_items).toBeGreaterThan(500_000);
    expect(retail.counts).toMatchObject(expected);
    const { n } = await retail.marts("select count(distinct order_item_id) as n from order_items");
    expect(n).toBe(expected.order_items);
  });

  it("has the units sold, the units returned and the money refunded", async () => {
    const expected = await retail.raw(`with ${lines} select
      sum(Quantity) filter (InvoiceNo not like 'C%' and InvoiceNo not like 'A%' and Quantity > 0 and ${goods}) as sold,
      -sum(Quantity) filter (InvoiceNo like 'C%' and ${goods}) as returned,
      round(-sum((Quantity * UnitPrice)::decimal(18, 4)) filter (InvoiceNo like 'C%' and ${goods}), 2)::double as refunded from lines`);
    const marts =
      await retail.marts(`select (select sum(quantity) from order_items)::bigint as sold, sum(quantity)::bigint as returned,
      round(sum(refund_amount_reporting), 2)::double as refunded from returns`);
    expect(marts.sold).toBe(expected.sold);
    expect(marts.returned).toBe(expected.returned);
    expect(marts.refunded).toBeCloseTo(expected.refunded ?? 0, 1);
  });

  it.each([30, 60, 90])(
    "has the repurchases within %i days of a return, of returns old enough to tell",
    async (days) => {
      const window = `interval ${days} day`;
      const expected = await retail.raw(`with ${lines},
      paid as (select InvoiceNo, any_value(CustomerID) as customer, min(moment) as moment from lines
        where InvoiceNo not like 'C%' and InvoiceNo not like 'A%' and Quantity > 0 and CustomerID is not null
        group by InvoiceNo having sum(Quantity * UnitPrice) > 0),
      back as (select row_number() over () as id, CustomerID as customer, moment from lines
        where InvoiceNo like 'C%' and CustomerID is not null and ${goods}),
      matured as (select * from back where moment + ${window} <= (select max(moment) from lines)),
      again as (select distinct matured.id from matured join paid on paid.customer = matured.customer
        and paid.moment > matured.moment and paid.moment <= matured.moment + ${window})
      select (select count(*) from matured) as matured, (select count(*) from again) as repurchased,
        (select count(distinct customer) from matured) as returners`);
      const marts = await retail.marts(`select count(*) filter (is_matured_${days}d) as matured,
      count(*) filter (is_matured_${days}d and is_repurchased_${days}d) as repurchased,
      count(distinct customer_id) filter (is_matured_${days}d) as returners from returns`);
      expect(expected.repurchased).toBeGreaterThan(1000);
      expect(marts).toEqual(expected);
    },
  );
});
