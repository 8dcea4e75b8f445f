// The generic cast step: text of the staging models → typed, de-duplicated `staging.<entity>`; what cannot be read → quarantine.
// A bad required field refuses the row; a bad optional field becomes null and the row stays. Both are in quarantine.
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { AppError } from "../../shared/errors.ts";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { queryRows, sqlIdentifier, sqlString } from "../../shared/duckdb.ts";
import { castSelect, entityColumns, TAG_COLUMNS, type StagedRelation } from "./cast-sql.ts";
import { ENTITIES, type Entity, type Field } from "../entities.ts";
import { keptAggregate, keptFields, versionOf, type KeptField } from "./kept-fields.ts";
import { tagTexts } from "../tagging/tag-table.ts";
import { createTextMacros } from "./text-macros.ts";
import { isTimeZone } from "../settings/time-zones.ts";

export interface CastOptions {
  readonly reportingTimeZone: string;
  readonly hashKey: string;
  /** Hashes of identities whose rows keep nothing of the person. */
  readonly forgotten?: readonly string[];
  /** Catalog and schema the typed rows go to, e.g. `store.main`; `staging` unless given. */
  readonly target?: string;
  /** Told after each entity that a source fills. */
  readonly onEntity?: (count: EntityCount) => void;
}

/** What the cast step did with one entity. */
export interface EntityCount {
  readonly entity: string;
  /** Rows in `staging.<entity>`. */
  readonly rows: number;
  readonly refused: number;
  readonly duplicates: number;
  /** The same by system; a system none of whose rows came so far is missing. */
  readonly systems: readonly SystemCount[];
}

export interface SystemCount {
  readonly system: string;
  readonly rows: number;
  readonly refused: number;
  readonly duplicates: number;
}

/** A relation before its time zones are known. */
export type UncastRelation = Omit<StagedRelation, "zones" | "absent">;

/** Creates every `<target>.<entity>`, empty where no relation fills it. */
export async function castEntities(
  connection: DuckDBConnection,
  relations: readonly UncastRelation[],
  options: CastOptions,
): Promise<EntityCount[]> {
  await prepareCast(connection, options.hashKey);
  const { target = "staging" } = options;
  const counts: EntityCount[] = [];
  for (const entity of ENTITIES) {
    const staged = relations.filter((relation) => relation.entity === entity.name);
    if (staged.length === 0) {
      await connection.run(emptyTable(entity, target));
      continue;
    }
    const withZones: StagedRelation[] = [];
    for (const relation of staged) {
      const absent = await checkColumns(connection, entity, relation);
      withZones.push({ ...relation, absent, zones: await timeZones(connection, relation) });
    }
    const count = await castEntity(connection, entity, withZones, options, target);
    for (const { relation, isTemporary } of staged) if (isTemporary) await connection.run(`drop table ${relation}`);
    options.onEntity?.(count);
    counts.push(count);
  }
  return counts;
}

async function prepareCast(connection: DuckDBConnection, hashKey: string): Promise<void> {
  await createTextMacros(connection, hashKey);
  const countries = path.join(PROJECT_ROOT, "etl/reference/countries.csv");
  await connection.run(`create or replace table staging.country_codes as
    with codes as (
      from read_csv(${sqlString(countries)}, header = true, all_varchar = true, auto_detect = false, delim = ',', columns = {'alpha2': 'VARCHAR', 'alpha3': 'VARCHAR'})
    )
    select alpha2 as _code, alpha2 as _value from codes
    union all select alpha3, alpha2 from codes
    union all select 'UK', 'GB' union all select 'EL', 'GR'`);
  const currencies = Intl.supportedValuesOf("currency").map((code) => `(${sqlString(code)})`);
  await connection.run(`create or replace table staging.currency_codes as
    select code as _code, code as _value from (values ${currencies.join(", ")}) as codes(code)`);
}

function emptyTable(entity: Entity, target: string): string {
  const columns = entityColumns(entity).map((column) => `${sqlIdentifier(column.name)} ${column.type}`);
  return `create or replace table ${target}.${sqlIdentifier(entity.name)} (${columns.join(", ")})`;
}

/** Returns the rare fields it leaves out. */
async function checkColumns(
  connection: DuckDBConnection,
  entity: Entity,
  relation: UncastRelation,
): Promise<ReadonlySet<string>> {
  const rows = await queryRows<{ column_name: string }>(connection, `describe select * from ${relation.relation}`);
  const given = new Set(rows.map((row) => row.column_name));
  const wanted = [...entity.fields.map((field) => field.name), "_file_id", "_row_no", "_time_zone"];
  const rare = new Set(entity.fields.filter((field) => field.rare).map((field) => field.name));
  const absent = wanted.filter((name) => !given.has(name));
  const missing = absent.filter((name) => !rare.has(name));
  const unknown = [...given].filter((name) => !wanted.includes(name));
  if (missing.length + unknown.length === 0) return new Set(absent);
  throw new AppError(
    `The staging model ${relation.relation} does not have the columns of the entity ${entity.name}: ` +
      `missing ${missing.join(", ") || "none"}; unknown ${unknown.join(", ") || "none"}.`,
    {
      advice:
        "Select every field listed in etl/entities.ts (rare ones may be left out), null::varchar where the source lacks it.",
    },
  );
}

async function timeZones(connection: DuckDBConnection, relation: UncastRelation): Promise<string[]> {
  const rows = await queryRows<{ zone: string | null }>(
    connection,
    `select distinct _time_zone as zone from ${relation.relation} order by 1`,
  );
  for (const { zone } of rows) {
    if (zone !== null && isTimeZone(zone)) continue;
    throw new AppError(`${relation.relation} has the unknown time zone "${zone}" in _time_zone.`, {
      advice: "Use an IANA name such as Europe/Berlin, or UTC.",
    });
  }
  return rows.map((row) => row.zone ?? "UTC");
}

async function castEntity(
  connection: DuckDBConnection,
  entity: Entity,
  relations: readonly StagedRelation[],
  { reportingTimeZone, forgotten = [] }: CastOptions,
  target: string,
): Promise<EntityCount> {
  const kept = `${target}.${sqlIdentifier(entity.name)}`;
  const cast = sqlIdentifier(`cast_${entity.name}`);
  await connection.run(`create temp table ${cast} as ${castSelect(entity, relations, reportingTimeZone)}`);
  if (forgotten.length > 0) await forgetPersons(connection, entity, cast, forgotten);
  await quarantineProblems(connection, entity, cast);
  await tagWritten(connection, entity, cast);
  await connection.run(`create or replace table ${kept} as ${newestSelect(entity, cast)}`);
  const systems = await queryRows<SystemCount>(
    connection,
    `with kept as (select source_system, count(*) as rows from ${kept} group by source_system)
     select source_system as system, coalesce(any_value(kept.rows), 0) as rows, count(*) filter (_is_refused) as refused,
       count(*) filter (not _is_refused) - coalesce(any_value(kept.rows), 0) as duplicates
     from ${cast} left join kept using (source_system) group by source_system order by source_system`,
  );
  await connection.run(`drop table ${cast}`);
  const sum = (key: "rows" | "refused" | "duplicates") => systems.reduce((total, each) => total + each[key], 0);
  return { entity: entity.name, rows: sum("rows"), refused: sum("refused"), duplicates: sum("duplicates"), systems };
}

/** The row stays, for the figures; who it was and what was written goes. A mere list of persons loses the row. */
async function forgetPersons(
  connection: DuckDBConnection,
  entity: Entity,
  cast: string,
  forgotten: readonly string[],
): Promise<void> {
  const ofType = (type: Field["type"]) => entity.fields.filter((field) => field.type === type);
  const identities = ofType("identity").map((field) => sqlIdentifier(field.name));
  if (identities.length === 0) return;
  const list = forgotten.map(sqlString).join(", ");
  const isTheirs = identities.map((name) => `${name} in (${list})`).join(" or ");
  if (ofType("identity").some((field) => field.required)) {
    await connection.run(`delete from ${cast} where ${isTheirs}`);
    return;
  }
  const emptied = [...identities, ...ofType("free_text").map((field) => sqlIdentifier(field.name)), "_problems"];
  await connection.run(`update ${cast} set ${emptied.map((name) => `${name} = null`).join(", ")} where ${isTheirs}`);
}

const TAGS = "tags_of_written_text";

/** The language and the reason of what people wrote, beside the rows of `cast`. */
async function tagWritten(connection: DuckDBConnection, entity: Entity, cast: string): Promise<void> {
  const { writtenText, writtenLanguage = "null" } = entity;
  if (!writtenText) return;
  const from = `select rowid as row_id, ${writtenText} as text, ${writtenLanguage} as known_language from ${cast} where not _is_refused`;
  await tagTexts(connection, { from, into: TAGS });
}

/** One row a file: `raw.files` has one a feed of it. */
const FILES = "(select distinct file_id, path, modified_at from raw.files)";

/**
 * The newest version of each row of `cast`, with the fields that another version decides. Only keys that occur twice are put in order:
 * sorting whole rows is slow.
 */
function newestSelect(entity: Entity, cast: string): string {
  const key = ["source_system", sqlIdentifier(entity.key)];
  const sameKey = (other: string) => key.map((name) => `versions.${name} = ${other}.${name}`).join(" and ");
  const updated = entity.fields.some((field) => field.name === "updated_at")
    ? "versions.updated_at desc nulls last,"
    : "";
  const kept = keptFields(entity);
  const version = versionOf(entity, "versions", "files");
  const toFiles = `left join ${FILES} as files on files.file_id = versions._file_id`;
  const keptOfRepeated = `kept as (
      select ${[...key.map((name) => `versions.${name}`), ...kept.map((field, index) => `${keptAggregate(field, "versions", version)} as f${index}`)].join(", ")}
      from ${cast} as versions
      semi join repeated on ${sameKey("repeated")}
      ${toFiles}
      where not versions._is_refused
      group by all
    ),`;
  return `with repeated as (
      select ${key.join(", ")} from ${cast} where not _is_refused group by all having count(*) > 1
    ),
    ${kept.length > 0 ? keptOfRepeated : ""}
    older as (
      select versions.rowid as id
      from ${cast} as versions
      semi join repeated on ${sameKey("repeated")}
      ${toFiles}
      where not versions._is_refused
      qualify row_number() over (
        partition by ${key.map((name) => `versions.${name}`).join(", ")}
        order by ${updated} files.modified_at desc nulls last, files.path desc, versions._row_no desc
      ) > 1
    )
    select ${keptColumns(entity, kept, version).join(", ")}
    from ${cast} as versions
    ${entity.writtenText ? `left join ${TAGS} as tags on tags.row_id = versions.rowid` : ""}
    ${kept.length > 0 ? `${toFiles} left join kept on ${sameKey("kept")}` : ""}
    anti join older on versions.rowid = older.id
    where not versions._is_refused`;
}

/** The columns of `newestSelect`, in order. */
function keptColumns(entity: Entity, kept: readonly KeptField[], version: string): string[] {
  const tagged = new Set<string>(TAG_COLUMNS);
  const decided = new Map<string, string>();
  for (const [index, { columns, from }] of kept.entries()) {
    const repeated = (column: string, single: string) =>
      `case when kept.source_system is null then ${single} else kept.f${index}.${column} end as ${column}`;
    for (const column of columns) decided.set(column, repeated(column, `versions.${column}`));
    decided.set(from, repeated(from, `case when versions.${columns[0]} is not null then ${version} end`));
  }
  return entityColumns(entity).map(({ name }) => {
    if (tagged.has(name)) return `tags.${name.replace("text_", "")} as ${name}`;
    return decided.get(sqlIdentifier(name)) ?? `versions.${sqlIdentifier(name)}`;
  });
}

async function quarantineProblems(connection: DuckDBConnection, entity: Entity, cast: string): Promise<void> {
  const from = `from ${cast} where _problems is not null`;
  const [first] = await queryRows(connection, `select 1 ${from} limit 1`);
  if (!first) return;
  await connection.run(`insert into main.quarantine
    select source_system, ${sqlString(entity.name)}, files.path, _row_no, problem.column_name, problem.reason, mask_text(problem.raw)
    from (select source_system, _file_id, _row_no, unnest(_problems) as problem ${from}) as problems
    left join ${FILES} as files on files.file_id = _file_id`);
}
