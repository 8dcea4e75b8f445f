// What goes wrong in the demo on purpose, and what only looks as if it did.
//
// Sizes at the defaults (80 products, 200 orders a day, end 2026-11-22), events = booked returns of one product and reason:
//   lot-earbuds       about 1 a day expected; +4 a day at the end, 60 in all                    (a sensible detector needs days)
//   size-dress        about 0.9 a day; +2 a day for five weeks, 70 in all                       (days)
//   packaging-lamp    about 0.1 a day; +0.5 a day for six weeks, 25 in all                      (weeks)
//   lot-sneakers      about 0.1 a day; +0.7 a day for five weeks, 27 in all                     (weeks)
//   ramp-blender      about 0.1 a day; grows to +0.6 a day over eleven weeks, 19 in all         (many weeks)
//   carrier-de        about 13 parcels a day on the lane; late rate from 6 % to over 70 %        (lane, not product)
//   backlog-eu        replies of one team take several times as long for nine days               (service, not product)
import type { Product } from "./catalogue.ts";
import type { MarketCode } from "./markets.ts";
import type { ReturnReason } from "./reasons.ts";
import { blackFriday } from "./calendar.ts";
import { DAY_MS } from "./zones.ts";

export type TeamId = "english" | "europe" | "asia";

interface Window {
  readonly id: string;
  /** First day, ms. */
  readonly from: number;
  /** Day after the last, ms; null: still going on at the end. */
  readonly to: number | null;
  readonly note: string;
}

/** More returns of one product for one reason; the window is of shipments, or of orders for a wrong listing. */
export interface ReturnEpisode extends Window {
  readonly type: "lot" | "listing" | "packaging" | "ramp";
  readonly product: number;
  readonly reason: ReturnReason;
  readonly ratio: number;
  /** Share of the units in the window that are affected. */
  readonly share: number;
  /** Days until a ramp reaches its ratio. */
  readonly rampDays: number;
}

export interface LaneEpisode extends Window {
  readonly type: "carrier";
  readonly market: MarketCode;
  readonly carrier: string;
  readonly transitFactor: number;
  readonly lostRate: number;
  readonly damageRate: number;
}

export interface BacklogEpisode extends Window {
  readonly type: "backlog";
  readonly team: TeamId;
  readonly waitFactor: number;
}

export interface Decoy extends Window {
  readonly type: "promotion" | "sales_event" | "outage_tickets" | "outage_fba" | "bulk_return";
  readonly product: number | null;
  readonly factor: number;
}

export interface Scenario {
  readonly returns: readonly ReturnEpisode[];
  readonly lanes: readonly LaneEpisode[];
  readonly backlogs: readonly BacklogEpisode[];
  readonly decoys: readonly Decoy[];
}

type Plan<T extends Window> = Omit<T, "from" | "to"> & { before: number; length: number | null };

const RETURN_PLANS: readonly Plan<ReturnEpisode>[] = [
  {
    id: "lot-earbuds",
    type: "lot",
    product: 0,
    reason: "quality_defect",
    ratio: 6,
    share: 0.85,
    rampDays: 0,
    before: 36,
    length: null,
    note: "Bad lot: the right earbud stops charging. Still being shipped.",
  },
  {
    id: "ramp-blender",
    type: "ramp",
    product: 4,
    reason: "quality_defect",
    ratio: 9,
    share: 1,
    rampDays: 70,
    before: 80,
    length: null,
    note: "Worn tooling at the supplier: the blender's seal leaks, a little more often each week.",
  },
  {
    id: "size-dress",
    type: "listing",
    product: 1,
    reason: "size_too_small",
    ratio: 3.2,
    share: 1,
    rampDays: 0,
    before: 135,
    length: 37,
    note: "The listing's size chart was replaced by one in Asian sizes; put right after five weeks.",
  },
  {
    id: "packaging-lamp",
    type: "packaging",
    product: 3,
    reason: "damaged_in_transit",
    ratio: 8,
    share: 1,
    rampDays: 0,
    before: 230,
    length: 42,
    note: "Thinner carton without corner protection: glass arrives broken with every carrier.",
  },
  {
    id: "lot-sneakers",
    type: "lot",
    product: 5,
    reason: "quality_defect",
    ratio: 14,
    share: 0.9,
    rampDays: 0,
    before: 330,
    length: 28,
    note: "Bad lot: the sole comes off.",
  },
];

const LANE_PLANS: readonly Plan<LaneEpisode>[] = [
  {
    id: "carrier-de",
    type: "carrier",
    market: "DE",
    carrier: "yunexpress",
    transitFactor: 1.85,
    lostRate: 0.05,
    damageRate: 0.06,
    before: 92,
    length: 28,
    note: "The carrier changed its partner in Germany: parcels late, lost and damaged on this lane only, over many products.",
  },
];

const BACKLOG_PLANS: readonly Plan<BacklogEpisode>[] = [
  {
    id: "backlog-eu",
    type: "backlog",
    team: "europe",
    waitFactor: 10,
    before: 53,
    length: 9,
    note: "Half of the European team ill: first replies take days.",
  },
];

const DECOY_PLANS: readonly Plan<Decoy>[] = [
  {
    id: "promo-watch",
    type: "promotion",
    product: 2,
    factor: 4,
    before: 66,
    length: 7,
    note: "Coupon week: four times the units, so more returns at the same rate.",
  },
  {
    id: "outage-tickets",
    type: "outage_tickets",
    product: null,
    factor: 1,
    before: 112,
    length: 3,
    note: "The help desk took in no mail for three days; all of it was opened on the day after.",
  },
  {
    id: "outage-fba",
    type: "outage_fba",
    product: null,
    factor: 1,
    before: 20,
    length: 4,
    note: "The returns report had no rows for four days; the backlog was booked on the day after.",
  },
  {
    id: "bulk-toy",
    type: "bulk_return",
    product: 6,
    factor: 20,
    before: 44,
    length: 1,
    note: "One company ordered 20 units by mistake and sent all back: 20 rows, one order.",
  },
];

/** A quiet start that every demo keeps, so that each episode has a baseline before it. */
const QUIET_DAYS = 25;

/** Episodes and decoys of a demo over [startMs, endMs); those without a quiet time before them are left out. */
export function planScenario(startMs: number, endMs: number): Scenario {
  const placed = <T extends Window>(plans: readonly Plan<T>[]): T[] =>
    plans
      .map(({ before, length, ...rest }) => {
        const from = endMs - before * DAY_MS;
        return { ...rest, from, to: length === null ? null : from + length * DAY_MS } as unknown as T;
      })
      .filter((window) => window.from >= startMs + QUIET_DAYS * DAY_MS);
  return {
    returns: placed(RETURN_PLANS),
    lanes: placed(LANE_PLANS),
    backlogs: placed(BACKLOG_PLANS),
    decoys: [...placed(DECOY_PLANS), ...blackFridays(startMs, endMs)],
  };
}

function blackFridays(startMs: number, endMs: number): Decoy[] {
  const found: Decoy[] = [];
  for (let year = new Date(startMs).getUTCFullYear(); year <= new Date(endMs).getUTCFullYear(); year++) {
    const friday = blackFriday(year);
    if (friday < startMs || friday >= endMs) continue;
    found.push({
      id: `black-friday-${year}`,
      type: "sales_event",
      product: null,
      factor: 3,
      from: friday - 4 * DAY_MS,
      to: friday + 5 * DAY_MS,
      note: "Black Friday week: demand up to three times, returns follow the deliveries.",
    });
  }
  return found;
}

export const isWithin = (window: Window, ms: number): boolean =>
  ms >= window.from && (window.to === null || ms < window.to);

/** How many times the usual rate a unit of this episode comes back; 1 outside it. */
export function ratioOf(episode: ReturnEpisode, orderedAt: number, shippedAt: number): number {
  const at = episode.type === "listing" ? orderedAt : shippedAt;
  if (!isWithin(episode, at)) return 1;
  if (episode.rampDays === 0) return episode.ratio;
  return 1 + (episode.ratio - 1) * Math.min(1, (at - episode.from) / (episode.rampDays * DAY_MS));
}

/** The printed number of the bad lot. */
export function badLotOf(episode: ReturnEpisode, product: Product): string {
  return `${product.sku}-L${new Date(episode.from).toISOString().slice(2, 10).replaceAll("-", "")}X`;
}

/** Factor on demand by promotions. */
export function promotionOf(scenario: Scenario, product: number, dayMs: number): number {
  let factor = 1;
  for (const decoy of scenario.decoys) {
    if (decoy.type === "promotion" && decoy.product === product && isWithin(decoy, dayMs)) factor *= decoy.factor;
  }
  return factor;
}

/** The instant an event is booked when its feed is down: the day after the outage, at the same time of day. */
export function afterOutage(scenario: Scenario, type: "outage_tickets" | "outage_fba", ms: number): number {
  const outage = scenario.decoys.find((decoy) => decoy.type === type && isWithin(decoy, ms));
  return outage?.to ? outage.to + (ms % DAY_MS) : ms;
}
