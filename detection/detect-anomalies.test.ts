import type { DuckDBConnection } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";

import { queryRows, withDuckDB } from "../shared/duckdb.ts";
import { detectAnomalies } from "./detect-anomalies.ts";
import { DEFAULT_OPTIONS } from "./detector.ts";
import { LARGEST_Q, qValues } from "./false-discovery.ts";
import { dayNumber, isoDay } from "./series.ts";
import { randomNumbers } from "./testing/simulate.ts";

const FIRST = "2026-01-01";
const DAYS = 300;
const AS_OF = isoDay(dayNumber(FIRST) + DAYS);
const day = (number: number): string => isoDay(dayNumber(FIRST) + number);

interface World {
  /** Extra returns: product, reason, day, units, buyer. */
  readonly extra?: readonly [string, string, number, number, string][];
  /** Days the whole returns feed is missing. */
  readonly withoutReturns?: readonly number[];
  /** Returns that were asked for and never arrived: product, reason, day, units. */
  readonly requested?: readonly [string, string, number, number][];
}

/** Six products of 40 units a day; 2.5 % of units come back for each of two reasons, about ten days after delivery. */
async function withWorld<T>(world: World, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  return withDuckDB(":memory:", {}, async (connection) => {
    await connection.run(`
create table order_items (order_id varchar, product_id varchar, delivered_date date, delivered_units integer);
create table products (product_id varchar, category varchar);
create table returns (
    return_id varchar, source_system varchar, order_id varchar, customer_id varchar, product_id varchar, reason varchar,
    reason_group varchar, quantity integer, refund_amount_reporting decimal(18, 2), delivered_date date, returned_at_local timestamp, is_completed boolean
);
create table tickets (
    ticket_id varchar, source_system varchar, order_id varchar, customer_id varchar, product_id varchar, reason varchar,
    reason_group varchar, is_product_complaint boolean, created_at_local timestamp
);
insert into products select 'P' || i, 'lamps' from range(6) as r(i);
insert into order_items
select 'o' || i || '-' || d, 'P' || i, date '${FIRST}' + d::integer, 40 from range(6) as p(i), range(${DAYS}) as r(d);`);
    const rows = returnRows(world);
    await connection.run(`insert into returns values ${rows.join(",")}`);
    await connection.run(`
insert into tickets
select return_id, 'desk', order_id, customer_id, product_id, reason, reason_group, true, returned_at_local::date + interval 9 hour
from returns
where is_completed;
insert into tickets
select 'other-' || d, 'desk', null, null, 'P0', 'late_delivery', 'carrier', false, date '${FIRST}' + d::integer
from range(${DAYS}) as r(d)`);
    return work(connection);
  });
}

function returnRows({ extra = [], withoutReturns = [], requested = [] }: World): string[] {
  const random = randomNumbers(77);
  const rows: string[] = [];
  const add = (
    product: string,
    reason: string,
    delivered: number,
    returned: number,
    units: number,
    buyer: string,
    isCompleted = true,
  ): void => {
    if (returned >= DAYS || withoutReturns.includes(returned)) return;
    rows.push(
      `('r${rows.length}', 'shop', 'o${product.slice(1)}-${delivered}', '${buyer}', '${product}', '${reason}', 'product', ${units}, ` +
        `${units * (isCompleted ? 20 : 500)}, date '${day(delivered)}', timestamp '${day(returned)} 23:30:00', ${isCompleted})`,
    );
  };
  for (let product = 0; product < 6; product++) {
    for (const reason of ["quality_defect", "wrong_item"]) {
      for (let delivered = 0; delivered < DAYS; delivered++) {
        for (let unit = 0; unit < 40; unit++) {
          if (random() >= 0.025) continue;
          const lag = 2 + Math.floor(8 * (random() + random()));
          add(`P${product}`, reason, delivered, delivered + lag, 1, `buyer${rows.length}`);
        }
      }
    }
  }
  for (const [product, reason, returned, units, buyer] of extra)
    add(product, reason, returned - 5, returned, units, buyer);
  for (const [i, [product, reason, returned, units]] of requested.entries())
    add(product, reason, returned - 5, returned, units, `asked${i}`, false);
  return rows;
}

const defect = Array.from({ length: 60 }, (_, i): [string, string, number, number, string] => [
  "P2",
  "quality_defect",
  230 + Math.floor(i / 3),
  1,
  `unlucky${i}`,
]);

describe("anomalies from marts", () => {
  test("a defect is one anomaly of its product and reason, with its cost", async () => {
    await withWorld({ extra: defect }, async (connection) => {
      const lines: string[] = [];
      const result = await detectAnomalies(connection, { asOfDate: AS_OF, report: (line) => lines.push(line) });
      expect(result.series).toBe(24);
      expect(lines).toEqual(["returns: 12 of 12 series judged", "product_complaints: 12 of 12 series judged"]);
      const found = await queryRows(connection, "select * from main.anomalies where watch = 'returns'");
      expect(found).toHaveLength(1);
      expect(found[0]).toMatchObject({
        series_id: "returns|P2|quality_defect",
        product_id: "P2",
        reason: "quality_defect",
        market: "all",
        category: "lamps",
        is_open: false,
      });
      const one = found[0] as {
        started_on: string;
        detected_on: string;
        excess: number;
        excess_cost_reporting: number;
      };
      expect(Math.abs(dayNumber(one.started_on) - dayNumber(day(230)))).toBeLessThanOrEqual(4);
      expect(dayNumber(one.detected_on) - dayNumber(day(230))).toBeLessThanOrEqual(10);
      expect(one.excess).toBeGreaterThan(40);
      expect(one.excess_cost_reporting).toBeCloseTo(one.excess * 20, 6);
    });
  });

  test("quiet marts have no anomaly; points and series have the contract's shape", async () => {
    await withWorld({}, async (connection) => {
      expect(await detectAnomalies(connection, { asOfDate: AS_OF })).toEqual({ series: 24, anomalies: 0 });
      const [series] = await queryRows(
        connection,
        "select * from main.anomaly_series where series_id = 'returns|P0|wrong_item'",
      );
      expect(series).toMatchObject({
        subject_kind: "product",
        reason_group: "product",
        direction: "up",
        unit: "returned_units",
      });
      const [points] = await queryRows(
        connection,
        `select count(*) as points, count(distinct series_id) as series, max(date) as last, bool_and(day = date::timestamp) as same,
            bool_and(lower <= expected and expected <= upper + 1) as banded from main.anomaly_points`,
      );
      expect(points).toMatchObject({ series: 24, last: day(DAYS - 1), same: true, banded: true });
    });
  });

  test("a watch ends with the export it waits for", async () => {
    await withWorld({}, async (connection) => {
      await detectAnomalies(connection, { asOfDate: AS_OF, completeTo: { returns: day(250), tickets: AS_OF } });
      const ends = await queryRows(
        connection,
        `select watch, max(date) as last from main.anomaly_points join main.anomaly_series using (series_id)
         group by watch order by watch`,
      );
      expect(ends).toEqual([
        { watch: "product_complaints", last: day(DAYS - 1) },
        { watch: "returns", last: day(249) },
      ]);
    });
  });

  test("the sums of a watch equal plain SQL over the marts, up to the day before as_of", async () => {
    await withWorld({ extra: defect }, async (connection) => {
      await detectAnomalies(connection, { asOfDate: day(250) });
      await connection.run("create macro watch_of(series_id) as split_part(series_id, '|', 1)");
      const differences = await queryRows(
        connection,
        `with direct as (
            select 'returns|' || product_id || '|' || reason as series_id, sum(quantity) as units
            from returns
            where is_completed and returned_at_local < timestamp '${day(250)}' and returned_at_local >= (select min(date) from main.anomaly_points where watch_of(series_id) = 'returns')
            group by all
            union all
            select 'product_complaints|' || product_id || '|' || reason, count(*)
            from tickets
            where is_product_complaint and created_at_local < timestamp '${day(250)}'
                and created_at_local >= (select min(date) from main.anomaly_points where watch_of(series_id) = 'product_complaints')
            group by all
        ),
        points as (select series_id, sum(observed) as units from main.anomaly_points group by all)
        select * from direct full join points using (series_id) where direct.units is distinct from points.units`,
      );
      expect(differences).toEqual([]);
    });
  });

  test("one customer's bulk return, even over two days, is no anomaly, but is observed as the sources say", async () => {
    const extra: World["extra"] = [
      ["P3", "wrong_item", 240, 17, "company"],
      ["P3", "wrong_item", 242, 3, "company"],
    ];
    await withWorld({ extra }, async (connection) => {
      expect((await detectAnomalies(connection, { asOfDate: AS_OF })).anomalies).toBe(0);
      const days = await queryRows(
        connection,
        `with direct as (
            select cast(returned_at_local as date) as date, sum(quantity)::double as units
            from returns where product_id = 'P3' and reason = 'wrong_item' group by all
        )
        select points.date, points.observed, coalesce(direct.units, 0) as units
        from main.anomaly_points as points left join direct using (date)
        where points.series_id = 'returns|P3|wrong_item'`,
      );
      expect(days.length).toBeGreaterThan(200);
      expect(days.filter((row) => row.observed !== row.units)).toEqual([]);
      expect(days.find((row) => row.date === day(240))!.observed).toBeGreaterThanOrEqual(17);
      const [totals] = await queryRows(
        connection,
        `select (select total_observed from main.anomaly_series where series_id = 'returns|P3|wrong_item') as observed,
            (select sum(quantity)::double from returns where product_id = 'P3' and reason = 'wrong_item') as units`,
      );
      expect(totals!.observed).toBe(totals!.units);
    });
  });

  test("a bulk buyer within a defect is observed, but adds no more than the cap to excess and ratio", async () => {
    const findingWith = (bulk: number): Promise<Record<string, number>> =>
      withWorld({ extra: [...defect, ["P2", "quality_defect", 242, bulk, "company"]] }, async (connection) => {
        await detectAnomalies(connection, { asOfDate: AS_OF });
        const [found] = await queryRows<Record<string, number>>(
          connection,
          `select anomalies.observed, anomalies.expected, excess, rate_ratio, sum(points.observed) as of_points
          from main.anomalies inner join main.anomaly_points as points using (anomaly_id)
          where anomalies.watch = 'returns' group by all`,
        );
        return found!;
      });
    const [three, fifty] = [await findingWith(3), await findingWith(50)];
    expect(three.excess).toBeCloseTo(three.observed! - three.expected!, 9);
    expect(fifty).toMatchObject({ excess: three.excess, rate_ratio: three.rate_ratio, observed: three.observed! + 47 });
    expect(fifty.of_points).toBe(fifty.observed);
  });

  test("returns that never arrived are neither watched nor part of a unit's cost", async () => {
    const requested = defect.map(([, reason, on]) => ["P4", reason, on, 1] as [string, string, number, number]);
    await withWorld(
      { extra: defect, requested: [...requested, ["P2", "quality_defect", 240, 1]] },
      async (connection) => {
        await detectAnomalies(connection, { asOfDate: AS_OF });
        const found = await queryRows<{ product_id: string; cost: number }>(
          connection,
          "select product_id, excess_cost_reporting / excess as cost from main.anomalies where watch = 'returns'",
        );
        expect(found.map((row) => row.product_id)).toEqual(["P2"]);
        expect(found[0]!.cost).toBeCloseTo(20, 6);
      },
    );
  });

  test("the family of a day is all series of a watch, however many are judged together; no finding is above the rate", async () => {
    await withWorld({ extra: defect }, async (connection) => {
      await detectAnomalies(connection, { asOfDate: AS_OF, chunkSeries: 3 });
      const points = await queryRows<{ day: string; p_value: number; q_value: number; is_alarm: boolean }>(
        connection,
        "select date::varchar || split_part(series_id, '|', 1) as day, p_value, q_value, is_alarm from main.anomaly_points order by 1",
      );
      const days = new Map<string, typeof points>();
      for (const point of points) days.set(point.day, [...(days.get(point.day) ?? []), point]);
      let [highest, alarms] = [0, 0];
      for (const family of days.values()) {
        const q = qValues(Float64Array.from(family, (point) => point.p_value));
        expect(family.map((point) => point.q_value)).toEqual(Array.from(q, (value) => (value > LARGEST_Q ? 1 : value)));
        highest = Math.max(highest, ...family.filter((point) => point.is_alarm).map((point) => point.q_value));
        alarms += family.filter((point) => point.is_alarm).length;
        expect(family).toHaveLength(12);
      }
      expect(alarms).toBeGreaterThan(20);
      expect(highest).toBeLessThanOrEqual(DEFAULT_OPTIONS.falseDiscoveryRate);
      expect(await queryRows(connection, "select q_value from main.anomalies where not q_value <= 0.2")).toEqual([]);
    });
  });

  test("what the rate lets through decides on anomalies, in points and in the list", async () => {
    await withWorld({ extra: defect }, async (connection) => {
      const run = async (falseDiscoveryRate: number): Promise<unknown> => {
        const { anomalies } = await detectAnomalies(connection, { asOfDate: AS_OF, detector: { falseDiscoveryRate } });
        const [points] = await queryRows(
          connection,
          "select count(*) filter (where is_alarm) as alarms, count(distinct anomaly_id) as marked from main.anomaly_points",
        );
        return { ...points, anomalies };
      };
      expect(await run(1e-12)).toEqual({ anomalies: 0, alarms: 0, marked: 0 });
      expect(await run(0.2)).toMatchObject({ anomalies: 2, marked: 2 });
    });
  });

  test("a series is part of a day's family once its record is large enough, not before", async () => {
    const extra = Array.from({ length: 20 }, (_, i): [string, string, number, number, string] => [
      "P5",
      "missing_parts",
      20 + 10 * i,
      1,
      `slow${i}`,
    ]);
    await withWorld({ extra }, async (connection) => {
      await detectAnomalies(connection, { asOfDate: AS_OF });
      const [first] = await queryRows(
        connection,
        "select min(date) as date from main.anomaly_points where series_id = 'returns|P5|missing_parts' and p_value is not null",
      );
      expect(first!.date).toBe(day(20 + 10 * 11));
    });
  });

  test("a day without any row of a feed that has rows daily is missing, not zero", async () => {
    await withWorld({ withoutReturns: [200, 201] }, async (connection) => {
      await detectAnomalies(connection, { asOfDate: AS_OF });
      const missing = await queryRows(
        connection,
        `select distinct date from main.anomaly_points where series_id like 'returns%' and date between '${day(199)}' and '${day(202)}' order by 1`,
      );
      expect(missing.map((row) => row.date)).toEqual([day(199), day(202)]);
    });
  });

  test("running later keeps ids and first days", async () => {
    await withWorld({ extra: defect }, async (connection) => {
      const ids = async (asOfDate: string): Promise<unknown> => {
        await detectAnomalies(connection, { asOfDate });
        return queryRows(
          connection,
          "select anomaly_id, started_on, detected_on from main.anomalies where watch = 'returns'",
        );
      };
      const earlier = await ids(day(245));
      expect(earlier).toHaveLength(1);
      expect(await ids(day(252))).toEqual(earlier);
      expect(await ids(AS_OF)).toEqual(earlier);
    });
  });

  test("empty marts give empty tables", async () => {
    await withWorld({}, async (connection) => {
      for (const mart of ["order_items", "returns", "tickets"]) await connection.run(`delete from ${mart}`);
      expect(await detectAnomalies(connection, { asOfDate: AS_OF })).toEqual({ series: 0, anomalies: 0 });
      expect(await queryRows(connection, "select * from main.anomaly_points")).toEqual([]);
    });
  });
});
