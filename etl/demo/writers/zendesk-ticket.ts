// One ticket and its metrics as Zendesk showed them on the day of an export.
import { hashOf, Random, STREAM } from "../random.ts";
import { personOf } from "../people.ts";
import { ZENDESK_REASONS } from "../reasons.ts";
import { TEAMS } from "../simulate/service.ts";
import type { Ticket } from "../simulate/types.ts";
import { letterOf, ratingText } from "../texts/texts.ts";
import { DAY_MS, MINUTE_MS, utcZ } from "../zones.ts";

const API = "https://larkfield-demo.zendesk.example.com/api/v2";
const CLOSES_AFTER_DAYS = 4;
/** Agents fill in the order number and the product on most tickets, not on all. */
const LINKED_SHARE = 0.93;
const REASON_FILLED_SHARE = 0.96;

/** Ids of the account's custom fields; written to custom-fields.csv. */
export const CUSTOM_FIELDS = {
  order_id: 360_021_000_101,
  product_id: 360_021_000_102,
  reason_raw: 360_021_000_103,
  market: 360_021_000_104,
  language: 360_021_000_105,
} as const;

export interface Requester {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
}

/** The writer: the shop's customer, or an Amazon buyer behind a relay address. */
export function requesterOf(ticket: Ticket): Requester {
  if (ticket.customer) {
    const person = personOf(ticket.customer);
    const id = 380_000_000_000 + ticket.customer.number;
    return { id, name: person.fullName, email: person.email, phone: person.phone };
  }
  const sequence = ticket.order?.sequence ?? ticket.id;
  const person = personOf({ number: 90_000_000 + sequence, market: ticket.market });
  const email = `${hashOf(sequence, 41).toString(36)}${sequence.toString(36)}@marketplace.example.net`;
  return { id: 390_000_000_000 + sequence, name: person.fullName, email, phone: null };
}

/** The last thing that happened to the ticket before `until`. */
export function lastChange(ticket: Ticket, until: number): number {
  if (ticket.fate === "deleted") return Math.min(ticket.at + 2 * DAY_MS, Math.max(ticket.at, until - 1000));
  const { rating, solvedAt } = ticket;
  const events = [
    ticket.firstReplyAt,
    ticket.firstSolvedAt,
    solvedAt,
    rating?.sentAt ?? null,
    rating?.respondedAt ?? null,
    solvedAt === null ? null : solvedAt + CLOSES_AFTER_DAYS * DAY_MS,
  ];
  let last = ticket.at;
  for (const event of events) if (event !== null && event < until && event > last) last = event;
  return last;
}

export function ticketAt(ticket: Ticket, until: number) {
  const random = new Random(ticket.key, STREAM.text);
  const requester = requesterOf(ticket);
  const team = TEAMS[ticket.teamId];
  const agentId = team.groupId + 100 + ticket.agent;
  const letter = letterOf(ticket, random);
  const isScrubbed = ticket.fate === "deleted" && until > ticket.at + 2 * DAY_MS;
  const updatedAt = lastChange(ticket, until);
  const subject = isScrubbed ? "SCRUBBED" : letter.subject;
  const custom = customFields(ticket, random);
  return {
    url: `${API}/tickets/${ticket.id}.json`,
    id: ticket.id,
    external_id: null,
    via: { channel: ticket.viaChannel, source: { from: viaFrom(ticket, requester), to: {}, rel: null } },
    created_at: utcZ(ticket.at),
    updated_at: utcZ(updatedAt),
    generated_timestamp: Math.floor(updatedAt / 1000),
    type: ticket.topic === "usage_question" ? "question" : "incident",
    subject,
    raw_subject: subject,
    description: isScrubbed ? "SCRUBBED" : letter.body,
    priority: ticket.priority,
    status: statusAt(ticket, until),
    recipient: null,
    requester_id: requester.id,
    submitter_id: ticket.isOpenedByAgent ? agentId : requester.id,
    assignee_id: agentId,
    organization_id: null,
    group_id: team.groupId,
    collaborator_ids: [],
    follower_ids: [],
    has_incidents: false,
    is_public: true,
    due_at: null,
    tags: tagsOf(ticket),
    custom_fields: custom,
    satisfaction_rating: ratingOf(ticket, until),
    brand_id: 360_003_000_001,
    allow_channelback: false,
    allow_attachments: true,
  };
}

function viaFrom(ticket: Ticket, requester: Requester): Record<string, string> {
  return ticket.viaChannel === "email" ? { address: requester.email, name: requester.name } : {};
}

function tagsOf(ticket: Ticket): string[] {
  const tags: string[] = [ticket.language];
  if (ticket.order?.channel === "amazon") tags.push("amazon");
  if (ticket.fate === "merged") tags.push("closed_by_merge");
  return tags;
}

function customFields(ticket: Ticket, random: Random) {
  const value = {
    order_id: ticket.order && random.chance(LINKED_SHARE) ? ticket.order.number : null,
    product_id: ticket.product && random.chance(LINKED_SHARE) ? ticket.product.sku : null,
    reason_raw: random.chance(REASON_FILLED_SHARE) ? ZENDESK_REASONS[ticket.topic] : null,
    market: ticket.market.code,
    language: ticket.language,
  };
  return Object.entries(CUSTOM_FIELDS).map(([name, id]) => ({ id, value: value[name as keyof typeof value] }));
}

function statusAt(ticket: Ticket, until: number): string {
  if (ticket.fate === "deleted" && until > ticket.at + 2 * DAY_MS) return "deleted";
  const { solvedAt, firstReplyAt } = ticket;
  if (solvedAt !== null && solvedAt + CLOSES_AFTER_DAYS * DAY_MS < until) return "closed";
  if (solvedAt !== null && solvedAt < until) return "solved";
  if (firstReplyAt !== null && firstReplyAt < until) return "pending";
  return until - ticket.at < 2 * 3_600_000 ? "new" : "open";
}

function ratingOf(ticket: Ticket, until: number) {
  const { rating } = ticket;
  if (!rating || rating.sentAt >= until) return { score: "unoffered" };
  if (rating.respondedAt === null || rating.respondedAt >= until) return { score: "offered" };
  const random = new Random(ticket.key, STREAM.text, 9);
  const comment = random.chance(0.4) ? ratingText(ticket.language, rating.isGood, random) : null;
  return { score: rating.isGood ? "good" : "bad", id: 8_100_000_000 + ticket.id, comment };
}

const minutes = (from: number, to: number | null, until: number): number | null =>
  to === null || to >= until ? null : Math.round((to - from) / MINUTE_MS);

export function metricsAt(ticket: Ticket, until: number) {
  const isSolved = ticket.solvedAt !== null && ticket.solvedAt < until;
  const reply = minutes(ticket.at, ticket.firstReplyAt, until);
  const both = (
    calendar: number | null,
    business: number | null = calendar === null ? null : Math.round(calendar / 3),
  ) => ({
    calendar,
    business,
  });
  return {
    id: 7_300_000_000 + ticket.id,
    ticket_id: ticket.id,
    created_at: utcZ(ticket.at),
    updated_at: utcZ(lastChange(ticket, until)),
    group_stations: 1,
    assignee_stations: 1,
    reopens: isSolved ? ticket.reopens : 0,
    replies: reply === null ? 0 : isSolved ? ticket.replies : 1,
    initially_assigned_at: utcZ(ticket.at + MINUTE_MS),
    assigned_at: utcZ(ticket.at + MINUTE_MS),
    solved_at: isSolved && ticket.solvedAt !== null ? utcZ(ticket.solvedAt) : null,
    reply_time_in_minutes: both(reply, reply === null ? null : ticket.businessMinutes),
    first_resolution_time_in_minutes: both(minutes(ticket.at, ticket.firstSolvedAt, until)),
    full_resolution_time_in_minutes: both(minutes(ticket.at, ticket.solvedAt, until)),
  };
}
