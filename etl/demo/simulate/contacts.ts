// Who writes to the help desk about what: parcels that don't come, returns, questions, complaints without a return.
import { ratioOf, type Scenario } from "../episodes.ts";
import { hashOf, Random, STREAM } from "../random.ts";
import { QUESTIONS_PER_MILLE, RETURN_REASONS, type ReturnReason, type Topic } from "../reasons.ts";
import { DAY_MS, HOUR_MS } from "../zones.ts";
import type { Contact, Order, ReturnCase } from "./types.ts";

const WRITES_BEFORE_RETURN = { own_shop: 0.5, amazon: 0.12 } as const;
/** Complaints about a defect that end without a return, per return expected. */
const COMPLAINTS_PER_RETURN = 0.35;
const ASKS_WHILE_ON_TIME = 0.035;
const IMPATIENT_AFTER_MS = 5 * DAY_MS;
const ASKS_WHEN_LATE = 0.38;
const ASKS_WHEN_LOST = 0.85;

const NO_TOPIC: ReadonlySet<ReturnReason> = new Set(["no_reason", "undeliverable", "unauthorized"]);
const COMPLAINTS: readonly ReturnReason[] = ["quality_defect", "not_as_described", "missing_parts"];

export function planContacts(order: Order, returns: readonly ReturnCase[], scenario: Scenario): Contact[] {
  const random = new Random(order.key, STREAM.tickets);
  const found: Contact[] = [];
  const write = (at: number, topic: Topic, line = order.lines[0]): void => {
    found.push({
      key: hashOf(order.key, STREAM.tickets, found.length + 1),
      at: Math.floor(at / 1000) * 1000,
      topic,
      order,
      product: line?.product ?? null,
      market: order.market,
      language: order.language,
      customer: order.customer,
      isOpenedByAgent: false,
    });
  };
  if (order.cancelledAt !== null) {
    if (random.chance(0.4)) write(order.cancelledAt - random.between(0.2, 2) * HOUR_MS, "changed_mind");
    return found;
  }
  aboutCustoms(order, random, write);
  aboutTheParcel(order, random, write);
  for (const each of returns) {
    if (NO_TOPIC.has(each.reason) || each.reason === "never_arrived") continue;
    if (random.chance(WRITES_BEFORE_RETURN[order.channel])) {
      write(each.requestedAt - random.between(0.1, 6) * HOUR_MS, each.reason as Topic, each.line);
    }
  }
  if (order.delivery.deliveredAt !== null) aboutTheGoods(order, returns, scenario, random, write);
  if (random.chance(0.004)) write(order.orderedAt + random.between(1, 20) * DAY_MS, "unclear_policy");
  if (random.chance(0.004)) write(order.orderedAt + random.between(0.1, 10) * DAY_MS, "other");
  return found;
}

type Write = (at: number, topic: Topic, line?: Order["lines"][number]) => void;

function aboutTheParcel(order: Order, random: Random, write: Write): void {
  const { delivery, orderedAt } = order;
  const scale = order.channel === "amazon" ? 0.25 : 1;
  const arrival = delivery.deliveredAt ?? Number.POSITIVE_INFINITY;
  if (delivery.outcome !== "delivered" && delivery.outcome !== "returned_to_sender") {
    if (random.chance(ASKS_WHEN_LOST)) write(delivery.promisedDay + random.between(2, 10) * DAY_MS, "never_arrived");
    return;
  }
  const lateFrom = delivery.promisedDay + DAY_MS;
  if (arrival > lateFrom && random.chance(ASKS_WHEN_LATE * scale)) {
    write(lateFrom + random.next() * Math.min(4 * DAY_MS, arrival - lateFrom), "late_delivery");
    return;
  }
  const until = Math.min(arrival, lateFrom);
  if (until - orderedAt > IMPATIENT_AFTER_MS && random.chance(ASKS_WHILE_ON_TIME * scale)) {
    write(orderedAt + random.between(0.5, 0.98) * (until - orderedAt), "late_delivery");
  }
}

function aboutCustoms(order: Order, random: Random, write: Write): void {
  const { lane } = order.delivery;
  if (lane === null || lane.warehouse.country !== "CN" || order.market.code === "CN") return;
  if (random.chance(0.007)) write(order.orderedAt + random.between(0.6, 1) * 9 * DAY_MS, "customs_tax");
}

function aboutTheGoods(
  order: Order,
  returns: readonly ReturnCase[],
  scenario: Scenario,
  random: Random,
  write: Write,
): void {
  const at = order.delivery.deliveredAt ?? order.orderedAt;
  order.lines.forEach((line, index) => {
    if (random.chance(QUESTIONS_PER_MILLE[line.product.category] / 1000)) {
      write(at + random.exponential(5 * DAY_MS), "usage_question", line);
    }
    if (returns.some((each) => each.lineNumber === index + 1)) return;
    for (const reason of COMPLAINTS) {
      const usual = line.product.returnRates[RETURN_REASONS.indexOf(reason)] ?? 0;
      let ratio = 1;
      for (const episode of scenario.returns) {
        if (episode.product === line.product.index && episode.reason === reason) {
          ratio *= ratioOf(episode, order.orderedAt, order.delivery.shippedAt);
        }
      }
      if (random.chance(usual * ratio * COMPLAINTS_PER_RETURN)) {
        write(at + random.gamma(1.6, 7) * DAY_MS, reason as Topic, line);
      }
    }
  });
}
