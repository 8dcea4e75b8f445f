// A demo written once for a test file and read back with DuckDB, apart from the code that wrote it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import { writeDemo, type DemoOptions } from "./demo.ts";
import type { Truth } from "./truth.ts";

export interface WrittenDemo {
  readonly folder: string;
  readonly truth: Truth;
  /** Rows of a query over the files; `{dir}` stands for the demo's folder. */
  rows<Row = Record<string, unknown>>(sql: string): Promise<Row[]>;
  remove(): Promise<void>;
}

export async function writtenDemo(options: Omit<DemoOptions, "out">): Promise<WrittenDemo> {
  const parent = await mkdtemp(path.join(tmpdir(), "aftersight-demo-"));
  const folder = path.join(parent, "inbox");
  const truth = await writeDemo({ ...options, out: folder });
  return {
    folder,
    truth,
    rows: (sql) =>
      withDuckDB(":memory:", { threads: 2 }, (connection) => queryRows(connection, sql.replaceAll("{dir}", folder))),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}

/** Readers of the demo's files, all columns as text. */
export const READ = {
  shopify: `read_csv('{dir}/shopify/*.csv', all_varchar = true, quote = '"', escape = '"', strict_mode = true, parallel = false)`,
  amazonOrders: `read_csv('{dir}/amazon_orders/*.txt', all_varchar = true, delim = '\t', quote = '', escape = '', null_padding = true, header = true)`,
  fbaUtf8: `read_csv(['{dir}/amazon_fba_returns/*_na_*.txt', '{dir}/amazon_fba_returns/*_eu_*.txt'], all_varchar = true, delim = '\t', quote = '', escape = '', header = true, null_padding = true)`,
  shopReturns: `read_csv('{dir}/shop_returns/*.csv', all_varchar = true, delim = ';', quote = '"', header = true)`,
  surveys: `read_csv('{dir}/surveys/*.csv', all_varchar = true, quote = '"', header = true)`,
  tickets: `(select unnest(tickets) as ticket from read_json('{dir}/zendesk/incremental_tickets_*.json', columns = {tickets: 'JSON[]'}, maximum_object_size = 200000000))`,
  ratings: `(select unnest(satisfaction_ratings) as rating from read_json('{dir}/zendesk/satisfaction_ratings_*.json', columns = {satisfaction_ratings: 'JSON[]'}, maximum_object_size = 200000000))`,
  trackings: `(select unnest(data.trackings) as tracking from read_json('{dir}/aftership/*.json', columns = {data: 'STRUCT(trackings JSON[])'}, maximum_object_size = 200000000))`,
} as const;
