// What reaches the outside over HTTP: who may ask, what stays hidden, what SQL is run.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import cubeClient from "@cubejs-client/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publishMartsFixture } from "../testing/marts-fixture.ts";
import { issueToken, signingKey } from "./auth.ts";
import { ALL_SEEING } from "./claims.ts";
import { CubeService } from "./cube-service.ts";
import { connectTo, type Connection } from "./with-cube.ts";

const key = signingKey("k".repeat(64));
let folder: string;
let service: CubeService;
let cube: Connection;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "cube-service-"));
  const publishedDirectory = path.join(folder, "published");
  await publishMartsFixture(publishedDirectory);
  service = await CubeService.create({ publishedDirectory, temporaryDirectory: path.join(folder, "tmp"), key });
  cube = await connectTo(service, key);
});

afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

async function post(route: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(cube.url.replace("/v1", route), {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${cube.token}`, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: await response.text() };
}

describe("members that are not public", () => {
  const nothing = { dimension: "service.created_at", dateRange: ["2001-01-01", "2001-01-02"] };
  const hiddenMeasures = [
    "tickets.tickets",
    "tickets.replies_within_24h",
    "order_items.dated_units",
    "anomalies.anomalies",
  ];

  test.each(hiddenMeasures)("%s is refused over REST", async (measure) => {
    const { status, body } = await post("/v1/load", { query: { measures: [measure] } });
    expect(status).toBe(400);
    expect(body).toContain("hidden member");
    expect(body).not.toContain('"data"');
  });

  test.each([
    ["with rows", {}],
    ["without rows", { filters: [{ member: "tickets.ticket_id", operator: "equals", values: ["none"] }] }],
  ])("a private cube's dimension is refused over REST %s", async (_name, more) => {
    const { status, body } = await post("/v1/load", { query: { dimensions: ["tickets.subject"], ...more } });
    expect(status).toBe(400);
    expect(body).toContain("hidden member");
    expect(body).not.toContain("Subject 1");
  });

  test.each([
    "{ cube { tickets { tickets } } }",
    "{ cube { tickets { subject } } }",
    "{ cube { order_items { dated_units } } }",
    "{ cube { service { body } } }",
    '{ cube(where: { tickets: { subject: { equals: "Subject 1" } } }) { service { tickets } } }',
  ])("%s is refused over GraphQL", async (query) => {
    const { body } = await post("/graphql", { query });
    expect(body).toMatch(/Cannot query field|is not defined by type|hidden member/);
    expect(body).not.toContain('"data":{"cube"');
  });

  test("a public member beside a private one doesn't make it visible", async () => {
    const query = { measures: ["service.tickets", "tickets.replies_within_24h"], timeDimensions: [nothing] };
    const { status, body } = await post("/v1/load", { query });
    expect(status).toBe(400);
    expect(body).toContain("hidden member");
  });

  test("raw columns of the marts can't be asked for", async () => {
    const { status, body } = await post("/v1/load", { query: { dimensions: ["service.body"] } });
    expect(status).toBe(400);
    expect(body).toContain("service.body");
  });
});

describe("public members", () => {
  test("answer over GraphQL", async () => {
    const { status, body } = await post("/graphql", { query: "{ cube { service { tickets channel } } }" });
    expect(status).toBe(200);
    const { data } = JSON.parse(body) as { data: { cube: { service: { tickets: number } }[] } };
    expect(data.cube.reduce((sum, { service }) => sum + service.tickets, 0)).toBe(400);
  });

  test("answer to Cube's own client, also comparing two periods", async () => {
    const api = cubeClient(cube.token, { apiUrl: cube.url });
    const rows = (await api.load({ measures: ["service.tickets"], dimensions: ["service.channel"] })).tablePivot();
    expect(rows.map((row) => Number(row["service.tickets"])).sort((a, b) => a - b)).toEqual([133, 133, 134]);

    const compared = await api.load({
      measures: ["service.tickets"],
      timeDimensions: [
        {
          dimension: "service.created_at",
          // Without one, this client's pivot merges the periods.
          granularity: "month",
          compareDateRange: [
            ["2026-01-01", "2026-01-05"],
            ["2026-01-06", "2026-01-20"],
          ],
        },
      ],
    });
    expect(compared.series().map(({ series }) => series[0]?.value)).toEqual([36, 108]);
  });

  test("every view's dimensions can be listed together", async () => {
    const empty: string[] = [];
    for (const view of await cube.meta()) {
      const rows = await cube.load({ dimensions: view.dimensions.map(({ name }) => name), limit: 3 });
      if (rows.length === 0) empty.push(view.name);
    }
    expect(empty).toEqual([]);
  });
});

describe("access", () => {
  const query = { query: { measures: ["service.tickets"] } };

  test.each([
    ["without a token", { Authorization: "" }],
    ["with a forged token", { Authorization: `Bearer ${issueToken(signingKey("x".repeat(64)), "session", 60)}` }],
    ["with an expired token", { Authorization: `Bearer ${issueToken(key, "session", -1)}` }],
    [
      "with an unsigned token",
      { Authorization: "Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJhZnRlcnNpZ2h0IiwiZXhwIjo5OTk5OTk5OTk5fQ." },
    ],
    [
      "with a bad token beside a good cookie",
      { Authorization: "Bearer bad", Cookie: `aftersight_session=${issueToken(key, "session", 60)}` },
    ],
  ])("%s it is 401", async (_name, headers) => {
    const { status, body } = await post("/v1/load", query, headers);
    expect(status).toBe(401);
    expect(body).not.toContain("data");
  });

  test("the session cookie alone suffices", async () => {
    const cookie = `other=1; aftersight_session=${issueToken(key, "session", 60)}`;
    expect((await post("/v1/load", query, { Authorization: "", Cookie: cookie })).status).toBe(200);
  });

  test("SQL text, bodies above 1 MB and bodies that are no JSON are refused", async () => {
    expect((await post("/v1/sql", query)).body).toContain("API scope is missing");
    expect((await post("/v1/load", `{"query": "${"x".repeat(1_100_000)}"}`)).status).toBe(413);
    expect((await post("/v1/load", "{")).status).toBe(400);
  });

  test("no other origin is let in and nothing tells what runs here", async () => {
    const response = await fetch(`${cube.url}/meta`, {
      headers: { Origin: "https://elsewhere.example", Authorization: `Bearer ${cube.token}` },
    });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(response.headers.get("x-powered-by")).toBeNull();
  });
});

describe("SQL", () => {
  test("times are compared as they are stored, without a conversion per row", async () => {
    const compiler = await service.server.core.getCompilerApi({ securityContext: ALL_SEEING, requestId: "test" });
    for (const view of await cube.meta()) {
      for (const time of view.dimensions.filter(({ type }) => type === "time")) {
        const timeDimensions = [{ dimension: time.name, granularity: "hour", dateRange: ["2026-01-01", "2026-01-31"] }];
        const compiled = await compiler.getSql({ timeDimensions, timezone: "UTC" } as never);
        const [sql] = (compiled as unknown as { sql: [string] }).sql;
        expect(`${time.name}: ${sql}`).toMatch(/date_trunc\('hour', /i);
        expect(`${time.name}: ${sql}`).toMatch(/>= \?::timestamp\b/);
        expect(`${time.name}: ${sql}`).not.toMatch(/timestamptz|timezone\(|at time zone/i);
      }
    }
  });

  test.each([
    ["sales", "ordered_at", ["orders", "gross_sales"]],
    ["deliveries", "delivered_at", ["delivered_units", "return_rate_30d"]],
    ["logistics", "promised_delivery_at", ["shipments", "late_rate"]],
    ["carrier_scans", "occurred_at", ["scans"]],
  ] as const)(
    "%s by market and day come from a rollup that was built before the version was served",
    async (view, time, measures) => {
      const query = {
        measures: measures.map((measure) => `${view}.${measure}`),
        dimensions: [`${view}.market`],
        timeDimensions: [
          { dimension: `${view}.${time}`, granularity: "week", dateRange: ["2026-01-01", "2026-02-10"] },
        ],
      };
      const { body } = await post("/v1/load", { query });
      expect(Object.keys((JSON.parse(body) as { usedPreAggregations: object }).usedPreAggregations)).toHaveLength(1);
    },
  );

  test("rows are counted as rows, not by reading their keys", async () => {
    const compiler = await service.server.core.getCompilerApi({ securityContext: {}, requestId: "test" });
    const measures = ["service.tickets", "service.solved_tickets"];
    const compiled = await compiler.getSql({ measures, dimensions: ["service.brand"], timezone: "UTC" });
    const [sql] = (compiled as unknown as { sql: [string] }).sql;
    expect(sql).toMatch(/count\(\*\) "service__tickets"/);
    expect(sql).toMatch(/THEN 1 END\) "service__solved_tickets"/);
  });

  test("it reads the attached snapshot and nothing else of this machine", async () => {
    const outside = path.join(import.meta.dirname, "auth.ts");
    const run = (sql: string) => service.snapshots.current.use((connection) => connection.run(sql));
    await expect(run(`select * from read_text('${outside}')`)).rejects.toThrow(/disabled|Permission/i);
    await expect(run(`copy (select 1) to '${path.join(folder, "..", "leak.csv")}'`)).rejects.toThrow(
      /disabled|Permission/i,
    );
    await expect(run("set enable_external_access = true")).rejects.toThrow(/cannot|disabled/i);
    await expect(run("install httpfs")).rejects.toThrow(/disabled/i);
    await expect(run("delete from tickets")).rejects.toThrow(/read-only/i);
  });
});
