// What belongs to a ticket comes in files of its own, in any order and shape: the tickets are the same.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withStagedInbox, type Query } from "../../models/testing/staged-inbox.ts";
import { zendesk } from "./zendesk.ts";

type Feed = "tickets" | "ticket_metrics" | "users" | "groups" | "comments" | "satisfaction_ratings";

interface Piece {
  readonly feed: Feed;
  readonly record: Readonly<Record<string, unknown>>;
}

const DAY = Date.parse("2026-03-01T00:00:00Z");
const at = (minutes: number) => new Date(DAY + minutes * 60_000).toISOString().replace(".000Z", "Z");
const AGENTS = [800, 801];
const CUSTOMERS = [900, 901, 902];

const ticket = fc.record({
  requester: fc.constantFrom(...CUSTOMERS),
  submitter: fc.constantFrom<number | undefined>(undefined, ...AGENTS, ...CUSTOMERS),
  group: fc.constantFrom(70, 71, null),
  status: fc.constantFrom("open", "solved", "deleted"),
  solvedAfter: fc.option(fc.integer({ min: 100, max: 2000 })),
  metric: fc.option(fc.record({ minutes: fc.option(fc.nat(500)), isOwn: fc.boolean() })),
  comments: fc.array(
    fc.record({
      author: fc.constantFrom(...AGENTS, ...CUSTOMERS, 803, -1),
      isPublic: fc.boolean(),
      channel: fc.constantFrom("web", "rule", "email"),
      isOwn: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  ratings: fc.array(fc.constantFrom("offered", "unoffered", "good", "bad"), { maxLength: 3 }),
  ownRating: fc.constantFrom(null, "offered", "good", "bad"),
  hasOlderVersion: fc.boolean(),
});
type Ticket = typeof ticket extends fc.Arbitrary<infer T> ? T : never;

/** All records of one ticket; of two versions the later has the later `updated_at`, of two ratings too. */
function piecesOf(given: Ticket, id: number): Piece[] {
  const opened = id * 10_000;
  const later = at(opened + 5000);
  const metric = given.metric && {
    ticket_id: id,
    reply_time_in_minutes: { calendar: given.metric.minutes },
    solved_at: given.solvedAfter === null ? null : at(opened + given.solvedAfter),
    reopens: 1,
    updated_at: later,
  };
  const comments = given.comments.map(({ author, isPublic, channel }, index) => ({
    id: id * 100 + index,
    ticket_id: id,
    author_id: author,
    public: isPublic,
    via: { channel },
    created_at: at(opened + 60 * (index + 1)),
  }));
  const own = comments.filter((_, index) => given.comments[index]?.isOwn);
  const record = {
    id,
    subject: "Hello",
    description: "Where is it?",
    requester_id: given.requester,
    submitter_id: given.submitter ?? given.requester,
    group_id: given.group,
    status: given.status,
    via: { channel: "email", source: { from: { address: `${given.requester}@example.com` } } },
    tags: [],
    custom_fields: [],
    created_at: at(opened),
    updated_at: later,
    satisfaction_rating: given.ownRating && { score: given.ownRating },
    ...(given.metric?.isOwn ? { metric_set: metric } : {}),
    ...(own.length > 0 ? { comments: own } : {}),
  };
  const older = { ...record, status: "new", satisfaction_rating: null, updated_at: at(opened + 1) };
  return [
    { feed: "tickets", record },
    ...(given.hasOlderVersion ? [{ feed: "tickets" as const, record: older }] : []),
    ...(metric && !given.metric?.isOwn ? [{ feed: "ticket_metrics" as const, record: metric }] : []),
    ...comments
      .filter((comment) => !own.includes(comment))
      .map((comment) => ({ feed: "comments" as const, record: comment })),
    ...given.ratings.map((score, index) => ({
      feed: "satisfaction_ratings" as const,
      record: {
        id: id * 100 + index,
        ticket_id: id,
        requester_id: given.requester,
        score,
        comment: "words",
        created_at: at(opened + 3000),
        updated_at: at(opened + 3000 + index),
      },
    })),
  ];
}

const PEOPLE: readonly Piece[] = [
  ...AGENTS.map((id) => ({ id, email: `agent${id}@example.com`, role: "agent", locale: "en-US" })),
  ...CUSTOMERS.map((id) => ({ id, email: id === 902 ? null : `c${id}@example.com`, role: "end-user", locale: "de" })),
].map((record) => ({ feed: "users", record }));
const GROUPS: readonly Piece[] = [
  { feed: "groups", record: { id: 70, name: "Support DE", default: true, deleted: false } },
];

/** Envelopes of the API, or a record a line, bare or in its wrapper. */
function exportOf(pieces: readonly Piece[], shape: number): [ending: string, text: string] {
  const singular = (feed: Feed) => feed.replace(/s$/, "");
  if (shape === 0) {
    const feeds = new Set(pieces.map((piece) => piece.feed));
    const lists = [...feeds].map((feed) => [
      feed,
      pieces.filter((each) => each.feed === feed).map((each) => each.record),
    ]);
    return ["json", JSON.stringify({ ...Object.fromEntries(lists), count: pieces.length, end_of_stream: true })];
  }
  const lines = pieces.map(({ feed, record }) =>
    JSON.stringify(shape === 1 ? { [singular(feed)]: record } : { ...record, type: singular(feed) }),
  );
  return [shape === 1 ? "ndjson" : "jsonl", lines.join("\n")];
}

async function martsOf(files: Readonly<Record<string, string>>): Promise<unknown> {
  let marts: unknown;
  await withStagedInbox(
    zendesk,
    files,
    async (query: Query) => {
      marts = {
        tickets: await query("select * from tickets order by ticket_id"),
        surveys: await query("select * from survey_responses order by survey_response_id"),
        quarantine: await query("select entity, column_name, reason from quarantine"),
      };
    },
    { upTo: "survey_responses" },
  );
  return marts;
}

test("records spread over files in any order and shape give the tickets and surveys of a single file", async () => {
  const shops = fc.array(ticket, { minLength: 1, maxLength: 20 });
  const files = fc.array(fc.nat(2), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(shops, files, fc.infiniteStream(fc.nat(1e6)), async (tickets, shapes, draw) => {
      const pieces = [...PEOPLE, ...GROUPS, ...tickets.flatMap((each, index) => piecesOf(each, index + 1))];
      const drawn = pieces
        .map((piece) => ({ piece, key: draw.next().value ?? 0 }))
        .toSorted((left, right) => left.key - right.key);
      const spread: Record<string, string> = {};
      for (const [index, shape] of shapes.entries()) {
        const own = drawn.filter(({ key }) => key % shapes.length === index).map(({ piece }) => piece);
        const [ending, text] = exportOf(own, shape);
        if (own.length > 0) spread[`${index}.${ending}`] = text;
      }
      const [ending, whole] = exportOf(pieces, 0);
      expect(await martsOf(spread)).toEqual(await martsOf({ [`all.${ending}`]: whole }));
    }),
    { numRuns: 4 },
  );
}, 240_000);
