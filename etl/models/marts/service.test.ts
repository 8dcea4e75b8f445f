// Business hours, who answered, what is handled, what is left over at a day's end, and what is said of agents.
import { describe, expect, test } from "vitest";
import { withMarts, type Row } from "../testing/model-world.ts";
import { order } from "./test-rows.ts";

const ticket = (ticket_id: string, created_at: string, more: Row = {}): Row => ({
  ticket_id,
  created_at,
  status: "open",
  customer_ref: "ann",
  ...more,
});
const solved = (first_solved_at: string, solved_at = first_solved_at): Row => ({
  status: "solved",
  first_solved_at,
  solved_at,
});

/** Berlin keeps 2 January free and opens on Sundays from midnight to six; New York's team comes at nine. */
const settings = {
  calendars: {
    berlin: {
      time_zone: "Europe/Berlin",
      hours: { "mon-fri": "09:00-18:00", sun: "00:00-06:00" },
      holidays: ["2026-01-02"],
    },
    new_york: { time_zone: "America/New_York", hours: { "mon-fri": "09:00-17:00" } },
  },
  calendar_of: { teams: { "US Team": "new_york" }, markets: { DE: "berlin", US: "berlin" } },
};

describe("business minutes", () => {
  test("follow the team's calendar, else the market's (told by the order), else the default", async () => {
    // Thursday 15:00 UTC to Friday 15:00 UTC.
    const reply = { first_replied_at: "2026-01-16T15:00:00", ...solved("2026-01-16T15:00:00") };
    const at = "2026-01-15T15:00:00";
    const staging = {
      orders: [order("1", "2026-01-01T10:00:00", { market: "DE" })],
      tickets: [
        ticket("default", at, reply),
        ticket("market", at, { ...reply, market: "DE" }),
        ticket("order", at, { ...reply, order_id: "1" }),
        ticket("team", at, { ...reply, market: "DE", agent_group: "us team" }),
      ],
    };
    await withMarts({ staging, settings }, async (query) => {
      const sql = `select ticket_id as id, calendar, first_reply_minutes as minutes, first_reply_business_minutes as business,
        full_resolution_business_minutes as last from tickets order by 1`;
      expect(await query(sql)).toEqual([
        // 15-18 and 9-15 o'clock UTC.
        { id: "default", calendar: "default", minutes: 1440, business: 540, last: 540 },
        // 16-18 and 9-16 o'clock in Berlin.
        { id: "market", calendar: "berlin", minutes: 1440, business: 540, last: 540 },
        { id: "order", calendar: "berlin", minutes: 1440, business: 540, last: 540 },
        // 10-17 and 9-10 o'clock in New York.
        { id: "team", calendar: "new_york", minutes: 1440, business: 480, last: 480 },
      ]);
    });
  });

  test("know holidays, week-ends, nights on which clocks change and the ends of hours", async () => {
    const pair = (id: string, from: string, to: string) =>
      ticket(id, from, { market: "DE", first_replied_at: to, ...solved(to, "2026-12-01T00:00:00") });
    const staging = {
      tickets: [
        pair("a holiday", "2026-01-01T08:00:00", "2026-01-05T09:00:00"),
        pair("b short night", "2026-03-28T20:00:00", "2026-03-29T20:00:00"),
        pair("c long night", "2025-10-25T20:00:00", "2025-10-26T20:00:00"),
        pair("d before opening", "2026-01-05T05:00:00", "2026-01-05T08:00:00"),
        pair("e after closing", "2026-01-05T17:00:00", "2026-01-05T22:00:00"),
        pair("f a second", "2026-01-05T16:59:59", "2026-01-05T17:00:01"),
      ],
    };
    await withMarts({ staging, settings }, async (query) => {
      const sql = `select left(ticket_id, 1) as id, round(first_reply_business_minutes, 3) as reply,
        round(first_resolution_business_minutes, 3) as first from tickets order by 1`;
      expect(await query(sql)).toEqual([
        // Thursday 9-18, Friday is free, Sunday 0-6, Monday 9-10.
        { id: "a", reply: 540 + 360 + 60, first: 540 + 360 + 60 },
        { id: "b", reply: 300, first: 300 },
        { id: "c", reply: 420, first: 420 },
        { id: "d", reply: 0, first: 0 },
        { id: "e", reply: 0, first: 0 },
        { id: "f", reply: 0.017, first: 0.017 },
      ]);
    });
  });

  test("a time that is a mere day has none, a reply before the question neither, a reported one of a known moment has", async () => {
    const at = "2026-01-05T09:00:00";
    const staging = {
      tickets: [
        ticket("a day", at, { first_replied_at: "2026-01-06T00:00:00", first_replied_at_precision: "date" }),
        ticket("b before", at, { first_replied_at: "2026-01-05T08:00:00" }),
        ticket("c ours", at, { first_replied_at: "2026-01-05T10:00:00", is_agent_initiated: true }),
        ticket("d reported", at, { first_reply_minutes_reported: 30, first_reply_business_minutes_reported: 12 }),
        ticket("e reported of a day", "2026-01-05T00:00:00", {
          created_at_precision: "date",
          first_reply_minutes_reported: 30,
        }),
      ],
    };
    await withMarts({ staging }, async (query) => {
      const sql = `select left(ticket_id, 1) as id, first_reply_minutes as minutes, first_reply_business_minutes as business,
        first_reply_minutes_reported as reported, first_reply_business_minutes_reported as reported_business,
        first_replied_at_local as local from tickets order by 1`;
      const none = { minutes: null, business: null, reported: null, reported_business: null };
      expect(await query(sql)).toEqual([
        { id: "a", ...none, local: "2026-01-06T00:00:00" },
        { id: "b", ...none, local: "2026-01-05T08:00:00" },
        { id: "c", ...none, local: "2026-01-05T10:00:00" },
        { id: "d", minutes: 30, business: 30, reported: 30, reported_business: 12, local: "2026-01-05T09:30:00" },
        { id: "e", ...none, minutes: 30, reported: 30, local: "2026-01-05T00:30:00" },
      ]);
    });
  });
});

describe("replies", () => {
  test("a bot first, a note of the team's own and the customer are no reply; who answered is told where messages are", async () => {
    const message = (ticket_id: string, minute: number, author_ref: string, more: Row = {}): Row => ({
      message_id: `${ticket_id}${minute}`,
      ticket_id,
      written_at: `2026-01-05T10:${String(minute).padStart(2, "0")}:00`,
      author_ref,
      ...more,
    });
    const bot = { is_from_bot: true };
    const done = solved("2026-01-05T12:00:00");
    const at = "2026-01-05T10:00:00";
    const staging = {
      agents: [{ agent_ref: "eve", agent_name: "Eve Example" }],
      customers: [{ customer_ref: "ann" }, { customer_ref: "bob" }],
      tickets: [
        ticket("a bot, then eve", at, done),
        ticket("b bot alone", at, done),
        ticket("c nobody", at, done),
        ticket("d twice", at, done),
        ticket("e ours", at, { ...done, is_agent_initiated: true }),
        ticket("f counted", at, { ...done, agent_replies: 1 }),
        ticket("g only counted", at, { ...done, agent_replies: 0, is_reply_known: false }),
        ticket("h silent source", at, { is_reply_known: false }),
        ticket("i silent, but counted", at, { is_reply_known: false }),
        ticket("j open", at, { agent_replies: 1 }),
      ],
      ticket_metrics: [{ ticket_id: "i silent, but counted", agent_replies: 0 }],
      ticket_messages: [
        message("a bot, then eve", 0, "ann"),
        message("a bot, then eve", 1, "eve", bot),
        message("a bot, then eve", 30, "eve"),
        message("b bot alone", 0, "ann"),
        message("b bot alone", 1, "robot", bot),
        message("c nobody", 0, "ann"),
        message("c nobody", 5, "bob"),
        message("d twice", 10, "eve"),
        message("d twice", 20, "eve"),
        message("e ours", 0, "eve"),
        message("e ours", 40, "eve"),
      ],
    };
    await withMarts({ staging, asOf: "2026-01-10 00:00:00" }, async (query) => {
      const sql = `select left(ticket_id, 1) as id, first_reply_minutes as minutes, agent_replies as replies, answered_by as by,
        is_reply_known as known, is_one_touch as one_touch, is_reply_due as due, awaiting_age as age from tickets order by 1`;
      const told = { known: true, due: true, age: null, minutes: null };
      expect(await query(sql)).toEqual([
        { ...told, id: "a", minutes: 30, replies: 1, by: "agent", one_touch: true },
        { ...told, id: "b", replies: 0, by: "bot", one_touch: false },
        { ...told, id: "c", replies: 0, by: "nobody", one_touch: false },
        { ...told, id: "d", minutes: 10, replies: 2, by: "agent", one_touch: false },
        // What opened it answers nobody.
        { ...told, id: "e", replies: 1, by: "agent", one_touch: true, due: false },
        // Answered at a time nobody tells: neither hit nor miss.
        { ...told, id: "f", replies: 1, by: "agent", one_touch: true, due: false },
        { ...told, id: "g", replies: 0, by: "unknown", one_touch: false, due: false },
        { ...told, id: "h", replies: null, by: "unknown", known: false, one_touch: null, due: false },
        { ...told, id: "i", replies: 0, by: "unknown", one_touch: null, age: "over_3d" },
        { ...told, id: "j", replies: 1, by: "agent", one_touch: null, due: false },
      ]);
    });
  });

  test("who waits is told by half-open ages, as of the tickets' exports and not of the run", async () => {
    const staging = {
      tickets: [
        ["2026-01-10T08:00:01", "a"],
        ["2026-01-10T08:00:00", "b"],
        ["2026-01-09T12:00:01", "c"],
        ["2026-01-09T12:00:00", "d"],
        ["2026-01-07T12:00:01", "e"],
        ["2026-01-07T12:00:00", "f"],
      ].map(([at = "", id = ""]) => ticket(id, at, { updated_at: "2026-01-10T12:00:00" })),
      // Orders are exported on.
      orders: [order("1", "2026-02-01T10:00:00")],
    };
    await withMarts({ staging, asOf: null }, async (query) => {
      expect(await query("select ticket_id as id, awaiting_age as age from tickets order by 1")).toEqual([
        { id: "a", age: "under_4h" },
        { id: "b", age: "4h_to_24h" },
        { id: "c", age: "4h_to_24h" },
        { id: "d", age: "1d_to_3d" },
        { id: "e", age: "1d_to_3d" },
        { id: "f", age: "over_3d" },
      ]);
    });
  });
});

test("handled in 24 h: solved for good counts, reopened and solved late does not, young and open is pending", async () => {
  const at = "2026-01-10T12:00:00";
  const staging = {
    tickets: [
      ticket("a in time", at, solved("2026-01-11T12:00:00")),
      ticket("b late", at, solved("2026-01-11T12:00:01")),
      ticket("c reopened", at, { ...solved("2026-01-10T13:00:00", "2026-01-12T13:00:00"), reopens: 1 }),
      ticket("d open again", at, { ...solved("2026-01-10T13:00:00"), status: "open", reopens: 1 }),
      ticket("e pending", "2026-01-12T12:00:01"),
      ticket("f overdue", "2026-01-12T12:00:00"),
      ticket("g ours", at, { ...solved("2026-01-10T13:00:00"), is_agent_initiated: true }),
      ticket("h nobody tells when", at, { status: "closed" }),
      ticket("i before it began", at, solved("2026-01-10T11:00:00")),
      ticket("j merged", at, { ...solved("2026-01-10T13:00:00"), status: "merged" }),
    ],
  };
  await withMarts({ staging, asOf: "2026-01-13 12:00:00" }, async (query) => {
    const sql = `select left(ticket_id, 1) as id, is_handling_due as due, is_handled_within_24h as hit, solved_at from tickets order by 1`;
    expect(await query(sql)).toEqual([
      { id: "a", due: true, hit: true, solved_at: "2026-01-11T12:00:00" },
      { id: "b", due: true, hit: false, solved_at: "2026-01-11T12:00:01" },
      { id: "c", due: true, hit: false, solved_at: "2026-01-12T13:00:00" },
      { id: "d", due: true, hit: false, solved_at: null },
      { id: "e", due: false, hit: false, solved_at: null },
      { id: "f", due: true, hit: false, solved_at: null },
      { id: "g", due: false, hit: false, solved_at: "2026-01-10T13:00:00" },
      { id: "h", due: false, hit: false, solved_at: null },
      { id: "i", due: false, hit: false, solved_at: "2026-01-10T11:00:00" },
    ]);
  });
});

test("the backlog is what is open at a day's end in the reporting zone, the unfinished last day left out", async () => {
  const us = { market: "US", channel: "email" };
  const staging = {
    tickets: [
      // 23:30 UTC is the next day in Berlin.
      ticket("late evening", "2026-01-01T23:30:00", { ...us, first_replied_at: "2026-01-02T10:00:00" }),
      ticket("same day", "2026-01-02T09:00:00", { ...us, ...solved("2026-01-02T20:00:00") }),
      ticket("two nights", "2026-01-02T09:00:00", { ...us, ...solved("2026-01-03T09:00:00", "2026-01-04T09:00:00") }),
      ticket("nobody tells when", "2026-01-02T09:00:00", { ...us, status: "closed" }),
      ticket("nobody tells of replies", "2026-01-03T09:00:00", { ...us, is_reply_known: false }),
      ticket("elsewhere", "2026-01-03T09:00:00", { market: "JP", channel: "email" }),
      ticket("on the last day", "2026-01-05T09:00:00", us),
    ],
  };
  await withMarts({ staging, asOf: "2026-01-05 12:00:00", timeZone: "Europe/Berlin" }, async (query) => {
    const sql =
      "select date, market, created, solved, backlog, awaiting_first_reply as awaiting from service_days order by 2, 1";
    expect(await query(sql)).toEqual([
      { date: "2026-01-03", market: "JP", created: 1, solved: 0, backlog: 1, awaiting: 1 },
      { date: "2026-01-04", market: "JP", created: 0, solved: 0, backlog: 1, awaiting: 1 },
      { date: "2026-01-02", market: "US", created: 4, solved: 1, backlog: 2, awaiting: 1 },
      { date: "2026-01-03", market: "US", created: 1, solved: 0, backlog: 3, awaiting: 1 },
      { date: "2026-01-04", market: "US", created: 0, solved: 1, backlog: 2, awaiting: 0 },
    ]);
    // By each day apart, from the tickets themselves.
    const apart =
      await query(`select days.date::varchar as date, count(*) filter (solved_at_local is null and not is_solved or solved_at_local::date > days.date) as backlog
      from (select distinct date from service_days) as days
      join tickets on tickets.created_at_local::date <= days.date group by 1 order by 1`);
    expect(
      await query("select date::varchar as date, sum(backlog) as backlog from service_days group by 1 order by 1"),
    ).toEqual(apart);
  });
});

describe("agents", () => {
  const staging = {
    agents: [{ agent_ref: "eve", agent_name: "Eve Example" }, { agent_ref: "max" }],
    tickets: [
      ticket("1", "2026-01-05T10:00:00", { agent_id: "eve", agent_group: "EU" }),
      ticket("2", "2026-01-06T10:00:00", { agent_id: "max", agent_name: "Max Muster", agent_group: "US" }),
      ticket("3", "2026-01-07T10:00:00"),
    ],
    survey_responses: [
      {
        survey_response_id: "a",
        ticket_id: "1",
        scale: "1-5",
        score: "5",
        sent_at: "2026-01-08T10:00:00",
        agent_id: "max",
      },
      { survey_response_id: "b", ticket_id: "2", scale: "good_bad", score: "bad", sent_at: "2026-01-08T10:00:00" },
      {
        survey_response_id: "c",
        ticket_id: "2",
        scale: "1-5",
        score: "1",
        sent_at: "2026-01-08T10:00:00",
        survey_dimension: "Product Quality",
      },
      { survey_response_id: "d", ticket_id: "1", scale: "1-5", sent_at: "2026-01-08T10:00:00" },
    ],
  };

  test("are pseudonyms, and a rating is of whoever had the ticket then; of a product it is nobody's", async () => {
    await withMarts({ staging }, async (query) => {
      const sql = "select case_id, agent_id, agent_name, score, is_satisfied, least_cases from agent_cases order by 1";
      const told = { agent_name: null, least_cases: 20 };
      expect(await query(sql)).toEqual([
        { ...told, case_id: "rating:a", agent_id: "max", score: 5, is_satisfied: true },
        { ...told, case_id: "rating:b", agent_id: "max", score: 1, is_satisfied: false },
        { ...told, case_id: "ticket:1", agent_id: "eve", score: null, is_satisfied: null },
        { ...told, case_id: "ticket:2", agent_id: "max", score: null, is_satisfied: null },
      ]);
      expect(await query("select agent_name, agent_group from agents order by 1")).toEqual([
        { agent_name: "Agent EVE", agent_group: "EU" },
        { agent_name: "Agent MAX", agent_group: "US" },
      ]);
      const names = "select count(*) as n from tickets where agent_name is not null";
      expect(await query(names)).toEqual([{ n: 0 }]);
      const dimensions = "select distinct survey_dimension as d from survey_responses order by 1";
      expect(await query(dimensions)).toEqual([{ d: "overall" }, { d: "product_quality" }]);
    });
  });

  test("have names where the seller shows them, from the ticket or the list of agents", async () => {
    await withMarts({ staging, settings: { agents: { show_names: true, least_cases: 3 } } }, async (query) => {
      expect(await query("select agent_id, agent_name from agents order by 1")).toEqual([
        { agent_id: "eve", agent_name: "Eve Example" },
        { agent_id: "max", agent_name: "Max Muster" },
      ]);
      expect(await query("select distinct least_cases from agent_cases")).toEqual([{ least_cases: 3 }]);
    });
  });
});
