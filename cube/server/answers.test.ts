// Figures with what they rest on, against SQL written here over the fixture.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessWorld, ARIA, GERMAN, type AccessWorld } from "../testing/access-world.ts";
import { answer, type Answer, type AnswerRequest } from "./answers.ts";
import { ALL_SEEING, type Claims } from "./claims.ts";
import { completenessOf, unknownMarts } from "./completeness.ts";
import { loadDefinitions, type DefinitionCard } from "./definitions.ts";
import { readModel, shareMeasures, viewMembers } from "./model-files.ts";

let world: AccessWorld;
let cards: Map<string, DefinitionCard>;

beforeAll(async () => {
  world = await accessWorld();
  cards = new Map((await loadDefinitions()).en.map((card) => [card.id, card]));
});

afterAll(() => world.close());

const JANUARY = ["2026-01-01", "2026-01-31"] as const;

async function answers(request: AnswerRequest, claims: Claims = ALL_SEEING): Promise<Answer<string>[]> {
  return answer(request, { service: world.service, cards, claims, targetOf: (measure) => `target of ${measure}` });
}

async function one(request: AnswerRequest, claims?: Claims): Promise<Answer<string>> {
  const [first] = await answers(request, claims);
  if (!first) throw new Error("no answer");
  return first;
}

describe("an answer", () => {
  test("holds value, n, coverage, maturity, completeness, target and version", async () => {
    const january = "delivered_date between '2026-01-01' and '2026-01-31'";
    const sum = (what: string) => world.expected(`select sum(${what}) from order_items where ${january}`);
    const matured = await sum("matured_units_30d");
    expect(await one({ measures: ["deliveries.return_rate_30d"], dateRange: JANUARY })).toEqual({
      measure: "deliveries.return_rate_30d",
      value: expect.closeTo((await sum("if(matured_units_30d > 0, returned_units_30d, 0)")) / matured, 9) as number,
      state: "value",
      n: matured,
      coverage: expect.closeTo(
        (await sum("if(delivery_basis in ('carrier', 'order_export'), delivered_units, 0)")) /
          (await sum("delivered_units")),
        9,
      ) as number,
      immature_share: expect.toSatisfy((share) => share === null || (share >= 0 && share <= 1)) as number,
      is_complete: null,
      target: "target of deliveries.return_rate_30d",
      data_complete_to: null,
      version: "20260305T060000001Z",
    });
  });

  test("tells the share too young to be in it", async () => {
    const { n, immature_share: immature } = await one({ measures: ["product_returns.repurchase_rate_30d"] });
    const returners = await world.expected("select count(distinct customer_id) from returns where is_completed");
    expect(immature).toBeCloseTo((returners - Number(n)) / returners, 9);
  });

  test("is placed by its own time, in one question with others", async () => {
    const [sent, csat, tickets] = await answers({
      measures: ["satisfaction.surveys_sent", "satisfaction.csat", "service.tickets"],
      dateRange: JANUARY,
    });
    const inJanuary = (column: string) => `${column} >= '2026-01-01' and ${column} < '2026-02-01'`;
    expect(sent?.value).toBe(
      await world.expected(`select count(*) from survey_responses where ${inJanuary("sent_at_local")}`),
    );
    expect(csat?.n).toBe(
      await world.expected(
        `select count(*) from survey_responses where is_rated and ${inJanuary("responded_at_local")}`,
      ),
    );
    expect(tickets).toMatchObject({
      value: await world.expected(`select count(*) from tickets where ${inJanuary("created_at_local")}`),
      n: null,
      data_complete_to: "2026-02-25T12:00:00",
      is_complete: true,
    });
  });

  test("compares two periods, and takes filters for all views or for one", async () => {
    const request = {
      measures: ["service.tickets", "product_returns.return_requests"],
      dateRange: ["2026-02-01", "2026-02-28"],
      compare: JANUARY,
      filters: [
        { member: "market", operator: "equals", values: ["DE"] },
        { or: [{ member: "service.channel", operator: "equals", values: ["chat"] }] },
      ],
    } as const;
    const [tickets, returns] = await answers(request);
    const count = (mart: string, column: string, month: number, more = "") =>
      world.expected(`select count(*) from ${mart} where market = 'DE' and month(${column}) = ${month} ${more}`);
    expect([tickets?.value, tickets?.compared?.value]).toEqual([
      await count("tickets", "created_at_local", 2, "and channel = 'chat'"),
      await count("tickets", "created_at_local", 1, "and channel = 'chat'"),
    ]);
    expect([returns?.value, returns?.compared?.value]).toEqual([
      await count("returns", "returned_at_local", 2),
      await count("returns", "returned_at_local", 1),
    ]);
  });

  test("the last day told of is not complete", async () => {
    const upTo = async (day: string) =>
      (await one({ measures: ["service.tickets"], dateRange: ["2026-02-01", day] })).is_complete;
    expect([await upTo("2026-02-24"), await upTo("2026-02-25"), await upTo("2026-02-26")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("holds what its asker may see", async () => {
    const { value } = await one({ measures: ["service.tickets"] }, GERMAN);
    expect(value).toBe(await world.expected("select count(*) from tickets where market = 'DE'"));
    await expect(one({ measures: ["sales.orders"] }, ARIA)).rejects.toThrow("not open to you");
  });
});

describe("a figure without a value", () => {
  const nobody = [{ member: "market", operator: "equals", values: ["XX"] }];

  test("where nothing happened is no data; a count is 0 there as long as an export would have told", async () => {
    const [rate, count] = await answers({
      measures: ["service.reopen_rate", "service.tickets"],
      dateRange: JANUARY,
      filters: nobody,
    });
    expect(rate).toMatchObject({ value: null, state: "no_data", n: 0 });
    expect(count).toMatchObject({ value: 0, state: "value" });
  });

  test("a count is no data, not 0, after the export's end and where no export tells of it", async () => {
    const after = { measures: ["service.tickets"], dateRange: ["2026-02-26", "2026-03-31"] } as const;
    expect(await one(after)).toMatchObject({ value: null, state: "no_data", is_complete: false });
    // The fixture's freshness knows no source of scans.
    expect(await one({ measures: ["carrier_scans.scans"], filters: nobody })).toMatchObject({
      value: null,
      state: "no_data",
      data_complete_to: null,
    });
  });

  test("with rows, none of which can tell, is not computable", async () => {
    const unmatured = {
      measures: ["product_returns.repurchase_rate_90d"],
      dateRange: ["2026-02-10", "2026-02-28"],
    } as const;
    expect(
      await world.expected("select count(*) from returns where returned_at_local >= '2026-02-10'"),
    ).toBeGreaterThan(0);
    expect(await one(unmatured)).toMatchObject({ value: null, state: "not_computable", n: 0 });
  });
});

describe("a question that can't be asked", () => {
  test.each([
    [{ measures: ["service.nothing"] }, "There is no figure service.nothing"],
    [{ measures: ["tickets.tickets"] }, "There is no figure tickets.tickets"],
    [
      {
        measures: ["service.tickets", "deliveries.delivered_units"],
        filters: [{ member: "channel", operator: "equals", values: ["chat"] }],
      },
      "deliveries can't be filtered by channel",
    ],
    [
      { measures: ["service.tickets"], filters: [{ member: "tickets.subject", operator: "set" }] },
      "tickets can't be filtered by tickets.subject",
    ],
    [
      { measures: ["service.tickets"], filters: [{ member: "market", operator: "like", values: ["D"] }] },
      "the operator like",
    ],
  ])("%j is refused in words", async (request, words) => {
    await expect(answers(request)).rejects.toThrow(words);
  });
});

test("completeness is the slowest live source's, or the last word of silent ones", () => {
  const row = (entity: string, system: string, latest: string | null, complete: string | null) => ({
    source_system: system,
    entity,
    row_count: 1,
    latest_event_at: latest,
    data_complete_to: complete,
  });
  const live = [row("tickets", "a", "2026-02-03", "2026-02-03"), row("tickets", "b", "2026-02-01", "2026-02-01")];
  const silent = [row("tickets", "c", "2025-01-01", null), row("tickets", "d", "2025-03-01", null)];
  expect(completenessOf("tickets", [...live, ...silent])).toEqual({ dataCompleteTo: "2026-02-01", hasSource: true });
  expect(completenessOf("tickets", silent)).toEqual({ dataCompleteTo: "2025-03-01", hasSource: true });
  expect(completenessOf("returns", live)).toEqual({ dataCompleteTo: null, hasSource: false });
});

/** Cards of measures with a window in their name: part of the period is too young for them. */
const WINDOW = /_\d+[dh]$/;

test("every card names what its figure rests on, by members that are in its view", async () => {
  const model = await readModel();
  const shares = shareMeasures(model);
  const missing: string[] = [];
  for (const view of model.views) {
    const members = viewMembers(model, view);
    const kinds = new Map(
      members.map(({ name, kind, member }) => [`${view.name}.${name}`, { kind, type: member.type }]),
    );
    for (const [id, { kind, type }] of kinds) {
      const card = cards.get(id);
      if (kind !== "measure" || !card) continue;
      const isRatio = type === "number" || type === "avg";
      // An agent's cases are the judged ones only; how many wait to be judged is told of the whole service.
      const isJudged = view.name === "agent_scorecard";
      // A band of the detection is drawn, not judged; a share of a selection's rows is not placed in time.
      const isDrawn = view.name === "anomaly_days";
      if (isRatio && !isDrawn && !card.n) missing.push(`${id}: n`);
      if (isRatio && shares.has(id) && WINDOW.test(id) && !card.immature && !isJudged && !id.includes("share"))
        missing.push(`${id}: immature`);
      if (!card.rows && !isDrawn) missing.push(`${id}: rows, once at the top of the file`);
      if (!card.time) missing.push(`${id}: time, once at the top of the file`);
      for (const member of [card.n, card.coverage, card.immature, card.rows]) {
        if (member && kinds.get(member)?.kind !== "measure") missing.push(`${id}: ${member} is no measure of the view`);
      }
      for (const share of [card.coverage, card.immature]) {
        if (share && !shares.has(share)) missing.push(`${id}: ${share} is no share (format: percent)`);
      }
      if (card.time && kinds.get(card.time)?.type !== "time")
        missing.push(`${id}: ${card.time} is no time of the view`);
      for (const mart of unknownMarts(card.source)) missing.push(`${id}: what ${mart} waits for (completeness.ts)`);
    }
  }
  expect(missing).toEqual([]);
});
