// What the mart open_shipments would have said of Olist's orders on each Monday, with what was known that day, beside what came of them.
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { buildModels } from "../../etl/build/build.ts";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { queryRows, sqlString, withDuckDB } from "../../shared/duckdb.ts";

export const OLIST = path.resolve(PROJECT_ROOT, "../shared/data/olist");
const FIRST_DAY = "2017-04-03";
const LAST_DAY = "2018-08-27";
/** The sample's last deliveries; what was promised later cannot be judged. */
const JUDGED_TO = "2018-10-01";

export interface Prediction {
  readonly day: string;
  readonly chance: number;
  readonly basis: string;
  readonly isLate: boolean;
  /** Share of late ones among all shipments of the history, whatever their lane and age. */
  readonly constant: number;
}

/** One row per Monday and order under way that day, not overdue, whose chance could be told. `untold`: those it could not be told of. */
export async function replayOlist(): Promise<{ predictions: Prediction[]; untold: number }> {
  return withDuckDB(":memory:", {}, async (connection) => {
    await loadOrders(connection);
    await connection.run(
      `create table found (day date, chance double, basis varchar, is_late boolean, constant double)`,
    );
    const days = await queryRows<{ day: string }>(
      connection,
      `select strftime(unnest(range(date '${FIRST_DAY}', date '${LAST_DAY}' + 1, interval 7 days)), '%Y-%m-%d') as day`,
    );
    for (const { day } of days) await predict(connection, day);
    const predictions = await queryRows<Prediction>(
      connection,
      `select day::varchar as day, chance, basis, is_late as "isLate", constant from found where chance is not null`,
    );
    const [count] = await queryRows<{ n: number }>(connection, "select count(*) as n from found where chance is null");
    return { predictions, untold: count?.n ?? 0 };
  });
}

/** Olist names no carrier and one country: a lane is seller's state → customer's state, then the customer's state, then Brazil. */
async function loadOrders(connection: DuckDBConnection): Promise<void> {
  const csv = (file: string) =>
    `read_csv(${sqlString(path.join(OLIST, file))}, all_varchar = true, header = true, quote = '"', escape = '"')`;
  await connection.run(`create schema staging;
    create table orders as
    select order_id, seller_state, customer_state,
      order_purchase_timestamp::timestamp as ordered_at, order_delivered_carrier_date::timestamp as shipped_at,
      order_delivered_customer_date::timestamp as delivered_at, order_estimated_delivery_date::timestamp::date as promised,
      order_status in ('canceled', 'unavailable') as is_cancelled
    from ${csv("sample4k/olist_orders_dataset.csv")}
    join ${csv("sample4k/olist_customers_dataset.csv")} using (customer_id)
    join (select order_id, min(seller_state) as seller_state from ${csv("sample4k/olist_order_items_dataset.csv")}
      join ${csv("full/olist_sellers_dataset.csv")} using (seller_id) group by order_id) using (order_id);
    create table staging.silent_systems (source_system varchar);
    create table staging.entity_watermarks (source_system varchar, entity varchar)`);
}

async function predict(connection: DuckDBConnection, day: string): Promise<void> {
  const now = `timestamp '${day}'`;
  await connection.run(`create or replace table staging.run as select ${now} as orders_complete_to, ${now}::date as orders_complete_to_date,
      ${now} as shipments_complete_to, ${now}::date as shipments_complete_to_date, 7 as silent_shipment_days;
    create or replace table main.shipments as
    with known as (
      select * replace (if(delivered_at < ${now}, delivered_at, null) as delivered_at) from orders where shipped_at < ${now})
    select 'order:' || order_id as shipment_id, 'olist' as source_system, order_id, customer_state as carrier,
      seller_state as origin_country, 'BR' as destination_country, 'BR' as market,
      seller_state || '→BR · ' || customer_state as lane, 'unknown' as warehouse,
      if(delivered_at is null, 'in_transit', 'delivered') as state, 'untracked' as tracking,
      false as is_return_leg, is_cancelled as is_order_cancelled, delivered_at is null and not is_cancelled as is_under_way,
      delivered_at is null and promised < ${now}::date as is_overdue, false as is_tracked, false as is_in_customs,
      null::timestamp as customs_in_at, shipped_at, shipped_at as shipped_at_local, shipped_at::date as shipped_date,
      delivered_at::date as first_attempted_date, promised as promised_delivery_date,
      null::timestamp as latest_scan_at, null::timestamp as latest_scan_at_local
    from known`);
  await buildModels(connection, [{ name: "open_shipments", folder: "marts" }], () => {});
  await connection.run(`insert into found
    select ${now}::date, late_probability, late_basis, coalesce(delivered_at::date > promised, true),
      (select count(*) filter (coalesce(first_attempted_date > promised_delivery_date, true)) / count(*) from main.shipments
       where shipped_date between ${now}::date - 410 and ${now}::date - 45 and not is_order_cancelled)
    from main.open_shipments join orders using (order_id)
    where not is_overdue and promised < date '${JUDGED_TO}'`);
}
