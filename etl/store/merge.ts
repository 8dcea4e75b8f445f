// Merges the rows a run read into the stored ones: the newest version of a row wins, and what it changes is told by its links.
import type { DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlIdentifier, sqlString } from "../../shared/duckdb.ts";
import { entityColumns } from "../cast/cast-sql.ts";
import { keptFields, winsOver, type KeptField } from "../cast/kept-fields.ts";
import { ENTITIES, type Entity, type EntityName } from "../entities.ts";
import { LINKS } from "./links.ts";

const BOOKKEEPING = new Set(['"_file_id"', '"_row_no"']);

/** What a run's rows of one entity did to the stored ones. */
export interface MergeCount {
  readonly entity: EntityName;
  readonly added: number;
  readonly updated: number;
  /** The same in every field. */
  readonly unchanged: number;
  /** Older than what is stored. */
  readonly older: number;
}

/**
 * Moves every `batch.<entity>` into `store.main.<entity>`; leaves the rows that are new or different, and the versions they
 * replaced, in the temporary tables `touched_<entity>`, and what became of each row in `outcomes` (see account-rows.ts). To be called
 * in a transaction: it changes the store and temporary tables only.
 */
export async function mergeBatch(connection: DuckDBConnection): Promise<MergeCount[]> {
  const counts: MergeCount[] = [];
  for (const entity of ENTITIES) {
    const [any] = await queryRows(connection, `select 1 from batch.${sqlIdentifier(entity.name)} limit 1`);
    if (any) counts.push(await mergeEntity(connection, entity));
  }
  return counts;
}

async function mergeEntity(connection: DuckDBConnection, entity: Entity): Promise<MergeCount> {
  const batch = `batch.${sqlIdentifier(entity.name)}`;
  const stored = `store.main.${sqlIdentifier(entity.name)}`;
  const touched = sqlIdentifier(`touched_${entity.name}`);
  const names = entityColumns(entity).map((column) => sqlIdentifier(column.name));
  const kept = keptFields(entity);
  await createPairs(connection, entity, kept);
  const [news, id] = kept.length > 0 ? ["settled", "batch_id"] : [batch, "rowid"];
  if (kept.length > 0) await createSettled(connection, batch, stored, names, kept);
  await connection.run(`create or replace temp table ${touched} as
    select ${names.join(", ")} from ${news}
    where ${id} not in (select batch_id from pairs where is_same)
    union all
    select ${names.join(", ")} from ${stored} where rowid in (select stored_id from pairs where not is_same)`);
  const [count] = await queryRows<{ rows: number; older: number; same: number; updated: number }>(
    connection,
    `select (select count(*) from ${batch}) as "rows", count(*) filter (is_same and is_older) as older,
       count(*) filter (is_same and not is_older) as same, count(*) filter (not is_same) as updated from pairs`,
  );
  await connection.run(`insert into outcomes
    select ${sqlString(entity.name)}, news.source_system, news._file_id, news._row_no,
      case when pairs.batch_id is null then 'accepted' when not is_same then 'updated' when is_older then 'older' else 'unchanged' end
    from ${batch} as news left join pairs on pairs.batch_id = news.rowid`);
  // A row that stays the same is written too: which file it came from decides between later ones.
  await connection.run(`delete from ${stored} where rowid in (select stored_id from pairs where is_written)`);
  await connection.run(`insert into ${stored} by name select ${names.join(", ")} from ${news}
    where ${id} not in (select batch_id from pairs where not is_written)`);
  await connection.run("drop table pairs; drop table if exists settled");
  const { rows = 0, older = 0, same = 0, updated = 0 } = count ?? {};
  return { entity: entity.name, added: rows - older - same - updated, updated, unchanged: same, older };
}

/**
 * `pairs`: the rows of the batch whose key is stored. `is_older`: the stored version is the newer one; `is_same`: the stored row stays as
 * it is; `is_written`: it is replaced, be it only to know the version that told it; `wins_<n>`: the n-th kept field is the batch's.
 */
async function createPairs(connection: DuckDBConnection, entity: Entity, kept: readonly KeptField[]): Promise<void> {
  const stored = `store.main.${sqlIdentifier(entity.name)}`;
  const batch = `batch.${sqlIdentifier(entity.name)}`;
  // A list of the seller's is joined all over the shop: that somebody saved it again is no change.
  const isList = LINKS[entity.name].length === 0 && entity.name !== "products";
  const apart = new Set(kept.flatMap(({ columns, from }) => [...columns, from]));
  const values = entityColumns(entity)
    .map((column) => sqlIdentifier(column.name))
    .filter((name) => !BOOKKEEPING.has(name) && !apart.has(name) && !(isList && name.startsWith('"updated_at')));
  const same = (name: string) => `news.${name} is not distinct from older.${name}`;
  const wins = kept.map((field, index) => ({ ...field, wins: `wins_${index}`, sql: winsOver(field, "news", "older") }));
  const keptSame = wins.map((field) => `(not ${field.wins} or (${field.columns.map(same).join(" and ")}))`);
  await connection.run(`create or replace temp table pairs as
    with older as (select stored.rowid as stored_id, stored.* from ${stored} as stored
      semi join ${batch} as news on ${sameKey(entity, "stored", "news")}),
    files as (select distinct file_id, path, modified_at from store.main.files
      union select distinct file_id, path, modified_at from raw.files)
    select news.rowid as batch_id, older.stored_id, ${wins.map((field) => `${field.sql} as ${field.wins},`).join(" ")}
      ${recency(entity, "news", "new_file")} < ${recency(entity, "older", "old_file")} as is_older,
      ${[`(is_older or (${values.map(same).join(" and ")}))`, ...keptSame].join(" and ")} as is_same,
      ${["not is_older", ...wins.map((field) => field.wins)].join(" or ")} as is_written
    from ${batch} as news
    join older on ${sameKey(entity, "older", "news")}
    left join files as new_file on new_file.file_id = news._file_id
    left join files as old_file on old_file.file_id = older._file_id`);
}

/** `settled`: the batch's rows as they are to be stored, each the newer version with the kept fields of either. */
async function createSettled(
  connection: DuckDBConnection,
  batch: string,
  stored: string,
  names: readonly string[],
  kept: readonly KeptField[],
): Promise<void> {
  const isNews = new Map(
    kept.flatMap(({ columns, from }, index) =>
      [...columns, from].map((name) => [name, `pairs.wins_${index}`] as const),
    ),
  );
  const columns = names.map((name) => {
    const own = isNews.get(name) ?? "not pairs.is_older";
    return `case when coalesce(${own}, true) then news.${name} else older.${name} end as ${name}`;
  });
  await connection.run(`create or replace temp table settled as
    select news.rowid as batch_id, ${columns.join(", ")}
    from ${batch} as news
    left join pairs on pairs.batch_id = news.rowid
    left join ${stored} as older on older.rowid = pairs.stored_id`);
}

function sameKey(entity: Entity, left: string, right: string): string {
  const key = sqlIdentifier(entity.key);
  return `${left}.source_system = ${right}.source_system and ${left}.${key} = ${right}.${key}`;
}

/** What decides between two versions of a row, in the order of the cast step's own choice. */
function recency(entity: Entity, alias: string, file: string): string {
  const hasUpdates = entity.fields.some((field) => field.name === "updated_at");
  const never = "'-infinity'::timestamp";
  const updated = hasUpdates ? `coalesce(${alias}.updated_at, ${never}), ` : "";
  return `(${updated}coalesce(${file}.modified_at, ${never}), ${file}.path, ${alias}._row_no)`;
}
