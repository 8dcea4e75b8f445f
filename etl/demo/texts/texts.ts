// Letters, comments and rating remarks put together from a language's phrases.
import type { Product } from "../catalogue.ts";
import type { LanguageCode } from "../markets.ts";
import { personOf } from "../people.ts";
import type { Random } from "../random.ts";
import type { ReturnReason, Topic } from "../reasons.ts";
import type { Ticket } from "../simulate/types.ts";
import { DAY_MS } from "../zones.ts";
import { german } from "./de.ts";
import { english } from "./en.ts";
import { spanish } from "./es.ts";
import { french } from "./fr.ts";
import { japanese } from "./ja.ts";
import type { LanguagePack, Phrases } from "./language-pack.ts";
import { chinese } from "./zh.ts";

export const LANGUAGE_PACKS: Readonly<Record<LanguageCode, LanguagePack>> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  ja: japanese,
  zh: chinese,
};

const CONTACT_SHARE = 0.12;
const ASK_SHARE = 0.6;

/** Words the episodes leave in letters and comments: what exactly is wrong with the bad lot. */
const KNOWN_FAULT: Readonly<Record<string, number>> = { "EB-1001": 0, "KT-1005": 0, "SN-1006": 0 };
const KNOWN_FAULT_SHARE = 0.7;

function fill(phrase: string, slots: Readonly<Record<string, string>>): string {
  return phrase.replaceAll(/\{(\w+)\}/g, (whole, name: string) => slots[name] ?? whole);
}

function faultOf(pack: LanguagePack, product: Product | null, random: Random): string {
  const faults = pack.faults[product?.category ?? "kitchen"];
  const known = product ? KNOWN_FAULT[product.sku] : undefined;
  return known !== undefined && random.chance(KNOWN_FAULT_SHARE) ? (faults[known] ?? "") : random.pick(faults);
}

/** Clothes and bags have no manual: their only question is the last one, on cleaning. */
const SOFT_GOODS: ReadonlySet<string> = new Set(["dress", "sneakers", "bag"]);
const QUESTIONS: ReadonlySet<Topic> = new Set([
  "usage_question",
  "unclear_policy",
  "other",
  "customs_tax",
  "changed_mind",
]);

function phrasesOf(ticket: Ticket, phrases: Phrases, random: Random): { subject: string; body: string } {
  const { subjects, bodies } = phrases;
  if (ticket.topic === "usage_question" && ticket.product && SOFT_GOODS.has(ticket.product.category)) {
    return { subject: subjects.at(-1) ?? "", body: bodies.at(-1) ?? "" };
  }
  // As many subjects as bodies: each body has its own.
  const index = random.int(bodies.length);
  const subject = subjects.length === bodies.length ? subjects[index] : random.pick(subjects);
  return { subject: subject ?? "", body: bodies[index] ?? "" };
}

/** After a question nobody asks for the money back. */
function askOf(pack: LanguagePack, topic: Topic, random: Random): string {
  return QUESTIONS.has(topic) ? ((random.chance(0.5) ? pack.asks[0] : pack.asks[3]) ?? "") : random.pick(pack.asks);
}

/** Subject and body of a customer's letter. */
export function letterOf(ticket: Ticket, random: Random): { subject: string; body: string } {
  const pack = LANGUAGE_PACKS[ticket.language];
  const phrases = phrasesOf(ticket, pack.topics[ticket.topic], random);
  const isWide = ticket.language === "ja" || ticket.language === "zh";
  const days = ticket.order ? Math.max(2, Math.round((ticket.at - ticket.order.orderedAt) / DAY_MS)) : 7;
  const slots = {
    product: ticket.product?.name ?? "",
    order: ticket.order?.number ?? "",
    fault: faultOf(pack, ticket.product, random),
    days: String(days),
  };
  const parts = [fill(phrases.body, slots)];
  if (random.chance(ASK_SHARE)) parts.push(askOf(pack, ticket.topic, random));
  if (ticket.customer && random.chance(CONTACT_SHARE)) {
    const { email, phone } = personOf(ticket.customer);
    parts.push(fill(random.pick(pack.contacts), { email, phone }));
  }
  const text = parts.join(isWide ? "" : " ");
  const body = `${random.pick(pack.greetings)}\n\n${text}\n\n${random.pick(pack.closings)}`;
  return { subject: fill(phrases.subject, slots), body };
}

/** What a customer writes beside the reason of a return; empty where nobody comments. */
export function commentOf(language: LanguageCode, reason: ReturnReason, product: Product, random: Random): string {
  const pack = LANGUAGE_PACKS[language];
  const phrases = reason in pack.comments ? pack.comments[reason as keyof LanguagePack["comments"]] : [];
  if (phrases.length === 0) return "";
  return fill(random.pick(phrases), { product: product.name, fault: faultOf(pack, product, random) });
}

/** A remark beside a rating. */
export function ratingText(language: LanguageCode, isGood: boolean, random: Random): string {
  const pack = LANGUAGE_PACKS[language];
  return random.pick(isGood ? pack.good : pack.bad);
}
