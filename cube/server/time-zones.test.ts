// Reports in another time zone than the seller's: every row on that zone's wall clock, held against ICU's conversion.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixtureRows, publishMartsFixture } from "../testing/marts-fixture.ts";
import { signingKey } from "./auth.ts";
import { CubeService } from "./cube-service.ts";
import { connectTo, type Connection } from "./with-cube.ts";

const ZONES = ["Asia/Shanghai", "America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe"];

/** The clocks of Berlin and Los Angeles change in these days; of some tickets only the day is known. */
const AWKWARD_TICKETS = `
  update tickets set created_at = timestamp '2026-03-07 00:15:00' + interval (20 * ticket_id[2:]::int) minute,
    created_at_local = timestamp '2026-03-07 01:15:00' + interval (20 * ticket_id[2:]::int) minute
  where ticket_id[2:]::int < 200;
  update tickets set created_at = timestamp '2026-03-28 12:05:00' + interval (10 * ticket_id[2:]::int) minute,
    created_at_local = timestamp '2026-03-28 13:05:00' + interval (10 * ticket_id[2:]::int) minute
  where ticket_id[2:]::int >= 200;
  update tickets set created_at = date_trunc('day', created_at_local), created_at_local = date_trunc('day', created_at_local)
  where ticket_id[2:]::int % 10 = 0;
`;

let folder: string;
let fixture: string;
let service: CubeService;
let cube: Connection;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "time-zones-"));
  const publishedDirectory = path.join(folder, "published");
  fixture = (await publishMartsFixture(publishedDirectory, 1, AWKWARD_TICKETS)).file;
  const key = signingKey("k".repeat(64));
  service = await CubeService.create({ publishedDirectory, temporaryDirectory: path.join(folder, "tmp"), key });
  cube = await connectTo(service, key);
});

afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

const wallClock = (zone: string) => `(select *, case
  when ticket_id[2:]::int % 10 = 0 then created_at_local
  else timezone('${zone}', timezone('UTC', created_at)) end as wall from tickets)`;

describe.each(ZONES)("in %s", (timezone) => {
  test.each(["hour", "day", "week", "month"] as const)("tickets by %s", async (granularity) => {
    const answers = await cube.load({
      measures: ["service.tickets"],
      timeDimensions: [{ dimension: "service.created_at", granularity, dateRange: ["2026-03-08", "2026-03-29"] }],
      timezone,
      limit: 5000,
    });
    const expected = await fixtureRows(
      fixture,
      `select strftime(date_trunc('${granularity}', wall), '%Y-%m-%dT%H:%M:%S.000') as period, count(*) as tickets
       from ${wallClock(timezone)} where wall >= '2026-03-08' and wall < '2026-03-30' group by all order by all`,
    );
    const told = answers
      .filter((row) => row["service.tickets"])
      .map((row) => ({ period: row[`service.created_at.${granularity}`], tickets: row["service.tickets"] }));
    expect(told).toEqual(expected.map(({ period, tickets }) => ({ period, tickets: Number(tickets) })));
    expect(told.length).toBeGreaterThan(0);
  });

  test.each([
    ["afterDate", ["2026-03-29"], "wall > '2026-03-29'"],
    ["beforeOrOnDate", ["2026-03-08"], "wall <= '2026-03-08'"],
    ["notInDateRange", ["2026-03-08", "2026-03-28"], "not (wall >= '2026-03-08' and wall < '2026-03-29')"],
  ] as const)("a filter %s", async (operator, values, condition) => {
    const filters = [{ member: "service.created_at", operator, values: [...values] }] as never;
    const [answer] = await cube.load({ measures: ["service.tickets"], filters, timezone });
    const [expected] = await fixtureRows(
      fixture,
      `select count(*) as n from ${wallClock(timezone)} where ${condition}`,
    );
    expect(answer?.["service.tickets"]).toBe(Number(expected?.n));
  });
});

test("every time dimension of every view can be asked for in another zone", async () => {
  const failed: string[] = [];
  for (const view of await cube.meta()) {
    for (const { name } of view.dimensions.filter(({ type }) => type === "time")) {
      const timeDimensions = [{ dimension: name, granularity: "day" as const }];
      await cube
        .load({ timeDimensions, timezone: "America/New_York", limit: 2 })
        .catch((error: unknown) => failed.push(`${name}: ${String(error)}`));
    }
  }
  expect(failed).toEqual([]);
});

test("a word that is no zone is refused", async () => {
  await expect(cube.load({ measures: ["service.tickets"], timezone: "Mars/Olympus" })).rejects.toThrow(/timezone/i);
});
