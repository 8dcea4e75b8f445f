// Fields of which not simply the newest version of a row decides (`keep` in etl/entities.ts). Beside each stands which version told it,
// so that versions may come in any order, in one run or in many, and end in the same row.
import type { Entity } from "../entities.ts";
import { sqlIdentifier } from "../../shared/duckdb.ts";

export interface KeptField {
  /** Quoted columns that go together: a time's four, else one. The first is null where the field is. */
  readonly columns: readonly [string, ...string[]];
  /** Quoted column that holds the version which told it; null where nothing is told. */
  readonly from: string;
  readonly keep: "first" | "last_known";
}

const VERSION_TYPE = "STRUCT(updated_at TIMESTAMP, modified_at TIMESTAMP, path VARCHAR, row_no BIGINT)";
const TIME_PARTS = ["", "_local", "_precision", "_date"] as const;

export function keptFields(entity: Entity): KeptField[] {
  return entity.fields.flatMap(({ name, type, keep }) => {
    if (!keep) return [];
    const parts = type === "time" ? TIME_PARTS.map((part) => sqlIdentifier(name + part)) : [];
    const [first = sqlIdentifier(name), ...rest] = parts;
    return [{ columns: [first, ...rest] as const, from: sqlIdentifier(fromName(name)), keep }];
  });
}

/** Columns of the versions, as `entityColumns` lists them. */
export function versionColumns(entity: Entity): { name: string; type: string }[] {
  const kept = entity.fields.filter((field) => field.keep);
  return kept.map((field) => ({ name: fromName(field.name), type: VERSION_TYPE }));
}

const fromName = (field: string) => `_${field}_from`;

/** A row's version as a value that compares as versions do: the newest change, then the later file, then the later row. */
export function versionOf(entity: Entity, row: string, file: string): string {
  const never = "'-infinity'::timestamp";
  const hasUpdates = entity.fields.some((field) => field.name === "updated_at");
  const updated = hasUpdates ? `coalesce(${row}.updated_at, ${never})` : never;
  return `{'updated_at': ${updated}, 'modified_at': coalesce(${file}.modified_at::timestamp, ${never}), 'path': ${file}.path, 'row_no': ${row}._row_no}`;
}

/** One struct of a field's columns and version, of the rows of a group: that of the first or last version that tells it. */
export function keptAggregate({ columns, from, keep }: KeptField, row: string, version: string): string {
  const told = columns.map((column) => `${column} := ${row}.${column}`).join(", ");
  const pick = keep === "first" ? "arg_min" : "arg_max";
  return `${pick}(struct_pack(${told}, ${from} := ${version}), ${version}) filter (${row}.${columns[0]} is not null)`;
}

/** Whether the field of `news` is kept rather than that of `older`; never null. */
export function winsOver({ from, keep }: KeptField, news: string, older: string): string {
  const isBefore = keep === "first" ? "<" : ">";
  return `coalesce(${news}.${from} ${isBefore} ${older}.${from}, ${news}.${from} is not null)`;
}
