// Weeks begin on the day the seller says.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { WEEK_STARTS } from "../../shared/week-start.ts";
import { fixtureRows, publishMartsFixture } from "../testing/marts-fixture.ts";
import { signingKey } from "./auth.ts";
import { CubeService } from "./cube-service.ts";
import { connectTo } from "./with-cube.ts";

/** ISO weekday of each. */
const WEEKDAY = { monday: 1, saturday: 6, sunday: 7 } as const;

test.each(WEEK_STARTS)("on %s", async (weekStart) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "week-start-"));
  const publishedDirectory = path.join(folder, "published");
  const extra = `update snapshot set week_start = '${weekStart}';`;
  const { file } = await publishMartsFixture(publishedDirectory, 1, extra);
  const key = signingKey("k".repeat(64));
  const service = await CubeService.create({ publishedDirectory, temporaryDirectory: path.join(folder, "tmp"), key });
  try {
    const cube = await connectTo(service, key);
    const dateRange: [string, string] = ["2026-01-07", "2026-02-11"];
    const answers = await cube.load({
      measures: ["service.tickets"],
      timeDimensions: [{ dimension: "service.created_at", granularity: "week", dateRange }],
    });
    // The last such weekday on or before the day, counted by weekdays and not by date_trunc.
    const expected = await fixtureRows(
      file,
      `select strftime(day - ((isodow(day) - ${WEEKDAY[weekStart]} + 7) % 7)::integer, '%Y-%m-%dT00:00:00.000') as week,
         count(*)::integer as tickets
       from (select created_at_local::date as day from tickets where day between '${dateRange[0]}' and '${dateRange[1]}')
       group by 1 order by 1`,
    );
    expect(answers.map((row) => ({ week: row["service.created_at.week"], tickets: row["service.tickets"] }))).toEqual(
      expected,
    );
    expect(new Date(`${String(expected[1]?.week)}Z`).getUTCDay()).toBe(WEEKDAY[weekStart] % 7);
  } finally {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  }
});
