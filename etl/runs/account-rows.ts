// What became of every row a run read, per file and per entity, for the run's account (etl/runs).
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlIdentifier, sqlString } from "../../shared/duckdb.ts";
import { ENTITIES } from "../entities.ts";
import type { RunAccount } from "./run-account.ts";
import type { RowTally } from "./run-record.ts";

/** `temp.outcomes`: one row per row of a run that may be kept; what is not there was refused, or is no row of any entity. */
export async function createOutcomes(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create or replace temp table outcomes (entity varchar, source_system varchar,
    file_id integer, row_no bigint, outcome varchar)`);
}

/** For a store that was empty: whatever is in it is new. */
export async function outcomesOfEverything(connection: DuckDBConnection): Promise<void> {
  for (const { name } of ENTITIES) {
    await connection.run(`insert into outcomes
      select ${sqlString(name)}, source_system, _file_id, _row_no, 'accepted' from store.main.${sqlIdentifier(name)}`);
  }
}

/** Columns without which a row is refused, as `entity.column`. */
const REQUIRED = ENTITIES.flatMap((entity) =>
  entity.fields.filter((field) => field.required).map((field) => sqlString(`${entity.name}.${field.name}`)),
).join(", ");

const COUNTS = `count(*) filter (outcome = 'accepted') as accepted, count(*) filter (outcome = 'updated') as updated,
  count(*) filter (outcome = 'unchanged') as unchanged, count(*) filter (outcome = 'older') as older`;

interface Counted {
  readonly rows: number;
  readonly accepted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly older: number;
  readonly quarantined: number;
}

/** Tells the account every file this run opened or left out, and every entity it filled. */
export async function accountRows(connection: DuckDBConnection, account: RunAccount): Promise<void> {
  await accountFiles(connection, account);
  await accountEntities(connection, account);
}

async function accountFiles(connection: DuckDBConnection, account: RunAccount): Promise<void> {
  await connection.run(`create or replace temp table records as
       select file_id, row_no, case min(case outcome when 'accepted' then 1 when 'updated' then 2 when 'unchanged' then 3 else 4 end)
         when 1 then 'accepted' when 2 then 'updated' when 3 then 'unchanged' else 'older' end as outcome
       from outcomes group by file_id, row_no`);
  const reasons = await reasonsByFile(connection);
  const files = await queryRows<Counted & FileRow>(
    connection,
    `with fed as (${await recordsByFeed(connection)}),
     counted as (
       select fed.file_id, fed.feed, ${COUNTS}
       from fed join records on fed.file_id = records.file_id and fed.row_no = records.row_no group by all),
     refused as (
       select files.file_id, fed.feed, count(distinct told.row_no) as quarantined
       from raw.quarantine as told
       join (select distinct file_id, path from raw.files) as files on files.path = told.path
       left join fed on fed.file_id = files.file_id and fed.row_no = told.row_no
       anti join records on records.file_id = files.file_id and records.row_no = told.row_no
       where told.column_name is null or told.entity || '.' || told.column_name in (${REQUIRED})
       group by all),
     broken as (
       -- What broke before it belonged to a feed is told with the feed that lost most.
       select refused.file_id, refused.quarantined, lossy.feed
       from refused
       join (select file_id, arg_max(feed, (rows_refused, feed)) as feed from raw.files group by file_id) as lossy
         on lossy.file_id = refused.file_id
       where refused.feed is null)
     select files.path, files.system, files.feed, files.status, files.bytes, epoch_ms(files.modified_at) as modified,
       files.encoding, files.message, files.columns, files.rows_read as "rows", coalesce(counted.accepted, 0) as accepted,
       coalesce(counted.updated, 0) as updated, coalesce(counted.unchanged, 0) as unchanged, coalesce(counted.older, 0) as older,
       coalesce(refused.quarantined, 0) + coalesce(broken.quarantined, 0) as quarantined
     from raw.files as files
     left join counted on counted.file_id = files.file_id and counted.feed = files.feed
     left join refused on refused.file_id = files.file_id and refused.feed = files.feed
     left join broken on broken.file_id = files.file_id and broken.feed is not distinct from files.feed
     order by files.path, files.feed`,
  );
  for (const file of files) {
    const { path, system, feed, status, bytes, modified, encoding, message, columns } = file;
    const told = { path, system, feed, status, bytes, modifiedAtMs: modified, encoding, message, columns };
    account.addFile({ ...told, ...tally(file, reasons.get(path)) });
  }
}

interface FileRow {
  readonly path: string;
  readonly system: string | null;
  readonly feed: string | null;
  readonly status: "loaded" | "refused" | "ignored";
  readonly bytes: number | null;
  readonly modified: number | null;
  readonly encoding: string | null;
  readonly message: string | null;
  readonly columns: readonly string[] | null;
}

/** Whatever is not told otherwise was a second copy, or gives no row of any entity. */
function tally(counted: Counted, reasons: Readonly<Record<string, number>> = {}): RowTally {
  const { rows, accepted, updated, unchanged, older } = counted;
  const quarantined = Math.min(counted.quarantined, rows - accepted - updated - unchanged - older);
  const rest = rows - accepted - updated - unchanged - older - quarantined;
  const why = {
    ...(quarantined > 0 ? scaled(reasons, quarantined) : {}),
    ...(older > 0 ? { older_version: older } : {}),
    ...(rest > 0 ? { copy_or_no_record: rest } : {}),
  };
  return { rowsIn: rows, accepted, updated, unchanged, quarantined, ignored: older + rest, reasons: why };
}

/** A row refused for two reasons counts for the first of them. */
function scaled(reasons: Readonly<Record<string, number>>, rows: number): Record<string, number> {
  const out: Record<string, number> = {};
  let left = rows;
  for (const [reason, count] of Object.entries(reasons)) {
    if (left > 0) out[reason] = Math.min(count, left);
    left -= Math.min(count, left);
  }
  if (left > 0) out.unreadable_row = (out.unreadable_row ?? 0) + left;
  return out;
}

async function reasonsByFile(connection: DuckDBConnection): Promise<Map<string, Record<string, number>>> {
  const rows = await queryRows<{ path: string; reason: string; rows: number }>(
    connection,
    `select told.path, told.reason, count(distinct told.row_no) as "rows" from raw.quarantine as told
     join (select distinct file_id, path from raw.files) as files on files.path = told.path
     anti join records on records.file_id = files.file_id and records.row_no = told.row_no
     where told.column_name is null or told.entity || '.' || told.column_name in (${REQUIRED}) group by all order by path, reason`,
  );
  const found = new Map<string, Record<string, number>>();
  for (const { path, reason, rows: count } of rows) found.set(path, { ...found.get(path), [reason]: count });
  return found;
}

/** Every record of every raw table, with its feed. */
async function recordsByFeed(connection: DuckDBConnection): Promise<string> {
  const feeds = await queryRows<{ system: string; feed: string }>(
    connection,
    "select distinct system, feed from raw.files where feed is not null and system is not null and status = 'loaded'",
  );
  const tables = await queryRows<{ name: string }>(
    connection,
    `select table_name as name from information_schema.tables where table_schema = 'raw' and table_catalog not in ('snapshot', 'store')`,
  );
  const known = new Set(tables.map((table) => table.name));
  const selects = feeds
    .filter(({ system, feed }) => known.has(`${system}__${feed}`))
    .map(
      ({ system, feed }) =>
        `select ${sqlString(feed)} as feed, file_id, row_no from raw.${sqlIdentifier(`${system}__${feed}`)}`,
    );
  return (
    selects.join(" union all ") ||
    "select null::varchar as feed, null::integer as file_id, null::bigint as row_no limit 0"
  );
}

async function accountEntities(connection: DuckDBConnection, account: RunAccount): Promise<void> {
  const rows = await queryRows<Counted & { system: string; entity: string }>(
    connection,
    `with counted as (select source_system as system, entity, ${COUNTS} from outcomes group by all),
     refused as (
       select source_system as system, entity, count(distinct (path, row_no)) as quarantined from raw.quarantine
       where column_name is null or entity || '.' || column_name in (${REQUIRED}) group by all)
     select coalesce(counted.system, refused.system) as system, coalesce(counted.entity, refused.entity) as entity,
       coalesce(accepted, 0) as accepted, coalesce(updated, 0) as updated, coalesce(unchanged, 0) as unchanged,
       coalesce(older, 0) as older, coalesce(quarantined, 0) as quarantined,
       coalesce(accepted, 0) + coalesce(updated, 0) + coalesce(unchanged, 0) + coalesce(older, 0) + coalesce(quarantined, 0) as "rows"
     from counted full join refused on counted.system = refused.system and counted.entity = refused.entity order by 1, 2`,
  );
  for (const row of rows) {
    if (!ENTITIES.some(({ name }) => name === row.entity)) continue;
    account.addEntity({ system: row.system, entity: row.entity, ...tally(row, { quarantined: row.quarantined }) });
  }
}
