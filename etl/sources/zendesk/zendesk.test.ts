import path from "node:path";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { zendesk } from "./zendesk.ts";

const FIXTURES = path.join(import.meta.dirname, "fixtures");

test("tickets of all envelopes, the newest version of each; merged and deleted ones are out", async () => {
  await withStagedInbox(zendesk, FIXTURES, async (query) => {
    const sql = `select ticket_id as id, order_id, product_id, channel, language, status, reason, agent_group
      from tickets order by 1`;
    const plain = {
      order_id: null,
      product_id: "unknown",
      channel: "email",
      language: "de",
      status: "open",
      reason: "no_reason",
      agent_group: "Support DE",
    };
    expect(await query(sql)).toEqual([
      { ...plain, id: "1", order_id: "1001", product_id: "SCARF", status: "solved", reason: "quality_defect" },
      { ...plain, id: "2", channel: "chat", language: "zh", status: "pending", reason: "late_delivery" },
      { ...plain, id: "3" },
      { ...plain, id: "4", channel: "phone" },
      { ...plain, id: "7", language: "fr" },
      { ...plain, id: "8", language: "en" },
    ]);
    expect(
      await query("select ticket_id, status from staging.tickets where ticket_id in ('5', '6') order by 1"),
    ).toEqual([
      { ticket_id: "5", status: "merged" },
      { ticket_id: "6", status: "deleted" },
    ]);
  });
});

test("the first reply is a person's public comment, else the metric in seconds; a reply before the question has no time", async () => {
  await withStagedInbox(zendesk, FIXTURES, async (query) => {
    const sql = `select ticket_id as id, first_replied_at, first_reply_minutes as minutes, is_agent_initiated as ours
      from tickets order by 1`;
    expect(await query(sql)).toEqual([
      { id: "1", first_replied_at: "2026-01-10T11:00:30", minutes: 60.5, ours: false },
      { id: "2", first_replied_at: "2026-01-10T10:30:00", minutes: 30, ours: false },
      { id: "3", first_replied_at: null, minutes: null, ours: true },
      { id: "4", first_replied_at: null, minutes: null, ours: false },
      { id: "7", first_replied_at: "2026-01-15T09:00:00", minutes: null, ours: false },
      { id: "8", first_replied_at: null, minutes: null, ours: false },
    ]);
    const solved = `select first_resolution_minutes as first, full_resolution_minutes as full, reopens, agent_replies as replies
      from tickets where ticket_id = '1'`;
    expect(await query(solved)).toEqual([{ first: 1440, full: 2880, reopens: 1, replies: 2 }]);
  });
});

test("the desk's own minutes stand beside ours; agents are told by ticket, rating and list", async () => {
  await withStagedInbox(zendesk, FIXTURES, async (query) => {
    const reported = `select ticket_id as id, first_reply_minutes_reported as calendar,
      first_reply_business_minutes_reported as business, agent_replies_reported as replies, bot_replies as bots, answered_by as by,
      is_reply_known as known from tickets order by 1`;
    const none = { calendar: null, business: null, replies: null, bots: null };
    expect(await query(reported)).toEqual([
      { ...none, id: "1", calendar: 61, business: 10, replies: 2, by: "agent", known: true },
      // The widget's bot was first, a person followed.
      { ...none, id: "2", bots: 1, by: "agent", known: true },
      { ...none, id: "3", replies: 0, by: "unknown", known: true },
      // Exported without metrics and comments.
      { ...none, id: "4", by: "unknown", known: false },
      { ...none, id: "7", calendar: 5, business: 5, replies: 1, bots: 0, by: "agent", known: true },
      { ...none, id: "8", by: "unknown", known: false },
    ]);
    const agents = `select a.agent_name as name, count(distinct t.ticket_id) as tickets, count(distinct s.survey_response_id) as ratings
      from staging.agents as a
      left join staging.tickets as t on t.agent_id = a.agent_ref
      left join staging.survey_responses as s on s.agent_id = a.agent_ref
      group by 1 order by 1`;
    expect(await query(agents)).toEqual([{ name: "Agent", tickets: 8, ratings: 3 }]);
  });
});

test("a ticket has one survey: the answer with its own time, or the bare offer; not offered is no survey", async () => {
  await withStagedInbox(zendesk, FIXTURES, async (query) => {
    const sql = `select ticket_id as id, score, is_satisfied, sent_at, responded_at, product_id
      from survey_responses order by 1`;
    expect(await query(sql)).toEqual([
      {
        id: "1",
        score: 5,
        is_satisfied: true,
        sent_at: "2026-01-12T11:00:00",
        responded_at: "2026-01-12T15:00:00",
        product_id: "SCARF",
      },
      {
        id: "2",
        score: null,
        is_satisfied: null,
        sent_at: "2026-01-12T11:00:00",
        responded_at: null,
        product_id: "unknown",
      },
      {
        id: "7",
        score: 1,
        is_satisfied: false,
        sent_at: "2026-01-15T10:00:00",
        responded_at: "2026-01-15T10:00:00",
        product_id: "unknown",
      },
    ]);
  });
});

test("requesters are told apart by address where one is known, and their text is masked", async () => {
  await withStagedInbox(zendesk, FIXTURES, async (query) => {
    const sql = "select count(distinct customer_id) as people, count(customer_id) as tickets from tickets";
    expect(await query(sql)).toEqual([{ people: 4, tickets: 6 }]);
    expect(await query("select body from staging.tickets where ticket_id = '7'")).toEqual([
      { body: "Mail me: [email]" },
    ]);
  });
});

test("the seller's list of custom fields replaces the shipped one field by field", async () => {
  const ticket = {
    id: 1,
    subject: "Hi",
    status: "open",
    created_at: "2026-01-10T10:00:00Z",
    requester_id: 9,
    custom_fields: [
      { id: "order_number", value: "1001" },
      { id: "sku", value: "MUG" },
      { id: 42, value: "SCARF" },
    ],
  };
  const exports = {
    "tickets.json": JSON.stringify({ tickets: [ticket] }),
    "custom-fields.csv": "field_id,canonical_field\n42,product_id\n",
  };
  await withStagedInbox(zendesk, exports, async (query) => {
    expect(await query("select order_id, product_id from tickets")).toEqual([
      { order_id: "1001", product_id: "SCARF" },
    ]);
  });
});
