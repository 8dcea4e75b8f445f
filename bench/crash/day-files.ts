// The exports of a small shop, one set of files a day: new records, and newer versions of records that earlier days exported.
// The same day is always the same bytes with the same time of change, so days may arrive in any order and make the same marts.
import { mkdir, rename, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { Random } from "../../etl/demo/random.ts";

const FIRST_DAY = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const ORDERS_A_DAY = 12;
const SKUS = ["MUG", "SCARF", "LAMP", "KETTLE"];
const REASONS = ["DEFECTIVE", "NOT_AS_DESCRIBED", "UNWANTED_ITEM", "APPAREL_TOO_SMALL"];
const COMPLAINTS = [
  "It arrived late",
  "Die Tasse ist kaputt",
  "Très bien",
  "尺码太小了",
  "Wrong colour, please refund",
];

export const SETTINGS = `seller_name: Crash test
reporting_time_zone: Europe/Berlin
reporting_currency: EUR
exchange_rates: { USD: 0.9 }
`;

/** Writes the files of one day into the inbox, each under its own name only when it is whole. */
export async function writeDay(inbox: string, day: number): Promise<void> {
  const files: Record<string, string> = {
    [`shopify/orders_${isoDay(day)}.csv`]: shopifyOrders(day),
    [`zendesk/tickets-${isoDay(day)}.json`]: zendeskTickets(day),
    [`aftership/trackings-${isoDay(day)}.json`]: aftershipTrackings(day),
    [`amazon_fba_returns/returns-${isoDay(day)}.txt`]: fbaReturns(day),
  };
  const changedAt = new Date(at(day, 23));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(inbox, ...name.split("/"));
    await mkdir(path.dirname(file), { recursive: true });
    const part = path.join(path.dirname(file), `.${path.basename(file)}.part`);
    await writeFile(part, text);
    await utimes(part, changedAt, changedAt);
    await rename(part, file);
  }
}

const at = (day: number, hour: number) => FIRST_DAY + day * DAY_MS + hour * 3_600_000;
const iso = (day: number, hour: number) => new Date(at(day, hour)).toISOString().replace(".000", "");
const isoDay = (day: number) => iso(day, 0).slice(0, 10);

/** Numbers of the orders placed on a day. */
const orderNumbers = (day: number) =>
  Array.from({ length: ORDERS_A_DAY }, (_, index) => 1000 + day * ORDERS_A_DAY + index);

function shopifyOrders(day: number): string {
  const header =
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Total,Created at,Lineitem quantity," +
    "Lineitem name,Lineitem price,Lineitem sku,Shipping Country,Refunded Amount,Id";
  const orders = (of: number, isAgain: boolean) =>
    orderNumbers(of).flatMap((number) => orderLines(of, number, isAgain));
  // Yesterday's orders once more, some refunded since.
  const lines = [...(day > 0 ? orders(day - 1, true) : []), ...orders(day, false)];
  return `${[header, ...lines].join("\n")}\n`;
}

function orderLines(day: number, number: number, isAgain: boolean): string[] {
  const random = new Random(7, number);
  const placed = `${isoDay(day)} 0${8 + random.int(2)}:15:00 +0100`;
  const lines = 1 + random.int(2);
  const isRefunded = isAgain && number % 5 === 0;
  const sent = isAgain ? `fulfilled,${isoDay(day + 1)} 08:00:00 +0100` : "unfulfilled,";
  const status = isRefunded ? "refunded" : "paid";
  return Array.from({ length: lines }, (_, index) => {
    const sku = SKUS[(number + index) % SKUS.length];
    const line = `${1 + random.int(3)},${sku} model,19.90,${sku}`;
    const email = `buyer${number % 40}@example.com`;
    return index === 0
      ? `#${number},${email},${status},${placed},${sent},USD,59.70,${placed},${line},DE,${isRefunded ? "59.70" : "0.00"},55${number}`
      : `#${number},${email},,,,,,,${placed},${line},,,`;
  });
}

function zendeskTickets(day: number): string {
  const fresh = orderNumbers(day).filter((number) => number % 3 === 0);
  const older = day > 1 ? orderNumbers(day - 2).filter((number) => number % 3 === 0) : [];
  const tickets = [
    ...fresh.map((number) => ticket(day, number, day, "open")),
    ...older.map((number) => ticket(day - 2, number, day, number % 2 ? "solved" : "pending")),
  ];
  return JSON.stringify({ tickets, count: tickets.length, end_of_stream: true });
}

function ticket(created: number, number: number, updated: number, status: string) {
  const text = COMPLAINTS[number % COMPLAINTS.length];
  return {
    id: number,
    created_at: iso(created, 10),
    updated_at: iso(updated, 12),
    subject: text,
    description: `${text} (buyer${number % 40}@example.com)`,
    status,
    requester_id: 900 + (number % 40),
    tags: number % 2 ? ["late"] : [],
    custom_fields: [],
    satisfaction_rating:
      status === "solved" ? { id: number, score: number % 4 ? "good" : "bad" } : { score: "unoffered" },
    via: { channel: "email" },
  };
}

function aftershipTrackings(day: number): string {
  // Parcels of the last four days, each with what has happened to it so far.
  const days = [day - 3, day - 2, day - 1, day].filter((each) => each >= 0);
  const trackings = days.flatMap((sent) => orderNumbers(sent).map((number) => tracking(sent, number, day)));
  return JSON.stringify({ meta: { code: 200 }, data: { trackings } });
}

function tracking(sent: number, number: number, seen: number) {
  const tags = ["InfoReceived", "InTransit", "InTransit", number % 7 ? "Delivered" : "Exception"].slice(
    0,
    seen - sent + 1,
  );
  const checkpoints = tags.map((tag, index) => ({
    checkpoint_time: iso(sent + index, 14),
    tag,
    message: tag,
    slug: "dhl",
    country_region: "DEU",
  }));
  return {
    id: `track${number}`,
    tracking_number: `0034${number}`,
    slug: "dhl",
    order_number: `#${number}`,
    tag: tags.at(-1),
    order_promised_delivery_date: isoDay(sent + 4),
    updated_at: iso(seen, 15),
    checkpoints,
  };
}

function fbaReturns(day: number): string {
  const header =
    "return-date\torder-id\tsku\tasin\tfnsku\tproduct-name\tquantity\tfulfillment-center-id\tdetailed-disposition\treason\tstatus\tlicense-plate-number\tcustomer-comments";
  const numbers = orderNumbers(day).slice(0, 5);
  const lines = numbers.map((number, index) => {
    // One row a week nobody can read.
    const date = day % 7 === 3 && index === 0 ? "yesterday" : iso(day, 11);
    const sku = SKUS[number % SKUS.length];
    const comment = COMPLAINTS[(number + 1) % COMPLAINTS.length];
    return [
      date,
      `302-${number}`,
      sku,
      "B01",
      "X01",
      `${sku} model`,
      1,
      "LEJ1",
      "SELLABLE",
      REASONS[number % 4],
      "Unit returned to inventory",
      `LPN${number}`,
      comment,
    ].join("\t");
  });
  return `${[header, ...lines].join("\n")}\n`;
}
