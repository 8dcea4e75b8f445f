// What the run knows and the marts read: `staging.run` (one row), `staging.exchange_rates`; and how current each source is.
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlIdentifier, sqlString } from "../../shared/duckdb.ts";
import { utcToZone } from "../../shared/zone-sql.ts";
import { createCalendars } from "../calendars/create-calendars.ts";
import { ENTITIES } from "../entities.ts";
import { createAgentTables } from "../settings/agent-settings.ts";
import { createCostTables } from "../settings/cost-settings.ts";
import type { RunSettings } from "../settings/run-settings.ts";

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

/** A system whose newest event is older than this, before `as_of`, is history: nobody waits for its next export. */
export const SILENT_AFTER_DAYS = 60;

/** What marts wait for, and the entities that tell of it. */
const AWAITED = {
  orders: ["orders"],
  returns: ["returns"],
  tickets: ["tickets"],
  shipments: ["shipments", "carrier_events"],
  complaints: ["returns", "tickets"],
} as const;

/**
 * Creates `staging.run`, `staging.silent_systems(source_system)`, `staging.exchange_rates`, the calendars (etl/calendars) and the rate
 * card (etl/settings/cost-settings.ts).
 *
 * `as_of` defaults to the latest event in the data, then to `now`. `<awaited>_complete_to` (UTC) and `<awaited>_complete_to_date`
 * (day in the reporting zone) say how far an absence proves something: no return up to there is no return, later it may only be
 * missing. A given `as_of` is the seller's word that everything is complete to it. `returns_complete_to` is null where no source
 * tells of returns.
 */
export async function createRunTables(connection: DuckDBConnection, settings: RunSettings, now: Date): Promise<void> {
  const zone = settings.reporting_time_zone;
  const latest = "(select max(latest_event_at) from staging.entity_watermarks)";
  const asOf = settings.as_of ? timestamp(new Date(settings.as_of)) : `coalesce(${latest}, ${timestamp(now)})`;
  await connection.run(`create table staging.silent_systems as
    select source_system from staging.entity_watermarks
    group by source_system having max(latest_event_at) < ${asOf} - interval ${SILENT_AFTER_DAYS} days`);
  const awaited = Object.entries(AWAITED);
  await connection.run(`create table staging.run as
    select ${sqlString(zone)}::varchar as reporting_time_zone, ${sqlString(settings.reporting_currency)}::varchar as reporting_currency,
      as_of, as_of_local, as_of_local::date as as_of_date, ${settings.silent_shipment_days} as silent_shipment_days,
      ${awaited.map(([name]) => completeTo(name, settings)).join(", ")}
    from (select as_of, ${utcToZone("as_of", zone)} as as_of_local from (select ${asOf} as as_of))
    ${awaited.map(([name, entities]) => `cross join (${latestTold(entities)}) as ${name}_told`).join("\n    ")}`);
  await createExchangeRates(connection, settings);
  await createCalendars(connection, settings);
  await createCostTables(connection, settings);
  await createAgentTables(connection, settings);
  await connection.run(`create macro staging.reporting_time(utc) as (${utcToZone("utc", zone)})`);
}

/** Returns nobody exports prove nothing: without a source of them no line matures, and a return rate stays unknown, not 0. So do complaints. */
const NEEDS_A_SOURCE = new Set(["returns", "complaints"]);

function completeTo(name: string, settings: RunSettings): string {
  const told = `${name}_told.told`;
  const [at, day] = settings.as_of
    ? ["as_of", "as_of_local::date"]
    : [`coalesce(${told}.latest, as_of)`, `least(coalesce(${told}.latest_day, as_of_local::date), as_of_local::date)`];
  if (NEEDS_A_SOURCE.has(name)) {
    const unless = (value: string) => `case when ${told} is not null then ${value} end`;
    return `${unless(at)} as ${name}_complete_to, ${unless(day)} as ${name}_complete_to_date`;
  }
  return `${at} as ${name}_complete_to, ${day} as ${name}_complete_to_date`;
}

/**
 * One row: the earliest of the systems' latest events, silent systems left out; where only silent systems tell of it, the last
 * they told; null where nobody does.
 */
function latestTold(entities: readonly string[]): string {
  const pick = (order: "min" | "max", which: string) =>
    `arg_${order}(struct_pack(latest := latest, latest_day := latest_day), latest) filter (where ${which})`;
  return `select coalesce(${pick("min", "not is_silent")}, ${pick("max", "is_silent")}) as told
    from (select max(latest_event_at) as latest, max(latest_event_at_local)::date as latest_day,
        source_system in (select source_system from staging.silent_systems) as is_silent
      from staging.entity_watermarks where entity in (${entities.map(sqlString).join(", ")})
      group by source_system having max(latest_event_at) is not null)`;
}

async function createExchangeRates(connection: DuckDBConnection, settings: RunSettings): Promise<void> {
  const rates = Object.entries({ ...settings.exchange_rates, [settings.reporting_currency]: 1 });
  // Day rates, where the inbox has them, are put in beside (etl/reference/daily-rates.ts).
  await connection.run("create table if not exists staging.daily_rates (currency varchar, date date, rate double)");
  await connection.run(`create table staging.exchange_rates as
    select currency::varchar as currency, rate::double as rate
    from (values ${rates.map(([currency, rate]) => `(${sqlString(currency)}, ${rate})`).join(", ")}) as rates(currency, rate)`);
}

export interface OpenDays {
  /** The day of `as_of`, not over yet; local to the reporting zone, ISO. */
  readonly asOfDate: string;
  /** The same for the exports that detection waits for. */
  readonly completeTo: { readonly returns: string | null; readonly tickets: string };
}

export async function openDays(connection: DuckDBConnection): Promise<OpenDays> {
  const [row] = await queryRows<{ day: string; returns: string | null; tickets: string }>(
    connection,
    `select as_of_date::varchar as day, returns_complete_to_date::varchar as returns,
       tickets_complete_to_date::varchar as tickets from staging.run`,
  );
  if (!row) throw new TypeError("staging.run is empty");
  return { asOfDate: row.day, completeTo: { returns: row.returns, tickets: row.tickets } };
}

/** A UTC moment as a naive TIMESTAMP literal. */
export function timestamp(moment: Date): string {
  return `timestamp '${moment.toISOString().replace("T", " ").replace("Z", "")}'`;
}
