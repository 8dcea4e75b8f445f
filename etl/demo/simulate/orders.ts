// Turns a draft into an order: prices, lots, cancellation, delivery, and what the customer will buy later.
import { badLotOf, isWithin, type Scenario } from "../episodes.ts";
import { lotOf } from "../catalogue.ts";
import { EXCHANGE_RATES, type LanguageCode, type Market } from "../markets.ts";
import { hashOf, Random, STREAM } from "../random.ts";
import { DAY_MS, HOUR_MS } from "../zones.ts";
import { planDelivery } from "./delivery.ts";
import type { Channel, Customer, Draft, DraftLine, Line, Order, ReturnCase } from "./types.ts";

/** The own shop is run in one currency, as Shopify exports it. */
const SHOP_CURRENCY = "EUR";
const CANCELLED_RATE = 0.022;

export interface Numbers {
  readonly sequence: number;
  readonly number: string;
}

export function placeOrder(draft: Draft, customer: Customer | null, numbers: Numbers, scenario: Scenario): Order {
  const random = new Random(draft.key, STREAM.record);
  const delivery = planDelivery(draft, scenario);
  const { market, channel } = draft;
  const currency = channel === "amazon" ? market.currency : SHOP_CURRENCY;
  const isCancelled = random.chance(CANCELLED_RATE) && (draft.kind === "new" || draft.kind === "repeat");
  const discountRate = draft.kind === "exchange" ? 1 : channel === "own_shop" && random.chance(0.16) ? 0.1 : 0;
  const lines = draft.lines.map((line, index) =>
    priceLine(line, currency, discountRate, lotFor(line, index, draft, delivery.shippedAt, scenario)),
  );
  const goods = lines.reduce((sum, line) => sum + line.unitPrice * line.quantity - line.discount, 0);
  const isFree = draft.kind === "exchange" || channel === "amazon" || goods >= 39;
  return {
    key: draft.key,
    sequence: numbers.sequence,
    number: numbers.number,
    kind: draft.kind,
    channel,
    market,
    language: customer?.language ?? languageOf(market, random),
    customer,
    orderedAt: Math.floor(draft.at / 1000) * 1000,
    cancelledAt: isCancelled ? Math.floor(draft.at / 1000) * 1000 + random.int(2 * 3600) * 1000 : null,
    currency,
    lines,
    shipping: isFree ? 0 : 4.9,
    delivery,
  };
}

export function languageOf(market: Market, random: Random): LanguageCode {
  const index = random.weighted(market.languages.map((each) => each[1]));
  return market.languages[index]?.[0] ?? "en";
}

function priceLine(line: DraftLine, currency: string, discountRate: number, lot: string): Line {
  const rate = EXCHANGE_RATES[currency as keyof typeof EXCHANGE_RATES];
  const raw = line.product.priceUsd / rate;
  const unitPrice = currency === "JPY" ? Math.round(raw / 10) * 10 : Math.floor(raw) + 0.9;
  const discount = Math.round(unitPrice * line.quantity * discountRate * 100) / 100;
  return { ...line, unitPrice, discount, lot };
}

/** Whether a unit in an episode's window is one of the affected; asked for its lot and for its return. */
export function isAffected(orderKey: number, line: number, share: number): boolean {
  return share >= 1 || new Random(orderKey, STREAM.record, 50 + line).chance(share);
}

function lotFor(line: DraftLine, index: number, draft: Draft, shippedAt: number, scenario: Scenario): string {
  for (const episode of scenario.returns) {
    if (episode.type !== "lot" || episode.product !== line.product.index || !isWithin(episode, shippedAt)) continue;
    if (isAffected(draft.key, index, episode.share)) return badLotOf(episode, line.product);
  }
  return lotOf(line.product, shippedAt);
}

/** What a buyer's last experience makes of the wish to come back. */
const REBUY = {
  plain: 0.22,
  exchange: 0.27,
  store_credit: 0.42,
  keep_item: 0.27,
  partial_refund: 0.24,
  refund: 0.22,
} as const;
const REBUY_AFTER_DAYS = 48;

/** The order a known customer will place later, or null. Chances run from the last event of this order. */
export function planRepurchase(order: Order, returns: readonly ReturnCase[]): Draft | null {
  if (!order.customer || order.cancelledAt !== null || order.kind === "exchange" || order.kind === "bulk") return null;
  const random = new Random(order.key, STREAM.repurchase);
  const last = returns[0];
  const chance = last ? REBUY[last.resolution] : REBUY.plain;
  if (!random.chance(chance)) return null;
  const from = last ? last.bookedAt : (order.delivery.deliveredAt ?? order.orderedAt);
  const at = from + Math.max(6 * HOUR_MS, Math.min(150 * DAY_MS, random.exponential(REBUY_AFTER_DAYS * DAY_MS)));
  const line = order.lines[0];
  if (!line) return null;
  const key = hashOf(order.key, STREAM.repurchase);
  return {
    key,
    kind: "repeat",
    at,
    channel: "own_shop",
    market: order.market,
    customer: order.customer,
    lines: [line],
  };
}

/** The parcel sent in place of a returned item. */
export function planExchange(each: ReturnCase): Draft | null {
  const { order, line } = each;
  const channel: Channel = order.channel;
  if (each.resolution !== "exchange" || channel !== "own_shop") return null;
  const random = new Random(each.key, STREAM.order);
  const { product } = line;
  return {
    key: hashOf(each.key, STREAM.order),
    kind: "exchange",
    at: each.bookedAt + random.between(1, 20) * HOUR_MS,
    channel,
    market: order.market,
    customer: order.customer,
    lines: [{ product, variant: random.pick(product.variants), quantity: each.quantity }],
  };
}
