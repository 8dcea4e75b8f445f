// The scans a parcel gets on its way, as the carrier words them.
import { personOf } from "../people.ts";
import { Random, STREAM } from "../random.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, type Zone } from "../zones.ts";
import type { Order } from "./types.ts";

export interface Scan {
  readonly at: number;
  readonly zone: Zone;
  /** ISO 3166-1 alpha-3. */
  readonly country: string;
  readonly city: string;
  /** AfterShip's sub-tag. */
  readonly subtag: string;
  readonly message: string;
}

/** All scans to the end of the journey, in order of time; the caller cuts off what has not happened yet. `share` of those on the way are told. */
export function planScans(order: Order, share = 1): Scan[] {
  const { delivery, market } = order;
  const { lane } = delivery;
  if (!lane) return [];
  const random = new Random(order.key, STREAM.delivery, 2);
  const from = { zone: lane.warehouse.zone, country: lane.warehouse.iso3, city: lane.warehouse.city };
  const city = order.customer ? personOf(order.customer).city : "";
  const to = { zone: market.zone, country: market.iso3, city };
  const hub = { ...to, city: `${market.countryName} hub` };
  const until = delivery.attemptedAt ?? delivery.shippedAt + delivery.transitDays * DAY_MS;
  const at = (share: number): number => wholeMinute(delivery.shippedAt + share * (until - delivery.shippedAt));
  const scans: Scan[] = [
    { ...from, at: delivery.shippedAt - HOUR_MS, subtag: "InfoReceived_001", message: "Shipment information received" },
    { ...from, at: delivery.shippedAt, subtag: "InTransit_002", message: "Picked up by carrier" },
  ];
  const leaves = delivery.outcome === "delivered" || delivery.outcome === "returned_to_sender" || random.chance(0.5);
  if (leaves && lane.warehouse.country !== market.code) {
    scans.push(
      { ...from, at: at(0.14), subtag: "InTransit_003", message: "Departed from export hub" },
      { ...hub, at: at(0.55), subtag: "InTransit_004", message: "Arrived in destination country" },
      { ...hub, at: at(0.66), subtag: "InTransit_005", message: "Customs clearance completed" },
    );
  } else if (leaves) {
    scans.push({ ...hub, at: at(0.5), subtag: "InTransit_003", message: "Processed at sorting centre" });
  }
  scans.push(...ending(order, random, to, until));
  return share < 1 ? scans.filter(toldOf(order, share)) : scans;
}

/** Where a parcel left and how it ended every carrier tells. */
const ON_THE_WAY = new Set(["InTransit_003", "InTransit_004", "InTransit_005", "OutForDelivery_001"]);

function toldOf(order: Order, share: number): (scan: Scan) => boolean {
  const random = new Random(order.key, STREAM.delivery, 3);
  return (scan) => !ON_THE_WAY.has(scan.subtag) || random.chance(share);
}

type Place = Pick<Scan, "zone" | "country" | "city">;

function ending(order: Order, random: Random, to: Place, until: number): Scan[] {
  const { delivery } = order;
  const found: Scan[] = [];
  if (delivery.outcome === "lost") {
    const at = wholeMinute(delivery.promisedDay + random.between(8, 16) * DAY_MS);
    found.push({ ...to, at: Math.max(at, until + DAY_MS), subtag: "Exception_013", message: "Parcel presumed lost" });
  } else if (delivery.outcome === "returned_to_sender") {
    const back = until + random.between(5, 12) * DAY_MS;
    found.push(
      { ...to, at: wholeMinute(until), subtag: "AttemptFail_001", message: "Recipient not found at this address" },
      { ...to, at: wholeMinute(until + 2 * DAY_MS), subtag: "Exception_010", message: "Returning to sender" },
      { ...to, at: wholeMinute(back), subtag: "Exception_011", message: "Returned to sender" },
    );
  } else if (delivery.deliveredAt !== null && delivery.attemptedAt !== null) {
    if (delivery.isDamaged && delivery.transitDays > 1.5 && random.chance(0.45)) {
      const at = wholeMinute(delivery.attemptedAt - 9 * HOUR_MS);
      found.push({ ...to, at, subtag: "Exception_012", message: "Parcel damaged, contents being checked" });
    }
    found.push({
      ...to,
      at: wholeMinute(delivery.attemptedAt - random.between(1, 5) * HOUR_MS),
      subtag: "OutForDelivery_001",
      message: "Out for delivery",
    });
    if (delivery.attemptedAt < delivery.deliveredAt) {
      found.push({ ...to, at: delivery.attemptedAt, subtag: "AttemptFail_002", message: "Nobody at home" });
    }
    const subtag = random.chance(0.2) ? "Delivered_003" : "Delivered_001";
    found.push({ ...to, at: delivery.deliveredAt, subtag, message: "Delivered" });
  }
  return found;
}

const wholeMinute = (ms: number): number => Math.floor(ms / MINUTE_MS) * MINUTE_MS;
