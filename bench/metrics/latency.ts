// How long one question takes alone: by hand, through Cube without its cache, again with it.
import type { Query } from "@cubejs-client/core";
import type { CubeService } from "../../cube/server/cube-service.ts";
import type { Connection } from "../../cube/server/with-cube.ts";
import type { BenchQuery } from "./queries.ts";

const ROUNDS = 9;
const OTHER_ZONES = ["America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo"];

/** Medians in milliseconds. */
export interface Latency {
  readonly name: string;
  readonly rows: number;
  readonly byHand: number;
  /** The SQL Cube makes of the question, run as that by hand is. */
  readonly cubeSql: number;
  readonly uncached: number;
  readonly repeated: number;
}

export async function measureLatency(
  service: CubeService,
  cube: Connection,
  { name, query, sql }: BenchQuery,
): Promise<Latency> {
  const made = await sqlOf(service, query);
  const run = (text: string) => () =>
    service.snapshots.current.use(async (connection) => {
      await connection.runAndReadAll(text);
    });
  const answer = await ask(cube, query, "no-cache");
  return {
    name,
    rows: answer,
    byHand: await median(run(sql)),
    cubeSql: await median(run(made)),
    uncached: await median(() => ask(cube, query, "no-cache")),
    repeated: await median(() => ask(cube, query, "stale-if-slow")),
  };
}

/** Uncached time in three other zones over that in the reporting zone, per query: the mean of the three. */
export async function measureZones(cube: Connection, queries: readonly BenchQuery[]): Promise<number[]> {
  const ratios: number[] = [];
  for (const { query } of queries) {
    const own = await median(() => ask(cube, query, "no-cache"));
    let others = 0;
    for (const timezone of OTHER_ZONES) others += await median(() => ask(cube, { ...query, timezone }, "no-cache"));
    ratios.push(others / OTHER_ZONES.length / own);
  }
  return ratios;
}

/** Milliseconds until all are answered, asked at once, none of them cached. */
export async function firstPage(cube: Connection, queries: readonly Query[]): Promise<number> {
  const start = performance.now();
  await Promise.all(queries.map((query) => ask(cube, query, "stale-if-slow")));
  return performance.now() - start;
}

type CacheMode = "no-cache" | "stale-if-slow";

/** Rows of the answer, as a page gets it. */
async function ask({ url, token }: Connection, query: Query, cache: CacheMode): Promise<number> {
  for (;;) {
    const response = await fetch(`${url}/load`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, cache }),
    });
    const answer = (await response.json()) as { error?: string; data?: unknown[] };
    if (answer.error === "Continue wait") continue;
    if (!answer.data) throw new Error(`${answer.error}: ${JSON.stringify(query)}`);
    return answer.data.length;
  }
}

async function sqlOf(service: CubeService, query: Query): Promise<string> {
  const compiler = await service.server.core.getCompilerApi({ securityContext: {}, requestId: "bench" });
  const filters = (query.filters ?? []).map((filter) => ({ ...filter }));
  const order = Object.entries(query.order ?? {}).map(([id, way]) => ({ id, desc: way === "desc" }));
  const compiled = await compiler.getSql({ ...query, filters, order, timezone: "UTC" } as never);
  const [sql, values] = (compiled as unknown as { sql: [string, unknown[]] }).sql;
  let next = 0;
  return sql.replaceAll("?", () => `'${String(values[next++])}'`);
}

async function median(work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
}
