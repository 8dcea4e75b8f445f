// Who orders what on one day: new demand by product, market and channel.
import { categorySeason, demandOfDay } from "../calendar.ts";
import type { Product } from "../catalogue.ts";
import { promotionOf, type Scenario } from "../episodes.ts";
import { MARKETS, type Market } from "../markets.ts";
import { hashOf, Random, STREAM } from "../random.ts";
import { DAY_MS, HOUR_MS, offsetMinutes, MINUTE_MS } from "../zones.ts";
import type { Channel, Draft, DraftLine } from "./types.ts";

/** Share of orders that come from earlier customers and exchanges, taken off the new demand. */
const REPEAT_SHARE = 0.12;
const YEARLY_GROWTH = 0.22;
const LAUNCH_DAYS = 45;

export interface DemandSettings {
  readonly seed: number;
  readonly products: readonly Product[];
  readonly scenario: Scenario;
  readonly startMs: number;
  readonly endMs: number;
  readonly ordersPerDay: number;
  readonly volumes: Volumes;
}

/** What a shop with other proportions than the demo's is made of; 1 each: the demo's. */
export interface Volumes {
  /** Tickets that come of one wish to write, on average. */
  readonly contactRate: number;
  /** Returns by cause of the product, as a multiple. */
  readonly returnRate: number;
  /** Share of the scans between pick-up and door that carriers report. */
  readonly scanShare: number;
}

interface Stall {
  readonly market: Market;
  readonly channel: Channel;
  readonly share: number;
}

const STALLS: readonly Stall[] = MARKETS.flatMap((market) => [
  { market, channel: "own_shop" as const, share: market.share * (1 - market.amazonShare) },
  ...(market.amazonSite ? [{ market, channel: "amazon" as const, share: market.share * market.amazonShare }] : []),
]);

/** Orders by local hour, midnight first. */
const HOURS = [2, 1, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 6, 5, 5, 5, 5, 6, 7, 9, 10, 10, 8, 4];

/** New orders of one UTC day, in no order. */
export function newOrders(settings: DemandSettings, dayMs: number): Draft[] {
  const { seed, products, scenario } = settings;
  const weights = STALLS.map((stall) => stall.share * demandOfDay(dayMs, stall.market, stall.channel));
  const ofDay = weights.reduce((sum, weight) => sum + weight, 0);
  const middle = (settings.startMs + settings.endMs) / 2;
  const growth = Math.exp((YEARLY_GROWTH * (dayMs - middle)) / (365 * DAY_MS)) * (1 - REPEAT_SHARE);
  const drafts: Draft[] = [];
  for (const product of products) {
    const random = new Random(seed, STREAM.demand, dayMs / DAY_MS, product.index);
    const mean =
      settings.ordersPerDay *
      product.popularity *
      growth *
      ofDay *
      categorySeason(dayMs, product.category) *
      lifecycle(product, dayMs) *
      promotionOf(scenario, product.index, dayMs);
    const count = random.poisson(mean * random.gamma(14, 1));
    for (let i = 0; i < count; i++) {
      const stall = STALLS[random.weighted(weights)];
      if (stall) drafts.push(draftOrder(settings, dayMs, stall, product, i));
    }
  }
  return drafts;
}

function draftOrder(settings: DemandSettings, dayMs: number, stall: Stall, product: Product, index: number): Draft {
  const key = hashOf(settings.seed, STREAM.order, dayMs / DAY_MS, product.index, index);
  const random = new Random(key, STREAM.order);
  const lines = [draftLine(random, product)];
  const more = random.chance(stall.channel === "amazon" ? 0.09 : 0.2);
  const second = more ? anotherProduct(settings, random, dayMs, product) : null;
  if (second) lines.push(draftLine(random, second));
  const { market, channel } = stall;
  return { key, kind: "new", at: dayMs + timeOfDay(random, dayMs, market), channel, market, customer: null, lines };
}

/** Milliseconds into the UTC day, so that the customer's local hours look like shopping hours. */
export function timeOfDay(random: Random, dayMs: number, market: Market): number {
  const local = random.weighted(HOURS) * HOUR_MS + Math.floor(random.next() * 3600) * 1000;
  const utc = local - offsetMinutes(market.zone, dayMs + 12 * HOUR_MS) * MINUTE_MS;
  return ((utc % DAY_MS) + DAY_MS) % DAY_MS;
}

export function draftLine(random: Random, product: Product): DraftLine {
  const size = random.next();
  const quantity = size < 0.92 ? 1 : size < 0.985 ? 2 : 3;
  return { product, variant: random.pick(product.variants), quantity };
}

/** A product on sale that day, by popularity; null when the draw falls on the one already in the basket. */
export function anotherProduct(settings: DemandSettings, random: Random, dayMs: number, but: Product): Product | null {
  const at = settings.products.length * random.next() ** 1.9;
  const product = settings.products[Math.floor(at)];
  return product && product !== but && lifecycle(product, dayMs) > 0 ? product : null;
}

function lifecycle(product: Product, dayMs: number): number {
  if (product.launchedOn !== null) {
    return dayMs < product.launchedOn ? 0 : Math.min(1, 0.25 + (dayMs - product.launchedOn) / (LAUNCH_DAYS * DAY_MS));
  }
  if (product.endsOn !== null && dayMs > product.endsOn - LAUNCH_DAYS * DAY_MS) {
    return Math.max(0, (product.endsOn - dayMs) / (LAUNCH_DAYS * DAY_MS));
  }
  return 1;
}
