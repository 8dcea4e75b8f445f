// Logistics from the exports' files to Cube's answers, held against SQL and code written here over the raw files: Olist's orders with
// promised and actual days, the demo's parcels with their scans, EasyPost's recorded answers.
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Query } from "@cubejs-client/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CubeService } from "../cube/server/cube-service.ts";
import { signingKey } from "../cube/server/auth.ts";
import { connectTo, type Connection } from "../cube/server/with-cube.ts";
import { writeDemo } from "../etl/demo/demo.ts";
import { runPipeline } from "../etl/pipeline.ts";
import { dataDirectory, PROJECT_ROOT } from "../shared/data-directory.ts";
import { queryRows, sqlString, withDuckDB } from "../shared/duckdb.ts";

const SHARED = path.resolve(PROJECT_ROOT, "../shared/data");
const isThere = existsSync(SHARED);
if (!isThere) console.log(`Skipped: the public data sets are not at ${SHARED}`);

type Figures = Record<string, number | string | null>;

interface Shop {
  readonly inbox: string;
  /** Rows of one view, its name taken off the members; a month as `YYYY-MM`. */
  ask(view: string, query: { measures: string[]; by?: string; month?: string }): Promise<Figures[]>;
  close(): Promise<void>;
}

/** Publishes whatever `fill` puts into the inbox and serves it. */
async function served(name: string, fill: (inbox: string) => Promise<unknown>): Promise<Shop> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `logistics-${name}-`));
  const inbox = path.join(folder, "inbox");
  await fill(inbox);
  const data = dataDirectory(path.join(folder, "data"));
  await runPipeline({ inbox, data, report: () => undefined });
  const key = signingKey("k".repeat(64));
  const directories = { publishedDirectory: data.published, temporaryDirectory: path.join(folder, "tmp") };
  const service = await CubeService.create({ ...directories, key });
  const cube = await connectTo(service, key);
  return {
    inbox,
    ask: async (view, query) => (await cube.load(cubeQuery(view, query))).map((row) => plain(view, row)),
    close: async () => {
      await service.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function cubeQuery(view: string, { measures, by, month }: Parameters<Shop["ask"]>[1]): Query {
  return {
    measures: measures.map((measure) => `${view}.${measure}`),
    dimensions: by ? [`${view}.${by}`] : [],
    timeDimensions: month ? [{ dimension: `${view}.${month}`, granularity: "month" }] : [],
    limit: 5000,
  };
}

function plain(view: string, row: Awaited<ReturnType<Connection["load"]>>[number]): Figures {
  const entries = Object.entries(row)
    .filter(([name]) => !name.endsWith("_at"))
    .map(([name, value]) => {
      const isMonth = name.endsWith(".month");
      return [isMonth ? "month" : name.slice(view.length + 1), isMonth ? String(value).slice(0, 7) : value] as const;
    });
  return Object.fromEntries(entries) as Figures;
}

async function raw(sql: string): Promise<Figures[]> {
  return withDuckDB(":memory:", {}, (connection) => queryRows<Figures>(connection, sql));
}

/** What is not the same in both, whatever the order of their rows; rows without the month asked by are left out. */
function differences(answers: readonly Figures[], expected: readonly Figures[]): string[] {
  const keyOf = (row: Figures) => String(row.month ?? row.carrier ?? "all");
  const answered = new Map(answers.map((row) => [keyOf(row), row]));
  const unexpected = [...answered.keys()].filter(
    (key) => key !== "null" && !expected.some((row) => keyOf(row) === key),
  );
  return [
    ...unexpected.map((key) => `${key} is not expected`),
    ...expected.flatMap((row) =>
      Object.entries(row)
        .filter(([name, value]) => !isSame(answered.get(keyOf(row))?.[name], value))
        .map(([name, value]) => `${keyOf(row)}: ${name} is ${answered.get(keyOf(row))?.[name]}, must be ${value}`),
    ),
  ];
}

function isSame(answer: Figures[string] | undefined, expected: Figures[string]): boolean {
  if (typeof answer !== "number" || typeof expected !== "number") return answer === expected;
  return Math.abs(answer - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}

describe.skipIf(!isThere)("Olist, 4,000 orders without a parcel", () => {
  let shop: Shop;
  const source = path.join(SHARED, "olist/sample4k");
  const utc = (column: string) => `timezone('UTC', timezone('America/Sao_Paulo', ${column}::timestamp))`;
  const orders = `orders as (
    select order_status not in ('canceled', 'unavailable') as is_alive, order_estimated_delivery_date::date as promised,
      order_delivered_customer_date::timestamp as delivered, order_delivered_customer_date::date as delivered_day,
      order_delivered_carrier_date::timestamp as shipped, order_delivered_carrier_date::date as shipped_day,
      epoch(${utc("order_delivered_customer_date")} - ${utc("order_delivered_carrier_date")}) / 86400 as told_days,
      if(told_days >= 0, told_days, null) as days,
      epoch(${utc("order_delivered_customer_date")} - ${utc("order_purchase_timestamp")}) / 86400 as whole_days
    from read_csv(${sqlString(path.join(source, "olist_orders_dataset.csv"))}, all_varchar = true, header = true)),
  ends as (select max(day)::date as complete_to from (select unnest([order_purchase_timestamp, order_approved_at,
      order_delivered_carrier_date, order_delivered_customer_date])::timestamp as day
    from read_csv(${sqlString(path.join(source, "olist_orders_dataset.csv"))}, all_varchar = true, header = true))),
  told as (select * from orders where delivered is not null or is_alive)`;

  beforeAll(async () => {
    shop = await served("olist", async (inbox) => {
      const examples = path.join(PROJECT_ROOT, "etl/sources/tabular/examples/olist");
      await mkdir(inbox, { recursive: true });
      await cp(examples, path.join(inbox, "olist"), { recursive: true });
      await cp(path.join(examples, "aftersight.yml"), path.join(inbox, "aftersight.yml"));
      await rm(path.join(inbox, "olist", "aftersight.yml"));
      await cp(source, path.join(inbox, "olist"), { recursive: true });
    });
  });
  afterAll(() => shop?.close());

  test("punctuality by the month promised", async () => {
    const measures = [
      "shipments",
      "promised_and_attempted",
      "late_shipments",
      "late_rate",
      "on_time_rate",
      "attempted_share",
      "on_time_rate_by_estimate",
      "overdue_shipments",
      "late_or_overdue_shipments",
    ];
    const expected = await raw(`with ${orders} select strftime(promised, '%Y-%m') as month, count(*) as shipments,
      count(delivered) as promised_and_attempted, count(*) filter (delivered_day > promised) as late_shipments,
      count(*) filter (delivered_day > promised) / nullif(count(delivered), 0) as late_rate,
      count(*) filter (delivered_day <= promised) / nullif(count(delivered), 0) as on_time_rate,
      count(delivered) / count(*) as attempted_share, null as on_time_rate_by_estimate,
      count(*) filter (delivered is null and promised < complete_to) as overdue_shipments,
      count(*) filter (delivered_day > promised or delivered is null and promised < complete_to) as late_or_overdue_shipments
      from told cross join ends group by 1`);
    expect(expected.length).toBeGreaterThan(15);
    expect(differences(await shop.ask("logistics", { measures, month: "promised_delivery_at" }), expected)).toEqual([]);
  });

  test("days by the month of delivery, over the nights when Brazil's clocks changed", async () => {
    const measures = [
      "delivered_shipments",
      "timed_shipments",
      "transit_days_median",
      "transit_days_p90",
      "order_to_delivery_days_median",
      "order_to_delivery_days_p90",
      "promise_coverage",
      "estimate_coverage",
      "customs_days_median",
    ];
    const expected =
      await raw(`with ${orders} select strftime(delivered, '%Y-%m') as month, count(*) as delivered_shipments,
      count(days) as timed_shipments, median(days) as transit_days_median, quantile_cont(days, 0.9) as transit_days_p90,
      median(whole_days) as order_to_delivery_days_median, quantile_cont(whole_days, 0.9) as order_to_delivery_days_p90,
      count(promised) / count(*) as promise_coverage, 0 as estimate_coverage, null as customs_days_median
      from told where delivered is not null group by 1`);
    expect(expected.length).toBeGreaterThan(15);
    expect(differences(await shop.ask("transit", { measures, month: "delivered_at" }), expected)).toEqual([]);
  });

  test("what only a carrier can tell is not to be computed, and never 0", async () => {
    const measures = [
      "shipments",
      "untracked_shipments",
      "tracked_shipments",
      "lost_rate",
      "damaged_rate",
      "first_attempt_rate",
    ];
    const [count] = await raw(`with ${orders} select count(*) as n from told`);
    const nothing = { tracked_shipments: 0, lost_rate: null, damaged_rate: null, first_attempt_rate: null };
    expect(await shop.ask("shipping", { measures })).toEqual([
      { shipments: count?.n, untracked_shipments: count?.n, ...nothing },
    ]);
  });

  test("what is under way, and how long the way takes", async () => {
    const measures = ["shipments_under_way", "overdue_under_way", "scanned_shipments", "silent_rate"];
    const expected = await raw(`with ${orders} select count(*) as shipments_under_way,
      count(*) filter (promised < complete_to) as overdue_under_way, 0 as scanned_shipments, null as silent_rate
      from told cross join ends where delivered is null and shipped is not null`);
    expect(Number(expected[0]?.shipments_under_way)).toBeGreaterThan(10);
    expect(differences(await shop.ask("under_way", { measures }), expected)).toEqual([]);

    const lane = await raw(`with ${orders} select count(*) as matured_shipments, median(days) as lane_days_p50,
      quantile_cont(days, 0.8) as lane_days_p80, quantile_cont(days, 0.9) as lane_days_p90
      from told cross join ends where delivered is not null and days is not null
        and shipped_day between complete_to - 410 and complete_to - 45`);
    const days = ["matured_shipments", "lane_days_p50", "lane_days_p80", "lane_days_p90"];
    expect(Number(lane[0]?.matured_shipments)).toBeGreaterThan(1000);
    expect(differences(await shop.ask("lane_times", { measures: days }), lane)).toEqual([]);
  });
});

describe("the demo's parcels", () => {
  let shop: Shop;
  /** One row a parcel, from its record and its checkpoints. */
  const parcels = () => `trackings as (
      select tracking->>'$.slug' as carrier, tracking->>'$.order_promised_delivery_date' as promised, tracking->>'$.subtag' as state,
        tracking->>'$.shipment_pickup_date' as shipped, tracking->>'$.shipment_delivery_date' as delivered,
        tracking->>'$.first_attempted_at' as attempted,
        list_transform(json_extract(tracking, '$.checkpoints[*]'), lambda each: {'state': each->>'$.subtag', 'at': each->>'$.checkpoint_time'}) as scans
      from (select unnest(data.trackings) as tracking from read_json(${sqlString(path.join(shop.inbox, "aftership/*.json"))},
        columns = {data: 'STRUCT(trackings JSON[])'}, maximum_object_size = 200000000))),
    parcels as (
      select *, len(list_filter(scans, lambda each: each.state <> 'InfoReceived_001')) > 0 or shipped is not null as is_tracked,
        least(left(delivered, 10), left(attempted, 10), list_min(list_transform(list_filter(scans,
          lambda each: each.state like 'AttemptFail%' or each.state like 'Delivered%'), lambda each: left(each.at, 10)))) as attempt,
        len(list_filter(scans, lambda each: each.state like 'AttemptFail%')) > 0 as has_failed,
        case when length(delivered) = 10 or length(shipped) = 10 then delivered[:10]::date - shipped[:10]::date
          else epoch(if(delivered ~ '.*[+-]..:..', delivered, delivered || 'Z')::timestamptz
            - if(shipped ~ '.*[+-]..:..', shipped, shipped || 'Z')::timestamptz) / 86400 end as told_days,
        if(told_days >= 0, told_days, null) as days
      from trackings)`;

  beforeAll(async () => {
    shop = await served("demo", (inbox) =>
      writeDemo({ out: inbox, seed: 5, days: 160, ordersPerDay: 60, end: "2026-03-01", report: () => undefined }),
    );
  });
  afterAll(() => shop?.close());

  test("are late by the days of the place, month by month", async () => {
    const measures = ["promised_and_attempted", "late_shipments", "late_rate", "on_time_rate"];
    const expected =
      await raw(`with ${parcels()} select left(promised, 7) as month, count(attempt) as promised_and_attempted,
      count(*) filter (attempt > promised) as late_shipments, count(*) filter (attempt > promised) / nullif(count(attempt), 0) as late_rate,
      count(*) filter (attempt <= promised) / nullif(count(attempt), 0) as on_time_rate from parcels group by 1`);
    expect(expected.length).toBeGreaterThan(4);
    const answers = await shop.ask("logistics", { measures, month: "promised_delivery_at" });
    expect(differences(answers, expected)).toEqual([]);
  });

  test("are lost, damaged, turned back or delivered at the first attempt, carrier by carrier", async () => {
    const measures = [
      "tracked_shipments",
      "lost_shipments",
      "lost_rate",
      "damaged_shipments",
      "damaged_rate",
      "returned_to_sender_shipments",
      "attempted_shipments",
      "first_attempt_rate",
    ];
    const expected = await raw(`with ${parcels()} select carrier, count(*) filter (is_tracked) as tracked_shipments,
      count(*) filter (state = 'Exception_013') as lost_shipments,
      count(*) filter (state = 'Exception_013') / count(*) filter (is_tracked) as lost_rate,
      count(*) filter (list_contains(list_transform(scans, lambda each: each.state), 'Exception_012')) as damaged_shipments,
      damaged_shipments / count(*) filter (is_tracked) as damaged_rate,
      count(*) filter (state in ('Exception_010', 'Exception_011')) as returned_to_sender_shipments,
      count(*) filter (has_failed or state like 'Delivered%') as attempted_shipments,
      count(*) filter (state like 'Delivered%' and not has_failed) / nullif(count(*) filter (has_failed or state like 'Delivered%'), 0) as first_attempt_rate
      from parcels group by 1`);
    expect(expected.reduce((sum, row) => sum + Number(row.lost_shipments), 0)).toBeGreaterThan(5);
    expect(
      differences(
        (await shop.ask("shipping", { measures, by: "carrier" })).filter((row) => row.carrier !== "unknown"),
        expected,
      ),
    ).toEqual([]);
  });

  test("take their days, carrier by carrier", async () => {
    const measures = ["delivered_shipments", "timed_shipments", "transit_days_median", "transit_days_p90"];
    const expected =
      await raw(`with ${parcels()} select carrier, count(*) as delivered_shipments, count(days) as timed_shipments,
      median(days) as transit_days_median, quantile_cont(days, 0.9) as transit_days_p90
      from parcels where state like 'Delivered%' group by 1`);
    expect(
      differences(
        (await shop.ask("transit", { measures, by: "carrier" })).filter((row) => row.carrier !== "unknown"),
        expected,
      ),
    ).toEqual([]);
  });

  test("are silent after seven days without a scan, as far as the exports reach", async () => {
    const measures = ["shipments_under_way", "scanned_shipments", "silent_shipments"];
    const moment = (column: string) => `if(${column} ~ '.*[+-]..:..', ${column}, ${column} || 'Z')::timestamptz`;
    const expected = await raw(`with ${parcels()},
      lasting as (select *, list_max(list_transform(scans, lambda each: ${moment("each.at")})) as last_at from parcels
        where is_tracked and state not like 'Delivered%' and state not in ('Exception_013', 'Exception_010', 'Exception_011'))
      select count(*) as shipments_under_way, count(*) as scanned_shipments,
        count(*) filter (greatest(last_at, ${moment("shipped")}) <= timestamptz '2026-03-01T00:00:00Z' - interval 7 days) as silent_shipments
      from lasting`);
    expect(Number(expected[0]?.silent_shipments)).toBeGreaterThan(0);
    expect(differences(await shop.ask("under_way", { measures }), expected)).toEqual([]);
  });
});

describe.skipIf(!isThere)("EasyPost's recorded answers", () => {
  test("tell labels that nobody picked up: pending, in no rate", async () => {
    const recorded = path.join(SHARED, "easypost_trackers");
    const ids = new Set<string>();
    const collect = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      const { object, id } = value as { object?: string; id?: string };
      if (object === "Tracker" && id) ids.add(id);
      for (const each of Object.values(value)) collect(each);
    };
    for (const name of await readdir(recorded)) collect(JSON.parse(await readFile(path.join(recorded, name), "utf8")));
    expect(ids.size).toBeGreaterThan(5);
    const shop = await served("easypost", async (inbox) => {
      await mkdir(path.join(inbox, "easypost"), { recursive: true });
      for (const name of await readdir(recorded)) {
        await cp(path.join(recorded, name), path.join(inbox, "easypost", `test-mode-${name}`));
      }
    });
    try {
      const measures = [
        "shipments",
        "pending_shipments",
        "tracked_shipments",
        "tracking_coverage",
        "lost_rate",
        "first_attempt_rate",
      ];
      expect(await shop.ask("shipping", { measures })).toEqual([
        {
          shipments: ids.size,
          pending_shipments: ids.size,
          tracked_shipments: 0,
          tracking_coverage: 0,
          lost_rate: null,
          first_attempt_rate: null,
        },
      ]);
      expect(await shop.ask("under_way", { measures: ["shipments_under_way", "silent_rate"] })).toEqual([
        { shipments_under_way: 0, silent_rate: null },
      ]);
    } finally {
      await shop.close();
    }
  });
});
