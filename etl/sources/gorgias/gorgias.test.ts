import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { gorgias } from "./gorgias.ts";

const FIXTURES = path.join(import.meta.dirname, "fixtures");

async function fixtureTexts(): Promise<Record<string, string>> {
  const names = await readdir(FIXTURES);
  const texts = await Promise.all(names.map((name) => readFile(path.join(FIXTURES, name), "utf8")));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? ""]));
}

test("tickets of lists, single answers, lines and webhooks are read; spam and trash are out, a snoozed ticket is not solved", async () => {
  await withStagedInbox(gorgias, FIXTURES, async (query) => {
    const sql = `select ticket_id as id, order_id, product_id, channel, language, status, reason, priority, agent_group
      from tickets order by ticket_id::int`;
    const plain = {
      order_id: null,
      product_id: "unknown",
      channel: "email",
      language: "en",
      status: "open",
      reason: "no_reason",
      priority: "unknown",
      agent_group: "unknown",
    };
    expect(await query(sql)).toEqual([
      {
        ...plain,
        id: "1",
        order_id: "1001",
        language: "de",
        status: "closed",
        reason: "quality_defect",
        priority: "urgent",
        agent_group: "Returns",
      },
      {
        ...plain,
        id: "2",
        order_id: "1003",
        product_id: "MUG",
        channel: "chat",
        language: "zh",
        status: "hold",
        reason: "late_delivery",
      },
      // Its reason is the letter's, as is that of 7: the desk tells none.
      { ...plain, id: "3", reason: "late_delivery" },
      { ...plain, id: "4", reason: "wrong_item" },
      {
        ...plain,
        id: "7",
        channel: "instagram",
        language: "fr",
        reason: "late_delivery",
        priority: "normal",
        agent_group: "4",
      },
      { ...plain, id: "8", channel: "whatsapp", language: "es", reason: "poor_fit" },
      { ...plain, id: "9", channel: "phone", status: "closed" },
      { ...plain, id: "10", channel: "web_form", language: "it" },
    ]);
    const left = "select ticket_id, status from staging.tickets where ticket_id in ('5', '6') order by 1";
    expect(await query(left)).toEqual([
      { ticket_id: "5", status: "spam" },
      { ticket_id: "6", status: "deleted" },
    ]);
    expect(await query("select * from unmapped_values")).toEqual([]);
  });
});

test("the first reply is a person's public message after the customer's: no rule, bot, note or failed one", async () => {
  await withStagedInbox(gorgias, FIXTURES, async (query) => {
    const sql = `select ticket_id as id, first_replied_at, first_reply_minutes as minutes, agent_replies as replies,
      is_agent_initiated as ours, is_awaiting_first_reply as waits from tickets order by ticket_id::int`;
    const none = { first_replied_at: null, minutes: null, replies: 0, ours: false, waits: false };
    expect(await query(sql)).toEqual([
      { ...none, id: "1", first_replied_at: "2026-01-10T11:00:00.123456", minutes: 60, replies: 2 },
      { ...none, id: "2", waits: true },
      { ...none, id: "3", ours: true },
      { ...none, id: "4", first_replied_at: "2026-01-12T09:30:00", replies: 1, ours: true },
      { ...none, id: "7", first_replied_at: "2026-01-14T08:35:00", minutes: 35, replies: 1 },
      { ...none, id: "8", first_replied_at: "2026-01-15T08:20:00", minutes: 20, replies: 1 },
      { ...none, id: "9" },
      { ...none, id: "10", first_replied_at: "2026-01-18T08:45:00", minutes: 45, replies: 1 },
    ]);
  });
});

test("a list of messages tells the replies of tickets that come without: people's public ones only", async () => {
  await withStagedInbox(gorgias, FIXTURES, async (query) => {
    const sql = "select message_id as id, ticket_id, is_from_agent as ours from staging.ticket_messages order by 1";
    expect(await query(sql)).toEqual([
      { id: "16", ticket_id: "1", ours: true },
      { id: "71", ticket_id: "7", ours: false },
      { id: "74", ticket_id: "7", ours: true },
    ]);
  });
});

test("bots and flows are counted apart from people; without messages nobody knows who answered; assignees are told", async () => {
  const withoutMessages = {
    data: [{ id: 99, status: "open", channel: "email", created_datetime: "2026-01-20T08:00:00Z", messages: null }],
  };
  const exports = {
    ...(await fixtureTexts()),
    "without.json": JSON.stringify(withoutMessages),
    "listed-bot.json": JSON.stringify({
      data: [
        {
          id: 75,
          ticket_id: 7,
          public: true,
          from_agent: true,
          channel: "chat",
          via: "api",
          sender: { id: 2, email: "bot@658d6f54fbff9b7c6f2d0321", name: "AI Agent" },
          created_datetime: "2026-01-14T08:05:00Z",
        },
      ],
    }),
  };
  await withStagedInbox(gorgias, exports, async (query) => {
    const sql = `select ticket_id as id, bot_replies as bots, is_reply_known as known, answered_by as by,
      is_awaiting_first_reply as waits, is_reply_due as due, agent_id is not null as assigned
      from tickets where ticket_id in ('1', '2', '7', '99') order by ticket_id::int`;
    expect(await query(sql)).toEqual([
      { id: "1", bots: 1, known: true, by: "agent", waits: false, due: true, assigned: true },
      // A flow of the chat answered: the customer still waits for a person.
      { id: "2", bots: 1, known: true, by: "bot", waits: true, due: true, assigned: false },
      { id: "7", bots: 1, known: true, by: "agent", waits: false, due: true, assigned: false },
      { id: "99", bots: null, known: false, by: "unknown", waits: false, due: false, assigned: false },
    ]);
    const names =
      "select agent_name as name, agent_id = (select agent_id from tickets where ticket_id = '1') as same from staging.tickets where ticket_id = '1'";
    expect(await query(names)).toEqual([{ name: "Agent Seven", same: true }]);
  });
});

test("a ticket is solved when it was last closed; a reopened one is not", async () => {
  await withStagedInbox(gorgias, FIXTURES, async (query) => {
    const sql = `select ticket_id as id, is_solved, full_resolution_minutes as minutes, first_resolution_minutes as first
      from tickets where ticket_id in ('1', '2', '8', '9') order by 1`;
    expect(await query(sql)).toEqual([
      { id: "1", is_solved: true, minutes: 2880, first: null },
      { id: "2", is_solved: false, minutes: null, first: null },
      { id: "8", is_solved: false, minutes: null, first: null },
      { id: "9", is_solved: true, minutes: expect.closeTo(30.0083, 4), first: null },
    ]);
  });
});

test("one survey a ticket, scored from 1 to 5: the answer wins over the offer, what was never sent is none", async () => {
  await withStagedInbox(gorgias, FIXTURES, async (query) => {
    const sql = `select ticket_id as id, score, is_satisfied, sent_at, responded_at, comment
      from survey_responses order by 1`;
    expect(await query(sql)).toEqual([
      {
        id: "1",
        score: 5,
        is_satisfied: true,
        sent_at: "2026-01-13T10:00:01",
        responded_at: "2026-01-13T12:00:00",
        comment: "Fast!",
      },
      { id: "4", score: null, is_satisfied: null, sent_at: "2026-01-14T10:00:00", responded_at: null, comment: null },
      { id: "7", score: null, is_satisfied: null, sent_at: "2026-01-15T11:00:00", responded_at: null, comment: null },
      {
        id: "8",
        score: 2,
        is_satisfied: false,
        sent_at: "2026-01-15T10:00:00",
        responded_at: "2026-01-15T23:30:00",
        comment: null,
      },
    ]);
    const refused = "select column_name, reason, raw from quarantine";
    expect(await query(refused)).toEqual([{ column_name: "score", reason: "bad_score", raw: "9" }]);
  });
});

test("a customer is the e-mail address whatever its case, else one of the contact's, else the number", async () => {
  const ticket = (id: number, customer: object) =>
    JSON.stringify({ id, status: "open", channel: "email", created_datetime: "2026-01-10T10:00:00Z", customer });
  const lines = [
    ticket(1, { id: 1, email: "Anna@Example.com" }),
    ticket(2, { id: 2, channels: [{ type: "email", address: "anna@example.com" }] }),
    ticket(3, { id: 3, email: "" }),
    ticket(4, { id: 3, email: null, channels: [{ type: "phone", address: "+1 555 0100" }] }),
  ];
  await withStagedInbox(gorgias, { "tickets.jsonl": lines.join("\n") }, async (query) => {
    const sql = "select list(ticket_id order by ticket_id) as ids from tickets group by customer_id order by 1";
    expect(await query(sql)).toEqual([{ ids: ["1", "2"] }, { ids: ["3", "4"] }]);
  });
});

test("the body is the customer's first message, masked; without messages the excerpt", async () => {
  await withStagedInbox(gorgias, FIXTURES, async (query) => {
    const sql = "select ticket_id as id, body from staging.tickets where ticket_id in ('1', '2', '4', '7') order by 1";
    expect(await query(sql)).toEqual([
      { id: "1", body: "Der Schal ist gerissen, Antwort an [email]" },
      { id: "2", body: "包裹在哪里？" },
      { id: "4", body: "You sent the wrong mug" },
      { id: "7", body: "Où est ma commande ?" },
    ]);
  });
});

test("the seller's list of ticket fields says where order, product and reason stand; a reason nobody knows is told", async () => {
  const ticket = (id: number, values: readonly unknown[]) => ({
    id,
    status: "open",
    channel: "email",
    created_datetime: "2026-01-10T10:00:00Z",
    meta: { order_name: "#9" },
    tags: [{ name: "late delivery" }],
    custom_fields: Object.fromEntries(values.map((value, index) => [`${index + 5}`, { id: index + 5, value }])),
  });
  const files = {
    "tickets.json": JSON.stringify({
      data: [
        ticket(1, ["#1001", "SCARF", "Quality::Defective", "wrong item"]),
        ticket(2, [1002, "", "Billing::Invoice", "wrong item"]),
        ticket(3, [null, null, null, "Order::Wrong item"]),
      ],
    }),
    "custom-fields.csv": "field_id,canonical_field\n5,order_id\n6,product_id\n7,reason_raw\n",
  };
  await withStagedInbox(gorgias, files, async (query) => {
    const sql = "select ticket_id as id, order_id, product_id, reason from tickets order by 1";
    expect(await query(sql)).toEqual([
      { id: "1", order_id: "1001", product_id: "SCARF", reason: "quality_defect" },
      { id: "2", order_id: "1002", product_id: "unknown", reason: "unmapped" },
      { id: "3", order_id: "9", product_id: "unknown", reason: "wrong_item" },
    ]);
    expect(await query("select raw_value from unmapped_values")).toEqual([{ raw_value: "Billing::Invoice" }]);
  });
});
