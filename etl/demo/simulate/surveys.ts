// Survey mails after delivery: three questions, few answers.
import { hashOf, Random, STREAM } from "../random.ts";
import { DAY_MS, HOUR_MS } from "../zones.ts";
import type { Order, ReturnCase, Survey } from "./types.ts";

const SURVEYED_SHARE = 0.25;
const ANSWERED_SHARE = 0.22;

/** The survey of an own-shop order, or null when none was sent. */
export function planSurvey(order: Order, returns: readonly ReturnCase[]): Survey | null {
  const { deliveredAt } = order.delivery;
  const line = order.lines[0];
  if (order.channel !== "own_shop" || deliveredAt === null || order.cancelledAt !== null || !line) return null;
  const random = new Random(order.key, STREAM.survey);
  if (!random.chance(SURVEYED_SHARE)) return null;
  const sentAt = deliveredAt + 10 * DAY_MS + random.int(4 * 60) * 60_000;
  const isAnswered = random.chance(ANSWERED_SHARE);
  const problem = returns[0];
  const isLate = deliveredAt > order.delivery.promisedDay + DAY_MS;
  const handling = score(random, isLate ? 3.1 : 4.55);
  const quality = score(random, problem === undefined ? 4.5 : problem.reason === "quality_defect" ? 1.9 : 3.1);
  const service = score(random, problem === undefined ? 4.5 : 3.7);
  return {
    key: hashOf(order.key, STREAM.survey),
    order,
    product: line.product,
    sentAt,
    respondedAt: isAnswered ? sentAt + Math.floor(random.exponential(30 * HOUR_MS) / 60_000) * 60_000 : null,
    scores: [
      ["order_handling", handling],
      ["product_quality", quality],
      ["after_sales", service],
    ],
  };
}

function score(random: Random, mean: number): number {
  return Math.max(1, Math.min(5, Math.round(mean + 0.85 * random.normal())));
}
