// The demo's clock: day by day, orders are placed and everything that follows from them is handed to the exports.
// Holds what is still to come and nothing else, so memory does not grow with the length of the demo.
import type { Product } from "../catalogue.ts";
import { afterOutage, type Scenario } from "../episodes.ts";
import { market, MARKETS } from "../markets.ts";
import { hashOf, Random, STREAM } from "../random.ts";
import { DAY_MS, HOUR_MS } from "../zones.ts";
import { planContacts } from "./contacts.ts";
import { anotherProduct, newOrders, timeOfDay, type DemandSettings } from "./demand.ts";
import { languageOf, placeOrder, planExchange, planRepurchase } from "./orders.ts";
import { ReturnPlanner, type ExcessNote } from "./returns.ts";
import { Schedule } from "./schedule.ts";
import { serve } from "./service.ts";
import { planSurvey } from "./surveys.ts";
import type { Contact, Customer, Draft, Order, ReturnCase, Survey, Ticket } from "./types.ts";

/** Where the events go; called in the order of days, within a day in the order of time. */
export interface Exports {
  order(order: Order, returns: readonly ReturnCase[]): void;
  returned(each: ReturnCase): void;
  ticket(ticket: Ticket): void;
  survey(survey: Survey): void;
  endOfDay(dayMs: number): void;
}

const AGENT_OPENED_SHARE = 0.03;
const QUESTION_BEFORE_ORDER_SHARE = 0.05;
const ANNOYED_BY_WAIT = 0.25;
const LONG_WAIT_MS = 40 * HOUR_MS;

export class Simulation {
  private readonly settings: DemandSettings;
  private readonly exports: Exports;
  private readonly returnPlanner: ReturnPlanner;
  private readonly drafts = new Schedule<Draft>();
  private readonly returns = new Schedule<ReturnCase>();
  private readonly contacts = new Schedule<Contact>();
  private readonly surveys = new Schedule<Survey>();
  private sequences = { own_shop: 0, amazon: 0, customer: 0, ticket: 0 };

  constructor(settings: DemandSettings, exports: Exports, note: ExcessNote) {
    this.settings = settings;
    this.exports = exports;
    this.returnPlanner = new ReturnPlanner(
      settings.seed,
      settings.scenario,
      settings.endMs,
      note,
      settings.volumes.returnRate,
    );
    this.planBulk(settings.scenario, settings.products);
  }

  run(onDay: (dayMs: number) => void = () => {}): void {
    for (let dayMs = this.settings.startMs; dayMs < this.settings.endMs; dayMs += DAY_MS) {
      this.runDay(dayMs);
      onDay(dayMs);
    }
  }

  private runDay(dayMs: number): void {
    const drafts = [...newOrders(this.settings, dayMs), ...this.drafts.take(dayMs)];
    drafts.sort((a, b) => a.at - b.at || a.key - b.key);
    for (const draft of drafts) this.place(draft.kind === "repeat" ? this.chooseAgain(draft, dayMs) : draft);
    this.hearCustomers(dayMs);
    const returned = this.returns.take(dayMs).sort((a, b) => a.bookedAt - b.bookedAt || a.key - b.key);
    for (const each of returned) this.exports.returned(each);
    const surveys = this.surveys.take(dayMs).sort((a, b) => a.sentAt - b.sentAt || a.key - b.key);
    for (const survey of surveys) this.exports.survey(survey);
    this.exports.endOfDay(dayMs);
  }

  /** A returning customer buys something else, at the market's shopping hours. */
  private chooseAgain(draft: Draft, dayMs: number): Draft {
    const random = new Random(draft.key, STREAM.order);
    const before = draft.lines[0];
    const product = before ? anotherProduct(this.settings, random, dayMs, before.product) : null;
    const lines = product ? [{ product, variant: random.pick(product.variants), quantity: 1 }] : draft.lines;
    return { ...draft, at: Math.max(draft.at, dayMs + timeOfDay(random, dayMs, draft.market)), lines };
  }

  private place(draft: Draft): void {
    const customer = draft.customer ?? (draft.channel === "own_shop" ? this.newCustomer(draft) : null);
    const sequence = this.sequences[draft.channel]++;
    const number = draft.channel === "own_shop" ? `#${10_001 + sequence}` : amazonOrderId(draft, sequence);
    const order = placeOrder(draft, customer, { sequence, number }, this.settings.scenario);
    const returns = this.returnPlanner.plan(order);
    for (const each of returns) {
      this.returns.add(each.bookedAt, each);
      const exchange = planExchange(each);
      if (exchange) this.drafts.add(exchange.at, exchange);
    }
    const repurchase = planRepurchase(order, returns);
    if (repurchase) this.drafts.add(repurchase.at, repurchase);
    for (const contact of planContacts(order, returns, this.settings.scenario)) {
      this.receive(contact);
      this.writeAgain(contact);
    }
    this.othersWrite(order);
    const survey = planSurvey(order, returns);
    if (survey) this.surveys.add(survey.sentAt, survey);
    this.exports.order(order, returns);
  }

  private writeAgain(contact: Contact): void {
    const more = this.settings.volumes.contactRate - 1;
    if (more <= 0) return;
    const random = new Random(contact.key, STREAM.tickets, 1);
    const count = Math.floor(more) + (random.chance(more % 1) ? 1 : 0);
    for (let i = 1; i <= count; i++) {
      const at = contact.at + Math.floor(random.between(1, 6) * DAY_MS);
      this.receive({ ...contact, key: hashOf(contact.key, STREAM.tickets, i), at: Math.floor(at / 1000) * 1000 });
    }
  }

  private receive(contact: Contact): void {
    const earliest = contact.order ? contact.order.orderedAt + 60_000 : contact.at;
    const at = afterOutage(this.settings.scenario, "outage_tickets", Math.max(contact.at, earliest));
    this.contacts.add(at, at === contact.at ? contact : { ...contact, at });
  }

  /** Questions of people who have not ordered, and messages the team starts itself; their number follows the orders. */
  private othersWrite(order: Order): void {
    const random = new Random(order.key, STREAM.customer);
    const at = order.orderedAt + random.int(3600) * 1000;
    const base = { key: hashOf(order.key, STREAM.customer), at, market: order.market, language: order.language };
    if (order.channel === "own_shop" && random.chance(AGENT_OPENED_SHARE * 0.2)) {
      const { customer } = order;
      this.receive({ ...base, order, product: null, customer, topic: "other", isOpenedByAgent: true });
    } else if (random.chance(QUESTION_BEFORE_ORDER_SHARE * 0.2)) {
      const product = order.lines[0]?.product ?? null;
      const customer = { number: 50_000_000 + order.sequence, market: order.market, language: order.language };
      this.receive({ ...base, order: null, product, customer, topic: "usage_question", isOpenedByAgent: false });
    }
  }

  private hearCustomers(dayMs: number): void {
    const contacts = this.contacts.take(dayMs).sort((a, b) => a.at - b.at || a.key - b.key);
    for (const contact of contacts) {
      const ticket = serve(contact, contact.at, 20_001 + this.sequences.ticket++, this.settings.scenario);
      this.exports.ticket(ticket);
      const reply = ticket.firstReplyAt;
      const random = new Random(contact.key, STREAM.tickets);
      if (
        contact.topic !== "slow_service" &&
        reply &&
        reply - ticket.at > LONG_WAIT_MS &&
        random.chance(ANNOYED_BY_WAIT)
      ) {
        const at = Math.max(dayMs + DAY_MS, ticket.at + Math.floor(random.between(30, 60)) * HOUR_MS);
        this.receive({ ...contact, key: hashOf(contact.key, STREAM.tickets), at, topic: "slow_service" });
      }
    }
  }

  private newCustomer(draft: Draft): Customer {
    const language = languageOf(draft.market, new Random(draft.key, STREAM.customer, 1));
    return { number: ++this.sequences.customer, market: draft.market, language };
  }

  private planBulk(scenario: Scenario, products: readonly Product[]): void {
    for (const decoy of scenario.decoys) {
      const product = decoy.product === null ? undefined : products[decoy.product];
      if (decoy.type !== "bulk_return" || !product) continue;
      const lines = [{ product, variant: product.variants[0] ?? "", quantity: decoy.factor }];
      const key = hashOf(this.settings.seed, STREAM.order, product.index, decoy.from);
      const at = decoy.from + 15 * HOUR_MS;
      this.drafts.add(at, { key, kind: "bulk", at, channel: "amazon", market: market("US"), customer: null, lines });
    }
  }
}

/** 3-7-7 digits that look drawn and never repeat: an affine map of the running number. */
function amazonOrderId(draft: Draft, sequence: number): string {
  const modulus = 100_000_000_000_000n;
  const text = String((BigInt(sequence) * 38_572_964_117_381n + 91_827_364_550_123n) % modulus).padStart(14, "0");
  const prefix = draft.market.amazonRegion === "na" ? 111 : draft.market.amazonRegion === "jp" ? 250 : 302;
  return `${prefix + (MARKETS.indexOf(draft.market) % 3)}-${text.slice(0, 7)}-${text.slice(7)}`;
}
