// Reading across: people kept to a market, a brand or figures alone get nothing of what is not theirs.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import {
  accessWorld,
  ARIA,
  GERMAN,
  key,
  NARROW,
  VIEWER,
  type AccessWorld,
  type AnswerRow,
} from "../testing/access-world.ts";
import { withPolicies } from "./access.ts";
import { issueToken } from "./auth.ts";
import { ALL_SEEING, canonicalClaims, type Claims } from "./claims.ts";

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

const one = async (claims: Claims, query: object, member = "service.tickets") =>
  Number((await load(claims, query))[0]?.[member] ?? 0);

describe("claims", () => {
  test("are canonical: the same people have one context", () => {
    const claims = canonicalClaims({ brands: ["b", "a", "b"], markets: ["US", "DE"], role: "viewer", exp: 5 });
    expect(JSON.stringify(claims)).toBe('{"role":"viewer","markets":["DE","US"],"brands":["a","b"]}');
  });

  test.each([
    [{}],
    [{ role: "owner" }],
    [{ role: "manager", markets: [] }],
    [{ role: "manager", brands: [""] }],
    [{ role: "manager", markets: "DE" }],
    [null],
  ])("%j are none", (claims) => {
    expect(canonicalClaims(claims)).toBeNull();
    expect(() => issueToken(key, "session", 60, claims as unknown as Claims)).toThrow("No token");
  });

  test("a token whose claims were changed on the way is refused", async () => {
    const [head, , signature] = issueToken(key, "session", 60, GERMAN).split(".");
    const forged = { role: "manager", iss: "aftersight", exp: 9_999_999_999 };
    const token = [head, Buffer.from(JSON.stringify(forged)).toString("base64url"), signature].join(".");
    for (const header of ["Authorization", "x-cube-authorization"]) {
      const { status, body } = await ask(GERMAN, "/v1/load", { query: tickets }, { [header]: `Bearer ${token}` });
      expect(status).toBe(401);
      expect(body).not.toContain("data");
    }
  });
});

describe("rows", () => {
  test("of other markets and brands are in no view's answers", async () => {
    for (const [claims, dimension, allowed] of [
      [GERMAN, "market", ["DE"]],
      [ARIA, "brand", ["Aria"]],
      [NARROW, "market", ["DE", "US"]],
      [NARROW, "brand", ["Nova"]],
    ] as const) {
      const seen = new Set<unknown>();
      for (const view of await world.manager.meta()) {
        const member = `${view.name}.${dimension}`;
        if (!view.dimensions.some(({ name }) => name === member)) continue;
        const query = { dimensions: [member], limit: 1000 };
        const rows = await load(claims, query).catch(() => []);
        for (const row of rows) seen.add(row[member]);
        expect((await load(ALL_SEEING, query)).length).toBeGreaterThan(rows.length);
      }
      expect([...seen].filter((value) => !(allowed as readonly unknown[]).includes(value))).toEqual([]);
      expect(seen.size).toBe(allowed.length);
    }
  });

  test("are cut where the dimension is not asked for, too, and every view's figures with them", async () => {
    expect(await one(GERMAN, tickets)).toBe(await expected(germanTickets));
    expect(await one(ARIA, tickets)).toBe(
      await expected("select count(*) from tickets join products using (product_id) where brand = 'Aria'"),
    );
    expect(
      await one(NARROW, { measures: ["product_returns.return_requests"] }, "product_returns.return_requests"),
    ).toBe(
      await expected(
        "select count(*) from returns join products using (product_id) where brand = 'Nova' and market in ('DE', 'US')",
      ),
    );
    for (const view of await world.manager.meta()) {
      const market = `${view.name}.market`;
      if (!view.dimensions.some(({ name }) => name === market) || view.measures.length === 0) continue;
      const measures = view.measures.map(({ name }) => name);
      const filters = [{ member: market, operator: "equals", values: ["DE"] }];
      expect(await load(GERMAN, { measures })).toEqual(await load(ALL_SEEING, { measures, filters }));
    }
  });

  test.each([
    ["a filter", { filters: [{ member: "service.market", operator: "equals", values: ["US"] }] }],
    ["a negation", { filters: [{ member: "service.market", operator: "notEquals", values: ["DE"] }] }],
    [
      "an or",
      {
        filters: [
          {
            or: [
              { member: "service.market", operator: "equals", values: ["US"] },
              { member: "service.market", operator: "notEquals", values: ["DE"] },
            ],
          },
        ],
      },
    ],
  ])("can't be had by %s", async (_name, more) => {
    expect(await one(GERMAN, { ...tickets, ...more })).toBe(0);
    expect(await one(ALL_SEEING, { ...tickets, ...more })).toBeGreaterThan(0);
  });

  test("can't be had ungrouped, with a total, by comparing periods or by blending", async () => {
    const lists = await load(GERMAN, {
      dimensions: ["service.ticket_id", "service.market"],
      ungrouped: true,
      limit: 5000,
    });
    expect(new Set(lists.map((row) => row["service.market"]))).toEqual(new Set(["DE"]));

    const counted = await ask(GERMAN, "/v1/load", {
      query: { dimensions: ["service.ticket_id"], total: true, limit: 1 },
    });
    expect((JSON.parse(counted.body) as { total: number }).total).toBe(await expected(germanTickets));

    const january = ["2026-01-01", "2026-01-31"];
    const february = ["2026-02-01", "2026-02-28"];
    const compared = await load(GERMAN, {
      ...tickets,
      timeDimensions: [{ dimension: "service.created_at", compareDateRange: [january, february] }],
    });
    const inMonth = (month: string) =>
      expected(`${germanTickets} and strftime(created_at_local, '%Y-%m') = '${month}'`);
    expect(compared.map((row) => Number(row["service.tickets"]))).toEqual([
      await inMonth("2026-01"),
      await inMonth("2026-02"),
    ]);

    const monthly = (member: string, time: string) => ({
      measures: [member],
      timeDimensions: [{ dimension: time, granularity: "month", dateRange: ["2026-01-01", "2026-03-31"] }],
    });
    const blended = [
      monthly("service.tickets", "service.created_at"),
      monthly("product_returns.return_requests", "product_returns.returned_at"),
    ];
    const sum = (rows: AnswerRow[], member: string) => rows.reduce((total, row) => total + Number(row[member] ?? 0), 0);
    const rows = await load(GERMAN, blended);
    expect(sum(rows, "service.tickets")).toBe(await expected(germanTickets));
    expect(sum(rows, "product_returns.return_requests")).toBe(
      await expected("select count(*) from returns where market = 'DE'"),
    );
  });

  test("can't be had through what only Cube may add to a query", async () => {
    for (const more of [
      { securityContext: ALL_SEEING },
      { contextSymbols: { securityContext: ALL_SEEING } },
      { maskedMembers: [] },
      { segments: ["tickets.all"] },
      { joinHints: [["tickets", "products"]] },
      { subqueryJoins: [{ sql: "select 1", on: "true", joinType: "LEFT", alias: "x" }] },
    ]) {
      const { status, body } = await ask(GERMAN, "/v1/load", { query: { ...tickets, ...more }, context: ALL_SEEING });
      const cut = `"service.tickets":"${await expected(germanTickets)}"`;
      expect([more, status === 200 ? body.includes(cut) : !body.includes('"data"')]).toEqual([more, true]);
    }
  });

  test("a view that can't be cut to brands is closed to people kept to brands", async () => {
    for (const measure of ["logistics.shipments", "sales.orders", "carrier_scans.scans", "anomaly_days.observed"]) {
      const { status, body } = await ask(ARIA, "/v1/load", { query: { measures: [measure] } });
      expect(status).not.toBe(200);
      expect(body).not.toContain('"data"');
    }
  });
});

describe("texts and customers", () => {
  const textOf = { dimensions: ["service.subject"], limit: 500 };

  test("are masked by role", async () => {
    const seen = async (claims: Claims, member: string) =>
      (await load(claims, { dimensions: [member], limit: 500 })).some((row) => row[member] !== null);
    const roles = ["manager", "service", "product", "viewer"] as const;
    const who = async (member: string) => {
      const answers = await Promise.all(roles.map((role) => seen({ role }, member)));
      return roles.filter((_role, index) => answers[index]);
    };
    for (const text of [
      "service.subject",
      "product_returns.comment",
      "satisfaction.comment",
      "carrier_scans.location",
    ]) {
      expect([text, await who(text)]).toEqual([text, ["manager", "service", "product"]]);
    }
    expect(await who("product_returns.customer_id")).toEqual(["manager", "service"]);
  });

  test("can't be guessed by filtering, ordering or grouping", async () => {
    const guess = (operator: string, values: string[]) =>
      one(VIEWER, { ...tickets, filters: [{ member: "service.subject", operator, values }] });
    expect(await guess("equals", ["Subject 1"])).toBe(0);
    expect(await guess("contains", ["Subject"])).toBe(0);
    expect(await guess("startsWith", ["S"])).toBe(0);
    // Masked is masked for all rows alike: what does not hold of one holds of none.
    expect([0, 400]).toContain(await guess("notContains", ["Subject 1"]));
    const ordered = await load(VIEWER, { ...textOf, order: [["service.subject", "asc"]] });
    expect(ordered).toEqual([{ "service.subject": null }]);
    const grouped = await load(VIEWER, { ...tickets, dimensions: ["service.subject"] });
    expect(grouped).toEqual([{ "service.subject": null, "service.tickets": "400" }]);
  });

  test("a masked answer changes nothing for the next person, whoever comes first", async () => {
    const query = { dimensions: ["product_returns.comment", "product_returns.customer_id"], limit: 500 };
    const blank = [{ "product_returns.comment": null, "product_returns.customer_id": null }];
    expect(await load(VIEWER, query)).toEqual(blank);
    expect((await load(ALL_SEEING, query)).length).toBeGreaterThan(1);
    expect(await load(VIEWER, query)).toEqual(blank);
  });

  test("the size of the whole business is not told to people who see a part", async () => {
    const query = { dimensions: ["source_status.source_system", "source_status.row_count"] };
    expect((await load(GERMAN, query)).map((row) => row["source_status.row_count"])).toEqual([null, null]);
    expect((await load(VIEWER, query)).map((row) => row["source_status.row_count"])).not.toContain(null);
  });
});

test("every view says who sees what of it; one that forgets is for the all-seeing only", async () => {
  const views = path.join(PROJECT_ROOT, "cube", "model", "views");
  const missing: string[] = [];
  for (const fileName of await readdir(views)) {
    const model = parse(await readFile(path.join(views, fileName), "utf8")) as {
      views: { name: string; access?: object }[];
    };
    missing.push(...model.views.filter(({ access }) => access === undefined).map(({ name }) => name));
  }
  expect(missing, "declare `access` in their files, see cube/README.md").toEqual([]);

  const { content } = withPolicies({ fileName: "x.yml", content: "views:\n  - name: x\n    cubes: []\n" });
  expect((parse(content) as { views: { access_policy: object[] }[] }).views[0]?.access_policy).toEqual([
    { group: "manager", row_level: { allow_all: true } },
  ]);
  expect(() =>
    withPolicies({ fileName: "x.yml", content: "views:\n  - name: x\n    access: { rows: some }\n" }),
  ).toThrow("x.yml: access");
});
