import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { messageOf } from "../../../shared/errors.ts";
import { freshdesk } from "./freshdesk.ts";
import { withDeskExports, type Query } from "../testing/desk-exports.ts";

const BERLIN = "time_zones: { freshdesk: Europe/Berlin }";

async function withFixtures(work: (query: Query) => Promise<void>): Promise<void> {
  const fixture = (name: string) => readFile(path.join(import.meta.dirname, "fixtures", name));
  const files = {
    "tickets.csv": await fixture("tickets.csv"),
    "tickets-service.csv": await fixture("tickets-service.csv"),
  };
  await withDeskExports({ source: freshdesk, files, settings: BERLIN, upTo: "marts" }, work);
}

/** One ticket with a few cells, the others left out of the file. */
function ticket(cells: Readonly<Record<string, string>>): Record<string, string> {
  const row = { "Ticket ID": "1", "Created time": "2026-01-10 11:00:00", ...cells };
  return { "tickets.csv": `${Object.keys(row).join(",")}\n${Object.values(row).join(",")}\n` };
}

test("tickets of Freshdesk's and Freshservice's columns, in any casing, the newest version of each", async () => {
  await withFixtures(async (query) => {
    const sql = `select ticket_id as id, order_id, product_id, channel, language, status, priority, reason, agent_group
      from tickets order by ticket_id::int`;
    const plain = {
      order_id: null,
      product_id: "unknown",
      channel: "email",
      // Where the export names none, the text's own.
      language: "en",
      status: "open",
      priority: "low",
      reason: "no_reason",
      agent_group: "unknown",
    };
    expect(await query(sql)).toEqual([
      {
        ...plain,
        id: "1",
        order_id: "1001",
        product_id: "SCARF",
        language: "de",
        status: "closed",
        priority: "urgent",
        reason: "quality_defect",
        agent_group: "Returns",
      },
      {
        ...plain,
        id: "2",
        channel: "chat",
        status: "pending",
        priority: "normal",
        reason: "late_delivery",
        agent_group: "Returns",
      },
      { ...plain, id: "3", agent_group: "Returns" },
      {
        ...plain,
        id: "4",
        channel: "phone",
        status: "solved",
        priority: "high",
        reason: "quality_defect",
        agent_group: "Care",
      },
      { ...plain, id: "5", channel: "web_form", language: "fr", status: "closed" },
      { ...plain, id: "6", language: "pt", reason: "unmapped" },
      { ...plain, id: "7", language: "fr", status: "solved", priority: "normal", reason: "size_too_small" },
      { ...plain, id: "8", language: "ja", priority: "urgent" },
      { ...plain, id: "10", status: "8" },
    ]);
    const unmapped = "select kind, raw_value from unmapped_values order by 1";
    expect(await query(unmapped)).toEqual([
      { kind: "reason", raw_value: "Packaging" },
      { kind: "ticket_status", raw_value: "8" },
    ]);
  });
});

test("times are of the declared zone, in summer and winter, and know that they are", async () => {
  await withFixtures(async (query) => {
    const sql = `select ticket_id as id, created_at, created_at_precision as how from staging.tickets
      where ticket_id in ('1', '2') order by 1`;
    expect(await query(sql)).toEqual([
      { id: "1", created_at: "2026-01-10T10:00:00", how: "local" },
      { id: "2", created_at: "2026-07-01T08:00:00", how: "local" },
    ]);
  });
});

test("days of another order than year, month, day are refused, not guessed: the row by its creation, the reply by itself", async () => {
  await withFixtures(async (query) => {
    const sql = "select row_no, column_name, reason, raw from quarantine where reason = 'bad_time' order by 1";
    expect(await query(sql)).toEqual([
      { row_no: 3, column_name: "created_at", reason: "bad_time", raw: expect.stringMatching(/^02\/.*00$/) },
      { row_no: 4, column_name: "first_replied_at", reason: "bad_time", raw: expect.stringMatching(/^31\..*00$/) },
    ]);
  });
});

test("replies and solutions follow from the times; hours are read where these lack, and 00:00:00 is none", async () => {
  await withFixtures(async (query) => {
    const sql = `select ticket_id as id, first_reply_minutes as reply, full_resolution_minutes as solution, is_answered as answered,
      is_agent_initiated as ours, agent_replies as replies from tickets where ticket_id in ('1', '2', '3', '4', '5', '6', '8')
      order by 1`;
    const none = { reply: null, solution: null, answered: false, ours: false, replies: null };
    expect(await query(sql)).toEqual([
      { ...none, id: "1", reply: 90, solution: 2880, answered: true, replies: 2 },
      { ...none, id: "2", reply: 20, answered: true, replies: 1 },
      { ...none, id: "3", ours: true, replies: 0 },
      // Over the night the clocks go forward: 27 hours are 27 hours.
      { ...none, id: "4", reply: 26.5 * 60, solution: 27 * 60, answered: true, replies: 1 },
      { ...none, id: "5", reply: 90, solution: 30, answered: true },
      { ...none, id: "6", ours: true },
      { ...none, id: "8" },
    ]);
  });
});

test("a file without the columns of first responses does not make its tickets wait; one with them does", async () => {
  const told = async (cells: Record<string, string>) => {
    let rows: unknown;
    await withDeskExports(
      { source: freshdesk, files: ticket(cells), settings: BERLIN, upTo: "marts" },
      async (query) => {
        rows = await query(`select is_reply_known as known, is_awaiting_first_reply as waits, is_reply_due as due,
        agent_id is not null as assigned from tickets`);
      },
    );
    return rows;
  };
  const open = { Status: "Open", Agent: "Agent Seven" };
  const unknown = { known: false, waits: false, due: false, assigned: true };
  expect(await told(open)).toEqual([unknown]);
  expect(await told({ ...open, "INITIAL response_time": "" })).toEqual([
    { ...unknown, known: true, waits: true, due: true },
  ]);
  // Counted, but not timed: it waits, and nobody knows for which promise.
  expect(await told({ ...open, "Agent interactions": "0" })).toEqual([{ ...unknown, known: true, waits: true }]);
});

test("survey labels become points from 1 to 5, dressed or numbered; a label nobody knows stands in quarantine", async () => {
  await withFixtures(async (query) => {
    const sql = "select ticket_id as id, score, is_satisfied, sent_at, responded_at from survey_responses order by 1";
    const times = (sent_at: string, responded_at: string | null) => ({ sent_at, responded_at });
    expect(await query(sql)).toEqual([
      { id: "1", score: 5, is_satisfied: true, ...times("2026-01-12T10:00:00", "2026-01-14T08:30:00") },
      { id: "4", score: 1, is_satisfied: false, ...times("2026-03-29T14:00:00", "2026-03-29T14:00:00") },
      { id: "5", score: null, is_satisfied: null, ...times("2026-01-10T10:30:00", null) },
      { id: "7", score: 4, is_satisfied: true, ...times("2026-02-02T07:00:00", "2026-02-03T07:00:00") },
    ]);
    expect(await query("select raw from quarantine where reason = 'bad_score'")).toEqual([{ raw: "Meh" }]);
  });
});

const ANSWERS: readonly (readonly [answer: string, points: number | null])[] = [
  ["Extremely happy", 5],
  ["Very happy", 4.5],
  ["HAPPY", 4],
  ["Neutral", 3],
  ["Just okay", 3],
  ["-103", 1],
  ["102", 4.5],
  ["sehr zufrieden", 5],
  ["Pas d’accord", 2],
  ["muy malo", 1],
  ["Péssimo 👎", 1],
  ["大変満足", 5],
  ["不满意", 2],
  ["3", 3],
  ["7", null],
  ["Purple", null],
];

test("survey answers of all scales and languages are points from 1 to 5; what is no answer is no survey", async () => {
  const answers = [...ANSWERS.map(([answer]) => answer), "", "--"];
  const rows = answers.map((answer, index) => `${index + 1},2026-01-10 11:00:00,${answer}`);
  const files = { "tickets.csv": ["Ticket ID,Created time,Survey results", ...rows].join("\n") };
  await withDeskExports({ source: freshdesk, files, settings: BERLIN, upTo: "rows" }, async (query) => {
    const sql = "select score::double as score from staging.survey_responses order by ticket_id::int";
    expect((await query(sql)).map((row) => row.score)).toEqual(ANSWERS.map(([, points]) => points));
    expect(await query("select raw from quarantine order by row_no")).toEqual([{ raw: "7" }, { raw: "Purple" }]);
  });
});

test("numbers of the API's closed lists are read as their words", async () => {
  const files = ticket({ Status: "6", Priority: "4", Source: "10" });
  await withDeskExports({ source: freshdesk, files, settings: BERLIN, upTo: "marts" }, async (query) => {
    const sql = "select status, priority, channel, is_agent_initiated as ours from tickets";
    expect(await query(sql)).toEqual([{ status: "pending", priority: "urgent", channel: "email", ours: true }]);
  });
});

test("requesters are their address whatever its case, else their number; custom fields stay beside", async () => {
  const files = {
    "tickets.csv": [
      "Ticket ID,Created time,Email,Contact ID,Colour wanted",
      "1,2026-01-10 11:00:00,Anna@Example.com,1,red",
      "2,2026-01-10 11:00:00,anna@example.com ,2,",
      "3,2026-01-10 11:00:00,,3,blue",
      "4,2026-01-10 11:00:00,,3,",
    ].join("\n"),
  };
  await withDeskExports({ source: freshdesk, files, settings: BERLIN, upTo: "rows" }, async (query) => {
    const sql =
      "select list(ticket_id order by ticket_id) as ids from staging.tickets group by customer_ref order by 1";
    expect(await query(sql)).toEqual([{ ids: ["1", "2"] }, { ids: ["3", "4"] }]);
    const extra = "select extra ->> '$.\"Colour wanted\"' as colour from raw.freshdesk__tickets order by row_no";
    expect(await query(extra)).toEqual([{ colour: "red" }, { colour: null }, { colour: "blue" }, { colour: null }]);
  });
});

test("without a zone the file is refused, with the line to add; that line is enough", async () => {
  const refused = withDeskExports({ source: freshdesk, files: ticket({}), upTo: "rows" }, async () => {});
  await expect(refused).rejects.toThrow(
    /freshdesk\/tickets\.csv has times without a zone.*Add this line to aftersight\.yml/,
  );
  const told = await refused.catch((error: unknown) => messageOf(error));
  const line = /`(time_zones: [^`]*)`/.exec(String(told))?.[1] ?? "";
  await withDeskExports({ source: freshdesk, files: ticket({}), settings: line, upTo: "rows" }, async (query) => {
    expect(await query("select count(*) as n from staging.tickets")).toEqual([{ n: 1 }]);
  });
});
