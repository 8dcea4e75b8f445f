import "./environment.ts";
import { DuckDBDriver } from "@cubejs-backend/duckdb-driver";

const DuckDBQuery = DuckDBDriver.dialectClass();

/**
 * Published snapshots hold naive timestamps in the reporting zone and are queried in Cube's UTC mode. The stock dialect converts
 * every row through `timezone('UTC', column::timestamptz)` and compares columns with TIMESTAMPTZ parameters: both go through
 * ICU for each row and hide the column from DuckDB's zone maps (5 to 19 times slower on time filters).
 */
export class NaiveTimeDuckDBQuery extends DuckDBQuery {
  override convertTz(field: string): string {
    return this.timezone === "UTC" ? field : super.convertTz(field);
  }

  override timeStampCast(value: string): string {
    return `${value}::timestamp`;
  }

  override dateTimeCast(value: string): string {
    return `${value}::timestamp`;
  }
}
