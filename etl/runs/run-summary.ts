// What became of the rows of a run: read, accepted, refused and why; files left out; amounts and words that stayed without meaning.
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlIdentifier } from "../../shared/duckdb.ts";
import type { EntityCount } from "../cast/cast.ts";
import { ENTITIES } from "../entities.ts";
import { NOTE_MESSAGE } from "../files/extract.ts";
import type { ServedFacts } from "../snapshots/publish.ts";

export interface ReasonSummary {
  readonly reason: string;
  /** Null when the row as a whole could not be read. */
  readonly column: string | null;
  readonly count: number;
  /** Whether it cost the row, or only the value. */
  readonly isRowRefused: boolean;
  /** `file:row column` */
  readonly example: string;
}

export interface EntitySummary {
  readonly system: string;
  /** An entity, or a source's feed whose rows broke before they belonged to one. */
  readonly entity: string;
  readonly rowsIn: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly reasons: readonly ReasonSummary[];
  /** Rows in the served version, where it holds the same inbox. */
  readonly servedRows?: number;
}

export interface RunSummary {
  readonly entities: readonly EntitySummary[];
  readonly filesLoaded: number;
  /** Refused, or claimed by nobody. */
  readonly filesLeftOut: readonly { readonly path: string; readonly status: string; readonly message: string }[];
  readonly missingRates: readonly { readonly currency: string; readonly amounts: number }[];
  readonly unmappedValues: { readonly values: number; readonly rows: number };
  readonly warnings: readonly string[];
}

export interface SummaryOptions {
  readonly connection: DuckDBConnection;
  readonly counts: readonly EntityCount[];
  readonly warnings: readonly string[];
  /** Left out when it was made of another inbox. */
  readonly served: ServedFacts | undefined;
  /** The rows counted came on top of those served: having fewer is no loss. */
  readonly isNews: boolean;
}

export async function summariseRun(options: SummaryOptions): Promise<RunSummary> {
  const { connection, warnings } = options;
  const [files] = await queryRows<{ n: number }>(
    connection,
    "select count(distinct path) as n from raw.files where status = 'loaded'",
  );
  const [unmapped] = await queryRows<{ values: number; rows: number }>(
    connection,
    `select count(*) as "values", coalesce(sum(row_count), 0)::bigint as "rows" from main.unmapped_values`,
  );
  return {
    entities: await summariseEntities(options),
    filesLoaded: files?.n ?? 0,
    filesLeftOut: await queryRows(
      connection,
      `select path, status, message from raw.files where status <> 'loaded' and message <> $1
       order by status desc, path`,
      [NOTE_MESSAGE],
    ),
    missingRates: await missingRates(connection),
    unmappedValues: unmapped ?? { values: 0, rows: 0 },
    warnings,
  };
}

type Key = Pick<EntitySummary, "system" | "entity">;
const keyOf = ({ system, entity }: Key) => `${system} ${entity}`;

async function summariseEntities({ connection, counts, served, isNews }: SummaryOptions): Promise<EntitySummary[]> {
  const reasons = new Map<string, ReasonSummary[]>();
  for (const { system, entity, ...reason } of await quarantineReasons(connection)) {
    const key = keyOf({ system, entity });
    reasons.set(key, [...(reasons.get(key) ?? []), reason]);
  }
  const before = isNews ? [] : (served?.rows ?? []);
  const servedRows = new Map(before.map((row) => [keyOf(row), row.rows]));
  const found = new Map<string, EntitySummary>();
  const add = (key: Key, rows: Omit<EntitySummary, keyof Key | "reasons" | "servedRows">) => {
    const rowsBefore = servedRows.get(keyOf(key));
    found.set(keyOf(key), {
      ...key,
      ...rows,
      reasons: reasons.get(keyOf(key)) ?? [],
      ...(rowsBefore === undefined ? {} : { servedRows: rowsBefore }),
    });
  };
  for (const { entity, systems } of counts) {
    for (const { system, rows, refused, duplicates } of systems) {
      const broken = brokenRows(reasons.get(keyOf({ system, entity })));
      const rowsIn = rows + refused + duplicates + broken;
      add({ system, entity }, { rowsIn, accepted: rows, duplicates, refused: refused + broken });
    }
  }
  for (const { system, entity, read, refused } of await brokenFeeds(connection)) {
    const key = { system, entity };
    if (found.has(keyOf(key))) continue;
    add(key, { rowsIn: read, accepted: read - refused, duplicates: 0, refused });
  }
  for (const { system, entity, rows } of before) {
    const isEntity = ENTITIES.some((each) => each.name === entity);
    if (rows === 0 || !isEntity || found.has(keyOf({ system, entity }))) continue;
    add({ system, entity }, { rowsIn: 0, accepted: 0, duplicates: 0, refused: 0 });
  }
  return [...found.values()];
}

function brokenRows(reasons: readonly ReasonSummary[] | undefined): number {
  return (reasons ?? []).filter(({ column }) => column === null).reduce((sum, { count }) => sum + count, 0);
}

/** Feeds with rows that are no rows; a mapping's are told under its entity. */
async function brokenFeeds(connection: DuckDBConnection): Promise<(Key & { read: number; refused: number })[]> {
  return queryRows(
    connection,
    `select files.system, told.entity, sum(files.rows_read)::bigint as read, sum(files.rows_refused)::bigint as refused
     from raw.files as files
     join (select distinct source_system, entity, path from raw.quarantine where column_name is null) as told
       on told.source_system = files.system and told.path = files.path
     where files.feed = told.entity or files.feed not in (select entity from raw.quarantine)
     group by files.system, told.entity order by files.system, told.entity`,
  );
}

async function quarantineReasons(connection: DuckDBConnection): Promise<(Key & ReasonSummary)[]> {
  const required = ENTITIES.flatMap((entity) =>
    entity.fields.filter((field) => field.required).map((field) => `${entity.name}.${field.name}`),
  );
  const rows = await queryRows<Key & Omit<ReasonSummary, "isRowRefused">>(
    connection,
    `select source_system as system, entity, reason, column_name as column, count(*) as count,
       arg_min(coalesce(path, '?') || ':' || coalesce(row_no::varchar, '?') || coalesce(' ' || column_name, ''),
         coalesce(path, '') || lpad(coalesce(row_no, 0)::varchar, 12, '0')) as example
     from raw.quarantine group by all order by system, entity, count desc, reason`,
  );
  return rows.map((row) => ({
    ...row,
    isRowRefused: row.column === null || required.includes(`${row.entity}.${row.column}`),
  }));
}

/** Amounts that no exchange rate turns into the reporting currency. A line or return without a currency has its order's. */
async function missingRates(connection: DuckDBConnection): Promise<RunSummary["missingRates"]> {
  const days: Readonly<Record<string, string>> = {
    orders: "own.ordered_at_date",
    order_items: "parent.ordered_at_date",
    returns: "coalesce(own.refunded_at_date, own.returned_at_date)",
  };
  const amounts = ENTITIES.flatMap((entity) => {
    const isPart = entity.name === "order_items" || entity.name === "returns";
    const table = `staging.${sqlIdentifier(entity.name)} as own`;
    const from = isPart ? `${table} left join staging.orders as parent using (source_system, order_id)` : table;
    const hasCurrency = entity.fields.some((field) => field.name === "currency");
    const currency = isPart ? "coalesce(own.currency, parent.currency)" : "own.currency";
    return entity.fields
      .filter((field) => hasCurrency && field.type === "decimal")
      .map(
        (field) =>
          `select ${currency} as currency, ${days[entity.name] ?? "null::date"} as date from ${from}
           where own.${sqlIdentifier(field.name)} <> 0`,
      );
  });
  return queryRows(
    connection,
    `select told.currency, count(*) as amounts from (${amounts.join(" union all ")}) as told
     left join staging.daily_rates as day_rates on told.currency = day_rates.currency and told.date = day_rates.date
     where told.currency not in (select currency from staging.exchange_rates) and day_rates.rate is null
       and not (told.date is null and told.currency in (select currency from staging.daily_rates))
     group by told.currency order by amounts desc, told.currency`,
  );
}
