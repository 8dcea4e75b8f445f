import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitJson, type JsonProblem } from "./json-records.ts";
import type { RecordPlaces } from "./json-paths.ts";

const PLACES: RecordPlaces[] = [
  { name: "tickets", arrays: ["tickets", "data.tickets"], objects: ["ticket"], lineKeys: ["subject", "id"] },
  { name: "users", arrays: ["users"], objects: ["data.user"], lineKeys: ["email"] },
];

async function split(chunks: Buffer[], name = "file.json", places = PLACES) {
  const records: { feed: string; rowNo: number; value: unknown }[] = [];
  const problems: JsonProblem[] = [];
  async function* text() {
    yield* chunks;
  }
  await splitJson(name, text(), places, {
    onRecord: (feed, rowNo, bytes) => records.push({ feed, rowNo, value: JSON.parse(bytes.toString("utf8")) }),
    onProblem: (problem) => problems.push(problem),
  });
  return { records, problems };
}

const whole = (text: string, name?: string) => split([Buffer.from(text)], name);
const values = (result: Awaited<ReturnType<typeof split>>, feed: string) =>
  result.records.filter((record) => record.feed === feed).map((record) => record.value);

function cut(text: string, points: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const at = [...new Set(points.map((point) => point % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length));
}

/** Strings rich in what could mislead a scanner. */
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom('"', "\\", '\\"', "}{", "][", "é\n", "tickets", "\u0001"),
);
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    text,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(text, tie("value"), { maxKeys: 4 }),
  ),
})).value;
const record = fc.dictionary(text, anyValue, { maxKeys: 6, noNullPrototype: true });
const layout = fc.constantFrom(0, 2, "\t");
const points = fc.array(fc.nat(100_000), { maxLength: 30 });

/** What JSON keeps: no -0, no `__proto__` surprises. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("records out of JSON", () => {
  it("are the same however the envelope is printed and its bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record), fc.array(record), layout, points, async (tickets, users, indent, cuts) => {
        const document = { count: 2, tickets, next: { tickets: "no", deep: [{ tickets: [1] }] }, users, end: null };
        const result = await split(cut(JSON.stringify(document, null, indent), cuts));
        expect(values(result, "tickets")).toEqual(plain(tickets));
        expect(values(result, "users")).toEqual(plain(users));
        expect(result.problems).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("are the same from a nested list, a single object, a top-level list and lines", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1 }), layout, points, async (records, indent, cuts) => {
        const tickets = records.map((each, index) => ({ ...each, id: index, subject: "s" }));
        const expected = plain(tickets);
        const nested = await split(cut(JSON.stringify({ data: { other: {}, tickets } }, null, indent), cuts));
        expect(values(nested, "tickets")).toEqual(expected);
        const single = await split(cut(JSON.stringify({ ticket: tickets[0] }, null, indent), cuts));
        expect(values(single, "tickets")).toEqual([plain(tickets[0])]);
        const list = await split(cut(JSON.stringify(tickets, null, indent), cuts));
        expect(values(list, "tickets")).toEqual(expected);
        const lines = await split(cut(tickets.map((each) => JSON.stringify(each)).join("\r\n"), cuts), "a.ndjson.gz");
        expect(values(lines, "tickets")).toEqual(expected);
        const bare = await split(cut(JSON.stringify(tickets[0], null, indent), cuts));
        expect(values(bare, "tickets")).toEqual([plain(tickets[0])]);
      }),
      { numRuns: 150 },
    );
  });

  it("that are whole stay whole when a field bears the name of another feed's place", async () => {
    const line = { id: 1, subject: "s", ticket: { id: 2 }, users: [{ id: 3 }], tags: [{ email: "x" }] };
    const result = await whole(JSON.stringify(line));
    expect(result.records.map(({ value }) => value)).toEqual([line]);
  });

  it("before a break are kept, the break is told with its place", async () => {
    const result = await whole('{"tickets": [{"id": 1}, {"id": 2}, {"id": 3]}');
    expect(values(result, "tickets")).toEqual([{ id: 1 }, { id: 2 }]);
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]).toMatchObject({ rowNo: 3 });
    expect(result.problems[0]?.message).toMatch(/broken from byte 43 on \(record 3\).*record begun at byte 35/);
  });

  it("of a file cut short are kept up to the last whole one", async () => {
    const all = JSON.stringify({ tickets: [{ id: 1 }, { id: 2, text: "half" }] });
    const result = await whole(all.slice(0, all.indexOf("half") + 2));
    expect(values(result, "tickets")).toEqual([{ id: 1 }]);
    expect(result.problems[0]?.message).toMatch(/ends inside the record begun at byte 21/);
  });

  it("of lines survive a broken line between them", async () => {
    const good = (id: number) => JSON.stringify({ id, subject: "s" });
    const result = await whole([good(1), '{"id": 2, "subject": "open', good(3), '{"id": 4', good(5)].join("\n"));
    expect(values(result, "tickets")).toMatchObject([{ id: 1 }, { id: 3 }, { id: 5 }]);
    expect(result.problems.map((problem) => problem.rowNo)).toEqual([2, 4]);
    expect(result.problems[0]?.raw).toBe('{"id": 2, "subject": "open');
  });

  it("of a list too large to hold come one by one, none lost, though the whole has the keys of another feed", async () => {
    const places: RecordPlaces[] = [
      { name: "trackings", arrays: ["data.trackings"], objects: [], lineKeys: ["slug"] },
      { name: "pages", arrays: [], objects: [], lineKeys: ["meta", "data"] },
    ];
    const page = (count: number) =>
      JSON.stringify({
        meta: {},
        data: { trackings: Array.from({ length: count }, (_, id) => ({ id, text: "x".repeat(100_000) })) },
      });
    const small = await split([Buffer.from(page(2))], "page.json", places);
    expect(small.records.map((record) => record.feed)).toEqual(["pages"]);
    const bytes = Buffer.from(page(400));
    const chunks = Array.from({ length: Math.ceil(bytes.length / 1_000_000) }, (_, index) =>
      bytes.subarray(index * 1_000_000, (index + 1) * 1_000_000),
    );
    const large = await split(chunks, "page.json", places);
    expect(large.records.map((record) => [record.feed, record.rowNo])).toEqual(
      Array.from({ length: 400 }, (_, id) => ["trackings", id + 1]),
    );
    expect(large.problems).toEqual([]);
  });

  it("are an object itself only when nothing inside it is one, whatever comes before or after", async () => {
    const places: RecordPlaces[] = [
      { name: "trackings", arrays: ["data.trackings"], objects: ["data", "data.tracking"], lineKeys: ["slug"] },
    ];
    const around = fc.dictionary(fc.constantFrom("a", "b", "pagination"), anyValue, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(record),
        around,
        around,
        layout,
        points,
        async (records, before, after, indent, cuts) => {
          const read = async (data: unknown) => {
            const bytes = cut(JSON.stringify({ meta: { data: 1 }, data, end: {} }, null, indent), cuts);
            const result = await split(bytes, "page.json", places);
            expect(result.problems).toEqual([]);
            return values(result, "trackings");
          };
          const ended = Object.fromEntries(Object.entries(after).map(([key, value]) => [`z${key}`, value]));
          expect(await read({ ...before, trackings: records, ...ended })).toEqual(plain(records));
          expect(await read({ ...before, tracking: records[0] ?? {}, ...ended })).toEqual([plain(records[0] ?? {})]);
          expect(await read({ ...before, ...ended, deep: { trackings: records } })).toEqual([
            plain({ ...before, ...ended, deep: { trackings: records } }),
          ]);
        },
      ),
      { numRuns: 150 },
    );
    const lines = [{ data: { slug: 1 } }, { slug: 2, data: { slug: 3 } }, { data: { trackings: [{ slug: 4 }] } }];
    const listed = await split([Buffer.from(lines.map((line) => JSON.stringify(line)).join("\n"))], "a.jsonl", places);
    expect(values(listed, "trackings")).toEqual([{ slug: 1 }, lines[1], { slug: 4 }]);
    const broken = await split([Buffer.from('{"data": {"a": 1, "b": "cut')], "page.json", places);
    expect(broken.records).toEqual([]);
    expect(broken.problems[0]?.message).toMatch(/ends inside the record begun at byte 9/);
  });

  it("of no known kind are told with their keys, not dropped", async () => {
    const result = await whole('{"orders": [{"id": 1}]}\n{"subject": "s", "id": 2}');
    expect(values(result, "tickets")).toEqual([{ subject: "s", id: 2 }]);
    expect(result.problems[0]?.message).toContain("orders");
  });

  it("that are no objects are told", async () => {
    const result = await whole('{"tickets": [null, {"id": 1}, "two", [3]]}');
    expect(values(result, "tickets")).toEqual([{ id: 1 }]);
    expect(result.problems).toHaveLength(3);
  });
});
