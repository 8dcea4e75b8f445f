// Every public measure against SQL written here, independently of the model, over a fixture that holds the awkward cases.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Query } from "@cubejs-client/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixtureRows, publishMartsFixture } from "../testing/marts-fixture.ts";
import { ORACLES } from "../testing/oracles/oracles.ts";
import type { Oracle } from "../testing/oracles/oracle.ts";
import { CubeService } from "./cube-service.ts";
import { signingKey } from "./auth.ts";
import { loadDefinitions } from "./definitions.ts";
import { connectTo, type Connection } from "./with-cube.ts";

let folder: string;
let fixture: string;
let service: CubeService;
let cube: Connection;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "measures-"));
  const publishedDirectory = path.join(folder, "published");
  fixture = (await publishMartsFixture(publishedDirectory)).file;
  const key = signingKey("k".repeat(64));
  service = await CubeService.create({ publishedDirectory, temporaryDirectory: path.join(folder, "tmp"), key });
  cube = await connectTo(service, key);
});

afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

/** Which rows, grouped how; SQL and query say the same. */
interface Slice {
  readonly name: string;
  readonly by?: string;
  readonly monthly?: boolean;
  readonly filter?: readonly [dimension: string, value: string];
  readonly dates?: readonly [from: string, to: string];
}

function slicesOf({ groups }: Oracle): Slice[] {
  const [first, second] = groups;
  const january = ["2026-01-01", "2026-01-31"] as const;
  return [
    { name: "in total" },
    { name: "in a month", dates: ["2026-02-01", "2026-02-28"] },
    { name: "in a month without rows", dates: ["2020-02-01", "2020-02-29"] },
    { name: "by month", monthly: true },
    ...(first ? [{ name: `by ${first}`, by: first }] : []),
    ...(first && second
      ? [
          { name: `by ${second} and month`, by: second, monthly: true },
          { name: `by ${second} in January`, by: second, dates: january },
          { name: `by ${first}, one ${second}`, by: first, filter: [second, oneValue[second] ?? "unknown"] as const },
        ]
      : []),
  ];
}

const oneValue: Record<string, string> = { market: "DE", category: "shoes", channel: "chat", is_alarm: "true" };

function queryOf(view: string, oracle: Oracle, slice: Slice): Query {
  const time = slice.monthly || slice.dates;
  return {
    measures: Object.keys(oracle.measures).map((measure) => `${view}.${measure}`),
    dimensions: slice.by ? [`${view}.${slice.by}`] : [],
    timeDimensions: time
      ? [
          {
            dimension: `${view}.${oracle.time}`,
            ...(slice.monthly && { granularity: "month" as const }),
            ...(slice.dates && { dateRange: [...slice.dates] as [string, string] }),
          },
        ]
      : [],
    filters: slice.filter
      ? [{ member: `${view}.${slice.filter[0]}`, operator: "equals", values: [slice.filter[1]] }]
      : [],
  };
}

function sqlOf(oracle: Oracle, slice: Slice): string {
  const keys = [
    ...(slice.by ? [`${slice.by} as by_key`] : []),
    ...(slice.monthly ? [`strftime(${oracle.timeColumn}, '%Y-%m-01T00:00:00.000') as month_key`] : []),
  ];
  const where = [
    "true",
    ...(slice.filter ? [`${slice.filter[0]}::varchar = '${slice.filter[1]}'`] : []),
    ...(slice.dates ? [`${oracle.timeColumn}::date between '${slice.dates[0]}' and '${slice.dates[1]}'`] : []),
  ];
  const measures = Object.entries(oracle.measures).map(([name, sql]) => `${sql} as ${name}`);
  return `select ${[...keys, ...measures].join(", ")} from ${oracle.from} where ${where.join(" and ")}
    ${keys.length === 0 ? "" : "group by all"}`;
}

describe.each(Object.entries(ORACLES))("%s", (view, oracle) => {
  test.each(slicesOf(oracle).map((slice) => [slice.name, slice] as const))("%s", async (_name, slice) => {
    const answers = await cube.load(queryOf(view, oracle, slice));
    const expected = await fixtureRows(fixture, sqlOf(oracle, slice));
    const keyOf = (by: unknown, month: unknown) => `${String(by)} ${String(month)}`;
    const answerOf = new Map(
      answers.map((row) => [keyOf(row[`${view}.${slice.by}`], row[`${view}.${oracle.time}.month`]), row]),
    );
    expect(answers).toHaveLength(expected.length);
    const differences = expected.flatMap((row) => {
      const key = keyOf(slice.by ? row.by_key : undefined, slice.monthly ? row.month_key : undefined);
      const answer = answerOf.get(key);
      return Object.keys(oracle.measures)
        .filter((measure) => !same(answer?.[`${view}.${measure}`], row[measure]))
        .map((measure) => `${key}: ${measure} is ${answer?.[`${view}.${measure}`]}, must be ${String(row[measure])}`);
    });
    expect(differences).toEqual([]);
  });
});

function same(answer: unknown, expected: unknown): boolean {
  if (expected === null || typeof answer !== "number") return answer === expected;
  return Math.abs(answer - Number(expected)) <= 1e-9 * Math.max(1, Math.abs(answer));
}

test("every public measure has an oracle and a definition card in both languages, and every card a measure", async () => {
  const publicMeasures = (await cube.meta()).flatMap(({ measures }) => measures.map(({ name }) => name)).sort();
  const withOracle = Object.entries(ORACLES).flatMap(([view, { measures }]) =>
    Object.keys(measures).map((measure) => `${view}.${measure}`),
  );
  const { en, zh } = await loadDefinitions();
  expect([...withOracle, "product_returns.reason_share"].sort()).toEqual(publicMeasures);
  expect(en.map(({ id }) => id).sort()).toEqual(publicMeasures);
  expect(zh.map(({ id }) => id).sort()).toEqual(publicMeasures);
});

test("every public view and member has a title and a description, and no cube is public", async () => {
  const views = await cube.meta();
  expect(views.map(({ type }) => type)).toEqual(views.map(() => "view"));
  const members = views.flatMap((view) => [view, ...view.measures, ...view.dimensions]);
  expect(members.filter(({ title, description }) => !/\w/.test(title) || !/\w.*\.$/.test(description ?? ""))).toEqual(
    [],
  );
});

describe("reason share", () => {
  const classified = "is_completed and reason not in ('unmapped', 'no_reason')";
  const shares: [string, Query, string][] = [
    ["by reason", { dimensions: ["product_returns.reason"] }, "reason"],
    ["by reason group", { dimensions: ["product_returns.reason_group"] }, "reason_group"],
    [
      "by reason and its group",
      { dimensions: ["product_returns.reason_group", "product_returns.reason"] },
      "reason_group, reason",
    ],
    [
      "by product and reason",
      { dimensions: ["product_returns.product_id", "product_returns.reason"] },
      "product_id, reason",
    ],
    [
      "by category of the product and reason",
      { dimensions: ["product_returns.category", "product_returns.reason"] },
      "category, reason",
    ],
    ["by market alone", { dimensions: ["product_returns.market"] }, "market"],
    ["in total", {}, ""],
  ];

  test.each(shares)("%s, in February, one market left out", async (_name, grouping, columns) => {
    const answers = await cube.load({
      ...grouping,
      measures: ["product_returns.reason_share"],
      timeDimensions: [{ dimension: "product_returns.returned_at", dateRange: ["2026-01-10", "2026-02-28"] }],
      filters: [{ member: "product_returns.market", operator: "notEquals", values: ["US"] }],
    });
    const keys = columns.split(", ").filter(Boolean);
    const rest = keys.filter((key) => !key.startsWith("reason"));
    const joined = rest.map((key) => `a.${key} = b.${key}`).join(" and ") || "true";
    const rows = `(select * from returns join products using (product_id)
      where returned_at_local >= '2026-01-10' and returned_at_local < '2026-03-01' and market <> 'US')`;
    const expected = await fixtureRows(
      fixture,
      `with a as (select ${[...keys, `count(*) filter (${classified}) as n`].join(", ")} from ${rows} group by all),
       b as (select ${[...rest, `count(*) filter (${classified}) as n`].join(", ")} from ${rows} group by all)
       select ${[...keys.map((key) => `a.${key}`), "a.n / nullif(b.n, 0) as share"].join(", ")} from a join b on ${joined}`,
    );
    const text = (values: unknown[]) => values.join("|");
    const shareOf = new Map(
      answers.map((row) => [
        text(keys.map((key) => row[`product_returns.${key}`])),
        row["product_returns.reason_share"],
      ]),
    );
    expect(answers).toHaveLength(expected.length);
    expect(answers.length).toBeGreaterThan(0);
    const differences = expected.filter((row) => !same(shareOf.get(text(keys.map((key) => row[key]))), row.share));
    expect(differences).toEqual([]);
  });

  test("is the same whichever rows a limit cuts off", async () => {
    const query: Query = {
      measures: ["product_returns.reason_share"],
      dimensions: ["product_returns.reason"],
      order: [["product_returns.reason_share", "desc"]],
    };
    const all = await cube.load(query);
    expect(await cube.load({ ...query, limit: 2 })).toEqual(all.slice(0, 2));
    const total = all.reduce((sum, row) => sum + Number(row["product_returns.reason_share"]), 0);
    expect(total).toBeCloseTo(1, 9);
  });
});
