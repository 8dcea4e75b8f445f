// The own shop's RMA sheet as a German Excel saves it: semicolons, day first, Berlin time, reasons in the team's own words.
import path from "node:path";
import { personOf } from "../people.ts";
import { Random, STREAM } from "../random.ts";
import { MERCHANT_REASONS, RETURN_REASONS } from "../reasons.ts";
import type { Resolution, ReturnCase } from "../simulate/types.ts";
import { commentOf } from "../texts/texts.ts";
import { isoSeconds, wallClock } from "../zones.ts";
import { isNews, sincePart, type Extent } from "./changes.ts";
import { csvRow, RotatingFile, writeMapping } from "./output.ts";

const HEADER = [
  "RMA",
  "Order",
  "SKU",
  "Qty",
  "Lot",
  "Reason",
  "Resolution",
  "Refund",
  "Currency",
  "Customer e-mail",
  "Country",
  "Comment",
  "Requested",
  "Received / settled",
  "Condition",
  "State",
];

const RESOLUTIONS: Readonly<Record<Resolution, string>> = {
  refund: "Refund",
  exchange: "Exchange",
  store_credit: "Store credit",
  partial_refund: "Partial refund",
  keep_item: "Keeps item",
};

const COMMENTED_SHARE = 0.6;

const yamlMap = (entries: readonly (readonly [string, string])[]): string =>
  entries.map(([raw, canonical]) => `      ${JSON.stringify(raw)}: ${canonical}`).join("\n");

const MAPPING = `# The own shop's RMA sheet. A line counts once the goods are received or the case is settled; open ones are left out.
entity: returns
files: ["returns_*.csv"]
delimiter: ";"
quote: '"'
encoding: utf-8
system: shop_returns
time_zone: Europe/Berlin
where:
  - {column: "Received / settled", not_empty: true}
columns:
  return_id: RMA
  order_id: Order
  product_id: SKU
  quantity: Qty
  lot: Lot
  reason_raw:
    column: Reason
    values:
${yamlMap(RETURN_REASONS.map((reason) => [MERCHANT_REASONS[reason], reason]))}
  comment: Comment
  status: State
  disposition: Condition
  resolution:
    column: Resolution
    values:
${yamlMap(Object.entries(RESOLUTIONS).map(([canonical, raw]) => [raw, canonical]))}
  refund_amount: Refund
  currency: Currency
  customer_ref: {column: Customer e-mail, lower: true}
  market: Country
  sales_channel: {constant: own_shop}
  requested_at: {column: Requested, format: "%d.%m.%Y %H:%M"}
  returned_at: {column: "Received / settled", format: "%d.%m.%Y %H:%M"}
`;

export class ShopReturnsWriter {
  private readonly files: RotatingFile;
  private readonly extent: Extent;
  private readonly open: ReturnCase[] = [];
  settled = 0;

  constructor(folder: string, extent: Extent, rowsPerFile: number) {
    this.extent = extent;
    const own = path.join(folder, "shop_returns");
    // An export of the last days joins a folder that has it.
    if (extent.sinceMs === undefined) writeMapping(path.join(own, "returns.mapping.yml"), MAPPING);
    this.files = new RotatingFile({
      folder: own,
      nameOf: (n) => `returns_${sincePart(extent)}${n}.csv`,
      header: csvRow(HEADER, ";"),
      rowsPerFile,
    });
  }

  get rows(): number {
    return this.files.rows;
  }

  /** Cases whose goods are not back by the end stand in the sheet without a date. */
  request(each: ReturnCase): void {
    const { endMs } = this.extent;
    if (each.requestedAt >= endMs || each.bookedAt < endMs) return;
    if (isNews(this.extent, [each.requestedAt])) this.open.push(each);
  }

  settle(each: ReturnCase): void {
    if (!isNews(this.extent, [each.bookedAt])) return;
    this.settled++;
    this.files.row(rowOf(each, true));
  }

  close(): void {
    for (const each of this.open) this.files.row(rowOf(each, false));
    this.files.close();
  }
}

function sheetTime(utcMs: number): string {
  const [day = "", time = ""] = isoSeconds(wallClock("Europe/Berlin", utcMs)).split("T");
  return `${day.split("-").reverse().join(".")} ${time.slice(0, 5)}`;
}

function rowOf(each: ReturnCase, isSettled: boolean): string {
  const { order, line } = each;
  const random = new Random(each.key, STREAM.record);
  const comment = random.chance(COMMENTED_SHARE) ? commentOf(order.language, each.reason, line.product, random) : "";
  const isBack = each.reason !== "never_arrived" && each.resolution !== "keep_item";
  return csvRow(
    [
      `RMA-${order.number.slice(1)}-${each.lineNumber}`,
      order.number,
      line.product.sku,
      each.quantity,
      line.lot,
      MERCHANT_REASONS[each.reason],
      isSettled ? RESOLUTIONS[each.resolution] : "",
      isSettled ? each.refund.toFixed(2) : "",
      order.currency,
      order.customer ? personOf(order.customer).email : "",
      order.market.code,
      comment,
      sheetTime(each.requestedAt),
      isSettled ? sheetTime(each.bookedAt) : "",
      isSettled && isBack ? random.pick(["A", "A", "B", "scrap"]) : "",
      isSettled ? "closed" : "waiting for goods",
    ],
    ";",
  );
}
