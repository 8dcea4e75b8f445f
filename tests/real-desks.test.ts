// Service measures on two public data sets of support tickets: what Cube answers is what SQL over the raw files says.
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { API_SECRET_NAME } from "../cube/server/auth.ts";
import { withCube, type Row } from "../cube/server/with-cube.ts";
import { runPipeline } from "../etl/pipeline.ts";
import { dataDirectory, PROJECT_ROOT } from "../shared/data-directory.ts";
import { queryRows, withDuckDB } from "../shared/duckdb.ts";
import { secret } from "../shared/secrets.ts";

const SHARED = path.resolve(PROJECT_ROOT, "../shared/data");
const isThere = existsSync(SHARED);
if (!isThere) console.log(`Skipped: the public data sets are not at ${SHARED}`);

type Ask = (view: string, measures: readonly string[], by?: string, month?: string) => Promise<Row[]>;

/** Publishes a file of `SHARED` through mappings and answers queries, keys without the view's name. */
async function published(
  source: string,
  files: Readonly<Record<string, string>>,
  work: (ask: Ask) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "real-desks-"));
  try {
    const inbox = path.join(folder, "inbox");
    await mkdir(path.join(inbox, "desk"), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(inbox, name), text);
    await copyFile(path.join(SHARED, source), path.join(inbox, "desk", "tickets.csv"));
    const data = dataDirectory(path.join(folder, "data"));
    await runPipeline({ inbox, data, report: () => undefined });
    await withCube(data.published, await secret(data, API_SECRET_NAME), (load) =>
      work(async (view, measures, by, month) => {
        const rows = await load({
          measures: measures.map((name) => `${view}.${name}`),
          dimensions: by ? [`${view}.${by}`] : [],
          timeDimensions: month ? [{ dimension: `${view}.${month}`, granularity: "month" }] : [],
        });
        return rows.map((row) =>
          Object.fromEntries(Object.entries(row).map(([key, value]) => [key.replace(/^\w+\./, ""), value])),
        );
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rows of SQL over the raw file alone, `raw` being its table. */
function expected(source: string, sql: string): Promise<Row[]> {
  const raw = `create view raw as from read_csv('${path.join(SHARED, source)}', all_varchar = true, header = true, quote = '"', escape = '"')`;
  return withDuckDB(":memory:", {}, async (connection) => {
    await connection.run(raw);
    return queryRows<Row>(connection, sql);
  });
}

/** Where answers and SQL differ; rows go by their first key, and sums of fractions may differ in the last digits. */
function differences(answers: readonly Row[] | undefined, rows: readonly Row[], keys: readonly string[]): string[] {
  const [first = ""] = keys;
  const sorted = (list: readonly Row[]) => list.toSorted((a, b) => (String(a[first]) < String(b[first]) ? -1 : 1));
  const got = sorted(answers ?? []);
  if (got.length !== rows.length) return [`${got.length} rows, must be ${rows.length}`];
  return sorted(rows).flatMap((row, index) =>
    keys
      .filter((key) => !same(got[index]?.[key] ?? null, row[key] ?? null))
      .map((key) => `${String(row[first])}: ${key} is ${String(got[index]?.[key])}, must be ${String(row[key])}`),
  );
}

function same(answer: Row[string], value: Row[string]): boolean {
  if (typeof answer !== "number" || typeof value !== "number") return answer === value;
  return Math.abs(answer - value) <= 1e-9 * Math.max(1, Math.abs(value));
}

const COUNTRIES: Readonly<Record<string, string>> = {
  Germany: "DE",
  Italy: "IT",
  Poland: "PL",
  "United Kingdom": "GB",
  Slovenia: "SI",
  France: "FR",
  "Republic of Ireland": "IE",
  Austria: "AT",
  Greece: "GR",
  "Czech Republic": "CZ",
  Spain: "ES",
  Bulgaria: "BG",
};

describe.skipIf(!isThere)("technical_support, 2,330 tickets", () => {
  const source = "technical_support/technical_support_dataset.csv";
  const files = {
    "aftersight.yml": `
calendars:
  second: { time_zone: UTC, hours: { mon-sat: [08:00-12:00, 12:30-20:00] }, holidays: [2023-05-01, 12-25] }
calendar_of: { teams: { 2nd line support: second } }
agents: { show_names: true, least_cases: 120 }
`,
    "desk/tickets.mapping.yml": `
entity: tickets
system: desk
files: tickets.csv
time_zone: UTC
columns:
  ticket_id: Ticket ID
  created_at: Created time
  channel: Source
  market: { column: Country, values: ${JSON.stringify(COUNTRIES)} }
  status: Status
  priority: { column: Priority, lower: true }
  agent_id: Agent Name
  agent_name: Agent Name
  agent_group: Agent Group
  first_replied_at: First response time
  first_solved_at: Resolution time
  solved_at: Resolution time
  agent_replies: Agent interactions
`,
    "desk/surveys.mapping.yml": `
entity: survey_responses
system: desk
files: tickets.csv
time_zone: UTC
columns:
  survey_response_id: Ticket ID
  ticket_id: Ticket ID
  scale: { constant: "1-5" }
  score: { column: Survey results, values: { not rated: offered }, otherwise: keep }
  sent_at: Created time
  responded_at: Created time
`,
  };

  /** Each ticket (two were answered before they began), its times and its business minutes, day by day and stretch by stretch. */
  const tickets = `
    with typed as (
      select "Ticket ID" as id, lower("Source") as channel, "Agent Name" as agent_name, "Agent Group" as team,
        "Created time"::timestamp as c, "First response time"::timestamp as r, "Resolution time"::timestamp as s,
        "Status" in ('Closed', 'Resolved') as done, "Agent interactions"::double::int as replies,
        try_cast("Survey results" as double) as score
      from raw
    ),
    shifts(team, days, opens, closes) as (values ('1st line support', 5, 540, 1080),
      ('2nd line support', 6, 480, 720), ('2nd line support', 6, 750, 1200)),
    pieces as (
      select id, d + to_minutes(opens) as o, d + to_minutes(closes) as e, c, r, s
      from (select *, unnest(range(date_trunc('day', c), coalesce(greatest(r, s), r, s) + interval 1 day, interval 1 day)) as d from typed)
      join shifts using (team)
      where isodow(d) <= days and (team = '1st line support' or (d <> timestamp '2023-05-01' and strftime(d, '%m-%d') <> '12-25'))
    ),
    open_minutes as (
      select id, sum(greatest(epoch(least(r, e)) - epoch(greatest(c, o)), 0)) / 60 as to_reply,
        sum(greatest(epoch(least(s, e)) - epoch(greatest(c, o)), 0)) / 60 as to_solution
      from pieces group by id
    ),
    told as (
      select *, case when r >= c then epoch(r - c) / 60 end as reply, epoch(s - c) / 60 as solution,
        case when r >= c then coalesce(to_reply, 0) end as business_reply,
        case when s is not null then coalesce(to_solution, 0) end as business_solution,
        -- The last thing that happened to any ticket.
        max(greatest(c, r, s)) over () as ended, strftime(c, '%Y-%m-01T00:00:00.000') as "created_at.month"
      from typed left join open_minutes using (id)
    )`;

  const share = (part: string, whole: string) => `count(*) filter (${part}) / nullif(count(*) filter (${whole}), 0)`;
  const due = "(reply is not null or r is null and coalesce(replies, 0) = 0 and c + interval 24 hours <= ended)";
  const handling = "(done and s is not null or not done and c + interval 24 hours <= ended)";
  const service: Record<string, string> = {
    tickets: "count(*)",
    first_responses: "count(reply)",
    first_response_minutes_median: "median(reply)",
    first_response_minutes_p90: "quantile_cont(reply, 0.9)",
    first_response_minutes_mean: "avg(reply)",
    first_response_business_minutes_median: "median(business_reply)",
    first_response_business_minutes_p90: "quantile_cont(business_reply, 0.9)",
    first_response_business_minutes_mean: "avg(business_reply)",
    replies_due: `count(*) filter (${due})`,
    response_rate_24h: share("reply <= 1440", due),
    awaiting_first_reply: "count(*) filter (r is null and coalesce(replies, 0) = 0 and not done)",
    handlings_due: `count(*) filter (${handling})`,
    handled_rate_24h: share("done and solution <= 1440", handling),
    open_tickets: "count(*) filter (not done)",
    solved_tickets: "count(*) filter (done)",
    resolution_minutes_median: "median(solution) filter (done)",
    resolution_minutes_p90: "quantile_cont(solution, 0.9) filter (done)",
    resolution_business_minutes_median: "median(business_solution) filter (done)",
    resolution_business_minutes_p90: "quantile_cont(business_solution, 0.9) filter (done)",
    first_resolution_minutes_median: "median(solution)",
    one_touch_rate: share("done and replies = 1", "done and replies is not null"),
    one_touch_rate_zendesk: share("done and replies < 2", "done and replies is not null"),
    // No column tells of them.
    reopen_rate: "null",
    first_response_minutes_reported_median: "null",
    agent_share: "null",
    bot_share: "null",
  };
  const answers = new Map<string, Row[]>();
  beforeAll(async () => {
    await published(source, files, async (ask) => {
      const names = Object.keys(service);
      answers.set("total", await ask("service", names));
      answers.set("channel", await ask("service", names, "channel"));
      answers.set("created_at.month", await ask("service", names, undefined, "created_at"));
      answers.set("backlog", await ask("service_backlog", ["created", "solved", "backlog", "awaiting", "days"]));
      answers.set(
        "csat",
        await ask("satisfaction", ["surveys_sent", "ratings", "csat", "csat_lower", "csat_upper", "mean_score"]),
      );
      answers.set(
        "agents",
        await ask(
          "agent_scorecard",
          ["tickets", "first_response_minutes_median", "one_touch_rate", "ratings", "csat"],
          "agent_name",
        ),
      );
    });
  });

  test.each(["total", "channel", "created_at.month"])("service %s", async (by) => {
    const key = by === "total" ? "" : `"${by}", `;
    const measures = Object.entries(service).map(([name, sql]) => `${sql} as ${name}`);
    const sql = `${tickets} select ${key}${measures.join(", ")} from told ${key ? "group by 1" : ""}`;
    const keys = [...(by === "total" ? [] : [by]), ...Object.keys(service)];
    const rows = await expected(source, sql);
    expect(rows.length).toBeGreaterThanOrEqual(by === "total" ? 1 : 3);
    expect(differences(answers.get(by), rows, keys)).toEqual([]);
  });

  test("the backlog of each day's end, counted day by day", async () => {
    const sql = `${tickets},
      days as (select unnest(range(date_trunc('day', min(c)), date_trunc('day', max(ended)), interval 1 day)) as d from told),
      stays as (select * from told where not done or s is not null),
      ends as (
        select d, count(*) as backlog,
          count(*) filter ((r is null or r >= d + interval 1 day) and (r is not null or coalesce(replies, 0) = 0)) as awaiting
        from days join stays on c < d + interval 1 day and (not done or s >= d + interval 1 day) group by d
      )
      select (select count(*) from days) as days, sum(backlog) / (select count(*) from days) as backlog,
        sum(awaiting) / (select count(*) from days) as awaiting,
        (select count(*) from told where c < (select max(d) from days) + interval 1 day) as created,
        (select count(*) from stays where done and s < (select max(d) from days) + interval 1 day) as solved
      from ends`;
    const keys = ["days", "created", "solved", "backlog", "awaiting"];
    expect(differences(answers.get("backlog"), await expected(source, sql), keys)).toEqual([]);
  });

  test("satisfaction with its interval", async () => {
    const sql = `${tickets}, counted as (select count(*) as surveys_sent, count(score) as ratings, count(*) filter (score >= 4) as s,
        avg(score) as mean_score from told),
      shares as (select *, s / ratings as csat, 1.959963984540054 as z from counted),
      halves as (select *, z / (1 + z * z / ratings) * sqrt(csat * (1 - csat) / ratings + z * z / (4 * ratings * ratings)) as half,
        (csat + z * z / (2 * ratings)) / (1 + z * z / ratings) as middle from shares)
      select *, middle - half as csat_lower, middle + half as csat_upper from halves`;
    const keys = ["surveys_sent", "ratings", "csat", "csat_lower", "csat_upper", "mean_score"];
    expect(differences(answers.get("csat"), await expected(source, sql), keys)).toEqual([]);
  });

  test("agents by name, silent below 120 cases", async () => {
    const from120 = (n: string, value: string) => `if(${n} >= 120, ${value}, null)`;
    const counted = "count(*) filter (done and replies is not null)";
    const sql = `${tickets} select agent_name, count(*) as tickets,
        ${from120("count(reply)", "median(reply)")} as first_response_minutes_median,
        ${from120(counted, `count(*) filter (done and replies = 1) / ${counted}`)} as one_touch_rate,
        count(score) as ratings, ${from120("count(score)", "count(*) filter (score >= 4) / count(score)")} as csat
      from told group by 1`;
    const keys = ["agent_name", "tickets", "first_response_minutes_median", "one_touch_rate", "ratings", "csat"];
    const rows = await expected(source, sql);
    expect(rows.some((row) => row.csat === null) && rows.some((row) => row.csat !== null)).toBe(true);
    expect(differences(answers.get("agents"), rows, keys)).toEqual([]);
  });
});

describe.skipIf(!isThere)("support_tickets_8469, which tells of no creation but a day", () => {
  const source = "support_tickets_8469/customer_support_tickets.csv";
  const files = {
    "aftersight.yml": "{}\n",
    "desk/tickets.mapping.yml": `
entity: tickets
system: desk
files: tickets.csv
time_zone: UTC
columns:
  ticket_id: Ticket ID
  created_at: Date of Purchase
  customer_ref: Customer Email
  channel: Ticket Channel
  status: Ticket Status
  first_replied_at: First Response Time
  solved_at: Time to Resolution
`,
    "desk/surveys.mapping.yml": `
entity: survey_responses
system: desk
files: tickets.csv
time_zone: UTC
columns:
  survey_response_id: Ticket ID
  ticket_id: Ticket ID
  customer_ref: Customer Email
  scale: { constant: "1-5" }
  score: Customer Satisfaction Rating
  sent_at: Date of Purchase
`,
  };
  const service = {
    tickets: "count(*)",
    answered_tickets: `count("First Response Time")`,
    awaiting_first_reply: `count(*) filter ("First Response Time" is null and "Ticket Status" <> 'Closed')`,
    solved_tickets: `count(*) filter ("Ticket Status" = 'Closed')`,
    open_tickets: `count(*) filter ("Ticket Status" <> 'Closed')`,
    first_responses: "0",
    first_response_minutes_median: "null",
    first_response_business_minutes_median: "null",
    replies_due: "0",
    response_rate_24h: "null",
    handlings_due: "0",
    handled_rate_24h: "null",
    resolution_minutes_median: "null",
    one_touch_rate: "null",
    reopen_rate: "null",
  };
  const rating = `try_cast("Customer Satisfaction Rating" as double)`;
  const satisfaction = {
    ratings: `count(${rating})`,
    csat: `count(*) filter (${rating} >= 4) / count(${rating})`,
    mean_score: `avg(${rating})`,
    survey_response_rate: `count(${rating}) / count(*)`,
  };
  const answers = new Map<string, Row[]>();
  beforeAll(async () => {
    await published(source, files, async (ask) => {
      answers.set("service", await ask("service", Object.keys(service)));
      answers.set("satisfaction", await ask("satisfaction", Object.keys(satisfaction)));
    });
  });
  afterAll(() => answers.clear());

  test.each([
    ["service", service],
    ["satisfaction", satisfaction],
  ])("%s: what cannot be computed is empty, not 0", async (view, measures) => {
    const keys = Object.keys(measures);
    const sql = `select ${Object.entries(measures)
      .map(([name, text]) => `${text} as ${name}`)
      .join(", ")} from raw`;
    expect(differences(answers.get(view), await expected(source, sql), keys)).toEqual([]);
  });
});
