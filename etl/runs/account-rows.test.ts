// Every row that came in is in exactly one place of the run's account, per file and per entity, run after run.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dataDirectory } from "../../shared/data-directory.ts";
import { runPipeline } from "../pipeline.ts";
import { readFileLoads, readRuns } from "./run-log.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "account-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const HEADER = "Name,Email,Created at,Currency,Total,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku";
const order = (number: number, time: string, total = "10.00") =>
  `#${number},ann${number}@example.com,${time},USD,${total},1,Lamp,10.00,L-1`;
const ticket = (id: number, created: string | null, updated: string) => ({
  id,
  subject: "Help",
  status: "open",
  created_at: created,
  updated_at: updated,
  requester_id: 1,
});

test("accepted, updated, unchanged, quarantined and ignored add up, per file and per entity", async () => {
  const inbox = path.join(folder, "inbox");
  const data = dataDirectory(path.join(folder, "data"));
  for (const system of ["shopify", "zendesk"]) await mkdir(path.join(inbox, system), { recursive: true });
  await writeFile(
    path.join(inbox, "shopify", "orders-1.csv"),
    [
      HEADER,
      order(1, "2026-01-01 10:00:00 +0100"),
      order(2, "no time"),
      order(3, "2026-01-03 10:00:00 +0100"),
      "broken,row,with,far,too,many,cells,in,it,x,y",
      order(9, "2026-01-05 10:00:00 +0100"),
    ].join("\n"),
  );
  await writeFile(
    path.join(inbox, "zendesk", "tickets.json"),
    JSON.stringify({
      tickets: [
        ticket(1, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ticket(1, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
        ticket(2, null, "2026-01-02T00:00:00Z"),
      ],
      users: [{ id: 1, email: "zoe@example.com", role: "end-user", updated_at: "2026-01-01T00:00:00Z" }],
    }),
  );
  const run = () => runPipeline({ inbox, data, acceptLosses: true, report: () => {} });
  await run();
  const [first] = await readRuns(data);
  const tally = (accepted: number, updated: number, unchanged: number, quarantined: number, ignored: number) =>
    expect.objectContaining({
      rowsIn: accepted + updated + unchanged + quarantined + ignored,
      accepted,
      updated,
      unchanged,
      quarantined,
      ignored,
    });
  const loads = async (runId: string | undefined) =>
    (await readFileLoads(data)).filter((load) => load.runId === runId && load.status === "loaded");
  // The order whose time cannot be read is refused; its line and its buyer are not.
  expect(await loads(first?.runId)).toEqual([
    expect.objectContaining({
      path: "shopify/orders-1.csv",
      feed: "orders",
      accepted: 4,
      quarantined: 1,
      rowsIn: 5,
      ignored: 0,
      reasons: { unreadable_row: 1 },
    }),
    expect.objectContaining({
      path: "zendesk/tickets.json",
      feed: "tickets",
      accepted: 1,
      quarantined: 1,
      ignored: 1,
      rowsIn: 3,
    }),
    expect.objectContaining({
      path: "zendesk/tickets.json",
      feed: "users",
      accepted: 1,
      quarantined: 0,
      ignored: 0,
      rowsIn: 1,
    }),
  ]);
  // The same orders again, one of them changed, one new; the same tickets under another name.
  await writeFile(
    path.join(inbox, "shopify", "orders-2.csv"),
    [
      HEADER,
      order(1, "2026-01-01 10:00:00 +0100"),
      order(3, "2026-01-03 10:00:00 +0100", "12.00"),
      order(4, "2026-01-04 10:00:00 +0100"),
    ].join("\n"),
  );
  await run();
  const second = (await readRuns(data)).at(-1);
  expect(await loads(second?.runId)).toEqual([
    {
      ...(await loads(second?.runId))[0],
      path: "shopify/orders-2.csv",
      accepted: 1,
      updated: 1,
      unchanged: 1,
      quarantined: 0,
      ignored: 0,
    },
  ]);
  expect(second?.entities?.find((each) => each.entity === "orders")).toEqual(tally(1, 1, 1, 0, 0));
  for (const each of [first, second])
    expect(each?.notices?.filter((notice) => notice.kind === "unaccounted")).toEqual([]);
});
