// What a number costs: Cube beside SQL by hand on the same published version, other zones, a first page, many users.
import { mkdtemp, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { API_SECRET_NAME, issueToken, signingKey } from "../../cube/server/auth.ts";
import { CubeService } from "../../cube/server/cube-service.ts";
import { connectTo, type Connection } from "../../cube/server/with-cube.ts";
import { dataDirectory } from "../../shared/data-directory.ts";
import { queryRows } from "../../shared/duckdb.ts";
import { AppError } from "../../shared/errors.ts";
import { secret } from "../../shared/secrets.ts";
import { writeSection } from "../section.ts";
import { firstPage, measureLatency, measureZones, type Latency } from "./latency.ts";
import { benchQueries, overviewQueries } from "./queries.ts";
import { measureUsers, periodBefore, startServerProcess, type UsersResult } from "./users.ts";

const HEADING = "## Metrics";
const TOKEN_SECONDS = 3600;

interface Scene {
  readonly rows: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly end: string;
  readonly latencies: readonly Latency[];
  readonly zones: readonly number[];
  readonly firstPageMs: number;
  readonly users: readonly UsersResult[];
}

/** `npm run bench -- metrics --data DIR`: on the version that this data folder serves (default: the project's own). */
export async function reportMetrics(report: (line: string) => void, args: readonly string[]): Promise<string> {
  const { values } = parseArgs({ args: [...args], options: { data: { type: "string" }, seconds: { type: "string" } } });
  const data = dataDirectory(values.data);
  const key = signingKey(await secret(data, API_SECRET_NAME));
  const temporaryDirectory = await mkdtemp(path.join(os.tmpdir(), "bench-metrics-"));
  const service = await CubeService.create({ publishedDirectory: data.published, temporaryDirectory, key });
  let scene: Omit<Scene, "users">;
  try {
    if (!service.snapshots.served)
      throw new AppError(`Nothing is published in ${data.published}`, { advice: "Run the pipeline first." });
    scene = await measureAlone(service, await connectTo(service, key), data.published, report);
  } finally {
    await service.close();
    await rm(temporaryDirectory, { recursive: true, force: true });
  }
  const seconds = Number(values.seconds ?? 60);
  const users = await measureCrowds(data.root, issueToken(key, "service", TOKEN_SECONDS), scene.end, seconds, report);
  const section = describe({ ...scene, users });
  await writeSection(HEADING, section);
  return section;
}

async function measureAlone(
  service: CubeService,
  cube: Connection,
  published: string,
  report: (line: string) => void,
): Promise<Omit<Scene, "users">> {
  const snapshot = service.snapshots.current;
  const ask = <Row>(sql: string) => snapshot.use((connection) => queryRows<Row>(connection, sql));
  const [last] = await ask<{ day: string }>("select max(ordered_at_local)::date::varchar as day from orders");
  const end = last?.day ?? "";
  const rows: Record<string, number> = {};
  for (const mart of ["orders", "order_items", "tickets", "shipments", "carrier_events", "returns"]) {
    rows[mart] = Number((await ask<{ n: number }>(`select count(*) as n from ${mart}`))[0]?.n);
  }
  // Before anything else is asked: what the first visitor of a new version waits for.
  const firstPageMs = await firstPage(cube, overviewQueries(periodBefore(end, 0, 90), periodBefore(end, 90, 90)));
  report(`first page: ${firstPageMs.toFixed(0)} ms`);
  const queries = benchQueries(periodBefore(end, 0, 365));
  const latencies: Latency[] = [];
  for (const query of queries) {
    const latency = await measureLatency(service, cube, query);
    latencies.push(latency);
    const { name, byHand, cubeSql, uncached, repeated } = latency;
    report(
      `${name}: by hand ${ms(byHand)}, Cube's SQL ${ms(cubeSql)}, uncached ${ms(uncached)}, repeated ${ms(repeated)}`,
    );
  }
  const zones = await measureZones(cube, queries);
  report(`other zones: ${zones.map((ratio) => ratio.toFixed(2)).join(", ")}`);
  const file = path.join(published, `${service.snapshots.served?.versionName}.duckdb`);
  return { rows, bytes: (await stat(file)).size, end, latencies, zones, firstPageMs };
}

async function measureCrowds(
  dataDir: string,
  token: string,
  end: string,
  seconds: number,
  report: (line: string) => void,
): Promise<UsersResult[]> {
  const { url, child } = await startServerProcess(dataDir);
  try {
    const results: UsersResult[] = [];
    for (const how of [
      { users: 100, seconds, unseen: 0 },
      { users: 50, seconds, unseen: 0.3 },
    ]) {
      // The common pages have been looked at before.
      await measureUsers(url, token, end, { users: 20, seconds: 12, unseen: 0 });
      const result = await measureUsers(url, token, end, how);
      report(
        `${how.users} users: tile P95 ${ms(result.tileP95)}, page P95 ${ms(result.pageP95)}, ${result.errors} errors`,
      );
      results.push(result);
    }
    return results;
  } finally {
    child.kill("SIGTERM");
  }
}

const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const bold = (text: string, isMissed: boolean): string => (isMissed ? `**${text}**` : text);
const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function describe({ rows, bytes, end, latencies, zones, firstPageMs, users }: Scene): string {
  const overhead = middle(latencies.filter((each) => each.rows < 1000).map((each) => each.uncached - each.cubeSql));
  const repeated = middle(latencies.map((each) => each.repeated));
  const zone = middle(zones);
  const size = Object.entries(rows).map(([mart, count]) => `${mart} ${count.toLocaleString("en")}`);
  const lines = latencies.map(
    (each) =>
      `| ${each.name} | ${each.rows} | ${ms(each.byHand)} | ${ms(each.cubeSql)} | ${bold((each.cubeSql / each.byHand).toFixed(2), each.byHand > 20 && each.cubeSql > 1.15 * each.byHand)} | ${ms(each.uncached)} | ${ms(each.repeated)} |`,
  );
  const crowds = users.map(
    (each) =>
      `| ${each.users} | ${(100 * each.unseen).toFixed(0)} % | ${each.pages} | ${ms(each.tileP50)} | ${ms(each.tileP95)} | ${bold(ms(each.pageP95), each.pageP95 > (each.unseen > 0 ? 1000 : 300))} | ${bold(String(each.errors), each.errors > 0)} |`,
  );
  return `${HEADING}

\`npm run bench -- metrics --data DIR\` writes this section: one run on ${os.cpus().length} cores (${os.cpus()[0]?.model ?? "unknown"}), Node ${process.versions.node}, load average ${os.loadavg()[0]?.toFixed(1)}.
Data by the demo's generator up to ${end}: ${size.join(", ")}; ${(bytes / 1e9).toFixed(2)} GB. Medians of 9 rounds over a year; **bold**: the target is missed.

| against the targets | figure |
|---|---|
| Cube's own time, uncached, answers under 1,000 rows, median (≤ 12 ms) | ${bold(ms(overhead), overhead > 12)} |
| repeated, median (≤ 4 ms) | ${bold(ms(repeated), repeated > 4)} |
| three other time zones ÷ the reporting zone, median (≤ 1.3) | ${bold(zone.toFixed(2), zone > 1.3)} |
| the overview's ${overviewQueries({ from: end, to: end }, { from: end, to: end }).length} questions at once, nothing cached (≤ 400 ms) | ${bold(ms(firstPageMs), firstPageMs > 400)} |

| question | rows | by hand | Cube's SQL | ÷ by hand | uncached | repeated |
|---|---|---|---|---|---|---|
${lines.join("\n")}

People who open a page of eight tiles every ten seconds, the server and they on the same cores (tile P95 ≤ 150 ms and page P95 ≤ 300 ms at 100; page P95 ≤ 1 s at 50 with new filters):

| users | pages nobody asked for before | pages | tile P50 | tile P95 | page P95 | errors |
|---|---|---|---|---|---|---|
${crowds.join("\n")}
`;
}
