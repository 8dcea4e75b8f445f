// Reading across: every other door than a plain query, and the caches behind.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Query } from "@cubejs-client/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessWorld, ARIA, GERMAN, key, VIEWER, type AccessWorld } from "../testing/access-world.ts";
import { parse } from "yaml";
import { issueToken } from "./auth.ts";
import { ALL_SEEING, canonicalClaims, type Claims } from "./claims.ts";
import { MODEL_DIRECTORY } from "./model-files.ts";

let world: AccessWorld;

beforeAll(async () => {
  world = await accessWorld();
});

afterAll(() => world.close());

const ask: AccessWorld["ask"] = (...given) => world.ask(...given);
const load: AccessWorld["load"] = (...given) => world.load(...given);
const expected = (sql: string) => world.expected(sql);

const tickets = { measures: ["service.tickets"] };
const germanTickets = "select count(*) from tickets where market = 'DE'";

/** Views that are the same for all, or cut by brand, by their files. */
async function viewsWithBrands(): Promise<string[]> {
  const folder = path.join(MODEL_DIRECTORY, "views");
  const texts = await Promise.all((await readdir(folder)).map((file) => readFile(path.join(folder, file), "utf8")));
  const views = texts.flatMap(
    (text) => (parse(text) as { views: { name: string; access: { rows: "all" | { brand?: string } } }[] }).views,
  );
  return views.filter(({ access: { rows } }) => rows === "all" || rows.brand !== undefined).map(({ name }) => name);
}

describe("doors", () => {
  test("private cubes are refused wherever a query names one, on REST, dry run and GraphQL", async () => {
    const named: object[] = [
      { ...tickets, filters: [{ member: "tickets.subject", operator: "contains", values: ["1"] }] },
      { ...tickets, filters: [{ dimension: "tickets.market", operator: "equals", values: ["US"] }] },
      { ...tickets, filters: [{ or: [{ and: [{ member: "tickets.market", operator: "set" }] }] }] },
      { ...tickets, order: { "tickets.subject": "asc" } },
      { ...tickets, order: [["tickets.subject", "asc"]] },
      { ...tickets, timeDimensions: [{ dimension: "tickets.created_at", dateRange: ["2026-01-01", "2026-01-31"] }] },
      { measures: ["tickets.tickets"] },
      { dimensions: ["tickets.market"] },
      { measures: ["customers.customers"] },
    ];
    for (const claims of [GERMAN, VIEWER, ALL_SEEING]) {
      for (const query of named) {
        for (const route of ["/v1/load", "/v1/dry-run"]) {
          const { status, body } = await ask(claims, route, { query });
          expect([route, query, status]).toEqual([route, query, 400]);
          expect(body).not.toMatch(/"data"|select /i);
        }
      }
    }
    const graphql = '{ cube(where: { tickets: { market: { equals: "US" } } }) { service { tickets } } }';
    expect((await ask(GERMAN, "/graphql", { query: graphql })).body).not.toContain('"data":{"cube"');
  });

  test("GraphQL cuts and masks as REST does, also after an all-seeing person asked first", async () => {
    const count = async (claims: Claims, query: string) =>
      JSON.parse((await ask(claims, "/graphql", { query })).body) as {
        data?: { cube: { service: Record<string, unknown> }[] };
      };
    const markets = "{ cube { service { market tickets } } }";
    expect((await count(ALL_SEEING, markets)).data?.cube.length).toBe(4);
    expect((await count(GERMAN, markets)).data?.cube).toEqual([
      { service: { market: "DE", tickets: await expected(germanTickets) } },
    ]);
    const us = '{ cube(where: { service: { market: { equals: "US" } } }) { service { tickets } } }';
    const [row] = (await count(GERMAN, us)).data?.cube ?? [];
    expect(row?.service.tickets ?? 0).toBe(0);
    expect((await count(VIEWER, "{ cube { service { subject } } }")).data?.cube).toEqual([
      { service: { subject: null } },
    ]);
    const closed = await ask(ARIA, "/graphql", { query: "{ cube { logistics { shipments } } }" });
    expect(closed.body).not.toMatch(/"shipments":\d/);
  });

  test("dry run tells no value and no SQL", async () => {
    const { status, body } = await ask(GERMAN, "/v1/dry-run", { query: tickets });
    expect(status).toBe(200);
    expect(body).not.toMatch(/select |from tickets|Subject|"US"/i);
  });

  test.each([
    ["/v1/sql", { query: tickets }],
    ["/v1/sql", { format: "sql", query: "select * from service" }],
    ["/v1/cubesql", { query: "select market, measure(tickets) from service group by 1" }],
    ["/v1/convert-query", { input: "sql", output: "rest", query: "select 1" }],
    ["/v1/pre-aggregations/jobs", { action: "post", selector: { timezones: ["UTC"] } }],
  ])("%s is shut", async (route, body) => {
    const answer = await ask(GERMAN, route, body);
    expect(answer.body).not.toMatch(/"US"|"data":|select.*from/i);
    expect(answer.body).toMatch(/error|scope|addon/i);
  });

  test.each([
    "/cubejs-system/v1/context",
    "/cubejs-system/v1/pre-aggregations",
    "/cubejs-system/v1/pre-aggregations/security-contexts",
  ])("%s is not there", async (route) => {
    const token = issueToken(key, "session", 60, GERMAN);
    const response = await fetch(world.base.replace("/cubejs-api", route), {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect([401, 403, 404]).toContain(response.status);
  });

  test("pre-aggregation tables and the marts behind have no name a query could use", async () => {
    for (const member of [
      "prod_pre_aggregations.service_main.tickets",
      "service.main",
      "scratch_1.tickets",
      "data_1.tickets.subject",
      "service.subject; select 1",
    ]) {
      const { status, body } = await ask(GERMAN, "/v1/load", { query: { dimensions: [member] } });
      expect(status).toBe(400);
      expect(body).not.toContain('"data"');
    }
  });

  test("meta shows a person only the views that person may read, and never private cubes or SQL", async () => {
    const names = async (claims: Claims, route = "/v1/meta") => {
      const { body } = await ask(claims, route);
      expect(body).not.toMatch(/quantile_cont|nullif|security_context/);
      return (JSON.parse(body) as { cubes: { name: string }[] }).cubes.map(({ name }) => name);
    };
    const all = await names(ALL_SEEING);
    expect(all).toContain("logistics");
    const brands = new Set(await viewsWithBrands());
    expect(await names(ARIA)).toEqual(all.filter((name) => brands.has(name)));
    expect(brands.has("logistics")).toBe(false);
    expect(all).not.toContain("tickets");
  });

  test("extended meta is shut", async () => {
    const { status, body } = await ask(ALL_SEEING, "/v1/meta?extended=true");
    expect(status).toBe(403);
    expect(body).not.toMatch(/nullif|sql/i);
  });
});

describe("caches", () => {
  test("the same question gives each person the own answer, in any order and cache mode", async () => {
    const query: Query = { measures: ["service.tickets"], dimensions: ["service.channel"] };
    const total = async (claims: Claims, more: object = {}) =>
      (await load(claims, { ...query, ...more }, "cache" in more ? more : {})).reduce(
        (sum, row) => sum + Number(row["service.tickets"]),
        0,
      );
    const german = await expected(germanTickets);
    for (const more of [{}, { cache: "stale-while-revalidate" }, { cache: "must-revalidate" }, {}]) {
      const answers = await Promise.all([
        total(ALL_SEEING, more),
        total(GERMAN, more),
        total(ALL_SEEING),
        total(GERMAN),
      ]);
      expect(answers).toEqual([400, german, 400, german]);
    }
  });

  test("one compiled query serves all who may see the same, whatever their token", async () => {
    const compiler = await world.service.server.core.getCompilerApi({ securityContext: ALL_SEEING, requestId: "test" });
    const compile = async (claims: Claims | null) => {
      const contextSymbols = { securityContext: claims };
      return compiler.getSql({ ...tickets, timezone: "UTC", contextSymbols, requestId: Math.random() } as never);
    };
    const first = await compile(canonicalClaims({ markets: ["US", "DE"], role: "viewer", iat: 1 }));
    expect(await compile(canonicalClaims({ role: "viewer", markets: ["DE", "US", "DE"], iat: 2 }))).toBe(first);
  });
});
