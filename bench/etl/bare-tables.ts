// What somebody with DuckDB alone would write to get the same files into typed tables: every column with its type, arrays unnested,
// nothing checked, masked, joined or kept apart. The reference that the pipeline's first load is measured against.
import path from "node:path";
import { sqlString } from "../../shared/duckdb.ts";

export interface BareStep {
  readonly name: string;
  readonly sql: string;
}

const SHOPIFY_TIME = "'%Y-%m-%d %H:%M:%S %z'";
const SHEET_TIME = "'%d.%m.%Y %H:%M'";
/** A page of an API is one JSON value; DuckDB holds two of the largest for each thread. */
const LARGEST_PAGE = 32 * 2 ** 20;

/** Statements in order; together they read every export of the demo's inbox once. */
export function bareSteps(inbox: string): BareStep[] {
  const at = (pattern: string): string => sqlString(path.join(inbox, pattern));
  return [
    { name: "shopify_orders", sql: shopifyOrders(at("shopify/*.csv")) },
    { name: "amazon_orders", sql: amazonOrders(at("amazon_orders/*.txt")) },
    { name: "amazon_returns", sql: amazonReturns(at) },
    { name: "shop_returns", sql: shopReturns(at("shop_returns/*.csv")) },
    { name: "surveys", sql: surveys(at("surveys/*.csv")) },
    { name: "products", sql: products(at("catalogue/*.csv")) },
    ...zendesk(at),
    ...aftership(at("aftership/*.json")),
  ];
}

/** Nobody needs to guess what is known: numbers and times by name, the rest text. */
function shopifyOrders(files: string): string {
  const amounts = ["Subtotal", "Shipping", "Taxes", "Total", "Discount Amount", "Lineitem price", "Refunded Amount"];
  const decimals = [...amounts, "Outstanding Balance", "Lineitem discount", "Tax 1 Value"];
  const types = [
    ...decimals.map((name) => `'${name}': 'DECIMAL(18,2)'`),
    "'Lineitem quantity': 'INTEGER'",
    "'Id': 'BIGINT'",
  ];
  const times = ["Created at", "Paid at", "Fulfilled at", "Cancelled at"];
  const texts = times.map((name) => `'${name}': 'VARCHAR'`);
  return `select * replace (${times.map((name) => `strptime("${name}", ${SHOPIFY_TIME}) as "${name}"`).join(", ")})
    from read_csv(${files}, header = true, quote = '"', escape = '"', types = {${[...types, ...texts].join(", ")}})`;
}

function amazonOrders(files: string): string {
  const types = `{'purchase-date': 'TIMESTAMPTZ', 'last-updated-date': 'TIMESTAMPTZ', 'quantity': 'INTEGER',
    'item-price': 'DECIMAL(18,2)', 'item-tax': 'DECIMAL(18,2)', 'shipping-price': 'DECIMAL(18,2)', 'is-business-order': 'BOOLEAN',
    'ship-postal-code': 'VARCHAR'}`;
  return `select * from read_csv(${files}, header = true, delim = '\\t', quote = '', escape = '', null_padding = true, types = ${types})`;
}

/** Two regions in UTF-8, one in UTF-16. */
function amazonReturns(at: (pattern: string) => string): string {
  const read = (files: string, encoding: string): string =>
    `select * from read_csv(${files}, header = true, delim = '\\t', quote = '', escape = '', null_padding = true, ${encoding}
     types = {'return-date': 'TIMESTAMPTZ', 'quantity': 'INTEGER'})`;
  const western = `[${at("amazon_fba_returns/*_na_*.txt")}, ${at("amazon_fba_returns/*_eu_*.txt")}]`;
  return `${read(western, "")} union all by name ${read(at("amazon_fba_returns/*_jp_*.txt"), "encoding = 'utf-16',")}`;
}

function shopReturns(files: string): string {
  const types =
    "{'Qty': 'INTEGER', 'Refund': 'DECIMAL(18,2)', 'Requested': 'VARCHAR', 'Received / settled': 'VARCHAR'}";
  return `select * replace (
      strptime("Requested", ${SHEET_TIME}) as "Requested", strptime("Received / settled", ${SHEET_TIME}) as "Received / settled")
    from read_csv(${files}, header = true, delim = ';', quote = '"', escape = '"', types = ${types})`;
}

function surveys(files: string): string {
  return `select * from read_csv(${files}, header = true, quote = '"', escape = '"',
    types = {'stars': 'INTEGER', 'sent': 'TIMESTAMPTZ', 'answered': 'TIMESTAMPTZ', 'comment': 'VARCHAR'})`;
}

function products(files: string): string {
  return `select * from read_csv(${files}, header = true, quote = '"', escape = '"', types = {'unit_cost': 'DECIMAL(18,4)'})`;
}

const MINUTES = "STRUCT(calendar INTEGER, business INTEGER)";

const TICKET = `STRUCT(id BIGINT, via STRUCT(channel VARCHAR, source STRUCT("from" STRUCT(address VARCHAR))), created_at TIMESTAMP,
  updated_at TIMESTAMP, "type" VARCHAR, subject VARCHAR, description VARCHAR, priority VARCHAR, status VARCHAR, requester_id BIGINT,
  submitter_id BIGINT, assignee_id BIGINT, group_id BIGINT, tags VARCHAR[], custom_fields STRUCT(id BIGINT, "value" VARCHAR)[],
  satisfaction_rating STRUCT(score VARCHAR, id BIGINT, "comment" VARCHAR))`;

const METRICS = `STRUCT(id BIGINT, ticket_id BIGINT, created_at TIMESTAMP, updated_at TIMESTAMP, reopens INTEGER, replies INTEGER,
  initially_assigned_at TIMESTAMP, assigned_at TIMESTAMP, solved_at TIMESTAMP, reply_time_in_minutes ${MINUTES},
  first_resolution_time_in_minutes ${MINUTES}, full_resolution_time_in_minutes ${MINUTES})`;

const USER = "STRUCT(id BIGINT, name VARCHAR, email VARCHAR, phone VARCHAR, role VARCHAR, locale VARCHAR)";

const RATING = `STRUCT(id BIGINT, ticket_id BIGINT, assignee_id BIGINT, group_id BIGINT, requester_id BIGINT, score VARCHAR,
  "comment" VARCHAR, reason VARCHAR, created_at TIMESTAMP, updated_at TIMESTAMP)`;

/** Pages are read once, into a table of pages whose arrays the next statements take apart. */
function zendesk(at: (pattern: string) => string): BareStep[] {
  const pages = `select * from read_json(${at("zendesk/incremental_tickets_*.json")}, maximum_object_size = ${LARGEST_PAGE},
    columns = {tickets: '${TICKET}[]', metric_sets: '${METRICS}[]', users: '${USER}[]'})`;
  const ratings = `select unnest(satisfaction_ratings, recursive := true)
    from read_json(${at("zendesk/satisfaction_ratings_*.json")}, maximum_object_size = ${LARGEST_PAGE},
    columns = {satisfaction_ratings: '${RATING}[]'})`;
  return [
    { name: "zendesk_pages", sql: pages },
    { name: "tickets", sql: "select unnest(tickets, max_depth := 2) from zendesk_pages" },
    { name: "ticket_metrics", sql: "select unnest(metric_sets, max_depth := 2) from zendesk_pages" },
    { name: "users", sql: "select unnest(users, max_depth := 2) from zendesk_pages" },
    { name: "ratings", sql: ratings },
  ];
}

const CHECKPOINT = `STRUCT(created_at TIMESTAMP, checkpoint_time VARCHAR, city VARCHAR, country_region VARCHAR, message VARCHAR,
  tag VARCHAR, subtag VARCHAR)`;

const TRACKING = `STRUCT(id VARCHAR, tracking_number VARCHAR, slug VARCHAR, active BOOLEAN, created_at TIMESTAMP, updated_at TIMESTAMP,
  order_id BIGINT, order_number VARCHAR, order_date TIMESTAMP, origin_country_region VARCHAR, origin_city VARCHAR,
  destination_country_region VARCHAR, destination_city VARCHAR, order_promised_delivery_date DATE, shipment_pickup_date VARCHAR,
  shipment_delivery_date VARCHAR, first_attempted_at VARCHAR, return_to_sender BOOLEAN, tag VARCHAR, subtag VARCHAR,
  subtag_message VARCHAR, "language" VARCHAR, order_tags VARCHAR[], custom_fields STRUCT(warehouse VARCHAR), checkpoints ${CHECKPOINT}[])`;

/** Times as carriers write them, with an offset or without: read as they stand. */
function aftership(files: string): BareStep[] {
  const times = ["shipment_pickup_date", "shipment_delivery_date", "first_attempted_at"];
  return [
    {
      name: "tracking_pages",
      sql: `select unnest(data.trackings, max_depth := 2) from read_json(${files}, maximum_object_size = ${LARGEST_PAGE},
        columns = {data: 'STRUCT(trackings ${TRACKING}[])'})`,
    },
    {
      name: "trackings",
      sql: `select * exclude (checkpoints) replace (${times.map((name) => `${name}::timestamptz as ${name}`).join(", ")}) from tracking_pages`,
    },
    {
      name: "checkpoints",
      sql: `select tracking_id, scan.* replace (scan.checkpoint_time::timestamptz as checkpoint_time)
        from (select id as tracking_id, unnest(checkpoints) as scan from tracking_pages)`,
    },
  ];
}

/** Tables that hold pages only until their arrays are unnested. */
export const BARE_PAGES: readonly string[] = ["zendesk_pages", "tracking_pages"];
