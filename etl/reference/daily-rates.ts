// `rates.csv` of the inbox as a table of day rates in the reporting currency, ready to be joined by currency and day.
import path from "node:path";
import { rm } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlString } from "../../shared/duckdb.ts";
import { FileRefusedError, readText } from "../files/file-text.ts";
import type { InboxFile } from "../files/inbox-files.ts";
import { LineFile } from "../load/line-file.ts";
import { sqlPath } from "../load/raw-rows.ts";
import { readRates, type ReadRates } from "./read-rates.ts";

/** A day without a rate (a weekend, a holiday) takes the last one before it, up to so many days old. */
const DAYS_VALID = 7;
const LARGEST_FILE = 256 << 20;
const TOLD_PROBLEMS = 3;

/** Names of the rates file in the inbox's own folder. */
export function isRatesFile({ path: name }: Pick<InboxFile, "path">): boolean {
  return /^rates\.csv(?:\.gz)?$/i.test(name);
}

export interface RatesOptions {
  readonly connection: DuckDBConnection;
  /** Missing where the inbox has none. */
  readonly file: InboxFile | undefined;
  readonly reportingCurrency: string;
  readonly workFolder: string;
}

/**
 * Creates `staging.daily_rates(currency, date, rate)`: what one unit was worth in the reporting currency, a row for each day with a
 * rate or with one not older than a week; empty without a file. A currency and day that are not there have no rate: never 1.
 * Returns what the seller should know.
 *
 * @throws FileRefusedError when the file cannot be read or is no rates file; the table is then there, and empty.
 */
export async function createDailyRates(options: RatesOptions): Promise<string[]> {
  const { connection, file } = options;
  await connection.run("create or replace table staging.daily_rates (currency varchar, date date, rate double)");
  if (!file) return [];
  const { rates, problems } = readRates(await textOf(file));
  const lines = new LineFile(path.join(options.workFolder, `rates-${process.pid}.csv`));
  try {
    try {
      for (const { currency, day, perEuro } of rates) lines.write("", Buffer.from(`${currency},${day},${perEuro}`));
    } finally {
      lines.close();
    }
    if (rates.length > 0) await insertDays(options, lines);
  } finally {
    await rm(lines.path, { force: true });
  }
  return [...problemsTold(file, problems), ...(await reportingToldMissing(options, rates.length))];
}

async function textOf(file: InboxFile): Promise<string> {
  if (file.bytes > LARGEST_FILE) throw new FileRefusedError("is too large for a rates file");
  const chunks: Buffer[] = [];
  for await (const chunk of readText(file.absolute, { expected: file, largestUnpackedBytes: LARGEST_FILE }))
    chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** Two currencies meet on the days both have a rate for; each such day counts until the next, or a week. */
async function insertDays({ connection, reportingCurrency }: RatesOptions, lines: LineFile): Promise<void> {
  const reporting = sqlString(reportingCurrency);
  await connection.run(`insert into staging.daily_rates
    with per_euro as (
      select currency, day, per_euro
      from read_csv(${sqlPath(lines.path)}, header = false, auto_detect = false, delim = ',', new_line = '\\n',
        columns = {'currency': 'VARCHAR', 'day': 'DATE', 'per_euro': 'DOUBLE'})
      where currency <> 'EUR'
      union all
      select 'EUR', day, 1 from (select distinct day from read_csv(${sqlPath(lines.path)}, header = false, auto_detect = false,
        delim = ',', new_line = '\\n', columns = {'currency': 'VARCHAR', 'day': 'DATE', 'per_euro': 'DOUBLE'}))
    ),
    crossed as (
      select own.currency, own.day, reporting.per_euro / own.per_euro as rate
      from per_euro as own
      join per_euro as reporting on own.day = reporting.day
      where reporting.currency = ${reporting} and own.currency <> ${reporting}
    ),
    followed as (
      select *, lead(day) over (partition by currency order by day) as next_day from crossed
    )
    select currency, day + age::integer as date, rate
    from followed
    cross join range(${DAYS_VALID + 1}) as ages(age)
    where age < coalesce(next_day - day, ${DAYS_VALID + 1})`);
}

function problemsTold(file: InboxFile, problems: ReadRates["problems"]): string[] {
  if (problems.length === 0) return [];
  const told = problems
    .slice(0, TOLD_PROBLEMS)
    .map(({ row, text, why }) => `row ${row} "${text.slice(0, 40)}": ${why}`);
  const more = problems.length > TOLD_PROBLEMS ? `; and ${problems.length - TOLD_PROBLEMS} more` : "";
  return [`${file.path}: ${problems.length} cells are no rates (${told.join("; ")}${more})`];
}

async function reportingToldMissing(options: RatesOptions, read: number): Promise<string[]> {
  const { connection, file, reportingCurrency } = options;
  const [any] = await queryRows(connection, "select 1 from staging.daily_rates limit 1");
  if (any || !file) return [];
  const why = read === 0 ? "holds no rate" : `has no rates of the reporting currency ${reportingCurrency}`;
  return [`${file.path} ${why}: no amount in another currency can be converted`];
}
