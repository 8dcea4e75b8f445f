// The open side: every example of docs/api.md as it stands, then what it doesn't show.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { API_SECRET_NAME, issueToken, signingKey } from "../cube/server/auth.ts";
import { ALL_SEEING, type Claims } from "../cube/server/claims.ts";
import { fixtureRows, publishMartsFixture } from "../cube/testing/marts-fixture.ts";
import { dataDirectory, PROJECT_ROOT } from "../shared/data-directory.ts";
import { secret } from "../shared/secrets.ts";
import { startServer, type RunningServer } from "./start-server.ts";

const run = promisify(execFile);
let folder: string;
let fixture: string;
let server: RunningServer;
let key: ReturnType<typeof signingKey>;

/** Cells that a spreadsheet would run, quote or split. */
const AWKWARD = `update tickets set subject = '=HYPERLINK("http://x")' where ticket_id = 'T1';
  update tickets set subject = 'a, "b"' || chr(10) || 'c' where ticket_id = 'T2';
  update tickets set subject = '尺码偏小' where ticket_id = 'T3';`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "api-"));
  fixture = (await publishMartsFixture(path.join(folder, "data", "published"), 1, AWKWARD)).file;
  const dataDir = path.join(folder, "data");
  const dashboardDirectory = path.join(folder, "dist");
  await mkdir(dashboardDirectory);
  await writeFile(path.join(dashboardDirectory, "index.html"), "<!doctype html><title>Aftersight</title>");
  const quiet = { print: () => {}, warn: () => {} };
  server = await startServer({ dataDir, dashboardDirectory, port: 0, host: "127.0.0.1", ...quiet });
  key = signingKey(await secret(dataDirectory(dataDir), API_SECRET_NAME));
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function send(method: string, route: string, body?: unknown, claims: Claims = ALL_SEEING) {
  const response = await fetch(`http://localhost:${server.port}${route}`, {
    method,
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${issueToken(key, "session", 60, claims)}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  // Text() would take the byte order mark away.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, text };
}

describe("docs/api.md", () => {
  test("every example runs, in the order of the page", async () => {
    const page = await readFile(path.join(PROJECT_ROOT, "docs", "api.md"), "utf8");
    const examples = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code = ""]) => ({
      language,
      code: code.replaceAll("localhost:4000", `localhost:${server.port}`),
    }));
    expect(examples.map(({ language }) => language)).toEqual(["sh", "sh", "sh", "sh", "sh", "sh", "js"]);
    const outputs: string[] = [];
    for (const { language, code } of examples) {
      const { stdout } =
        language === "sh"
          ? await run("bash", ["-euc", code.replaceAll("curl -s", "curl -sS --fail-with-body")], { cwd: folder })
          : await run(process.execPath, ["--input-type=module", "--eval", code], { cwd: PROJECT_ROOT });
      outputs.push(stdout);
    }
    const [, answers = "", targets = "", , rest = "", graphql = "", client = ""] = outputs;
    expect((JSON.parse(answers) as { answers: { state: string }[] }).answers).toHaveLength(3);
    expect(targets).toContain('"kind":"target"');
    expect(targets).toContain('"new":{"value":0.95,"direction":"at_least"}');
    expect((JSON.parse(rest) as { data: object[] }).data.length).toBeGreaterThan(1);
    expect((JSON.parse(graphql) as { data: { cube: object[] } }).data.cube).toHaveLength(3);
    expect(client).toContain("service: ");

    const file = await readFile(path.join(folder, "tickets.csv"), "utf8");
    expect(file.startsWith("\uFEFF")).toBe(true);
    const rows = parse(file, { bom: true });
    const [counted] = await fixtureRows(
      fixture,
      "select count(*) as n from tickets where created_at_local >= '2026-01-01' and created_at_local < '2026-02-01'",
    );
    expect(rows.length - 1).toBe(counted?.n);
  });
});

describe("CSV", () => {
  const subjects = {
    dimensions: ["service.ticket_id", "service.subject", "service.created_at"],
    order: { "service.ticket_id": "asc" },
  };

  test("is RFC 4180 in UTF-8, formulas made text, times without a zone", async () => {
    const { status, headers, text } = await send("POST", "/api/csv", { query: subjects, name: "my-tickets" });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(headers.get("content-disposition")).toBe('attachment; filename="my-tickets.csv"');
    expect(text.startsWith("service.ticket_id,service.subject,service.created_at\r\n")).toBe(true);
    expect(text).toContain(`T1,"'=HYPERLINK(""http://x"")",2026-01-01T04:50:00.000\r\n`);
    const rows = parse(text, { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(400);
    expect(rows.find((row) => row["service.ticket_id"] === "T2")?.["service.subject"]).toBe('a, "b"\nc');
    expect(rows.find((row) => row["service.ticket_id"] === "T3")?.["service.subject"]).toBe("尺码偏小");
  });

  test("holds measures, buckets and titles, and a header where there are no rows", async () => {
    const query = {
      measures: ["service.tickets"],
      dimensions: ["service.market"],
      timeDimensions: [
        { dimension: "service.created_at", granularity: "month", dateRange: ["2026-01-01", "2026-01-31"] },
      ],
    };
    const { text } = await send("POST", "/api/csv", { query, header: "titles", bom: true });
    expect(text.startsWith("\uFEFFMarket,Created,Tickets\r\n")).toBe(true);
    const expected = await fixtureRows(
      fixture,
      `select market, count(*) as n from tickets where month(created_at_local) = 1 group by 1 order by 1`,
    );
    const rows = parse(text, { bom: true, from_line: 2 });
    expect(new Set(rows.map((row) => row.join(" ")))).toEqual(
      new Set(expected.map(({ market, n }) => `${String(market)} 2026-01-01T00:00:00.000 ${String(n)}`)),
    );

    const filters = [{ member: "service.market", operator: "equals", values: ["XX"] }];
    expect((await send("POST", "/api/csv", { query: { dimensions: ["service.market"], filters } })).text).toBe(
      "service.market\r\n",
    );
  });

  test("is cut and masked like every other answer", async () => {
    const german = await send(
      "POST",
      "/api/csv",
      { query: { dimensions: ["service.market"] } },
      { role: "viewer", markets: ["DE"] },
    );
    expect(german.text).toBe("service.market\r\nDE\r\n");
    const masked = await send("POST", "/api/csv", { query: { dimensions: ["service.subject"] } }, { role: "viewer" });
    expect(masked.text).toBe("service.subject\r\n\r\n");
    const closed = await send(
      "POST",
      "/api/csv",
      { query: { measures: ["sales.orders"] } },
      { role: "product", brands: ["Aria"] },
    );
    expect([closed.status, closed.text]).toEqual([403, expect.stringContaining("not open to you")]);
    const hidden = await send("POST", "/api/csv", { query: { dimensions: ["tickets.subject"] } });
    expect([hidden.status, hidden.text]).toEqual([400, expect.stringContaining("hidden member")]);
  });

  test.each([
    [{}, "query"],
    [{ query: {} }, "Query should contain"],
    [{ query: { measures: ["service.nothing"] } }, "service.nothing"],
    [{ query: { measures: ["service.tickets"] }, name: "../x" }, "letters, digits"],
    [
      {
        query: {
          measures: ["service.tickets"],
          timeDimensions: [
            {
              dimension: "service.created_at",
              compareDateRange: [
                ["2026-01-01", "2026-01-02"],
                ["2026-01-03", "2026-01-04"],
              ],
            },
          ],
        },
      },
      "compare or blend apart",
    ],
  ])("%j is refused in words", async (body, words) => {
    const { status, text } = await send("POST", "/api/csv", body);
    expect([status, text]).toEqual([400, expect.stringContaining(words)]);
  });

  test("two downloads of the same table at once are both whole, also beside one that is broken off", async () => {
    const [one, two] = await Promise.all([1, 2].map(() => send("POST", "/api/csv", { query: subjects })));
    expect(one?.text).toBe(two?.text);
    const abort = new AbortController();
    const response = await fetch(`http://localhost:${server.port}/api/csv`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${issueToken(key, "session", 60)}` },
      body: JSON.stringify({ query: { dimensions: ["carrier_scans.carrier_event_id", "carrier_scans.message"] } }),
      signal: abort.signal,
    });
    await response.body?.getReader().read();
    abort.abort();
    expect((await send("POST", "/api/csv", { query: { dimensions: ["service.market"] } })).status).toBe(200);
  });
});

describe("answers and targets", () => {
  test("an answer carries the target that holds", async () => {
    const ask = async () => {
      const { text } = await send("POST", "/api/answers", { measures: ["satisfaction.mean_score"] });
      return (JSON.parse(text) as { answers: { target: object | null }[] }).answers[0]?.target;
    };
    expect(await ask()).toEqual({ value: 4.8, direction: "at_least", kind: "target" });
    const changed = await send("PUT", "/api/targets/satisfaction.mean_score", {
      target: { value: 4.5, direction: "at_least" },
    });
    expect(JSON.parse(changed.text)).toMatchObject({ value: 4.5, origin: "own", changed_by: "local user" });
    expect(await ask()).toEqual({ value: 4.5, direction: "at_least", kind: "target" });
  });

  test.each([
    ["satisfaction.nothing", { target: null }, 404, "no figure satisfaction.nothing"],
    ["service.reopen_rate", { target: { value: 5, direction: "at_most" } }, 400, "from 0 to 1"],
    ["service.reopen_rate", { target: { value: "5", direction: "at_most" } }, 400, "No target"],
    ["service.reopen_rate", { target: { value: 0.1 } }, 400, "No target"],
    ["service.reopen_rate", {}, 400, "No target"],
  ])("a target of %s as %j is refused", async (measure, body, status, words) => {
    const answer = await send("PUT", `/api/targets/${measure}`, body);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(words)]);
  });

  test("only managers set targets", async () => {
    const body = { target: { value: 0.1, direction: "at_most" } };
    expect((await send("PUT", "/api/targets/service.reopen_rate", body, { role: "viewer" })).status).toBe(403);
  });

  test.each([
    [{ measures: [] }, "measures"],
    [{ measures: ["service.tickets"], dateRange: ["2026-02-01", "2026-01-01"] }, "the first day is after the last"],
    [{ measures: ["service.tickets"], dateRange: ["2026-02-31", "2026-03-01"] }, "dateRange"],
    [{ measures: ["service.tickets"], compare: "previous" }, "no dateRange to compare"],
    [{ measures: ["service.tickets"], filters: [{ member: "brand", operator: "like" }] }, "operator like"],
    [{ measures: ["service.tickets"], limit: 5 }, "limit"],
  ])("the question %j is refused in words", async (body, words) => {
    const { status, text } = await send("POST", "/api/answers", body);
    expect([status, text]).toEqual([400, expect.stringContaining(words)]);
  });

  test("`previous` is as many days, just before", async () => {
    const body = { measures: ["service.tickets"], dateRange: ["2026-02-01", "2026-02-10"], compare: "previous" };
    expect(JSON.parse((await send("POST", "/api/answers", body)).text)).toMatchObject({
      compared_with: ["2026-01-22", "2026-01-31"],
    });
  });
});
