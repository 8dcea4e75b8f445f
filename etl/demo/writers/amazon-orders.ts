// Amazon's flat file of all orders: one row an item, no buyer, empty cells at the end of a row dropped,
// quantity 0 and no price on cancelled rows, a quote is just a character.
import path from "node:path";
import { Random, STREAM } from "../random.ts";
import { HOUR_MS, isoSeconds } from "../zones.ts";
import type { Line, Order } from "../simulate/types.ts";
import { sincePart, type Extent } from "./changes.ts";
import { RotatingFile, TextFile } from "./output.ts";

const HEADER = [
  "amazon-order-id",
  "merchant-order-id",
  "purchase-date",
  "last-updated-date",
  "order-status",
  "fulfillment-channel",
  "sales-channel",
  "order-channel",
  "ship-service-level",
  "product-name",
  "sku",
  "asin",
  "item-status",
  "quantity",
  "currency",
  "item-price",
  "item-tax",
  "shipping-price",
  "shipping-tax",
  "gift-wrap-price",
  "gift-wrap-tax",
  "item-promotion-discount",
  "ship-promotion-discount",
  "ship-city",
  "ship-state",
  "ship-postal-code",
  "ship-country",
  "promotion-ids",
  "is-business-order",
  "purchase-order-number",
  "price-designation",
] as const;

const ORDERS_MAPPING = `# Order headers out of Amazon's line-level "all orders" flat file. The file names no buyer, so there is no customer.
entity: orders
files: ["all_orders_*.txt"]
delimiter: "\\t"
quote: none
encoding: utf-8
system: amazon_orders
time_zone: UTC
first_per_key: true
columns:
  order_id: amazon-order-id
  ordered_at: purchase-date
  sales_channel: {constant: amazon}
  status: order-status
  market: ship-country
  currency: {column: currency, aggregate: max}
  total_amount: {column: item-price, aggregate: sum}
  updated_at: last-updated-date
`;

const ITEMS_MAPPING = `# Lines of Amazon's "all orders" flat file. It has no line id: order and SKU name a line.
entity: order_items
files: ["all_orders_*.txt"]
delimiter: "\\t"
quote: none
encoding: utf-8
system: amazon_orders
time_zone: UTC
columns:
  order_item_id: {concat: [amazon-order-id, sku], separator: ":"}
  order_id: amazon-order-id
  product_id: sku
  product_name: product-name
  quantity: quantity
  currency: currency
  updated_at: last-updated-date
`;

export class AmazonOrdersWriter {
  private readonly files: RotatingFile;
  private readonly endMs: number;
  orders = 0;

  constructor(folder: string, extent: Extent, rowsPerFile: number) {
    this.endMs = extent.endMs;
    const own = path.join(folder, "amazon_orders");
    // An export of the last days joins a folder that has them.
    if (extent.sinceMs === undefined) {
      writeMapping(path.join(own, "orders.mapping.yml"), ORDERS_MAPPING);
      writeMapping(path.join(own, "order_items.mapping.yml"), ITEMS_MAPPING);
    }
    this.files = new RotatingFile({
      folder: own,
      nameOf: (n) => `all_orders_${sincePart(extent)}${String(n).padStart(3, "0")}.txt`,
      header: `${HEADER.join("\t")}\r\n`,
      rowsPerFile,
    });
  }

  get lines(): number {
    return this.files.rows;
  }

  write(order: Order): void {
    this.orders++;
    for (const line of order.lines) this.files.row(rowOf(order, line, this.endMs));
  }

  close(): void {
    this.files.close();
  }
}

export function writeMapping(file: string, text: string): void {
  const mapping = new TextFile(file);
  mapping.write(text);
  mapping.close();
}

function rowOf(order: Order, line: Line, endMs: number): string {
  const random = new Random(order.key, STREAM.record, 3);
  const isCancelled = order.cancelledAt !== null && order.cancelledAt < endMs;
  const isShipped = !isCancelled && order.delivery.shippedAt < endMs;
  const changedAt = isCancelled ? (order.cancelledAt ?? 0) : isShipped ? order.delivery.shippedAt : order.orderedAt;
  const [city, zip, state] = random.pick(order.market.cities);
  const amount = (value: number): string => (isCancelled ? "" : value.toFixed(order.currency === "JPY" ? 0 : 2));
  const price = line.unitPrice * line.quantity;
  const isBusiness = order.kind === "bulk" || random.chance(0.02);
  const cells: string[] = [
    order.number,
    order.number,
    stamp(order.orderedAt),
    stamp(Math.min(changedAt + HOUR_MS, endMs - 1000)),
    isCancelled ? "Cancelled" : isShipped ? "Shipped" : "Pending",
    "Amazon",
    order.market.amazonSite ?? "",
    "",
    random.chance(0.6) ? "Expedited" : "Standard",
    line.product.name,
    line.product.sku,
    line.product.asin,
    isCancelled ? "Cancelled" : isShipped ? "Shipped" : "Unshipped",
    isCancelled ? "0" : String(line.quantity),
    isCancelled ? "" : order.currency,
    amount(price),
    amount(0),
    amount(0),
    amount(0),
    "",
    "",
    "",
    "",
    city,
    state,
    zip,
    order.market.code,
    "",
    isBusiness ? "true" : "false",
    "",
    isBusiness ? "Business Price" : "",
  ];
  return `${cells.join("\t").replace(/\t+$/, "")}\r\n`;
}

const stamp = (ms: number): string => `${isoSeconds(ms)}+00:00`;
