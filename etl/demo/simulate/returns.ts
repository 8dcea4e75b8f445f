// Which lines come back, why and when: rates by product, reason and market, a slow wobble, episodes on top.
import { isBookingDay } from "../calendar.ts";
import { afterOutage, ratioOf, type Scenario } from "../episodes.ts";
import { hashOf, Random, STREAM } from "../random.ts";
import { requestLagDays, RETURN_REASONS, type ReturnReason } from "../reasons.ts";
import { DAY_MS, HOUR_MS } from "../zones.ts";
import { isAffected } from "./orders.ts";
import type { Line, Order, Resolution, ReturnCase } from "./types.ts";

const WOBBLE_DAYS = 20;
const WOBBLE_SIGMA = 0.11;
/** People order goods in two sizes to send one back; exchanges come back less often than bought goods. */
const EXCHANGE_FACTOR = 0.5;
const UNAUTHORIZED_RATE = 0.0005;
const DAMAGED_COMES_BACK = 0.8;
const LATE_COMES_BACK = 0.05;
const AMAZON_UNDELIVERABLE_RATE = 0.004;

/** How many more of an episode's cases happened, and how many were to be expected. */
export type ExcessNote = (episodeId: string, expected: number, actual: number) => void;

export class ReturnPlanner {
  private readonly seed: number;
  private readonly scenario: Scenario;
  private readonly endMs: number;
  private readonly note: ExcessNote;
  private readonly rate: number;
  private wobbleKnot = -1;
  private readonly wobble = new Map<number, number>();

  /** `rate` multiplies the usual rates of whatever the product is the cause of. */
  constructor(seed: number, scenario: Scenario, endMs: number, note: ExcessNote, rate: number) {
    this.rate = rate;
    this.seed = seed;
    this.scenario = scenario;
    this.endMs = endMs;
    this.note = note;
  }

  /** The order's returns; at most one a line. Those booked after the demo's end are included: they are under way. */
  plan(order: Order): ReturnCase[] {
    if (order.cancelledAt !== null) return [];
    const cases: ReturnCase[] = [];
    order.lines.forEach((line, index) => {
      const random = new Random(order.key, STREAM.returns, index);
      const found =
        order.kind === "bulk"
          ? { reason: "changed_mind" as const, episodeId: "bulk-toy" }
          : this.reasonFor(order, line, random);
      if (found) cases.push(this.caseOf(order, line, index + 1, found.reason, found.episodeId, random));
    });
    return cases;
  }

  private reasonFor(order: Order, line: Line, random: Random): Found | null {
    const { delivery } = order;
    this.expectOfParcel(order, line);
    if (delivery.outcome === "lost") return { reason: "never_arrived", episodeId: delivery.episodeId };
    if (delivery.outcome === "returned_to_sender") return { reason: "undeliverable", episodeId: null };
    if (delivery.deliveredAt === null) return null;
    if (delivery.isDamaged && this.concerns(delivery.episodeId, line) && random.chance(DAMAGED_COMES_BACK)) {
      return { reason: "damaged_in_transit", episodeId: delivery.episodeId };
    }
    if (order.channel === "amazon" && random.chance(AMAZON_UNDELIVERABLE_RATE)) {
      return { reason: "undeliverable", episodeId: null };
    }
    if (isLate(order) && random.chance(LATE_COMES_BACK))
      return { reason: "late_delivery", episodeId: delivery.episodeId };
    if (random.chance(UNAUTHORIZED_RATE)) return { reason: "unauthorized", episodeId: null };
    return this.byProduct(order, line, random);
  }

  /** A bad carton breaks its own product only; a carrier breaks what it carries. */
  private concerns(episodeId: string | null, line: Line): boolean {
    const episode = this.scenario.returns.find((each) => each.id === episodeId);
    return episode === undefined || episode.product === line.product.index;
  }

  private expectOfParcel(order: Order, line: Line): void {
    const { added } = order.delivery;
    if (!added || !this.concerns(added.episodeId, line)) return;
    const late = isLate(order) && order.delivery.episodeId === added.episodeId ? LATE_COMES_BACK : 0;
    this.expect(order, added.episodeId, "damaged_in_transit", added.lost + added.damaged * DAMAGED_COMES_BACK + late);
  }

  /** One draw against the usual rates, then against the episodes' additions, so the excess is known case by case. */
  private byProduct(order: Order, line: Line, random: Random): Found | null {
    const draw = random.next();
    const factor = this.rate * order.market.returnFactor * (order.kind === "exchange" ? EXCHANGE_FACTOR : 1);
    let limit = 0;
    let found: Found | null = null;
    for (let i = 0; i < RETURN_REASONS.length && !found; i++) {
      limit += (line.product.returnRates[i] ?? 0) * factor * this.wobbleOf(order.orderedAt, line.product.index, i);
      if (draw < limit) found = { reason: RETURN_REASONS[i] as ReturnReason, episodeId: null };
    }
    for (const episode of this.scenario.returns) {
      if (episode.product !== line.product.index || episode.reason === "damaged_in_transit") continue;
      const ratio = isAffected(order.key, order.lines.indexOf(line), episode.share)
        ? ratioOf(episode, order.orderedAt, order.delivery.shippedAt)
        : 1;
      if (ratio === 1) continue;
      const rate = line.product.returnRates[RETURN_REASONS.indexOf(episode.reason)] ?? 0;
      const added = Math.min(0.6, rate * factor * (ratio - 1));
      limit += added;
      if (!found && draw < limit) found = { reason: episode.reason, episodeId: episode.id };
      this.expect(order, episode.id, episode.reason, added);
    }
    return found;
  }

  /** Adds to the expected excess if a return of this unit would be booked before the end. */
  private expect(order: Order, episodeId: string, reason: ReturnReason, added: number): void {
    const random = new Random(order.key, STREAM.returns, 99);
    if (this.bookedAt(order, reason, this.requestedAt(order, reason, random), random) < this.endMs) {
      this.note(episodeId, added, 0);
    }
  }

  private caseOf(
    order: Order,
    line: Line,
    lineNumber: number,
    reason: ReturnReason,
    episodeId: string | null,
    random: Random,
  ): ReturnCase {
    const requestedAt = this.requestedAt(order, reason, random);
    const bookedAt = this.bookedAt(order, reason, requestedAt, random);
    const quantity = line.quantity > 1 && random.chance(0.5) && order.kind !== "bulk" ? 1 : line.quantity;
    const resolution = resolutionOf(reason, random);
    const share = resolution === "partial_refund" ? random.pick([0.2, 0.3, 0.5]) : resolution === "keep_item" ? 0.4 : 1;
    const paid = order.kind === "exchange" ? 0 : line.unitPrice - line.discount / line.quantity;
    const refund = resolution === "exchange" ? 0 : Math.round(paid * quantity * share * 100) / 100;
    if (episodeId && bookedAt < this.endMs) this.note(episodeId, 0, 1);
    const key = hashOf(order.key, STREAM.returns, lineNumber);
    return { key, order, line, lineNumber, reason, quantity, requestedAt, bookedAt, resolution, refund, episodeId };
  }

  private requestedAt(order: Order, reason: ReturnReason, random: Random): number {
    const { delivery } = order;
    if (delivery.deliveredAt === null) {
      return delivery.promisedDay + Math.floor(random.between(3, 14) * 1440) * 60_000;
    }
    return delivery.deliveredAt + Math.floor(60 + requestLagDays(reason, random) * 1440) * 60_000;
  }

  private bookedAt(order: Order, reason: ReturnReason, requestedAt: number, random: Random): number {
    if (order.channel === "own_shop" && reason === "never_arrived") return requestedAt + random.int(3 * 1440) * 60_000;
    let at = requestedAt + random.gamma(6, order.channel === "amazon" ? 5 : 6.5) * DAY_MS;
    const region = order.market.amazonRegion;
    while (!isBookingDay(Math.floor(at / DAY_MS) * DAY_MS, region)) at += DAY_MS;
    const seconds = Math.floor(random.between(6 * HOUR_MS, 17 * HOUR_MS) / 1000) * 1000;
    const booked = Math.max(Math.floor(at / DAY_MS) * DAY_MS + seconds, requestedAt + HOUR_MS);
    return order.channel === "amazon" ? afterOutage(this.scenario, "outage_fba", booked) : booked;
  }

  private wobbleOf(ms: number, product: number, reason: number): number {
    const knot = Math.floor(ms / (WOBBLE_DAYS * DAY_MS));
    if (knot !== this.wobbleKnot) {
      this.wobbleKnot = knot;
      this.wobble.clear();
    }
    const id = product * 32 + reason;
    let value = this.wobble.get(id);
    if (value === undefined) {
      value = new Random(this.seed, STREAM.wobble, knot, product, reason).lognormal(1, WOBBLE_SIGMA);
      this.wobble.set(id, value);
    }
    return value;
  }
}

/** Late by more than people forgive. */
function isLate({ delivery }: Order): boolean {
  return delivery.lane !== null && (delivery.deliveredAt ?? 0) > delivery.promisedDay + 2 * DAY_MS;
}

interface Found {
  readonly reason: ReturnReason;
  readonly episodeId: string | null;
}

function resolutionOf(reason: ReturnReason, random: Random): Resolution {
  const draw = random.next();
  switch (reason) {
    case "size_too_small":
    case "size_too_large":
    case "poor_fit":
      return draw < 0.42 ? "exchange" : draw < 0.55 ? "store_credit" : "refund";
    case "damaged_in_transit":
    case "missing_parts":
      return draw < 0.2 ? "exchange" : draw < 0.4 ? "partial_refund" : draw < 0.5 ? "keep_item" : "refund";
    case "quality_defect":
    case "not_as_described":
      return draw < 0.2 ? "exchange" : draw < 0.34 ? "partial_refund" : draw < 0.4 ? "keep_item" : "refund";
    case "never_arrived":
      return draw < 0.35 ? "exchange" : "refund";
    case "wrong_item":
      return draw < 0.55 ? "exchange" : "refund";
    default:
      return draw < 0.12 ? "store_credit" : "refund";
  }
}
