// Returns, money and customers on two public data sets of shops: what Cube answers is what SQL over the raw files says.
import { existsSync, readdirSync } from "node:fs";
import { copyFile, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { API_SECRET_NAME } from "../cube/server/auth.ts";
import { withCube, type Row } from "../cube/server/with-cube.ts";
import { runPipeline } from "../etl/pipeline.ts";
import { dataDirectory, PROJECT_ROOT } from "../shared/data-directory.ts";
import { queryRows, withDuckDB } from "../shared/duckdb.ts";
import { secret } from "../shared/secrets.ts";

const SHARED = path.resolve(PROJECT_ROOT, "../shared/data");
const isThere = existsSync(SHARED);
if (!isThere) console.log(`Skipped: the public data sets are not at ${SHARED}`);

/** Rows by `by` (or by month of `month`), keys without the view's name, the group as `key`. */
type Ask = (
  view: string,
  measures: readonly string[],
  group?: { readonly by?: string; readonly month?: string },
) => Promise<Row[]>;

/** Publishes the example mappings over the files of `source` and answers queries. */
async function published(name: string, source: string, work: (ask: Ask) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "real-returns-"));
  try {
    const inbox = path.join(folder, "inbox");
    const examples = path.join(PROJECT_ROOT, "etl/sources/tabular/examples", name);
    await cp(examples, path.join(inbox, name), { recursive: true });
    await cp(path.join(examples, "aftersight.yml"), path.join(inbox, "aftersight.yml"));
    await rm(path.join(inbox, name, "aftersight.yml"));
    for (const file of readdirSync(source)) await copyFile(path.join(source, file), path.join(inbox, name, file));
    const data = dataDirectory(path.join(folder, "data"));
    await mkdir(data.root, { recursive: true });
    await runPipeline({ inbox, data, report: () => undefined });
    await withCube(data.published, await secret(data, API_SECRET_NAME), (load) =>
      work(async (view, measures, { by, month } = {}) => {
        const rows = await load({
          measures: measures.map((measure) => `${view}.${measure}`),
          dimensions: by ? [`${view}.${by}`] : [],
          timeDimensions: month ? [{ dimension: `${view}.${month}`, granularity: "month" }] : [],
        });
        const keyOf = (row: Row) =>
          by ? row[`${view}.${by}`] : row[`${view}.${month}.month`]?.toString().slice(0, 10);
        return rows.map((row) => ({
          key: keyOf(row) ?? null,
          ...Object.fromEntries(measures.map((measure) => [measure, row[`${view}.${measure}`] ?? null])),
        }));
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const expected = (sql: string) => withDuckDB(":memory:", {}, (connection) => queryRows<Row>(connection, sql));

/** Sums of fractions may differ in the last digits. */
function expectSame(answers: readonly Row[], rows: readonly Row[]): void {
  const sorted = (list: readonly Row[]) => list.toSorted((a, b) => (String(a.key) < String(b.key) ? -1 : 1));
  const rounded = (list: readonly Row[]) =>
    sorted(list).map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          typeof value === "number" ? Number(value.toPrecision(9)) : value,
        ]),
      ),
    );
  expect(rows.length).toBeGreaterThan(0);
  expect(rounded(answers)).toEqual(rounded(rows));
}

const month = (day: string) => `strftime(${day}, '%Y-%m-01') as key`;

describe.skipIf(!isThere)("through Cube", () => {
  test("Online Retail: returns, goods received, customers and repurchase, in total and by month", async () => {
    const source = path.join(SHARED, "online_retail");
    const raw = `with lines as (select *, InvoiceDate as moment, InvoiceDate::date as day,
        regexp_full_match(StockCode, '[0-9]{5}.*') or StockCode like 'DCGS%' as is_goods
        from '${path.join(source, "online_retail.parquet")}'),
      sales as (select * from lines where regexp_full_match(InvoiceNo, '[0-9]{6}') and Quantity > 0),
      paid as (select InvoiceNo as id, any_value(CustomerID) as customer, min(moment) as moment, min(day) as day,
        sum((Quantity * UnitPrice)::decimal(18, 4)) as amount from sales group by InvoiceNo having sum(Quantity * UnitPrice) > 0),
      back as (select *, -Quantity as units, (-Quantity * UnitPrice)::decimal(18, 4) as refund from lines
        where InvoiceNo like 'C%' and Quantity < 0 and is_goods),
      returners as (select distinct CustomerID as customer from back where CustomerID is not null),
      complete as (select least((select max(day) from sales), (select max(day) from back)) as day)`;
    expect.hasAssertions();
    await published("online_retail", source, async (ask) => {
      const returns = [
        "returns",
        "returned_units",
        "refund_amount_total",
        "refund_share",
        "refund_ratio",
        "linked_share",
      ];
      const more = ["retained_revenue_ratio", "unclassified_share", "known_customer_share", "cost_per_resolution"];
      const answers = await ask("product_returns", [...returns, ...more], { month: "returned_at" });
      // Every one a refund, without a reason, an order or a rate card.
      expectSame(
        answers,
        await expected(`${raw} select ${month("day")}, count(*) as returns, sum(units)::bigint as returned_units,
          sum(refund)::double as refund_amount_total, 1 as refund_share, 1 as refund_ratio, 0 as linked_share,
          0 as retained_revenue_ratio, 1 as unclassified_share, count(CustomerID) / count(*) as known_customer_share,
          null as cost_per_resolution from back group by key`),
      );
      const goods = ["units_delivered", "units_received_back", "received_per_delivered"];
      expectSame(
        await ask("goods_flow", goods),
        await expected(`${raw}, out as (select sum(Quantity) as units from sales where is_goods and day + 7 < (select day from complete)
            and InvoiceNo in (select InvoiceNo from sales group by InvoiceNo
              having min(moment) + interval 7 days <= (select max(moment) from sales))),
          arrived as (select sum(units) as units from back where day < (select day from complete))
          select null as key, out.units::bigint as units_delivered, arrived.units::bigint as units_received_back,
            arrived.units / out.units as received_per_delivered from out cross join arrived`),
      );
      const customers = ["buyers", "returners", "matured_customers_365d", "ltv_365d", "ltv_365d_returners"];
      const worth = `${raw},
        firsts as (select customer, min(day) as first from paid where customer is not null group by customer),
        earned as (select customer, any_value(first) as first, sum(amount) as amount from paid join firsts using (customer)
          where day <= first + 365 group by customer),
        refunded as (select CustomerID as customer, sum(refund) as amount from back join firsts on customer = CustomerID
          where day <= first + 365 group by CustomerID),
        worth as (select customer, first, first + 365 < (select day from complete) as is_over,
          (earned.amount - coalesce(refunded.amount, 0))::double as amount, customer in (from returners) as is_returner
          from earned left join refunded using (customer))`;
      expectSame(
        (await ask("customer_value", customers, { month: "first_ordered_at" })).filter((row) => row.key !== null),
        await expected(`${worth} select ${month("first")}, count(*) as buyers, count(*) filter (is_returner) as returners,
          count(*) filter (is_over) as matured_customers_365d, avg(amount) filter (is_over) as ltv_365d,
          avg(amount) filter (is_over and is_returner) as ltv_365d_returners from worth group by key`),
      );
      const again = ["returning_repurchase_rate_60d", "baseline_repurchase_rate_60d", "repurchase_uplift_60d"];
      expectSame(
        await ask("repurchase", again),
        await expected(`${raw},
          chances as (
            select 'return' as kind, CustomerID as customer, moment as began, moment + interval 60 days as until,
              moment + interval 60 days <= (select max(moment) from sales) as is_over from back where CustomerID is not null
            union all
            select 'delivery', customer, day + interval 8 days - interval 1 microsecond, day + interval 68 days - interval 1 microsecond,
              day + 67 < (select max(day) from sales) from paid where customer is not null and customer not in (from returners)
          ),
          bought as (select distinct kind, chances.customer from chances join paid on paid.customer = chances.customer
            and paid.moment > began and paid.moment <= until where is_over),
          rates as (select kind, (select count(*) from bought where bought.kind = chances.kind)
            / count(distinct customer) filter (is_over) as rate from chances group by kind)
          select null as key, max(rate) filter (kind = 'return') as returning_repurchase_rate_60d,
            max(rate) filter (kind = 'delivery') as baseline_repurchase_rate_60d,
            max(rate) filter (kind = 'return') - max(rate) filter (kind = 'delivery') as repurchase_uplift_60d from rates`),
      );
    });
  }, 300_000);

  test("Olist: deliveries of its own file; without returns and tickets their rates are empty, never 0", async () => {
    const source = path.join(SHARED, "olist/sample4k");
    const orders = `from read_csv('${path.join(source, "olist_orders_dataset.csv")}', all_varchar = true, header = true)
      where order_status not in ('canceled', 'unavailable')`;
    await published("olist", source, async (ask) => {
      const delivered = await ask("delivered_orders", ["delivered_orders"], { by: "delivery_basis" });
      expectSame(
        delivered.filter((row) => row.key === "order_export"),
        await expected(
          `select 'order_export' as key, count(*) as delivered_orders ${orders} and order_delivered_customer_date <> ''`,
        ),
      );
      const unknown = ["order_return_rate_30d", "product_complaint_rate", "after_sales_cost_per_order"];
      expect(await ask("delivered_orders", unknown)).toEqual([
        { key: null, ...Object.fromEntries(unknown.map((name) => [name, null])) },
      ]);
      expect(await ask("deliveries", ["return_rate_30d", "quality_complaint_rate"])).toEqual([
        { key: null, return_rate_30d: null, quality_complaint_rate: null },
      ]);
      expect(await ask("goods_flow", ["received_per_delivered"])).toEqual([
        { key: null, received_per_delivered: null },
      ]);
      expect(await ask("sales", ["known_buyer_share"])).toEqual([{ key: null, known_buyer_share: 1 }]);
      expect(await ask("customer_value", ["returners", "ltv_365d_returners"])).toEqual([
        { key: null, returners: 0, ltv_365d_returners: null },
      ]);
    });
  }, 120_000);
});
