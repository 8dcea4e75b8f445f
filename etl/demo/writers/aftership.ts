// AfterShip's list of trackings, page by page: scans in local time, with an offset, without one or as a day, as carriers do.
import path from "node:path";
import { personOf } from "../people.ts";
import { hashOf, Random, STREAM } from "../random.ts";
import { planScans, type Scan } from "../simulate/scans.ts";
import type { Order } from "../simulate/types.ts";
import { DAY_MS, isoDay, isoSeconds, MINUTE_MS, offsetMinutes, offsetText, utcZ, wallClock } from "../zones.ts";
import { sincePart, type Extent } from "./changes.ts";
import { TextFile } from "./output.ts";

type TimeStyle = "offset" | "local" | "date_on_delivery";

export interface AftershipOptions {
  readonly perPage: number;
  /** Share of the scans between pick-up and door that carriers report. */
  readonly scanShare: number;
}

export class AftershipWriter {
  private readonly folder: string;
  private readonly extent: Extent;
  private readonly options: AftershipOptions;
  private page = 0;
  private onPage = 0;
  private file: TextFile | null = null;
  trackings = 0;
  checkpoints = 0;

  constructor(folder: string, extent: Extent, options: AftershipOptions) {
    this.folder = path.join(folder, "aftership");
    this.extent = extent;
    this.options = options;
  }

  write(order: Order): void {
    const { lane, shippedAt, deliveredAt } = order.delivery;
    const { endMs, sinceMs = 0 } = this.extent;
    if (!lane || order.cancelledAt !== null || shippedAt >= endMs) return;
    // Long at the door: not worth the journey's scans to find out that nothing is new.
    if (deliveredAt !== null && deliveredAt < sinceMs - DAY_MS) return;
    const tracking = trackingOf(order, endMs, this.options.scanShare);
    if (Date.parse(tracking.updated_at) < sinceMs) return;
    if (!this.file) this.open();
    this.file?.write(`${this.onPage === 0 ? "" : ",\n"}${JSON.stringify(tracking)}`);
    this.onPage++;
    this.trackings++;
    this.checkpoints += tracking.checkpoints.length;
    if (this.onPage >= this.options.perPage) this.close();
  }

  close(): void {
    this.file?.write("\n]}}\n");
    this.file?.close();
    this.file = null;
    this.onPage = 0;
  }

  private open(): void {
    const name = `trackings_${sincePart(this.extent)}page_${String(++this.page).padStart(4, "0")}.json`;
    this.file = new TextFile(path.join(this.folder, name));
    const pagination = `{"page":${this.page},"limit":${this.options.perPage}}`;
    this.file.write(`{"meta":{"code":200},"data":{"pagination":${pagination},"trackings":[\n`);
  }
}

/** Local to the place, with or without the offset; some carriers tell the day of delivery only. */
function localTime(ms: number, scan: Pick<Scan, "zone">, style: TimeStyle, isDelivery = false): string {
  const clock = wallClock(scan.zone, ms);
  if (style === "date_on_delivery" && isDelivery) return isoDay(clock);
  if (style !== "offset") return isoSeconds(clock);
  return `${isoSeconds(clock)}${offsetText(offsetMinutes(scan.zone, ms), ":")}`;
}

function trackingOf(order: Order, endMs: number, scanShare: number) {
  const { delivery, market } = order;
  const lane = delivery.lane;
  if (!lane) throw new TypeError(`Order ${order.number} has no parcel of ours`);
  const style = lane.carrier.timeStyle;
  const scans = planScans(order, scanShare).filter((scan) => scan.at < endMs);
  const last = scans.at(-1);
  const door = { zone: market.zone };
  const isBefore = (ms: number | null): ms is number => ms !== null && ms < endMs;
  const recorded = scans.map((scan) => Math.min(recordedAt(scan), endMs - 1000));
  const changedAt = Math.max(delivery.shippedAt - 90 * MINUTE_MS, ...recorded);
  const isExpired = delivery.outcome === "no_scans" && endMs - (last?.at ?? endMs) > 30 * DAY_MS;
  const state = isExpired ? "Expired_001" : (last?.subtag ?? "InfoReceived_001");
  const id = `${hashOf(order.key, 31).toString(16).padStart(8, "0")}${order.sequence.toString(16).padStart(8, "0")}`;
  const promised = isoDay(delivery.promisedDay);
  return {
    id,
    tracking_number: delivery.trackingNumber,
    slug: lane.carrier.slug,
    active: last?.subtag.startsWith("Delivered") !== true,
    created_at: utcZ(delivery.shippedAt - 90 * MINUTE_MS),
    updated_at: utcZ(isExpired ? (last?.at ?? endMs) + 30 * DAY_MS : changedAt),
    order_id: String(5_400_000_000_000 + order.sequence * 32_771),
    order_number: order.number,
    order_date: utcZ(order.orderedAt),
    origin_country_region: lane.warehouse.iso3,
    origin_city: lane.warehouse.city,
    destination_country_region: market.iso3,
    destination_city: order.customer ? personOf(order.customer).city : null,
    first_estimated_delivery: { type: "specific", source: "Order EDD", datetime: promised },
    order_promised_delivery_date: promised,
    shipment_pickup_date: localTime(delivery.shippedAt, { zone: lane.warehouse.zone }, style),
    shipment_delivery_date: isBefore(delivery.deliveredAt) ? localTime(delivery.deliveredAt, door, style, true) : null,
    first_attempted_at: isBefore(delivery.attemptedAt) ? localTime(delivery.attemptedAt, door, style) : null,
    return_to_sender: delivery.outcome === "returned_to_sender" && state === "Exception_011",
    tag: state.split("_")[0],
    subtag: state,
    subtag_message: last?.message ?? "Information received",
    language: order.language,
    order_tags: order.kind === "exchange" ? ["exchange"] : [],
    shipment_tags: [],
    custom_fields: { warehouse: lane.warehouse.name },
    checkpoints: scans.map((scan, index) => checkpointOf(scan, recorded[index] ?? scan.at, style)),
  };
}

/** Trackers hear of a scan some minutes late. */
function recordedAt(scan: Scan): number {
  return scan.at + (3 + new Random(Math.floor(scan.at / 1000), STREAM.record).int(25)) * MINUTE_MS;
}

function checkpointOf(scan: Scan, recorded: number, style: TimeStyle) {
  return {
    created_at: utcZ(recorded),
    checkpoint_time: localTime(scan.at, scan, style, scan.subtag.startsWith("Delivered")),
    city: scan.city,
    country_region: scan.country,
    message: scan.message,
    tag: scan.subtag.split("_")[0],
    subtag: scan.subtag,
  };
}
