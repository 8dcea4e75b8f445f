import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withDeskExports, type Query } from "../testing/desk-exports.ts";
import { gorgias } from "./gorgias.ts";

const VARIANTS = 6;
/** Tickets of each file have numbers of their own. */
const STEP = 1000;

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

const time = fc
  .date({ min: new Date("2024-01-01T00:00:00Z"), max: new Date("2026-06-01T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString().replace("Z", "+00:00"));
const text = fc
  .array(fc.constantFrom("Scarf", " ", '"', "\\", "\n", "{", "]", "破損", "é", "a@example.com", "😀"), { maxLength: 6 })
  .map((parts) => parts.join(""));

const message: fc.Arbitrary<JsonObject> = fc.record({
  public: fc.boolean(),
  from_agent: fc.boolean(),
  channel: fc.constantFrom("email", "internal-note"),
  via: fc.constantFrom("email", "helpdesk", "rule"),
  rule_id: fc.constantFrom(null, null, 3),
  sender: fc.constantFrom<JsonObject>(
    { id: 1, email: "agent@example.com", name: "Jo" },
    { id: 2, name: "Gorgias Bot" },
  ),
  body_text: text,
  created_datetime: time,
  sent_datetime: fc.oneof(fc.constant(null), time),
  failed_datetime: fc.constantFrom(null, null, null, "2026-01-01T00:00:00+00:00"),
});

const ticket: fc.Arbitrary<JsonObject> = fc.record({
  status: fc.constantFrom("open", "closed"),
  channel: fc.constantFrom("email", "chat", "somewhere new"),
  priority: fc.constantFrom(null, "normal", "critical"),
  language: fc.constantFrom(null, "de", "zh-CN"),
  subject: text,
  from_agent: fc.boolean(),
  spam: fc.constantFrom(false, false, true),
  customer: fc.record({ id: fc.constantFrom(8, 9), email: fc.constantFrom(null, "anna@example.com") }),
  assignee_team: fc.constantFrom<Json>(null, { id: 4, name: "Returns" }),
  tags: fc.subarray<Json>([{ name: "vip" }, { name: "defective" }, { name: "late delivery" }]),
  custom_fields: fc.constantFrom<Json>(null, {}, { "7": { id: 7, value: "Product::Defective" } }),
  meta: fc.constantFrom<Json>(null, { order_name: "#1001", sku: "MUG" }),
  messages: fc.array(message, { maxLength: 5 }),
  satisfaction_survey: fc.oneof(
    fc.constant(null),
    fc.record({ score: fc.constantFrom(null, 1, 5), sent_datetime: time, scored_datetime: time, body_text: text }),
  ),
  created_datetime: time,
  updated_datetime: time,
  closed_datetime: fc.oneof(fc.constant(null), time),
  snooze_datetime: fc.constantFrom(null, null, "2027-01-01T00:00:00+00:00"),
  trashed_datetime: fc.constantFrom(null, null, "2026-01-01T00:00:00+00:00"),
});

/** How else the same tickets may come. */
const writing = fc.record({
  envelope: fc.constantFrom("list", "lines", "array", "webhooks"),
  indent: fc.constantFrom(0, 2),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  isReversed: fc.boolean(),
  nulls: fc.constantFrom("written", "leftOut"),
  offset: fc.constantFrom("+00:00", "Z", "+08:00", "-0330", "none"),
  further: fc.boolean(),
  hasMark: fc.boolean(),
});
type Writing = typeof writing extends fc.Arbitrary<infer T> ? T : never;

/** The same moment with another offset. */
function moved(value: string, offset: Writing["offset"]): string {
  const written = /^([+-])(\d\d):?(\d\d)$/.exec(offset);
  const minutes = written ? Number(`${written[1]}1`) * (Number(written[2]) * 60 + Number(written[3])) : 0;
  const wall = new Date(Date.parse(value) + minutes * 60_000).toISOString().replace("Z", "");
  return wall + (offset === "none" ? "" : offset);
}

function rewritten(value: Json, how: Writing): Json {
  if (typeof value === "string") return /^\d{4}-\d\d-\d\dT.*\+00:00$/.test(value) ? moved(value, how.offset) : value;
  if (Array.isArray(value)) {
    return value.map((element: Json) => rewritten(element, how));
  }
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value)
    .filter(([, inner]) => how.nulls === "written" || inner !== null)
    .map(([key, inner]) => [key, rewritten(inner, how)] as const);
  if (how.further) entries.push(["added_later", { status: "new", list: [1, { id: 3 }] }]);
  return Object.fromEntries(how.isReversed ? entries.toReversed() : entries);
}

function written(tickets: readonly JsonObject[], how: Writing): string {
  const records = tickets.map((record) => rewritten(record, how));
  const line = (value: Json) => JSON.stringify(value);
  const mark = how.hasMark ? "\uFEFF" : "";
  switch (how.envelope) {
    case "lines":
      return mark + records.map(line).join(how.lineEnd);
    case "webhooks":
      return mark + records.map((record) => line({ ticket: record })).join(how.lineEnd) + how.lineEnd;
    case "array":
      return mark + JSON.stringify(records, null, how.indent);
    case "list":
    default:
      return mark + JSON.stringify({ meta: { next_cursor: null }, data: records, object: "list" }, null, how.indent);
  }
}

const numbered = (tickets: readonly JsonObject[], file: number) =>
  tickets.map((record, index) => ({ id: file * STEP + index, ...record }));

/** Typed rows of one file, without what names the file. */
function typedRows(query: Query, table: string, file: number): Promise<unknown[]> {
  const key = table === "tickets" ? "" : ", '' as survey_response_id";
  return query(
    `select * exclude (_file_id, _row_no) replace (ticket_id::int % ${STEP} as ticket_id${key})
     from staging.${table} where ticket_id::int // ${STEP} = ${file} order by ticket_id`,
  );
}

test("the same tickets give the same rows in any envelope, order of keys, offset and with keys yet unknown", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(ticket, { minLength: 1, maxLength: 4 }),
      fc.array(writing, { minLength: VARIANTS, maxLength: VARIANTS }),
      async (tickets, writings) => {
        const files: Record<string, string> = { "0.json": JSON.stringify({ data: numbered(tickets, 1) }) };
        for (const [index, how] of writings.entries()) {
          files[`${index + 1}.json`] = written(numbered(tickets, index + 2), how);
        }
        await withDeskExports({ source: gorgias, files, upTo: "rows" }, async (query) => {
          const all = (VARIANTS + 1) * tickets.length;
          expect(await query("select count(*) as n from staging.tickets")).toEqual([{ n: all }]);
          expect(await query("select * from quarantine")).toEqual([]);
          for (const table of ["tickets", "survey_responses"]) {
            const expected = await typedRows(query, table, 1);
            for (const index of writings.keys()) {
              expect(await typedRows(query, table, index + 2)).toEqual(expected);
            }
          }
        });
      },
    ),
    { numRuns: 12 },
  );
}, 300_000);

test("values of other types than documented are read or told, and none stops the run", async () => {
  const wild: fc.Arbitrary<Json> = fc.oneof(
    fc.constantFrom<Json>(null, "", 0, -1, 1e300, true, [], {}, [[]], [null], { value: [] }, "2026-13-45T99:99:99Z"),
    text,
  );
  const keys = Object.keys(fc.sample(ticket, 1)[0] ?? {});
  const record = fc.record(Object.fromEntries(keys.map((key) => [key, wild])));
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 20, maxLength: 20 }), async (records) => {
      const files = { "wild.json": JSON.stringify({ data: numbered(records, 1) }) };
      await withDeskExports({ source: gorgias, files, upTo: "rows" }, async (query) => {
        const isTicket = (each: JsonObject) => each.status !== null || each.channel !== null;
        const sql = `select (select count(*) from staging.tickets) + (
            select count(distinct row_no) from quarantine where entity = 'tickets' and column_name = 'created_at'
          ) as n`;
        expect(await query(sql)).toEqual([{ n: records.filter(isTicket).length }]);
      });
    }),
    { numRuns: 12 },
  );
}, 300_000);
