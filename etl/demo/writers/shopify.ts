// Shopify's orders export: the order's own cells on its first row only, times with the shop's changing offset,
// postcodes behind an apostrophe, notes over several lines, files cut wherever the row count says.
import path from "node:path";
import { personOf } from "../people.ts";
import { hashOf, Random, STREAM } from "../random.ts";
import { isoSeconds, MINUTE_MS, offsetMinutes, offsetText } from "../zones.ts";
import type { Line, Order, ReturnCase } from "../simulate/types.ts";
import { sincePart, type Extent } from "./changes.ts";
import { csvRow, RotatingFile } from "./output.ts";

const SHOP_ZONE = "Europe/Berlin";

export const SHOPIFY_HEADER = (
  "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping," +
  "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price," +
  "Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status," +
  "Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip," +
  "Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2," +
  "Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes," +
  "Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location," +
  "Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name," +
  "Tax 3 Value,Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name," +
  "Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,Payment References"
).split(",");

const VAT: Readonly<Record<string, number>> = { DE: 0.19, FR: 0.2, ES: 0.21, GB: 0.2, JP: 0.1 };

const NOTES = [
  "Please leave the parcel with the neighbour.\nThank you!",
  'Gift wrap, and a card that says "Happy birthday"\nNo invoice in the box, please.',
  "Bitte nicht im Flur abstellen,\nHund im Haus.",
  "Sonner deux fois,\ncode 55B",
  "Delivery after 6 pm, please",
];

type Cells = Record<string, string | number>;

const POSITION = new Map(SHOPIFY_HEADER.map((name, index) => [name, index]));
const EMPTY_ROW: readonly (string | number)[] = SHOPIFY_HEADER.map(() => "");

function fillIn(row: (string | number)[], cells: Cells): void {
  for (const name in cells) {
    const position = POSITION.get(name);
    if (position === undefined) throw new TypeError(`Shopify's export has no column "${name}"`);
    row[position] = cells[name] ?? "";
  }
}

export class ShopifyWriter {
  private readonly files: RotatingFile;
  private readonly endMs: number;
  orders = 0;

  constructor(folder: string, extent: Extent, rowsPerFile: number) {
    this.endMs = extent.endMs;
    this.files = new RotatingFile({
      folder: path.join(folder, "shopify"),
      nameOf: (n) => `orders_export_${sincePart(extent)}${n}.csv`,
      header: csvRow(SHOPIFY_HEADER),
      rowsPerFile,
    });
  }

  get lines(): number {
    return this.files.rows;
  }

  write(order: Order, returns: readonly ReturnCase[]): void {
    this.orders++;
    const head = orderCells(order, returns, this.endMs);
    order.lines.forEach((line, index) => {
      const row = EMPTY_ROW.slice();
      fillIn(row, index === 0 ? head : { Name: order.number });
      fillIn(row, lineCells(line, order, this.endMs));
      this.files.row(csvRow(row));
    });
  }

  close(): void {
    this.files.close();
  }
}

/** `2025-10-07 09:50:26 +0200` on the shop's clock. */
export function shopTime(utcMs: number): string {
  const minutes = offsetMinutes(SHOP_ZONE, utcMs);
  return `${isoSeconds(utcMs + minutes * MINUTE_MS).replace("T", " ")} ${offsetText(minutes)}`;
}

const money = (amount: number): string => amount.toFixed(2);

function lineCells(line: Line, order: Order, endMs: number): Cells {
  const variant = line.product.variants.length > 1 ? ` - ${line.variant}` : "";
  const isShipped = order.cancelledAt === null && order.delivery.shippedAt < endMs;
  return {
    "Lineitem quantity": line.quantity,
    "Lineitem name": `${line.product.name}${variant}`,
    "Lineitem price": money(line.unitPrice),
    "Lineitem sku": line.product.sku,
    "Lineitem requires shipping": "true",
    "Lineitem taxable": "true",
    "Lineitem fulfillment status": isShipped ? "fulfilled" : "pending",
    Vendor: line.product.brand,
    "Lineitem discount": money(line.discount),
  };
}

function orderCells(order: Order, returns: readonly ReturnCase[], endMs: number): Cells {
  const random = new Random(order.key, STREAM.record, 2);
  const discount = order.lines.reduce((sum, line) => sum + line.discount, 0);
  const subtotal = order.lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0) - discount;
  const total = subtotal + order.shipping;
  const refunded = refundOf(order, returns, total, endMs);
  const isCancelled = order.cancelledAt !== null && order.cancelledAt < endMs;
  const isShipped = order.cancelledAt === null && order.delivery.shippedAt < endMs;
  const vat = VAT[order.market.code] ?? 0;
  const tax = (total * vat) / (1 + vat);
  const status = refunded >= total - 0.005 && refunded > 0 ? "refunded" : refunded > 0 ? "partially_refunded" : "paid";
  return {
    Name: order.number,
    "Financial Status": isCancelled ? "voided" : status,
    "Paid at": isCancelled ? "" : shopTime(order.orderedAt + 4000),
    "Fulfillment Status": isShipped ? "fulfilled" : "unfulfilled",
    "Fulfilled at": isShipped ? shopTime(order.delivery.shippedAt) : "",
    "Accepts Marketing": random.chance(0.4) ? "yes" : "no",
    Currency: order.currency,
    Subtotal: money(subtotal),
    Shipping: money(order.shipping),
    Taxes: money(tax),
    Total: money(total),
    "Discount Code": order.kind !== "exchange" && discount > 0 ? "WELCOME10" : "",
    "Discount Amount": money(discount),
    "Shipping Method": order.delivery.lane?.warehouse.country === "CN" ? "Standard international" : "Express",
    "Created at": shopTime(order.orderedAt),
    Notes: random.chance(0.03) ? random.pick(NOTES) : "",
    "Note Attributes": noteAttributes(order),
    "Cancelled at": isCancelled && order.cancelledAt !== null ? shopTime(order.cancelledAt) : "",
    "Payment Method": order.kind === "exchange" ? "" : random.pick(["Shopify Payments", "PayPal Express Checkout"]),
    "Payment Reference": `c${hashOf(order.key, 5).toString(36)}.1`,
    "Refunded Amount": money(refunded),
    "Outstanding Balance": "0.00",
    Id: String(5_400_000_000_000 + order.sequence * 32_771),
    Tags: order.kind === "exchange" ? "exchange" : random.chance(0.05) ? "vip, newsletter" : "",
    "Risk Level": "Low",
    Source: "web",
    "Tax 1 Name": vat > 0 ? `${order.market.code} VAT ${Math.round(vat * 100)}%` : "",
    "Tax 1 Value": vat > 0 ? money(tax) : "",
    ...addressCells(order),
  };
}

function refundOf(order: Order, returns: readonly ReturnCase[], total: number, endMs: number): number {
  if (order.cancelledAt !== null) return 0;
  const sum = returns.reduce((all, each) => all + (each.bookedAt < endMs ? each.refund : 0), 0);
  return Math.min(total, sum);
}

/** What the warehouse's app leaves on the order: where it was packed and from which lots. */
function noteAttributes(order: Order): string {
  const lots = order.lines.map((line) => `lot ${line.product.sku}: ${line.lot}`);
  return [`warehouse: ${order.delivery.lane?.warehouse.name ?? ""}`, ...lots].join("\n");
}

function addressCells(order: Order): Cells {
  if (!order.customer) return {};
  const person = personOf(order.customer);
  const cells: Cells = { Email: person.email, Phone: person.phone };
  for (const kind of ["Billing", "Shipping"]) {
    cells[`${kind} Name`] = person.fullName;
    cells[`${kind} Street`] = person.street;
    cells[`${kind} Address1`] = person.street;
    cells[`${kind} City`] = person.city;
    cells[`${kind} Zip`] = `'${person.zip}`;
    cells[`${kind} Province`] = person.province;
    cells[`${kind} Country`] = order.market.code;
    cells[`${kind} Phone`] = person.phone;
  }
  return cells;
}
