// Shopify's and Zendesk's files tell of one order or ticket together: read one a run, in any order, they give the marts of all read at once.
import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dataDirectory, type DataDirectory } from "../../shared/data-directory.ts";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import { runPipeline } from "../pipeline.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "file-by-file-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const HEADER = "Name,Email,Created at,Total,Lineitem quantity,Lineitem name,Lineitem sku,Note Attributes";
const orders = (...rows: string[]) => [HEADER, ...rows].join("\n");
const head = (order: string, sku: string, email = "") =>
  `#${order},${email},2026-01-01 10:00:00 +0100,9,1,${sku},${sku},"warehouse: Leipzig\nlot BOWL: L2"`;
const more = (order: string, sku: string) => `#${order},,,,1,${sku},${sku},`;

const ticket = (id: number, more: Record<string, unknown> = {}) => ({
  id,
  subject: "Where is it?",
  status: "open",
  requester_id: 900 + (id % 3),
  submitter_id: 900 + (id % 3),
  group_id: 70,
  custom_fields: [{ id: "order_number", value: `#${id}` }],
  created_at: "2026-01-10T10:00:00Z",
  updated_at: "2026-01-11T10:00:00Z",
  ...more,
});
const list = (feed: string, ...records: unknown[]) => JSON.stringify({ [feed]: records });
const many = Array.from({ length: 30 }, (_, index) => ticket(index + 10));
const comment = (id: number, ticketId: number, author: number, hour: number) => ({
  id,
  ticket_id: ticketId,
  author_id: author,
  public: true,
  created_at: `2026-01-10T${hour}:00:00Z`,
});
const rating = (id: number, score: string, hour: number) => ({
  id,
  ticket_id: 1,
  requester_id: 901,
  score,
  created_at: `2026-01-12T${hour}:00:00Z`,
  updated_at: `2026-01-12T${hour}:00:00Z`,
});

/** In the order they come; each is the newest, but for the one that names its day. */
const FILES: readonly { readonly path: string; readonly text: string; readonly day?: number }[] = [
  { path: "zendesk/tickets.json", text: list("tickets", ticket(1), ticket(2, { submitter_id: 902 }), ...many) },
  {
    path: "shopify/a.csv",
    text: orders(head("1", "MUG", "nia@example.com"), head("2", "MUG"), more("2", "CUP"), head("3", "MUG")),
  },
  { path: "zendesk/groups.json", text: list("groups", { id: 70, name: "Returns", default: true, deleted: false }) },
  {
    path: "zendesk/comments.json",
    text: list("comments", comment(1, 1, 902, 11), comment(2, 1, 800, 12), comment(3, 2, 801, 13)),
  },
  // The agent's comment is a reply, the other customer's is none, nor did an agent open ticket 2.
  {
    path: "zendesk/users.json",
    text: list("users", { id: 902, email: "bo@example.com", role: "end-user", locale: "fr" }),
  },
  {
    path: "zendesk/users-2.json",
    text: list("users", { id: 901, email: "nia@example.com", role: "end-user", locale: "de" }),
  },
  { path: "shopify/b.csv", text: orders(more("3", "BOWL"), more("3", "CUP"), head("4", "MUG", "nia@example.com")) },
  {
    path: "zendesk/metrics.json",
    text: list("ticket_metrics", { ticket_id: 2, reply_time_in_minutes: { calendar: 5 }, reopens: 2 }),
  },
  { path: "zendesk/offer.json", text: list("satisfaction_ratings", rating(5, "offered", 10)) },
  { path: "zendesk/answer.json", text: list("satisfaction_ratings", rating(6, "good", 12)) },
  { path: "zendesk/offer-late.json", text: list("satisfaction_ratings", rating(5, "offered", 9)), day: 1 },
  // Fewer lines, the first as it was.
  { path: "shopify/c.csv", text: orders(head("2", "MUG"), head("5", "CUP")) },
  { path: "shopify/d.csv", text: orders(more("5", "BOWL")) },
  { path: "shopify/0.csv", text: orders(head("5", "PLATE"), head("6", "MUG")), day: 2 },
  {
    path: "zendesk/late.json",
    text: list("tickets", ticket(1, { status: "new", updated_at: "2026-01-10T10:00:01Z" })),
  },
];

async function put(inbox: string, file: (typeof FILES)[number], index: number): Promise<void> {
  const target = path.join(inbox, file.path);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, file.text);
  const changed = new Date(Date.UTC(2026, 5, file.day ?? 3 + index));
  await utimes(target, changed, changed);
}

async function run(inbox: string, data: DataDirectory): Promise<readonly string[]> {
  const told: string[] = [];
  await runPipeline({
    inbox,
    data,
    now: new Date("2026-07-01T00:00:00Z"),
    report: ({ message }) => told.push(message),
  });
  return told;
}

async function martsOf(data: DataDirectory): Promise<Record<string, unknown>> {
  const version = (await readFile(path.join(data.published, "current"), "utf8")).trim();
  const marts: Record<string, unknown> = {};
  await withDuckDB(path.join(data.published, `${version}.duckdb`), { readOnly: true }, async (connection) => {
    for (const [mart, key] of [
      ["tickets", "ticket_id"],
      ["survey_responses", "survey_response_id"],
      ["orders", "order_id"],
      ["order_items", "order_item_id"],
      ["customers", "customer_id"],
      ["quarantine", "path"],
    ] as const) {
      marts[mart] = await queryRows(connection, `from ${mart} order by ${key}`);
    }
  });
  return marts;
}

test("each file's news change what they touch, and nothing is left of what they replace", async () => {
  const inbox = path.join(folder, "inbox");
  const data = dataDirectory(path.join(folder, "data"));
  await mkdir(inbox, { recursive: true });
  let sliced = 0;
  for (const [index, file] of FILES.entries()) {
    await put(inbox, file, index);
    const told = await run(inbox, data);
    if (!told.some((message) => /all marts are built|all files are read/.test(message))) sliced += 1;
    if (index % 5 !== 4 && index !== FILES.length - 1) continue;
    const fresh = dataDirectory(path.join(folder, `fresh-${index}`));
    await mkdir(fresh.root, { recursive: true });
    await cp(data.state, fresh.state, { recursive: true });
    await run(inbox, fresh);
    expect(await martsOf(data), `after ${file.path}`).toEqual(await martsOf(fresh));
  }
  expect(sliced).toBeGreaterThan(5);
  const { tickets, order_items: lines } = await martsOf(data);
  expect(tickets).toContainEqual(
    expect.objectContaining({
      ticket_id: "1",
      first_reply_minutes: 120,
      language: "de",
      agent_group: "Returns",
      status: "open",
    }),
  );
  expect(tickets).toContainEqual(expect.objectContaining({ ticket_id: "2", is_agent_initiated: false, reopens: 2 }));
  expect(
    (lines as { order_item_id: string; product_id: string }[]).map(
      (each) => `${each.order_item_id} ${each.product_id}`,
    ),
  ).toEqual([
    "#1:1 MUG",
    "#2:1 MUG",
    "#3:1 MUG",
    "#3:2 BOWL",
    "#3:3 CUP",
    "#4:1 MUG",
    "#5:1 CUP",
    "#5:2 BOWL",
    "#6:1 MUG",
  ]);
}, 600_000);
