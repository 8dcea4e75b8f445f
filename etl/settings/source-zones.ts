// Time zones of systems whose exports write wall-clock times: set by the seller, read by their staging models.
import type { DuckDBConnection } from "@duckdb/node-api";
import { sqlString } from "../../shared/duckdb.ts";
import { FileRefusedError } from "../files/file-text.ts";
import { SETTINGS_FILE, type RunSettings } from "./run-settings.ts";

type ZoneSettings = Pick<RunSettings, "time_zones">;

/** Systems whose exports name no zone and are in none by rule: without a setting their hours would be guessed. */
const WALL_CLOCK_SYSTEMS = new Set(["freshdesk"]);

/** @throws FileRefusedError for a file of a system whose zone the settings must tell and do not. */
export function requireTimeZone(system: string, settings: ZoneSettings): void {
  if (!WALL_CLOCK_SYSTEMS.has(system) || settings.time_zones[system] !== undefined) return;
  throw new FileRefusedError("has times without a zone, and the settings name none for its system", {
    advice:
      `Add this line to ${SETTINGS_FILE} in the inbox, with the zone of the account the export was made with: ` +
      `\`time_zones: { ${system}: Europe/Berlin }\`.`,
  });
}

/** Creates `staging.source_zones(source_system, time_zone)`: one row per system of the setting `time_zones`. */
export async function createSourceZones(connection: DuckDBConnection, settings: ZoneSettings): Promise<void> {
  await connection.run("create or replace table staging.source_zones (source_system varchar, time_zone varchar)");
  const rows = Object.entries(settings.time_zones).map(
    ([system, zone]) => `(${sqlString(system)}, ${sqlString(zone)})`,
  );
  if (rows.length > 0) await connection.run(`insert into staging.source_zones values ${rows.join(", ")}`);
}
