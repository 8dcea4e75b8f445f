// The server as a browser and a stranger meet it.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import os from "node:os";
import path from "node:path";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { API_SECRET_NAME, issueToken, SESSION_SECONDS, signingKey } from "../cube/server/auth.ts";
import { publishMartsFixture } from "../cube/testing/marts-fixture.ts";
import { dataDirectory, PROJECT_ROOT } from "../shared/data-directory.ts";
import { AppError } from "../shared/errors.ts";
import { secret } from "../shared/secrets.ts";
import { startServer, type RunningServer } from "./start-server.ts";

const PAGE = "<!doctype html><title>Aftersight</title>";

let folder: string;
let dataDir: string;
let dashboardDirectory: string;
let server: RunningServer;
const said: string[] = [];

async function start(more: Partial<Parameters<typeof startServer>[0]> = {}): Promise<RunningServer> {
  const say = (line: string) => void said.push(line);
  return startServer({
    dataDir,
    dashboardDirectory,
    port: 0,
    host: "127.0.0.1",
    pollMs: 50,
    print: say,
    warn: say,
    ...more,
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "server-"));
  dataDir = path.join(folder, "data");
  dashboardDirectory = path.join(folder, "dist");
  await mkdir(path.join(dashboardDirectory, "assets"), { recursive: true });
  await writeFile(path.join(dashboardDirectory, "index.html"), PAGE);
  await writeFile(path.join(dashboardDirectory, "assets", "index-4f2a.js"), "export {};");
  await publishMartsFixture(path.join(dataDir, "published"));
  server = await start();
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const at = (route: string, { port } = server) => `http://localhost:${port}${route}`;

async function newSession(from = server): Promise<string> {
  const response = await fetch(at("/", from));
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

describe("pages", () => {
  test("the page comes fresh, with a session cookie no script can read", async () => {
    const response = await fetch(at("/"));
    expect(await response.text()).toBe(PAGE);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const cookie = response.headers.get("set-cookie");
    expect(cookie).toMatch(
      /^aftersight_session=[\w-]+\.[\w-]+\.[\w-]+; Max-Age=43200; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/,
    );
  });

  test("a session that is still fresh is kept, an old or forged one replaced", async () => {
    const key = signingKey(await secret(dataDirectory(dataDir), API_SECRET_NAME));
    const cookieAfter = async (token: string) =>
      (await fetch(at("/"), { headers: { Cookie: `aftersight_session=${token}` } })).headers.get("set-cookie");
    expect(await cookieAfter(issueToken(key, "session", SESSION_SECONDS))).toBeNull();
    expect(await cookieAfter(issueToken(key, "session", SESSION_SECONDS / 2 - 60))).toContain("aftersight_session=");
    expect(await cookieAfter("forged")).toContain("aftersight_session=");
  });

  test.each(["/returns", "/products/SKU-1", "/index.html"])("%s is a page of the dashboard", async (route) => {
    expect(await (await fetch(at(route))).text()).toBe(PAGE);
  });

  test.each(["/api/nothing", "/assets/gone.js", "/gone.png", "/cubejs-api/v1/nothing"])(
    "%s is no page",
    async (route) => {
      const response = await fetch(at(route), { headers: { Cookie: await newSession() } });
      expect(response.status).toBe(404);
      expect(await response.text()).not.toBe(PAGE);
    },
  );

  test("hashed assets may be kept for a year", async () => {
    const response = await fetch(at("/assets/index-4f2a.js"));
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  });

  test("files outside the dashboard can't be reached", async () => {
    for (const route of [
      "/..%2f..%2fdata/state/secrets.json",
      "/%2e%2e/data/state/secrets.json",
      "/assets/..%2f..%2fdata%2fstate%2fsecrets.json",
    ]) {
      expect(`${route}: ${await (await fetch(at(route))).text()}`).not.toContain(API_SECRET_NAME);
    }
  });

  test("the browser is told to load nothing from elsewhere", async () => {
    const { headers } = await fetch(at("/"));
    const policy = headers.get("content-security-policy");
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-powered-by")).toBeNull();
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  test("a dashboard that was not built is said, not a blank page", async () => {
    const bare = await start({ dashboardDirectory: path.join(folder, "nowhere") });
    try {
      const response = await fetch(at("/", bare));
      expect(response.status).toBe(503);
      expect(await response.text()).toContain("The dashboard has not been built");
    } finally {
      await bare.close();
    }
  });
});

describe("data", () => {
  const query = encodeURIComponent(JSON.stringify({ measures: ["service.tickets"] }));
  const routes = ["/api/status", "/api/definitions", `/cubejs-api/v1/load?query=${query}`, "/cubejs-api/v1/meta"];

  test.each(routes)("%s needs a session", async (route) => {
    const key = signingKey("f".repeat(64));
    const asked = [
      {},
      { Cookie: "aftersight_session=x" },
      { Authorization: `Bearer ${issueToken(key, "session", 60)}` },
    ];
    for (const headers of asked as Record<string, string>[])
      expect((await fetch(at(route), { headers })).status).toBe(401);
    expect((await fetch(at(route), { headers: { Cookie: await newSession() } })).status).toBe(200);
  });

  test("the examples of cube/README.md answer with a session, over REST and GraphQL alike", async () => {
    const readme = await readFile(path.join(PROJECT_ROOT, "cube", "README.md"), "utf8");
    const examples = [...readme.matchAll(/localhost:4000(\/cubejs-api\S+) .*? -d '(.*?)'\n/gs)];
    const ask = async (headers: Record<string, string>) =>
      Promise.all(
        examples.map(async ([, route = "", body = ""]) => {
          const response = await fetch(at(route), {
            method: "POST",
            headers: { "Content-Type": "application/json", ...headers },
            body,
          });
          return { status: response.status, body: (await response.json()) as unknown };
        }),
      );
    expect((await ask({})).map(({ status }) => status)).toEqual([401, 401]);
    const [rest, graphql] = (await ask({ Cookie: await newSession() })).map(({ body }) => body);
    type Row = Record<string, string | number>;
    const restRows = (rest as { data: Row[] }).data;
    const graphqlRows = (graphql as { data: { cube: { product_returns: Row }[] } }).data.cube;
    const text = (row: Row, prefix = "") =>
      ["market", "returns", "return_requests"].map((member) => String(row[prefix + member])).join(" ");
    expect(restRows.length).toBeGreaterThan(1);
    expect(graphqlRows.map((row) => text(row.product_returns)).sort()).toEqual(
      restRows.map((row) => text(row, "product_returns.")).sort(),
    );
  });

  test("the status tells what is served", async () => {
    const status = await (await fetch(at("/api/status"), { headers: { Cookie: await newSession() } })).json();
    expect(status).toEqual({
      version: 1_772_690_400_001,
      versionName: "20260305T060000001Z",
      builtAt: "2026-03-05T06:00:00Z",
      dataCompleteTo: "2026-02-25T12:00:00",
      reportingTimeZone: "Europe/Berlin",
      reportingCurrency: "USD",
      weekStart: "monday",
      sellerName: "Fixture seller",
      isDemo: true,
      servedSince: expect.stringMatching(/^\d{4}-.*Z$/),
      switchError: null,
      pipeline: null,
    });
  });

  test("definition cards come in the language asked for", async () => {
    const cards = async (query: string) => {
      const response = await fetch(at(`/api/definitions${query}`), { headers: { Cookie: await newSession() } });
      return { status: response.status, body: (await response.json()) as { id: string; name: string }[] };
    };
    const nameOf = ({ body }: { body: { id: string; name: string }[] }) =>
      body.find(({ id }) => id === "service.response_rate_24h")?.name;
    expect(nameOf(await cards("?lang=en"))).toBe("24-hour response rate");
    expect(nameOf(await cards("?lang=zh"))).toBe("24 小时响应率");
    expect((await cards("?lang=xx")).status).toBe(400);
  });

  test.each(["/livez", "/readyz"])("%s answers without a session", async (route) => {
    const response = await fetch(at(route));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ health: "HEALTH" });
  });
});

describe("Host", () => {
  const askAs = (host: string, port = server.port) =>
    new Promise<number>((resolve, reject) => {
      request({ port, host: "127.0.0.1", path: "/", headers: { Host: host } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on("error", reject)
        .end();
    });

  test.each(["localhost", "localhost:4000", "127.0.0.1:4000", "[::1]:4000", "LOCALHOST"])(
    "%s is this machine",
    async (host) => {
      expect(await askAs(host)).toBe(200);
    },
  );

  test.each([
    "evil.example",
    "evil.example:4000",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "[evil]",
    "localhost@evil",
  ])("%s is refused", async (host) => {
    expect(await askAs(host)).toBe(403);
  });

  test("an address given by --host is served, with a warning that there is no sign-in", async () => {
    said.length = 0;
    const open = await start({ host: "0.0.0.0" });
    try {
      expect(said.join("\n")).toContain("there is no sign-in");
      expect(await askAs(os.hostname(), open.port)).toBe(200);
      expect(await askAs("evil.example", open.port)).toBe(403);
    } finally {
      await open.close();
    }
  });
});

test("without published data everything says so, and recovers by itself", async () => {
  const empty = await start({ dataDir: path.join(folder, "empty") });
  try {
    const headers = { Cookie: await newSession(empty) };
    for (const route of ["/api/status", "/cubejs-api/v1/meta", "/readyz"]) {
      const response = await fetch(at(route, empty), { headers });
      expect([route, response.status]).toEqual([route, 503]);
      expect(await response.json()).toMatchObject({
        error: expect.stringContaining("no data"),
        advice: expect.stringContaining("npm start -- --demo"),
      });
    }
    expect((await fetch(at("/", empty))).status).toBe(200);

    await publishMartsFixture(path.join(folder, "empty", "published"));
    const deadline = Date.now() + 45_000;
    let status = 503;
    while (status === 503 && Date.now() < deadline) {
      await sleep(50);
      status = (await fetch(at("/api/status", empty), { headers })).status;
    }
    expect(status).toBe(200);
    expect((await fetch(at("/cubejs-api/v1/meta", empty), { headers })).status).toBe(200);
  } finally {
    await empty.close();
  }
});

test("a busy port is named, with what to do", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  try {
    const failure = await start({ port }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(AppError);
    expect((failure as AppError).message).toContain(String(port));
    expect((failure as AppError).advice).toContain("--port");
  } finally {
    other.close();
  }
});

test("stopping lets a running request finish", async () => {
  const stopping = await start();
  const headers = { Cookie: await newSession(stopping) };
  const slow = stopping.service.snapshots.current.use((connection) =>
    connection.run("select sum(a.range * b.range) from range(30000) a, range(10000) b"),
  );
  const filters = [{ member: "service.subject", operator: "notEquals", values: ["unasked before"] }];
  const query = JSON.stringify({ measures: ["service.tickets"], filters });
  const answer = fetch(at(`/cubejs-api/v1/load?query=${encodeURIComponent(query)}`, stopping), { headers });
  await sleep(30);
  const closed = stopping.close();
  expect((await answer).status).toBe(200);
  await slow;
  await closed;
  await expect(fetch(at("/livez", stopping))).rejects.toThrow("fetch failed");
});
