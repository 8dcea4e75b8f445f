// Amazon's flat file of all orders: one row an item, no buyer, empty cells at the end of a row dropped,
// quantity 0 and no price on cancelled rows, a quote is just a character.
import path from "node:path";
import { Random, STREAM } from "../random.ts";
import { HOUR_MS, isoSeconds } from "../zones.ts";
import type { Line, Order } from "../simulate/types.ts";
import { sincePart, type Extent } from "./changes.ts";
import { RotatingFile } from "./output.ts";

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

export class AmazonOrdersWriter {
  private readonly files: RotatingFile;
  private readonly endMs: number;
  orders = 0;
  lines = 0;

  constructor(folder: string, extent: Extent, rowsPerFile: number) {
    this.endMs = extent.endMs;
    this.files = new RotatingFile({
      folder: path.join(folder, "amazon_orders"),
      nameOf: (n) => `all_orders_${sincePart(extent)}${String(n).padStart(3, "0")}.txt`,
      header: `${HEADER.join("\t")}\r\n`,
      rowsPerFile,
    });
  }

  /** A report has all lines of an order: files are cut between orders. */
  write(order: Order): void {
    this.orders++;
    this.lines += order.lines.length;
    this.files.row(order.lines.map((line) => rowOf(order, line, this.endMs)).join(""));
  }

  close(): void {
    this.files.close();
  }
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
