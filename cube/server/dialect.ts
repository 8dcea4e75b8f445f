import "./environment.ts";
import { DuckDBDriver } from "@cubejs-backend/duckdb-driver";
import { localTimestampToUtc } from "@cubejs-backend/shared";
import { utcToZone } from "../../shared/zone-sql.ts";

const DuckDBQuery = DuckDBDriver.dialectClass();

interface MemberSymbol {
  readonly type?: string;
  readonly meta?: { readonly share_across?: readonly string[] };
  readonly aliasMember?: string;
}

type Evaluate = (
  cube: string,
  name: string,
  symbol: MemberSymbol,
  expressionType?: string,
  property?: string,
) => string;

interface GroupedDimension {
  definition(): MemberSymbol;
  expressionPath(): string;
  dimensionSql(): string;
}

interface Grouping {
  readonly dimensions: readonly GroupedDimension[];
  readonly timeDimensions: readonly (GroupedDimension & { readonly granularityObj?: object })[];
}

/**
 * Published snapshots hold naive timestamps twice: `x_local` in the reporting zone, which time dimensions name, and `x` in UTC. The stock
 * dialect converts every row through `timezone('UTC', column::timestamptz)` and compares columns with TIMESTAMPTZ parameters: both go
 * through ICU for each row and hide the column from DuckDB's zone maps (5 to 19 times slower on time filters).
 *
 * Here a query in Cube's UTC mode reads `x_local` as it is. A query in another zone reads `x` on that zone's wall clock; a row known by
 * its day only keeps its day. Bounds of periods are wall clock in either.
 */
export class NaiveTimeDuckDBQuery extends DuckDBQuery {
  override convertTz(field: string): string {
    return field;
  }

  override inDbTimeZone(date: string): string {
    return localTimestampToUtc("UTC", this.timestampFormat(), date) ?? date;
  }

  override timeStampCast(value: string): string {
    return `${value}::timestamp`;
  }

  override dateTimeCast(value: string): string {
    return `${value}::timestamp`;
  }

  /** A converted column cannot use zone maps; a wider range of its UTC column can, and no zone is more than a day away. */
  override timeRangeFilter(time: string, from: string, to: string): string {
    const exact: string = super.timeRangeFilter(time, from, to);
    const utc = utcColumnOf(time);
    if (!utc) return exact;
    return `${utc} >= ${from} - INTERVAL 1 DAY AND ${utc} <= ${to} + INTERVAL 1 DAY AND ${exact}`;
  }

  /**
   * A measure with `meta: { share_across: [cube.dimension, ...] }` is its SQL's value over the sum of that value along these
   * dimensions, whatever else the query is grouped by. Cube's own way, `multi_stage` with `reduce_by`, finds no dimension
   * that is asked for through a view, and groups by the primary key first.
   */
  override evaluateSymbolSql(...args: Parameters<Evaluate>): string {
    const sql: string = super.evaluateSymbolSql(...args);
    const [, , symbol] = args;
    if (symbol.type === "time" && this.timezone !== "UTC") return onWallClock(sql, this.timezone);
    // A view's member repeats the meta of the cube's member it stands for.
    if (!symbol.meta?.share_across || symbol.aliasMember) return sql;
    const kept = groupedBy(this as unknown as Grouping).filter(
      ({ member }) => !symbol.meta?.share_across?.includes(member),
    );
    const partition = kept.length === 0 ? "" : `partition by ${kept.map(({ sql }) => sql).join(", ")}`;
    return `1.0 * ${sql} / nullif(sum(${sql}) over (${partition}), 0)`;
  }
}

const LOCAL_COLUMN = /^("?\w+"?\.\w+)_local$/;

/** A day without a time is its midnight in both columns. */
function onWallClock(sql: string, zone: string): string {
  const [local, utc] = LOCAL_COLUMN.exec(sql.trim()) ?? [];
  if (!local || !utc) return sql;
  const isDay = `${utc} = date_trunc('day', ${utc}) and ${utc} = ${local}`;
  return `case when ${isDay} then ${local} else ${utcToZone(utc, zone)} end`;
}

/** The column behind `onWallClock`. */
function utcColumnOf(sql: string): string | undefined {
  return /^case when (\S+) = date_trunc\('day', \1\)/.exec(sql)?.[1];
}

// No private method: Cube calls the dialect through objects that only inherit from it.
function groupedBy({ dimensions, timeDimensions }: Grouping): { member: string; sql: string }[] {
  // A time dimension with a date range alone filters, but doesn't group.
  const grouping = [...dimensions, ...timeDimensions.filter(({ granularityObj }) => granularityObj)];
  return grouping.map((dimension) => ({
    member: dimension.definition().aliasMember ?? dimension.expressionPath(),
    sql: dimension.dimensionSql(),
  }));
}
