// What happens to a parcel: when it leaves, whether it is late, lost, broken or comes back.
import { transitOfDay } from "../calendar.ts";
import { lanesOf, type Lane } from "../carriers.ts";
import { isWithin, ratioOf, type Scenario } from "../episodes.ts";
import type { Market } from "../markets.ts";
import { Random, STREAM } from "../random.ts";
import { FRAGILE_PER_MILLE } from "../reasons.ts";
import { DAY_MS, HOUR_MS, offsetMinutes, MINUTE_MS, wallClock } from "../zones.ts";
import type { Delivery, Draft } from "./types.ts";

const RETURNED_TO_SENDER_RATE = 0.005;
const NO_SCANS_RATE = 0.003;
const FAILED_ATTEMPT_RATE = 0.07;

export function planDelivery(draft: Draft, scenario: Scenario): Delivery {
  const random = new Random(draft.key, STREAM.delivery);
  return draft.channel === "amazon" ? byAmazon(draft, random, scenario) : byCarrier(draft, random, scenario);
}

function byAmazon(draft: Draft, random: Random, scenario: Scenario): Delivery {
  const shippedAt = draft.at + random.between(4, 30) * HOUR_MS;
  const transitDays = random.lognormal(2.1, 0.35);
  const deliveredAt = atDoor(shippedAt + transitDays * DAY_MS, draft.market, random);
  const breakage = broken(draft, random, scenario, shippedAt, 0.002);
  return {
    lane: null,
    trackingNumber: "",
    shippedAt,
    outcome: "delivered",
    promisedDay: startOfDay(wallClock(draft.market.zone, draft.at)) + 5 * DAY_MS,
    attemptedAt: deliveredAt,
    deliveredAt,
    isDamaged: breakage.isDamaged,
    episodeId: breakage.episodeId,
    added: breakage.added,
    transitDays,
  };
}

function byCarrier(draft: Draft, random: Random, scenario: Scenario): Delivery {
  const lanes = lanesOf(draft.market.code);
  const lane = lanes[random.weighted(lanes.map((each) => each.share))] as Lane;
  const shippedAt = shipTime(draft.at, lane, random);
  const crisis = scenario.lanes.find(
    (each) => each.market === lane.market && each.carrier === lane.carrier.slug && isWithin(each, shippedAt),
  );
  const usualDays =
    random.lognormal(lane.transitDays, lane.spread) * transitOfDay(shippedAt, lane.warehouse.country === "CN");
  const transitDays = usualDays * (crisis?.transitFactor ?? 1);
  const fate = random.next();
  const lostRate = lane.lostRate + (crisis?.lostRate ?? 0);
  const outcome = fateOf(fate, lostRate);
  const deliveredAt = outcome === "delivered" ? atDoor(shippedAt + transitDays * DAY_MS, draft.market, random) : null;
  const promisedDay = startOfDay(wallClock(draft.market.zone, draft.at)) + lane.promiseDays * DAY_MS;
  const failedBefore = random.chance(FAILED_ATTEMPT_RATE) && transitDays > 2;
  const breakage = broken(draft, random, scenario, shippedAt, lane.damageRate, crisis?.damageRate);
  const byCrisis = outcome === "lost" && fate >= lane.lostRate;
  const episodeId = crisis && (byCrisis || breakage.byLane || transitDays > lane.promiseDays - 1) ? crisis.id : null;
  return {
    lane,
    trackingNumber: lane.carrier.trackingNumber(random),
    shippedAt,
    outcome,
    promisedDay,
    attemptedAt: deliveredAt === null ? null : failedBefore ? deliveredAt - 24 * HOUR_MS : deliveredAt,
    deliveredAt,
    isDamaged: outcome === "delivered" && breakage.isDamaged,
    episodeId: breakage.episodeId ?? episodeId,
    added: crisis ? { episodeId: crisis.id, lost: crisis.lostRate, damaged: crisis.damageRate } : breakage.added,
    transitDays,
  };
}

function fateOf(fate: number, lostRate: number): Delivery["outcome"] {
  if (fate < lostRate) return "lost";
  if (fate < lostRate + RETURNED_TO_SENDER_RATE) return "returned_to_sender";
  if (fate < lostRate + RETURNED_TO_SENDER_RATE + NO_SCANS_RATE) return "no_scans";
  return "delivered";
}

/** Breakage by carrier, by the goods' fragility and by an episode of packaging; one draw, so the excess can be told. */
function broken(draft: Draft, random: Random, scenario: Scenario, shippedAt: number, laneRate: number, crisis = 0) {
  const draw = random.next();
  let rate = laneRate;
  for (const line of draft.lines) rate += FRAGILE_PER_MILLE[line.product.category] / 1000;
  const episode = scenario.returns.find(
    (each) => each.reason === "damaged_in_transit" && draft.lines.some((line) => line.product.index === each.product),
  );
  const more = episode ? rate * (ratioOf(episode, draft.at, shippedAt) - 1) : 0;
  const byPackaging = draw >= rate + crisis && draw < rate + crisis + more;
  return {
    isDamaged: draw < rate + crisis + more,
    byLane: draw >= rate && draw < rate + crisis,
    episodeId: episode && byPackaging ? episode.id : null,
    added: episode && more > 0 ? { episodeId: episode.id, lost: 0, damaged: more } : null,
  };
}

function shipTime(orderedAt: number, lane: Lane, random: Random): number {
  const clock = wallClock(lane.warehouse.zone, orderedAt + random.between(3, 26) * HOUR_MS);
  let day = startOfDay(clock);
  if (new Date(day).getUTCDay() === 0) day += DAY_MS;
  const local = day + (14 + random.between(0, 5)) * HOUR_MS;
  const utc = local - offsetMinutes(lane.warehouse.zone, local) * MINUTE_MS;
  return Math.max(wholeMinute(utc), wholeMinute(orderedAt) + 2 * HOUR_MS);
}

/** Couriers ring between 8 and 20 o'clock, and not on Sundays. */
function atDoor(utcMs: number, market: Market, random: Random): number {
  let day = startOfDay(wallClock(market.zone, utcMs));
  if (new Date(day).getUTCDay() === 0) day += DAY_MS;
  const local = day + random.between(8, 20) * HOUR_MS;
  return wholeMinute(local - offsetMinutes(market.zone, local) * MINUTE_MS);
}

const startOfDay = (clockMs: number): number => Math.floor(clockMs / DAY_MS) * DAY_MS;
const wholeMinute = (ms: number): number => Math.floor(ms / MINUTE_MS) * MINUTE_MS;
