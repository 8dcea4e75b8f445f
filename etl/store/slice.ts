// The part of the shop that news touches: every row tied to a new or changed one by order, person, parcel or ticket, directly or
// through others, and every row whose judgement is due because time went on. Built alone, it gives just the mart rows the whole would.
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlIdentifier, sqlString } from "../../shared/duckdb.ts";
import { ENTITIES, type EntityName } from "../entities.ts";
import { LINKS, ORDER, RETURN, SHIPMENT, SURVEY, TICKET, type Link } from "./links.ts";

/** Beyond this share of the orders (or tickets, parcels) building everything is no slower. */
const LARGEST_SHARE = 0.3;
/** A whole shop of fewer rows than this is built as fast as its parts. */
const SMALL_SHOP_ROWS = 20_000;

/** Why everything has to be built, or undefined when the slice (`staging.nodes`, `staging.<entity>`) is ready. */
export async function cutSlice(connection: DuckDBConnection): Promise<string | undefined> {
  const whole = (await changedLists(connection)) ?? (await timeWentBack(connection));
  if (whole) return whole;
  await connection.run("create or replace table staging.nodes (id ubigint)");
  const linked = await linkedEntities(connection);
  await addTouched(connection, linked);
  await addDue(connection);
  await addRepriced(connection);
  await createEdges(connection, linked);
  await followEdges(connection);
  const tooLarge = await tooLargeShare(connection);
  if (tooLarge) return tooLarge;
  for (const { name } of ENTITIES) await cutEntity(connection, name, linked.get(name) ?? []);
  return undefined;
}

type Linked = ReadonlyMap<EntityName, readonly Link[]>;

/** The links that can matter: order lines tie returns only where a return names a line and no order. */
async function linkedEntities(connection: DuckDBConnection): Promise<Linked> {
  const [bare] = await queryRows(
    connection,
    "select 1 from store.main.returns where order_id is null and order_item_id is not null limit 1",
  );
  const isUsed = (link: Link) => link.kind !== "order_item" || bare !== undefined;
  return new Map(ENTITIES.map(({ name }) => [name, LINKS[name].filter(isUsed)]));
}

/** A list of the seller's (staff, teams) is joined to rows all over the shop. */
async function changedLists(connection: DuckDBConnection): Promise<string | undefined> {
  for (const { name } of ENTITIES) {
    if (LINKS[name].length > 0 || name === "products" || !(await isTouched(connection, name))) continue;
    return `the list of ${name} changed`;
  }
  return undefined;
}

async function isTouched(connection: DuckDBConnection, name: EntityName): Promise<boolean> {
  const rows = await queryRows(
    connection,
    `select 1 from duckdb_tables() where temporary and table_name = ${sqlString(`touched_${name}`)}`,
  );
  if (rows.length === 0) return false;
  const [one] = await queryRows(connection, `select 1 from ${sqlIdentifier(`touched_${name}`)} limit 1`);
  return one !== undefined;
}

async function addTouched(connection: DuckDBConnection, linked: Linked): Promise<void> {
  for (const [name, links] of linked) {
    if (links.length === 0 || !(await isTouched(connection, name))) continue;
    await connection.run(`insert into staging.nodes select distinct unnest([${links.map(nodeOf).join(", ")}])
      from ${sqlIdentifier(`touched_${name}`)}`);
  }
}

/** What a link names, as one number: two names that share it only make the slice larger. */
function nodeOf({ kind, sql }: Link): string {
  return `case when ${sql} is not null then hash(${sqlString(kind)}, ${sql}) end`;
}

/** Watermarks marts compare with, each with the test whether a judgement changed between two of its readings. */
const WATERMARKS = [
  "as_of",
  "as_of_local",
  "as_of_date",
  "orders_complete_to",
  "orders_complete_to_date",
  "returns_complete_to",
  "returns_complete_to_date",
  "tickets_complete_to",
  "tickets_complete_to_date",
  "shipments_complete_to",
  "shipments_complete_to_date",
  "complaints_complete_to",
  "complaints_complete_to_date",
] as const;

async function timeWentBack(connection: DuckDBConnection): Promise<string | undefined> {
  const back = WATERMARKS.map(
    (name) => `case when not coalesce(now.${name} >= before.${name}, now.${name} is null and before.${name} is null)
      then ${sqlString(name)} end`,
  );
  const [row] = await queryRows<{ name: string | null }>(
    connection,
    `select coalesce(${back.join(", ")}) as name from staging.run as now left join store.main.last_run as before on true`,
  );
  return row?.name ? `${row.name} went back, or is known since now only` : undefined;
}

/**
 * Rows whose judgement changes because time went on, read from the marts of the version before (`snapshot`). Each line is the
 * other side of a comparison with a watermark in models/; a test holds the list against the models.
 */
const DUE: readonly { readonly node: string; readonly mart: string; readonly due: string }[] = [
  ...[14, 30, 60, 90].map((days) => ({
    // int_order_lines.is_matured_*
    node: nodeOf(ORDER),
    mart: "order_items",
    due: `delivered_date + ${days} >= least(before.returns_complete_to_date, before.orders_complete_to_date)
      and delivered_date + ${days} < least(now.returns_complete_to_date, now.orders_complete_to_date)`,
  })),
  {
    // orders.is_exposure_over_30d, order_items.is_exposure_over_30d
    node: nodeOf(ORDER),
    mart: "orders",
    due: `exposed_date + 30 >= least(before.complaints_complete_to_date, before.orders_complete_to_date)
      and exposed_date + 30 < least(now.complaints_complete_to_date, now.orders_complete_to_date)`,
  },
  {
    // returns.is_refund_due, is_refund_overdue
    node: nodeOf(RETURN),
    mart: "returns",
    due: `refunded_date is null and refund_due_date >= before.returns_complete_to_date
      and refund_due_date < now.returns_complete_to_date`,
  },
  ...[30, 60, 90].map((days) => ({
    // repurchase_occasions.is_matured_*
    node: nodeOf(ORDER),
    mart: "orders",
    due: `is_paid and customer_id is not null and cohort_date + ${days} >= before.orders_complete_to_date
      and cohort_date + ${days} < now.orders_complete_to_date`,
  })),
  {
    // customers.is_matured_365d
    node: nodeOf({ kind: "person", sql: "customer_id" }),
    mart: "customers",
    due: `first_paid_date + 365 >= least(before.returns_complete_to_date, before.orders_complete_to_date)
      and first_paid_date + 365 < least(now.returns_complete_to_date, now.orders_complete_to_date)`,
  },
  {
    // int_order_deliveries: the assumed delivery
    node: nodeOf(ORDER),
    mart: "orders",
    due: "ordered_at + interval 7 days > before.orders_complete_to and ordered_at + interval 7 days <= now.orders_complete_to",
  },
  ...(["shipments", "orders"] as const).flatMap((told) =>
    [SHIPMENT, ORDER].map((link) => ({
      // shipments.is_overdue
      node: nodeOf(link),
      mart: "shipments",
      due: `first_attempted_date is null and not is_delivered and promised_delivery_date >= before.${told}_complete_to_date
        and promised_delivery_date < now.${told}_complete_to_date`,
    })),
  ),
  ...[4, 24, 72].map((hours) => ({
    // tickets: is_reply_due, is_handling_due, awaiting_age
    node: nodeOf(TICKET),
    mart: "tickets",
    due: `not (is_answered and is_solved) and created_at + interval ${hours} hours > before.tickets_complete_to
      and created_at + interval ${hours} hours <= now.tickets_complete_to`,
  })),
  ...[30, 60, 90].map((days) => ({
    // returns.is_matured_*: a day more on both sides, for returns that are known by day only
    node: nodeOf(RETURN),
    mart: "returns",
    due: `customer_id is not null and returned_at + interval ${days + 2} days >= before.orders_complete_to
      and returned_at + interval ${days - 2} days <= now.orders_complete_to`,
  })),
];

async function addDue(connection: DuckDBConnection): Promise<void> {
  for (const { node, mart, due } of DUE) {
    await connection.run(`insert into staging.nodes
      select ${node} from snapshot.main.${mart} cross join staging.run as now cross join store.main.last_run as before
      where ${due}`);
  }
}

/** Orders and returns of the days whose rates are others than in the version before, compared by value. */
async function addRepriced(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create or replace temp table repriced as select distinct date from (
      (from staging.daily_rates except from store.main.last_rates) union all (from store.main.last_rates except from staging.daily_rates));
    insert into staging.nodes select ${nodeOf(ORDER)} from store.main.orders where ordered_at_date in (from repriced);
    insert into staging.nodes select ${nodeOf(RETURN)} from store.main.returns
      where coalesce(refunded_at_date, returned_at_date) in (from repriced);
    drop table repriced`);
}

/** `edges`: every row with several links ties them together. Read once; what follows runs over numbers only. */
async function createEdges(connection: DuckDBConnection, linked: Linked): Promise<void> {
  await connection.run("create or replace temp table edges (a ubigint, b ubigint)");
  for (const [name, links] of linked) {
    if (links.length < 2) continue;
    const nodes = links.map((_, index) => `n${index}`);
    const select = links.map((link, index) => `${nodeOf(link)} as n${index}`).join(", ");
    await connection.run(`insert into edges
      select a, b from (
        select coalesce(${nodes.join(", ")}) as a, unnest([${nodes.slice(1).join(", ")}]) as b
        from (select ${select} from store.main.${sqlIdentifier(name)}))
      where a <> b`);
  }
}

/** Adds whatever is tied to what is there until nothing is added. */
async function followEdges(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create or replace temp table frontier as select distinct id from staging.nodes where id is not null;
    create or replace table staging.nodes as from frontier`);
  for (;;) {
    const [more] = await queryRows(connection, "select 1 from frontier limit 1");
    if (!more) break;
    await connection.run(`create or replace temp table frontier as
      select id from (
        select b as id from edges semi join frontier on edges.a = frontier.id
        union
        select a from edges semi join frontier on edges.b = frontier.id)
      anti join staging.nodes using (id);
      insert into staging.nodes from frontier`);
  }
  await connection.run("drop table frontier; drop table edges");
}

async function tooLargeShare(connection: DuckDBConnection): Promise<string | undefined> {
  for (const [link, entity] of [
    [ORDER, "orders"],
    [SHIPMENT, "shipments"],
    [TICKET, "tickets"],
  ] as const) {
    const [row] = await queryRows<{ all: number; touched: number }>(
      connection,
      `select count(*) as "all", count(*) filter (${isIn(link)}) as touched from store.main.${entity}`,
    );
    if (row && row.all > SMALL_SHOP_ROWS && row.touched > row.all * LARGEST_SHARE) {
      return `the news touches ${row.touched} of ${row.all} ${entity}`;
    }
  }
  return undefined;
}

async function cutEntity(connection: DuckDBConnection, name: EntityName, links: readonly Link[]): Promise<void> {
  const whole = `select * from store.main.${sqlIdentifier(name)}`;
  // The first link is never null, and a row's links are in together.
  const [first] = links;
  const where = first === undefined ? "" : ` where ${isIn(first)}`;
  await connection.run(`drop view if exists staging.${sqlIdentifier(name)}`);
  await connection.run(`create or replace table staging.${sqlIdentifier(name)} as ${whole}${where}`);
}

function isIn(link: Link): string {
  return `(${nodeOf(link)}) in (select id from staging.nodes)`;
}

/** Rows of each mart that the slice holds anew, by what names them in the version before. */
const REPLACED: Readonly<Record<string, string>> = {
  orders: isIn(ORDER),
  order_items: isIn(ORDER),
  shipments: `${isIn(SHIPMENT)} or (shipment_id = 'order:' || order_id and ${isIn(ORDER)})`,
  carrier_events: isIn(SHIPMENT),
  tickets: isIn(TICKET),
  returns: isIn(RETURN),
  survey_responses: isIn({ ...SURVEY, sql: "survey_response_id" }),
  agent_cases: `case kind when 'ticket' then ${isIn(TICKET)} else ${isIn({ ...SURVEY, sql: "survey_response_id" })} end`,
  customers: isIn({ kind: "person", sql: "customer_id" }),
  repurchase_occasions: isIn({ kind: "person", sql: "customer_id" }),
};

/** Puts the slice's mart rows (catalog `slice`) into the copy of the version before (`snapshot`). */
export async function replaceSlice(connection: DuckDBConnection, slice: string): Promise<void> {
  for (const [mart, where] of Object.entries(REPLACED)) {
    await connection.run(`delete from snapshot.main.${mart} where ${where}`);
    await connection.run(`insert into snapshot.main.${mart} by name select * from ${slice}.main.${mart}`);
  }
}
