// What the run knows and the marts read: `staging.run` (one row), `staging.exchange_rates`; and how current each source is.
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlIdentifier, sqlString } from "../shared/duckdb.ts";
import { utcToLocal } from "./cast-time.ts";
import { ENTITIES } from "./entities.ts";
import type { RunSettings } from "./run-settings.ts";

/** Creates `staging.entity_watermarks(source_system, entity, row_count, latest_event_at, latest_event_at_local)`. */
export async function createWatermarks(connection: DuckDBConnection, now: Date): Promise<void> {
  const selects = ENTITIES.map((entity) => {
    const times = entity.fields.filter((field) => field.type === "time").map((field) => field.name);
    // Clocks and typing errors reach into the future; what has not happened yet cannot say how current the data is.
    const latest = (suffix: string) =>
      `greatest(${times.map((name) => `max(${sqlIdentifier(name + suffix)}) filter (${sqlIdentifier(name)} <= ${timestamp(now)})`).join(", ")})`;
    return `select source_system, ${sqlString(entity.name)} as entity, count(*) as row_count,
      ${latest("")} as latest_event_at, ${latest("_local")} as latest_event_at_local
      from staging.${sqlIdentifier(entity.name)} group by source_system`;
  });
  await connection.run(`create table staging.entity_watermarks as ${selects.join("\nunion all\n")}`);
}

/** `as_of` defaults to the latest event in the data, then to `now`. */
export async function createRunTables(connection: DuckDBConnection, settings: RunSettings, now: Date): Promise<void> {
  const zone = settings.reporting_time_zone;
  const latest = "(select max(latest_event_at) from staging.entity_watermarks)";
  const asOf = settings.as_of ? timestamp(new Date(settings.as_of)) : `coalesce(${latest}, ${timestamp(now)})`;
  await connection.run(`create table staging.run as
    select ${sqlString(zone)}::varchar as reporting_time_zone, ${sqlString(settings.reporting_currency)}::varchar as reporting_currency,
      as_of, as_of_local, as_of_local::date as as_of_date
    from (select as_of, ${utcToLocal("as_of", zone)} as as_of_local from (select ${asOf} as as_of))`);
  const rates = Object.entries({ ...settings.exchange_rates, [settings.reporting_currency]: 1 });
  await connection.run(`create table staging.exchange_rates as
    select currency::varchar as currency, rate::double as rate
    from (values ${rates.map(([currency, rate]) => `(${sqlString(currency)}, ${rate})`).join(", ")}) as rates(currency, rate)`);
}

/** The day maturity is counted at, local to the reporting zone. */
export async function asOfDate(connection: DuckDBConnection): Promise<string> {
  const [row] = await queryRows<{ day: string }>(connection, "select as_of_date::varchar as day from staging.run");
  if (!row) throw new TypeError("staging.run is empty");
  return row.day;
}

/** A UTC moment as a naive TIMESTAMP literal. */
export function timestamp(moment: Date): string {
  return `timestamp '${moment.toISOString().replace("T", " ").replace("Z", "")}'`;
}
