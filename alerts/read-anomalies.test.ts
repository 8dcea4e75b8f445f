// The mail's numbers against SQL run on the same published file, through the real Cube model.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Query } from "@cubejs-client/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withCube } from "../cube/server/with-cube.ts";
import { fixtureRows, publishMartsFixture } from "../cube/testing/marts-fixture.ts";
import type { Anomaly, AnomalyDetail, DataStatus } from "./anomaly.ts";
import { readAnomalyDetail, readDataStatus, readOpenAnomalies } from "./read-anomalies.ts";

// Two open findings beside the fixture's one, and most returns turned into defects of SKU-3.
const EXTRA_SQL = `
  insert into anomalies by name select * replace ('A-low' as anomaly_id, 'low' as severity, 99 as score) from anomalies where is_open;
  insert into anomalies by name
    select * replace ('A-second' as anomaly_id, 3 as score, null as rate_ratio, null as excess_cost_reporting)
    from anomalies where anomaly_id = 'A-0';
  update returns set product_id = 'SKU-3', reason = 'quality_defect' where hash(return_id) % 3 > 0;
  update returns set comment = 'No. ' || return_id || ' broke, write me: x@y.example' where product_id = 'SKU-3';
`;
const WINDOW =
  "returned_date between '2026-02-01' and '2026-02-06' and product_id = 'SKU-3' and reason = 'quality_defect'";

let folder: string;
let file: string;
let status: DataStatus;
let anomalies: Anomaly[];
let detail: AnomalyDetail;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "aftersight-read-"));
  ({ file } = await publishMartsFixture(folder, 1, EXTRA_SQL));
  await withCube(folder, "a secret of the test, long enough for signing", async (cubeLoad) => {
    const load = (query: unknown) => cubeLoad(query as Query);
    status = await readDataStatus(load);
    anomalies = await readOpenAnomalies(load);
    if (!anomalies[0]) throw new Error("no open anomalies were read");
    detail = await readAnomalyDetail(load, anomalies[0], status);
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("reading through Cube", () => {
  it("tells the version and how far its data is complete", () => {
    expect(status).toEqual({
      version: "1772690400001",
      versionName: "20260305T060000001Z",
      dataCompleteTo: "2026-02-25T12:00:00.000",
      reportingTimeZone: "Europe/Berlin",
      reportingCurrency: "USD",
      sellerName: "Fixture seller",
      isDemo: true,
    });
  });

  it("gives the open anomalies only, the most severe first, then by score", () => {
    expect(anomalies.map((each) => each.anomalyId)).toEqual(["A-0", "A-second", "A-low"]);
    expect(anomalies[1]).toMatchObject({ rateRatio: null, excessCost: null });
  });

  it("gives an anomaly's numbers as the mart has them", async () => {
    const [row] = await fixtureRows(
      file,
      "select * from anomalies join products using (product_id) where anomaly_id = 'A-0'",
    );
    expect(anomalies[0]).toMatchObject({
      seriesId: row?.series_id,
      productId: row?.product_id,
      productName: row?.product_name,
      reason: row?.reason,
      startedOn: "2026-02-01",
      lastAlarmOn: "2026-02-06",
      observed: Number(row?.observed),
      expected: Number(row?.expected),
      excess: Number(row?.excess),
      rateRatio: Number(row?.rate_ratio),
      qValue: Number(row?.q_value),
      excessCost: Number(row?.excess_cost_reporting),
    });
  });

  it("gives every day of the series once, in order, with its band and alarm", async () => {
    const rows = await fixtureRows(
      file,
      "select date, observed, expected, lower, upper, is_alarm from anomaly_points where series_id = 'returns|SKU-3|quality_defect' order by date",
    );
    expect(rows.length).toBeGreaterThan(30);
    expect(detail.days).toEqual(rows.map(({ is_alarm: isAlarm, ...rest }) => ({ ...rest, isAlarm })));
  });

  it("finds the slice values with most returned units, and their share of the deliveries", async () => {
    expect(detail.concentration.length).toBeGreaterThan(1);
    for (const found of detail.concentration) {
      const [sums] = await fixtureRows(
        file,
        `select
           (select max(units) from (select sum(quantity) as units from returns where ${WINDOW} and is_completed and ${found.slice} <> 'unknown' group by ${found.slice})) as most,
           (select sum(quantity) from returns where ${WINDOW} and is_completed and ${found.slice} = '${found.value}') as units,
           (select sum(quantity) from returns where ${WINDOW} and is_completed) as total,
           (select sum(delivered_units) filter (where ${found.slice} = '${found.value}') / sum(delivered_units)
              from order_items where product_id = 'SKU-3' and delivered_date between date '2026-02-01' - 60 and '2026-02-06') as delivered_share`,
      );
      expect(found.units).toBe(Number(sums?.units));
      expect(found.units).toBe(Number(sums?.most));
      expect(found.totalUnits).toBe(Number(sums?.total));
      expect(found.deliveredShare).toBeCloseTo(Number(sums?.delivered_share), 10);
    }
  });

  it("quotes comments of the finding's own returns, masked", async () => {
    const rows = await fixtureRows(file, `select return_id from returns where ${WINDOW}`);
    const ids = new Set(rows.map((row) => row.return_id));
    expect(detail.quotes.length).toBeGreaterThan(0);
    for (const { text } of detail.quotes) {
      expect(text).toMatch(/broke, write me: \[e-mail\]$/);
      expect(ids).toContain(/^No\. (.*) broke/.exec(text)?.[1]);
    }
  });
});
