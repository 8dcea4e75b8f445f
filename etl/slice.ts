// The part of the shop that news touches: every row tied to a new or changed one by order, person, parcel or ticket, directly or
// through others, and every row whose judgement is due because time went on. Built alone, it gives just the mart rows the whole would.
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlIdentifier, sqlString } from "../shared/duckdb.ts";
import { ENTITIES, type EntityName } from "./entities.ts";
import { LINKS, type Link } from "./links.ts";

/** Beyond this share of the orders (or tickets, parcels) building everything is no slower. */
const LARGEST_SHARE = 0.3;
/** A whole shop of fewer rows than this is built as fast as its parts. */
const SMALL_SHOP_ROWS = 20_000;

/** Why everything has to be built, or undefined when the slice (`staging.nodes`, `staging.<entity>`) is ready. */
export async function cutSlice(connection: DuckDBConnection): Promise<string | undefined> {
  const whole = (await changedLists(connection)) ?? (await timeWentBack(connection));
  if (whole) return whole;
  await connection.run("create or replace table staging.nodes (kind varchar, id varchar)");
  const linked = await linkedEntities(connection);
  await addTouched(connection, linked);
  await addDue(connection);
  await followLinks(connection, linked);
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
    await connection.run(`insert into staging.nodes
      select distinct link.kind, link.id from (select ${unnestLinks(links)} from ${sqlIdentifier(`touched_${name}`)})
      where link.id is not null`);
  }
}

function unnestLinks(links: readonly Link[]): string {
  const items = links.map((link) => `{'kind': ${sqlString(link.kind)}, 'id': ${link.sql}}`);
  return `unnest([${items.join(", ")}]) as link`;
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
const DUE: readonly { readonly select: string; readonly mart: string; readonly due: string }[] = [
  {
    // int_order_lines.is_matured_30d
    select: "'order' as kind, ltrim(order_id, '#') as id",
    mart: "order_items",
    due: `delivered_date + 30 >= least(before.returns_complete_to_date, before.orders_complete_to_date)
      and delivered_date + 30 < least(now.returns_complete_to_date, now.orders_complete_to_date)`,
  },
  {
    // int_order_deliveries: the assumed delivery
    select: "'order' as kind, ltrim(order_id, '#') as id",
    mart: "orders",
    due: "ordered_at + interval 7 days > before.orders_complete_to and ordered_at + interval 7 days <= now.orders_complete_to",
  },
  ...(["shipments", "orders"] as const).flatMap((told) =>
    (["'shipment' as kind, shipment_id as id", "'order' as kind, order_id as id"] as const).map((select) => ({
      // shipments.is_overdue
      select,
      mart: "shipments",
      due: `first_attempted_date is null and not is_delivered and promised_delivery_date >= before.${told}_complete_to_date
        and promised_delivery_date < now.${told}_complete_to_date`,
    })),
  ),
  {
    // tickets.is_reply_due
    select: "'ticket' as kind, ticket_id as id",
    mart: "tickets",
    due: `not is_answered and created_at + interval 24 hours > before.tickets_complete_to
      and created_at + interval 24 hours <= now.tickets_complete_to`,
  },
  ...[30, 60, 90].map((days) => ({
    // returns.is_matured_*: a day more on both sides, for returns that are known by day only
    select: "'own:returns' as kind, return_id as id",
    mart: "returns",
    due: `customer_id is not null and returned_at + interval ${days + 2} days >= before.orders_complete_to
      and returned_at + interval ${days - 2} days <= now.orders_complete_to`,
  })),
];

async function addDue(connection: DuckDBConnection): Promise<void> {
  for (const { select, mart, due } of DUE) {
    await connection.run(`insert into staging.nodes
      select ${select} from snapshot.main.${mart} cross join staging.run as now cross join store.main.last_run as before
      where ${due}`);
  }
}

/** Adds whatever is tied to what is there until nothing is added. */
async function followLinks(connection: DuckDBConnection, linked: Linked): Promise<void> {
  await connection.run(
    "create or replace temp table frontier as select distinct kind, id from staging.nodes where id is not null",
  );
  await connection.run("create or replace table staging.nodes as select * from frontier");
  for (;;) {
    const kinds = new Set(
      (await queryRows<{ kind: string }>(connection, "select distinct kind from frontier")).map((row) => row.kind),
    );
    if (kinds.size === 0) break;
    await connection.run("create or replace temp table found (kind varchar, id varchar)");
    for (const [name, links] of linked) {
      const reached = links.filter((link) => kinds.has(link.kind));
      if (reached.length === 0 || links.length < 2) continue;
      const isReached = reached.map(
        (link) => `${link.sql} in (select id from frontier where kind = ${sqlString(link.kind)})`,
      );
      await connection.run(`insert into found select distinct link.kind, link.id
        from (select ${unnestLinks(links)} from store.main.${name} where ${isReached.join(" or ")}) where link.id is not null`);
    }
    await connection.run(
      "create or replace temp table frontier as select distinct kind, id from found anti join staging.nodes using (kind, id)",
    );
    await connection.run("insert into staging.nodes select * from frontier");
  }
  await connection.run("drop table frontier; drop table if exists found");
}

async function tooLargeShare(connection: DuckDBConnection): Promise<string | undefined> {
  for (const [kind, entity] of [
    ["order", "orders"],
    ["shipment", "shipments"],
    ["ticket", "tickets"],
  ] as const) {
    const [row] = await queryRows<{ all: number; touched: number }>(
      connection,
      `select (select count(*) from store.main.${entity}) as "all",
         (select count(*) from staging.nodes where kind = ${sqlString(kind)}) as touched`,
    );
    if (row && row.all > SMALL_SHOP_ROWS && row.touched > row.all * LARGEST_SHARE) {
      return `the news touches ${row.touched} of ${row.all} ${entity}`;
    }
  }
  return undefined;
}

/** All links of a row are in or none: the first it has decides. */
async function cutEntity(connection: DuckDBConnection, name: EntityName, links: readonly Link[]): Promise<void> {
  const whole = `select * from store.main.${sqlIdentifier(name)}`;
  const inside = links.map(
    (link) => `${link.sql} in (select id from staging.nodes where kind = ${sqlString(link.kind)})`,
  );
  const [only] = inside;
  const isKey = name !== "customers" && only !== undefined;
  const where = links.length === 0 ? "" : ` where ${isKey ? only : inside.join(" or ")}`;
  await connection.run(`drop view if exists staging.${sqlIdentifier(name)}`);
  await connection.run(`create or replace table staging.${sqlIdentifier(name)} as ${whole}${where}`);
}

/** Rows of each mart that the slice holds anew, by what names them in the version before. */
const REPLACED: Readonly<Record<string, string>> = {
  orders: inNodes("order_id", "order"),
  order_items: inNodes("order_id", "order"),
  shipments: `${inNodes("shipment_id", "shipment")} or (shipment_id = 'order:' || order_id and ${inNodes("order_id", "order")})`,
  carrier_events: inNodes("shipment_id", "shipment"),
  tickets: inNodes("ticket_id", "ticket"),
  returns: "return_id in (select return_id from staging.returns)",
  survey_responses: `${inNodes("ticket_id", "ticket")} or survey_response_id in (select survey_response_id from staging.survey_responses)`,
  customers: inNodes("customer_id", "person"),
};

function inNodes(column: string, kind: string): string {
  return `${column} in (select id from staging.nodes where kind = ${sqlString(kind)})`;
}

export const SLICED_MARTS = Object.keys(REPLACED);

/** Puts the slice's mart rows (catalog `slice`) into the copy of the version before (`snapshot`). */
export async function replaceSlice(connection: DuckDBConnection, slice: string): Promise<void> {
  for (const [mart, where] of Object.entries(REPLACED)) {
    await connection.run(`delete from snapshot.main.${mart} where ${where}`);
    await connection.run(`insert into snapshot.main.${mart} by name select * from ${slice}.main.${mart}`);
  }
}
