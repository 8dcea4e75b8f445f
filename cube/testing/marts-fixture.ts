// A small published snapshot with every mart of the contract, for tests of whoever reads snapshots: 60 days of a made-up seller, 8
// products, every case a measure has to tell apart. Values come from the row number, never from chance: every run builds the same.
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { queryRows, sqlString, withDuckDB } from "../../shared/duckdb.ts";
import { moveIntoPlace, writeFileAtomic } from "../../shared/files.ts";

export interface MartsFixture {
  /** Larger is newer. */
  readonly version: number;
  /** File name stem, e.g. `20260305T060000000Z`. */
  readonly versionName: string;
  readonly file: string;
}

/** A mart reads those before it; `fixture` (one row) gives the version. */
const MARTS = [
  "products",
  "orders",
  "customers",
  "order_items",
  "shipments",
  "lanes",
  "open_shipments",
  "carrier_events",
  "returns",
  "product_days",
  "repurchase_occasions",
  "tickets",
  "survey_responses",
  "agent_cases",
  "agents",
  "service_days",
  "anomaly_series",
  "anomaly_points",
  "anomalies",
  "source_freshness",
  "quarantine",
  "snapshot",
];

/** The n-th version: its number, and a name that sorts by it. */
export function fixtureVersion(directory: string, n: number): MartsFixture {
  const versionName = `20260305T0600${String(n).padStart(5, "0")}Z`;
  return { version: 1_772_690_400_000 + n, versionName, file: path.join(directory, `${versionName}.duckdb`) };
}

/** Writes the n-th version as the pipeline would, but doesn't point `current` to it. `extraSql` may change the marts. */
export async function buildMartsFixture(directory: string, n = 1, extraSql = ""): Promise<MartsFixture> {
  const fixture = fixtureVersion(directory, n);
  await mkdir(directory, { recursive: true });
  const unfinished = path.join(directory, `.${fixture.versionName}.building`);
  const marts = await Promise.all(
    MARTS.map((mart) => readFile(path.join(import.meta.dirname, "fixture", `${mart}.sql`), "utf8")),
  );
  await withDuckDB(unfinished, { threads: 1 }, async (connection) => {
    const name = sqlString(fixture.versionName);
    await connection.run(
      `create table fixture as select ${fixture.version}::bigint as version, ${name} as version_name`,
    );
    await connection.run(`${marts.join("\n")}\n${extraSql}`);
    await connection.run("checkpoint");
  });
  await moveIntoPlace(unfinished, fixture.file);
  return fixture;
}

/** Points `current` to a version. */
export async function pointTo(directory: string, versionName: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFileAtomic(path.join(directory, "current"), `${versionName}\n`);
}

/** Builds the n-th version and publishes it. */
export async function publishMartsFixture(directory: string, n = 1, extraSql = ""): Promise<MartsFixture> {
  const fixture = await buildMartsFixture(directory, n, extraSql);
  await pointTo(directory, fixture.versionName);
  return fixture;
}

/** Rows of SQL run on a fixture, apart from the product's own way to it. */
export function fixtureRows(file: string, sql: string): Promise<Record<string, unknown>[]> {
  return withDuckDB(file, { readOnly: true, threads: 1 }, (connection) => queryRows(connection, sql));
}
