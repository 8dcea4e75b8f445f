// Many people looking at once: pages of eight tiles, a page every ten seconds each, some with filters nobody has used before.
import { createInterface } from "node:readline";
import { spawn, type ChildProcess } from "node:child_process";
import type { Query } from "@cubejs-client/core";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { freePort } from "../../shared/free-port.ts";
import { overviewQueries, type Year } from "./queries.ts";

const PAGE_EVERY_MS = 10_000;
const TILES = 8;
const MARKETS = ["DE", "US", "GB", "FR", "JP"];

export interface UsersOptions {
  readonly users: number;
  readonly seconds: number;
  /** Share of pages with a period nobody has asked for yet. */
  readonly unseen: number;
}

export interface UsersResult extends UsersOptions {
  readonly pages: number;
  readonly errors: number;
  /** Milliseconds. */
  readonly tileP50: number;
  readonly tileP95: number;
  readonly pageP95: number;
}

/** The product's own server in a process of its own, as `npm start` runs it. */
export async function startServerProcess(dataDir: string): Promise<{ url: string; child: ChildProcess }> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "server/main.ts", "--data-dir", dataDir, "--port", String(port)],
    { cwd: PROJECT_ROOT, env: { ...process.env, UV_THREADPOOL_SIZE: "16" }, stdio: ["ignore", "pipe", "inherit"] },
  );
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}`)));
    lines.on("line", (line) => line.includes(String(port)) && resolve());
  });
  return { url: `http://127.0.0.1:${port}`, child };
}

export async function measureUsers(url: string, token: string, end: string, how: UsersOptions): Promise<UsersResult> {
  const tiles: number[] = [];
  const pages: number[] = [];
  let errors = 0;
  const until = performance.now() + how.seconds * 1000;
  let seed = 1;
  // A generator of its own, so that each run asks the same.
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const page = async () => {
    const start = performance.now();
    await Promise.all(
      pageOf(end, random, how.unseen).map(async (query) => {
        const began = performance.now();
        const isAnswered = await load(url, token, query).catch(() => false);
        if (!isAnswered) errors += 1;
        tiles.push(performance.now() - began);
      }),
    );
    pages.push(performance.now() - start);
  };
  const user = async () => {
    await sleep(random() * PAGE_EVERY_MS);
    while (performance.now() < until) {
      const start = performance.now();
      await page();
      await sleep(Math.max(0, PAGE_EVERY_MS - (performance.now() - start)));
    }
  };
  await Promise.all(Array.from({ length: how.users }, user));
  return {
    ...how,
    pages: pages.length,
    errors,
    tileP50: quantile(tiles, 0.5),
    tileP95: quantile(tiles, 0.95),
    pageP95: quantile(pages, 0.95),
  };
}

/** Eight tiles of the overview, of one of twelve common views or of a period of its own. */
function pageOf(end: string, random: () => number, unseen: number): Query[] {
  const isUnseen = random() < unseen;
  const length = isUnseen ? 20 + Math.floor(random() * 300) : [28, 90][Math.floor(random() * 2)]!;
  const shift = isUnseen ? Math.floor(random() * 60) : 0;
  const market = Math.floor(random() * (MARKETS.length + 1));
  const filters =
    market === MARKETS.length ? [] : [{ member: "market", operator: "equals" as const, values: [MARKETS[market]!] }];
  const last = periodBefore(end, shift, length);
  const queries = overviewQueries(last, periodBefore(end, shift + length, length), filters);
  const first = Math.floor(random() * (queries.length - TILES + 1));
  return queries.slice(first, first + TILES);
}

/** `length` days that end `shift` days before `end`. */
export function periodBefore(end: string, shift: number, length: number): Year {
  const day = (back: number) => new Date(Date.parse(end) - back * 86_400_000).toISOString().slice(0, 10);
  return { from: day(shift + length - 1), to: day(shift) };
}

async function load(url: string, token: string, query: Query): Promise<boolean> {
  for (;;) {
    const response = await fetch(`${url}/cubejs-api/v1/load`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    const answer = (await response.json()) as { error?: string; data?: unknown[] };
    if (answer.error !== "Continue wait") return response.ok && answer.data !== undefined;
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
