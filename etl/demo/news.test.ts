// The exports of the last days as a folder of their own: with the history they are what one export of everything would have been.
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataDirectory } from "../../shared/data-directory.ts";
import { queryRows, sqlString, withDuckDB } from "../../shared/duckdb.ts";
import { runPipeline } from "../pipeline.ts";
import { writeDemo, type DemoOptions } from "./demo.ts";
import { READ } from "./testing.ts";
import type { Truth } from "./truth.ts";

const SMALL = { products: 18, days: 100, ordersPerDay: 40, end: "2026-05-01", seed: 21 } as const;
const CUT = "2026-04-29";

let parent = "";
let truth: Truth;
const folder = (name: string): string => path.join(parent, name);
const write = (name: string, options: Partial<DemoOptions> = {}): Promise<Truth> =>
  writeDemo({ ...SMALL, ...options, out: folder(name) });

beforeAll(async () => {
  parent = await mkdtemp(path.join(tmpdir(), "aftersight-news-"));
  truth = await write("history", { news: { days: 2, out: folder("news"), sampleShare: 0.3 } });
});
afterAll(() => rm(parent, { recursive: true, force: true }));

async function filesOf(name: string): Promise<string[]> {
  const entries = await readdir(folder(name), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(folder(name), path.join(entry.parentPath, entry.name))).toSorted();
}

async function rows<Row = Record<string, unknown>>(name: string, sql: string): Promise<Row[]> {
  return withDuckDB(":memory:", { threads: 2 }, (connection) =>
    queryRows<Row>(connection, sql.replaceAll("{dir}", folder(name))),
  );
}

/** Each time that the exports of a folder tell in UTC or with its offset, and the export it stands in. */
const TIMES = `
  select 'shopify' as export, strptime(unnest(["Created at", "Paid at", "Fulfilled at", "Cancelled at"]), '%Y-%m-%d %H:%M:%S %z') as told_at
  from ${READ.shopify}
  union all select 'amazon', unnest(["purchase-date", "last-updated-date"])::timestamptz from ${READ.amazonOrders}
  union all select 'fba', "return-date"::timestamptz from ${READ.fbaUtf8}
  union all select 'surveys', unnest([sent, answered])::timestamptz from ${READ.surveys}
  union all select 'sheet', strptime(unnest([Requested, "Received / settled"]) || ' Europe/Berlin', '%d.%m.%Y %H:%M %Z') from ${READ.shopReturns}
  union all select 'tickets', unnest([ticket ->> '$.created_at', ticket ->> '$.updated_at'])::timestamptz from ${READ.tickets}
  union all select 'ratings', unnest([rating ->> '$.created_at', rating ->> '$.updated_at'])::timestamptz from ${READ.ratings}
  union all select 'trackings', unnest([tracking ->> '$.created_at', tracking ->> '$.updated_at'])::timestamptz from ${READ.trackings}
  union all select 'scans', unnest(tracking ->> '$.checkpoints[*].created_at')::timestamptz from ${READ.trackings}`;

describe("what is written", () => {
  test("nothing in the history happens after its end, and each export reaches its last day", async () => {
    const found = await rows(
      "history",
      `select export, max(told_at) < '${CUT} 00:00:00+00' as is_past,
      max(told_at) >= '${CUT} 00:00:00+00'::timestamptz - interval 3 days as is_recent from (${TIMES}) group by export order by export`,
    );
    expect(found).toHaveLength(9);
    expect(found.filter((each) => each.is_past !== true || each.is_recent !== true)).toEqual([]);
  });

  test("the news bring rows of every export, all of them of things that happened since", async () => {
    const { counts } = truth.news ?? {};
    expect(Object.entries(counts ?? {}).filter(([, count]) => count === 0)).toEqual([]);
    const changed = await rows(
      "news",
      `select
      (select count(*) from ${READ.tickets} where (ticket ->> '$.updated_at') >= '${CUT}') as tickets,
      (select count(*) from ${READ.trackings} where (tracking ->> '$.updated_at') >= '${CUT}') as trackings`,
    );
    expect(changed).toEqual([{ tickets: counts?.zendesk_tickets, trackings: counts?.aftership_trackings }]);
  });

  test("the news can be copied into the history: no name twice, and each sorts after the history's files of its kind", async () => {
    const [history, news] = [await filesOf("history"), await filesOf("news")];
    expect(news.length).toBeGreaterThan(8);
    expect(news.filter((name) => history.includes(name))).toEqual([]);
    for (const name of news) {
      const kind = /^.*?(?=since_|\d)/.exec(name)?.[0] ?? name;
      const others = history.filter((other) => other.startsWith(kind));
      expect(others).not.toEqual([]);
      expect(others.filter((other) => other > name)).toEqual([]);
    }
  });

  test("the sample is part of the news", async () => {
    const ids = async (name: string): Promise<Set<unknown>> =>
      new Set((await rows(name, `select Name as id from ${READ.shopify}`)).map((row) => row.id));
    const [news, sample] = [await ids("news"), await ids("news-sample")];
    expect(sample.size).toBeGreaterThan(0.15 * news.size);
    expect(sample.size).toBeLessThan(0.45 * news.size);
    expect([...sample].filter((id) => !news.has(id))).toEqual([]);
  });

  test("the same bytes each time", async () => {
    await write("history-again", { news: { days: 2, out: folder("news-again"), sampleShare: 0.3 } });
    for (const name of ["history", "news", "news-sample"]) {
      const again = name.replace(/^(history|news)/, "$1-again");
      expect(await filesOf(again)).toEqual(await filesOf(name));
      for (const file of await filesOf(name)) {
        const [left, right] = [path.join(folder(name), file), path.join(folder(again), file)];
        expect((await readFile(left)).equals(await readFile(right))).toBe(true);
      }
    }
  });
});

describe("read by the pipeline", () => {
  const FACTS = ["orders", "order_items", "shipments", "carrier_events", "tickets", "returns", "survey_responses"];
  const MARTS = [...FACTS, "customers", "products"];

  async function publishedOf(name: string): Promise<string> {
    const data = dataDirectory(folder(`data-${name}`));
    // One key, so that customers have one hash.
    await cp(folder("state"), data.state, { recursive: true }).catch(() => {});
    const { versionName } = await runPipeline({ inbox: folder(name), data, report: () => {} });
    await cp(data.state, folder("state"), { recursive: true });
    return path.join(data.published, `${versionName}.duckdb`);
  }

  const attached = ["whole", "at_once", "day_by_day", "old"];

  /** Rows of a mart in each version, and how many of the whole demo's each of the others lacks. */
  async function compared(connection: DuckDBConnection, mart: string): Promise<Record<string, unknown>> {
    const lacks = (name: string) =>
      `(select count(*) from (from whole.${mart} except all from ${name}.${mart})) as ${name}_lacks`;
    const counts = attached.map((name) => `(select count(*) from ${name}.${mart}) as ${name}`);
    const sql = `select ${[...counts, lacks("at_once"), lacks("day_by_day")].join(", ")}`;
    return (await queryRows(connection, sql))[0] ?? {};
  }

  test("history and news give the marts of one export of everything, row by row, together or one after the other", async () => {
    await write("everything");
    // The history leaves open how far the exports reach; so must the other.
    await cp(path.join(folder("history"), "aftersight.yml"), path.join(folder("everything"), "aftersight.yml"));
    for (const name of ["both", "growing"]) await cp(folder("history"), folder(name), { recursive: true });
    await cp(folder("news"), folder("both"), { recursive: true });
    const [whole, both, old] = [
      await publishedOf("everything"),
      await publishedOf("both"),
      await publishedOf("growing"),
    ];
    await cp(folder("news"), folder("growing"), { recursive: true });
    const versions = [whole, both, await publishedOf("growing"), old];
    await withDuckDB(":memory:", {}, async (connection) => {
      for (const [index, name] of attached.entries()) {
        await connection.run(`attach ${sqlString(versions[index] ?? "")} as ${name} (read_only)`);
      }
      for (const mart of MARTS) {
        const found = await compared(connection, mart);
        const { whole: rows, old: before } = found;
        const expected = {
          whole: rows,
          at_once: rows,
          day_by_day: rows,
          old: before,
          at_once_lacks: 0,
          day_by_day_lacks: 0,
        };
        expect({ mart, ...found }).toEqual({ mart, ...expected });
        const isNews = Number(rows) > Number(before) || !FACTS.includes(mart);
        expect({ mart, isNews }).toEqual({ mart, isNews: true });
      }
    });
  });
});

describe("where the news may be written", () => {
  test("a folder with something in it, or one within the other, is refused before anything is written", async () => {
    const days = 2;
    await expect(write("refused", { news: { days, out: folder("news") } })).rejects.toThrow("news is not empty");
    await expect(write("refused", { news: { days, out: folder("refused/news") } })).rejects.toThrow(
      "one within the other",
    );
    await expect(write("refused", { news: { days: 90, out: folder("later") } })).rejects.toThrow("--news-days is 90");
    expect(await readdir(parent)).not.toContain("refused");
  });
});
