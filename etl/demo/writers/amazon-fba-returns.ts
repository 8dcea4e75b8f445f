// Amazon's FBA customer returns report, asked for once a month with a week's overlap, as three accounts give it:
// North America in plain UTF-8, Europe with a byte order mark, Japan saved by Excel as UTF-16. No row id, no quoting;
// a unit that was looked at again shows up a second time with a later return-date and another status.
import path from "node:path";
import { hashOf, Random, STREAM } from "../random.ts";
import { AMAZON_REASONS, type ReturnReason } from "../reasons.ts";
import { commentOf } from "../texts/texts.ts";
import { DAY_MS, isoDay, isoSeconds } from "../zones.ts";
import type { ReturnCase } from "../simulate/types.ts";
import type { Extent } from "./changes.ts";
import { TextFile } from "./output.ts";

const HEADER = [
  "return-date",
  "order-id",
  "sku",
  "asin",
  "fnsku",
  "product-name",
  "quantity",
  "fulfillment-center-id",
  "detailed-disposition",
  "reason",
  "status",
  "license-plate-number",
  "customer-comments",
].join("\t");

const REPORT_EVERY_DAYS = 30;
const REPORT_COVERS_DAYS = 37;
/** What a report of the last days covers beyond them. */
const LOOK_BACK_DAYS = 2;
const LOOKED_AT_AGAIN_SHARE = 0.06;
const COMMENTED_SHARE = 0.45;

const MARKED = "\uFEFF";

interface Unit {
  readonly bookedAt: number;
  readonly revisedAt: number | null;
  readonly cells: readonly string[];
  readonly firstStatus: string;
  readonly lastStatus: string;
}

export class FbaReturnsWriter {
  private readonly folder: string;
  private readonly startMs: number;
  private readonly extent: Extent;
  private readonly recent: Record<"na" | "eu" | "jp", Unit[]> = { na: [], eu: [], jp: [] };
  /** When the report shows what happens at this time. */
  private readonly bookedAt: (ms: number) => number;
  rows = 0;
  units = 0;

  constructor(folder: string, startMs: number, extent: Extent, bookedAt: (ms: number) => number) {
    this.bookedAt = bookedAt;
    this.folder = path.join(folder, "amazon_fba_returns");
    this.startMs = startMs;
    this.extent = extent;
  }

  add(each: ReturnCase): void {
    const region = each.order.market.amazonRegion;
    if (region === "cn") return;
    for (let unit = 0; unit < each.quantity; unit++) {
      const found = unitOf(each, unit, this.bookedAt);
      if (!this.isCovered(found)) continue;
      this.recent[region].push(found);
      this.units++;
    }
  }

  /** A report of the last days shows the units whose return-date is in them. */
  private isCovered(unit: Unit): boolean {
    const { sinceMs, endMs } = this.extent;
    return sinceMs === undefined || dateAt(unit, endMs) >= sinceMs - LOOK_BACK_DAYS * DAY_MS;
  }

  endOfDay(dayMs: number): void {
    const until = dayMs + DAY_MS;
    const { sinceMs, endMs } = this.extent;
    const isReportDay = sinceMs === undefined && (until - this.startMs) % (REPORT_EVERY_DAYS * DAY_MS) === 0;
    if (!isReportDay && until < endMs) return;
    for (const region of ["na", "eu", "jp"] as const) this.report(region, until);
  }

  private report(region: "na" | "eu" | "jp", until: number): void {
    const from = until - REPORT_COVERS_DAYS * DAY_MS;
    const units = this.recent[region].filter((unit) => unit.bookedAt >= from);
    this.recent[region] = units;
    if (units.length === 0) return;
    const rows = units.map((unit) => rowAt(unit, until)).sort((a, b) => a.at - b.at || (a.text < b.text ? -1 : 1));
    const file = new TextFile(
      path.join(this.folder, `fba_returns_${region}_${isoDay(until)}.txt`),
      region === "jp" ? "utf16le" : "utf8",
    );
    file.write(`${region === "na" ? "" : MARKED}${HEADER}\r\n`);
    for (const row of rows) file.write(row.text);
    file.close();
    this.rows += rows.length;
  }
}

function dateAt(unit: Unit, until: number): number {
  return unit.revisedAt !== null && unit.revisedAt < until ? unit.revisedAt : unit.bookedAt;
}

function rowAt(unit: Unit, until: number): { at: number; text: string } {
  const at = dateAt(unit, until);
  const isRevised = at === unit.revisedAt;
  const [before, after] = [unit.cells.slice(0, 9), unit.cells.slice(9)];
  const status = isRevised ? unit.lastStatus : unit.firstStatus;
  const cells = [`${isoSeconds(at)}+00:00`, ...before, status, ...after];
  return { at, text: `${cells.join("\t")}\r\n` };
}

function unitOf(each: ReturnCase, unit: number, bookedAt: (ms: number) => number): Unit {
  const random = new Random(each.key, STREAM.record, unit);
  const { order, line } = each;
  const disposition = dispositionOf(each.reason, random);
  const isAgain = random.chance(LOOKED_AT_AGAIN_SHARE);
  const lastStatus = disposition === "CARRIER_DAMAGED" ? "Reimbursed" : "Unit returned to inventory";
  const comment = random.chance(COMMENTED_SHARE) ? commentOf(order.language, each.reason, line.product, random) : "";
  return {
    bookedAt: each.bookedAt,
    revisedAt: isAgain ? bookedAt(each.bookedAt + Math.floor(random.between(0.8, 4) * 86_400) * 1000) : null,
    firstStatus: isAgain ? "Pending repackaging" : lastStatus,
    lastStatus: isAgain && disposition === "SELLABLE" ? "Repackaged Successfully" : lastStatus,
    cells: [
      order.number,
      line.product.sku,
      line.product.asin,
      `X00${hashOf(line.product.index, 77).toString(36).toUpperCase().padStart(7, "0")}`,
      line.product.name,
      "1",
      random.pick(order.market.fulfilmentCentres),
      disposition,
      random.pick(AMAZON_REASONS[each.reason]),
      `LPN${order.market.amazonRegion.toUpperCase()}${order.sequence.toString(36).toUpperCase().padStart(7, "0")}${each.lineNumber}${String(unit).padStart(2, "0")}`,
      comment.replaceAll(/[\t\r\n]+/g, " "),
    ],
  };
}

function dispositionOf(reason: ReturnReason, random: Random): string {
  switch (reason) {
    case "quality_defect":
      return random.chance(0.75) ? "DEFECTIVE" : "CUSTOMER_DAMAGED";
    case "damaged_in_transit":
      return "CARRIER_DAMAGED";
    case "missing_parts":
      return "CUSTOMER_DAMAGED";
    default:
      return random.chance(0.85) ? "SELLABLE" : "CUSTOMER_DAMAGED";
  }
}
