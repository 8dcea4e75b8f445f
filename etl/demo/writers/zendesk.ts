// Zendesk's time-based incremental export, run every four weeks: envelopes of up to 1,000 tickets with side-loaded people,
// metrics and groups. A ticket changed after one run comes again in the next; a page begins with the last ticket of the
// page before it. Ratings come as their own list.
import path from "node:path";
import { hashOf, Random, STREAM } from "../random.ts";
import { Schedule } from "../simulate/schedule.ts";
import { TEAMS } from "../simulate/service.ts";
import type { Ticket } from "../simulate/types.ts";
import { ratingText } from "../texts/texts.ts";
import { DAY_MS, isoDay, utcZ } from "../zones.ts";
import { isNews, isTicketNews, type Extent } from "./changes.ts";
import { TextFile } from "./output.ts";
import { CUSTOM_FIELDS, lastChange, metricsAt, requesterOf, ticketAt } from "./zendesk-ticket.ts";

const RUN_EVERY_DAYS = 28;
const PAGE_SIZE = 1000;
const API = "https://larkfield-demo.zendesk.example.com/api/v2";

export class ZendeskWriter {
  private readonly folder: string;
  private readonly startMs: number;
  private readonly extent: Extent;
  private readonly waiting = new Map<number, Ticket>();
  private readonly changes = new Schedule<Ticket>();
  private page = 0;
  private ratingsPage = 0;
  tickets = 0;
  rows = 0;
  ratings = 0;

  constructor(folder: string, startMs: number, extent: Extent) {
    this.folder = path.join(folder, "zendesk");
    this.startMs = startMs;
    this.extent = extent;
    // An export of the last days joins a folder that has it.
    if (extent.sinceMs === undefined) this.writeFields();
  }

  private writeFields(): void {
    const fields = new TextFile(path.join(this.folder, "custom-fields.csv"));
    fields.write("field_id,canonical_field\n");
    for (const [name, id] of Object.entries(CUSTOM_FIELDS)) fields.write(`${id},${name}\n`);
    fields.close();
  }

  add(ticket: Ticket): void {
    if (!isTicketNews(this.extent, ticket)) return;
    this.tickets++;
    this.waiting.set(ticket.id, ticket);
    const changedAt = lastChange(ticket, this.extent.endMs);
    this.changes.add(changedAt, ticket);
  }

  endOfDay(dayMs: number): void {
    for (const ticket of this.changes.take(dayMs)) this.waiting.set(ticket.id, ticket);
    const until = dayMs + DAY_MS;
    const isRunDay = this.extent.sinceMs === undefined && (until - this.startMs) % (RUN_EVERY_DAYS * DAY_MS) === 0;
    if (!isRunDay && until < this.extent.endMs) return;
    const tickets = [...this.waiting.values()].sort(
      (a, b) => lastChange(a, until) - lastChange(b, until) || a.id - b.id,
    );
    this.waiting.clear();
    for (let from = 0; from < tickets.length; from += PAGE_SIZE) {
      // The start time of a page is the end time of the one before: its last ticket comes twice.
      this.writePage(tickets.slice(Math.max(0, from - 1), from + PAGE_SIZE), until, from + PAGE_SIZE >= tickets.length);
    }
    this.writeRatings(tickets, until);
  }

  private writePage(tickets: readonly Ticket[], until: number, isLast: boolean): void {
    const name = `incremental_tickets_${isoDay(until)}_${String(++this.page).padStart(4, "0")}.json`;
    const file = new TextFile(path.join(this.folder, name));
    const list = (key: string, values: readonly string[]): void =>
      file.write(`"${key}":[\n${values.join(",\n")}\n],\n`);
    file.write("{");
    list(
      "tickets",
      tickets.map((ticket) => JSON.stringify(ticketAt(ticket, until))),
    );
    list(
      "metric_sets",
      tickets.map((ticket) => JSON.stringify(metricsAt(ticket, until))),
    );
    list("users", usersOf(tickets));
    list(
      "groups",
      Object.values(TEAMS).map((team) =>
        JSON.stringify({ id: team.groupId, name: team.name, default: false, deleted: false }),
      ),
    );
    const last = tickets.at(-1);
    const endTime = Math.floor((last ? lastChange(last, until) : until) / 1000);
    const next = isLast
      ? "null"
      : `"${API}/incremental/tickets.json?start_time=${endTime}&include=users,groups,metric_sets"`;
    file.write(`"count":${tickets.length},"end_of_stream":${isLast},"end_time":${endTime},"next_page":${next}}\n`);
    file.close();
    this.rows += tickets.length;
  }

  private writeRatings(tickets: readonly Ticket[], until: number): void {
    const rated = tickets.filter(
      ({ rating }) => rating && rating.sentAt < until && isNews(this.extent, [rating.sentAt, rating.respondedAt]),
    );
    if (rated.length === 0) return;
    const name = `satisfaction_ratings_${isoDay(until)}_${String(++this.ratingsPage).padStart(3, "0")}.json`;
    const file = new TextFile(path.join(this.folder, name));
    const rows = rated.map((ticket) => JSON.stringify(ratingAt(ticket, until)));
    file.write(
      `{"satisfaction_ratings":[\n${rows.join(",\n")}\n],"count":${rows.length},"next_page":null,"previous_page":null}\n`,
    );
    file.close();
    this.ratings += rows.length;
  }
}

function usersOf(tickets: readonly Ticket[]): string[] {
  const seen = new Map<number, string>();
  for (const ticket of tickets) {
    const requester = requesterOf(ticket);
    seen.set(requester.id, JSON.stringify({ ...requester, role: "end-user", locale: localeOf(ticket) }));
  }
  for (const team of Object.values(TEAMS)) {
    team.agents.forEach((name, index) => {
      const id = team.groupId + 100 + index;
      const email = `agent${id % 100_000}@example.com`;
      seen.set(id, JSON.stringify({ id, name, email, phone: null, role: "agent", locale: "en-US" }));
    });
  }
  return [...seen.values()];
}

const localeOf = (ticket: Ticket): string => (ticket.language === "en" ? "en-US" : ticket.language);

function ratingAt(ticket: Ticket, until: number) {
  const { rating } = ticket;
  if (!rating) throw new TypeError(`Ticket ${ticket.id} has no rating`);
  const isAnswered = rating.respondedAt !== null && rating.respondedAt < until;
  const random = new Random(ticket.key, STREAM.text, 9);
  const id = 8_100_000_000 + ticket.id;
  return {
    url: `${API}/satisfaction_ratings/${id}.json`,
    id,
    ticket_id: ticket.id,
    assignee_id: TEAMS[ticket.teamId].groupId + 100 + ticket.agent,
    group_id: TEAMS[ticket.teamId].groupId,
    requester_id: requesterOf(ticket).id,
    score: isAnswered ? (rating.isGood ? "good" : "bad") : "offered",
    comment: isAnswered && random.chance(0.4) ? ratingText(ticket.language, rating.isGood, random) : null,
    reason:
      isAnswered && !rating.isGood ? random.pick(["Some other reason", "The issue took too long to resolve"]) : null,
    reason_id: hashOf(1) % 5,
    created_at: utcZ(rating.sentAt),
    updated_at: utcZ(isAnswered && rating.respondedAt !== null ? rating.respondedAt : rating.sentAt),
  };
}
