// What else is found in a Zendesk folder: recorded answers, other tools' wrappings, other tools' tables. Read, or refused with a reason.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { PROJECT_ROOT } from "../../../shared/data-directory.ts";
import { withStagedInbox, type Query } from "../../models/testing/staged-inbox.ts";
import { zendesk } from "./zendesk.ts";

const SHAPES = path.resolve(PROJECT_ROOT, "../shared/data/zendesk_shapes");
const isThere = existsSync(SHAPES);
if (!isThere) console.log(`Skipped: the recorded shapes are not at ${SHAPES}`);

const TICKET = { id: 1, subject: "Hi", status: "open", created_at: "2026-01-10T10:00:00Z", requester_id: 9 };
const GOOD = { "good.json": JSON.stringify({ tickets: [{ ...TICKET, id: 99 }] }) };
const line = (value: unknown) => JSON.stringify(value);

describe("records in a wrapping", () => {
  test("a record a line, alone, in an object of its name or with its type, is read", async () => {
    const files = {
      "a.ndjson": [
        line({ ticket: { ...TICKET, id: 1 } }),
        line({ ...TICKET, id: 2, type: "ticket" }),
        line({ type: "ticket", ticket: { ...TICKET, id: 3 } }),
        line({ tickets: [{ ...TICKET, id: 4 }], users: [{ id: 9, email: "nia@example.com", role: "end-user" }] }),
        line({ ticket_metric: { ticket_id: 1, reply_time_in_minutes: { calendar: 7 } } }),
        line({ comment: { id: 5, ticket_id: 2, author_id: 80, public: true, created_at: "2026-01-10T10:09:00Z" } }),
        line({ group: { id: 7, name: "Returns" } }),
        line({ user: { id: 80, email: "agent@example.com", role: "admin" } }),
      ].join("\n"),
    };
    await withStagedInbox(zendesk, files, async (query) => {
      expect(await query("select ticket_id as id, first_reply_minutes as minutes from tickets order by 1")).toEqual([
        { id: "1", minutes: 7 },
        { id: "2", minutes: 9 },
        { id: "3", minutes: null },
        { id: "4", minutes: null },
      ]);
      expect(await query("select count(*) as staff from staging.agents")).toEqual([{ staff: 1 }]);
      expect(await query("select count(distinct customer_id) as people from tickets")).toEqual([{ people: 1 }]);
      expect(await query("select * from quarantine")).toEqual([]);
    });
  });

  test("a wrapping nobody documented is told line by line, and the file with it when nothing else is in it", async () => {
    const stream = (name: string, data: unknown) => line({ stream: name, data });
    const files = { ...GOOD, "stream.jsonl": [stream("tickets", TICKET), stream("users", { id: 9 })].join("\n") };
    await withStagedInbox(zendesk, files, async (query) => {
      expect(await query("select path, status, message from raw.files where status <> 'loaded'")).toEqual([
        {
          path: "zendesk/stream.jsonl",
          status: "refused",
          message: expect.stringMatching(
            /no known kind of record; its keys: stream, data.*Expected records in tickets\[\]/,
          ),
        },
      ]);
      expect(await query("select ticket_id as id from tickets")).toEqual([{ id: "99" }]);
    });
  });

  test("fields of another kind than documented cost what they say, never the run", async () => {
    const odd = [
      { ...TICKET, id: { of: 1 }, via: "email", tags: "late", comments: {}, custom_fields: { a: 1 }, metric_set: [] },
      {
        ...TICKET,
        id: 2,
        via: [],
        requester: 7,
        satisfaction_rating: 5,
        comments: [null, 1, { public: true }],
        group: [],
      },
      {
        ...TICKET,
        id: 3,
        created_at: { at: 1 },
        custom_fields: [null, 3, { id: {}, value: { a: [1] } }],
        tags: [null, {}],
      },
      { ...TICKET, id: null },
      { ...TICKET, id: [], status: null, metric_set: { ticket_id: 4, reopens: "many", reply_time_in_minutes: 5 } },
    ];
    const files = { ...GOOD, "odd.json": JSON.stringify({ tickets: odd, users: [null, 3, {}], groups: [{ id: [] }] }) };
    await withStagedInbox(zendesk, files, async (query) => {
      const told = await query(
        "select column_name, reason from quarantine where entity = 'tickets' and column_name is not null order by 1",
      );
      expect(told).toEqual([
        { column_name: "created_at", reason: "bad_time" },
        { column_name: "ticket_id", reason: "missing_required" },
      ]);
      expect(await query("select ticket_id as id from tickets where ticket_id in ('2', '99') order by 1")).toEqual([
        { id: "2" },
        { id: "99" },
      ]);
    });
  });
});

describe.skipIf(!isThere)("recorded shapes", () => {
  test("the sandbox's records are read in the API's envelopes; streams it does not know are told", async () => {
    const text = await readFile(path.join(SHAPES, "zendesk_api_sandbox_records.jsonl"), "utf8");
    const records = text
      .trim()
      .split("\n")
      .map((each) => JSON.parse(each) as { stream: string; data: Record<string, unknown> });
    const of = (stream: string) => records.filter((each) => each.stream === stream).map((each) => each.data);
    const streams = [...new Set(records.map((each) => each.stream))];
    const files = Object.fromEntries(streams.map((name) => [`${name}.json`, JSON.stringify({ [name]: of(name) })]));
    await withStagedInbox(zendesk, files, async (query) => {
      const ids = (stream: string) =>
        of(stream)
          .map(({ id }) => String(id))
          .toSorted();
      const told = await query("select ticket_id as id from staging.tickets order by 1");
      expect(told.map(({ id }) => id)).toEqual(ids("tickets"));
      const metrics = await query("select ticket_id as id from staging.ticket_metrics order by 1");
      expect(metrics.map(({ id }) => id)).toEqual(
        of("ticket_metrics")
          .map((each) => String(each.ticket_id))
          .toSorted(),
      );
      const messages = await query("select message_id as id from staging.ticket_messages");
      expect(messages.map(({ id }) => id)).toEqual(ids("ticket_comments"));
      expect(await query("select count(*) as surveys from staging.int_survey_responses")).toEqual([
        { surveys: new Set(of("satisfaction_ratings").map((each) => each.ticket_id)).size },
      ]);
      const refused = await query("select path from raw.files where status = 'refused' order by 1");
      expect(refused).toEqual([{ path: "zendesk/sla_policies.json" }, { path: "zendesk/ticket_metric_events.json" }]);
    });
  });

  test("as they lie there, wrapped by another tool, and as another tool's tables, they are refused with what is missing", async () => {
    const files: Record<string, string> = { ...GOOD };
    for (const name of (await readdir(SHAPES)).filter((each) => /\.(csv|jsonl)$/.test(each))) {
      files[name] = await readFile(path.join(SHAPES, name), "utf8");
    }
    await withStagedInbox(zendesk, files, async (query: Query) => {
      const rows = await query("select path, status, message from raw.files where path <> 'zendesk/good.json'");
      expect(rows.length).toBe(Object.keys(files).length - 1);
      for (const row of rows) {
        expect(row, String(row.path)).toMatchObject({
          status: "refused",
          message: expect.stringMatching(/lacks the required column|no known kind of record|is empty/),
        });
      }
      expect(await query("select ticket_id as id from tickets")).toEqual([{ id: "99" }]);
    });
  });
});
