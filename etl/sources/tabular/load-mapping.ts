// Loads the files of one mapping: only the columns it names, as text, into a raw table of its own.
import path from "node:path";
import { queryRows, sqlIdentifier, sqlString } from "../../../shared/duckdb.ts";
import { writeCleanRows } from "../../load/delimited-rows.ts";
import { FileRefusedError, readText } from "../../files/file-text.ts";
import { inPairs } from "../../load/in-pairs.ts";
import { inTurn } from "../../load/in-turn.ts";
import { splitJson } from "../../load/json-records.ts";
import { LinePieces, type LineFile } from "../../load/line-file.ts";
import { readCleanRows, textOptions, type LoadJob } from "../../load/load-delimited.ts";
import { readRecords } from "../../load/load-json.ts";
import type { LoadRun } from "../../load/load-run.ts";
import { addRawRows, forgetRawRows, sqlPath } from "../../load/raw-rows.ts";
import { Quarantine, rawTable, type FileRecord } from "../../load/raw-tables.ts";
import { usedColumns } from "./column-references.ts";
import type { Layout } from "./mapping-schema.ts";
import { bindColumns } from "./bind-columns.ts";
import type { Mapping } from "./mappings.ts";

export interface StagedMapping {
  readonly mapping: Mapping;
  /** Raw table of its own files, and of each joined file by its `as`; quoted. */
  readonly table: string;
  readonly joined: ReadonlyMap<string, string>;
}

interface Target {
  readonly entity: string;
  readonly table: string;
  readonly feed: string;
  readonly layout: Layout;
  /** Columns as the mapping writes them. */
  readonly columns: readonly string[];
}

/** Joined files come first: without one of them the mapping's own files are refused, never read with holes. */
export async function loadMapping(run: LoadRun, mapping: Mapping): Promise<StagedMapping> {
  const { system, join, entity } = mapping.spec;
  const used = usedColumns(mapping.spec);
  const joined = new Map<string, string>();
  let lacking: string | undefined;
  for (const joinSpec of join) {
    const feed = `${mapping.name}__${joinSpec.as}`;
    const columns = used.get(joinSpec.as) ?? [];
    const target: Target = { entity, table: rawTable(system, feed), feed, layout: joinSpec, columns };
    await createTable(run, target);
    joined.set(joinSpec.as, target.table);
    const file = mapping.joined.get(joinSpec.as);
    if (!file) lacking ??= `the joined file "${joinSpec.file}" is not there`;
    else if (!(await run.load(file, system, (job) => loadTable(job, target)))) {
      lacking ??= `the joined file ${file.path} was refused`;
    }
  }
  const table = rawTable(system, mapping.name);
  const columns = used.get(undefined) ?? [];
  const main: Target = { entity, table, feed: mapping.name, layout: mapping.spec, columns };
  await createTable(run, main);
  await inPairs(mapping.files, async (file) => {
    if (lacking) run.refuse(file, system, `was not read for ${mapping.path}: ${lacking}`);
    else await run.load(file, system, (job) => loadTable(job, main));
  });
  return { mapping, table, joined };
}

async function createTable(run: LoadRun, target: Target): Promise<void> {
  const columns = target.columns.map((column) => `, ${sqlIdentifier(column)} varchar`);
  await run.connection.run(`create table ${target.table} (file_id integer, row_no bigint${columns.join("")})`);
}

async function loadTable(job: LoadJob, target: Target): Promise<FileRecord[]> {
  const name = job.file.path.toLowerCase().replace(/\.gz$/, "");
  const format =
    target.layout.format ??
    (name.endsWith(".parquet") ? "parquet" : /\.(jsonl|ndjson|json)$/.test(name) ? "jsonl" : "csv");
  if (format === "parquet") return [await loadParquet(job, target)];
  if (format === "jsonl") return [await loadJsonLines(job, target)];
  const delimiter = target.layout.delimiter ?? (/\.(tsv|tab)$/.test(name) ? "\t" : ",");
  return [await loadCsv(job, target, delimiter)];
}

const rawTarget = (job: LoadJob, { feed }: Target) => ({ ...job, feed });

/** The columns of the raw table in their order. */
function rawSelect(job: LoadJob, target: Target, rowNo: string, values: readonly string[], from: string): string {
  const named = target.columns.map((column, index) => `${values[index] ?? "null"} as ${sqlIdentifier(column)}`);
  return `select ${[`${job.fileId}::integer as file_id`, `${rowNo} as row_no`, ...named].join(", ")} from ${from}`;
}

async function loadCsv(job: LoadJob, target: Target, delimiter: string): Promise<FileRecord> {
  const quarantine = new Quarantine(job.connection, job.system, target.entity, job.file);
  let encoding = "utf-8";
  let width = 0;
  let columns: readonly string[] = [];
  let cells: string[] = [];
  const pieces = new LinePieces({
    path: path.join(job.workFolder, `rows-${job.fileId}`),
    take: async (piece, number) => {
      const select = rawSelect(job, target, "row_no", cells, readCleanRows(piece, width, delimiter));
      await addRawRows(rawTarget(job, target), number, piece.bytes, select);
    },
  });
  try {
    const { rows } = await writeCleanRows(job.file.absolute, pieces, {
      ...textOptions(job),
      encoding: target.layout.encoding ?? job.encoding,
      delimiter,
      quoted: target.layout.quote !== "none",
      onEncoding: (name) => (encoding = name),
      onHeader: (header) => {
        width = header.length;
        columns = header;
        const indexes = bindColumns(target.columns, header);
        cells = indexes.map((index) => `c${index}`);
        return Math.max(1, ...indexes.map((index) => index + 1));
      },
      onBroken: (row) => quarantine.hold(row),
      afterChunk: async () => {
        await quarantine.settle();
        await pieces.settle();
      },
    });
    await pieces.end();
    await quarantine.flush();
    return { ...loaded(job, target, encoding, rows, quarantine.count), columns };
  } catch (error) {
    await takeBack(job, target, pieces, quarantine);
    throw error;
  }
}

async function takeBack(job: LoadJob, target: Target, pieces: LinePieces, quarantine: Quarantine): Promise<void> {
  await pieces.discard();
  await forgetRawRows(rawTarget(job, target));
  await quarantine.forget();
}

async function loadParquet(job: LoadJob, target: Target): Promise<FileRecord> {
  const file = `read_parquet(${sqlPath(job.file.absolute)}, file_row_number = true)`;
  let given: string[];
  try {
    const rows = await inTurn(job.connection, () =>
      queryRows<{ column_name: string }>(job.connection, `describe select * exclude (file_row_number) from ${file}`),
    );
    given = rows.map((row) => row.column_name);
  } catch (error) {
    throw new FileRefusedError("is not a readable Parquet file", { cause: error });
  }
  const values = bindColumns(target.columns, given).map((index) => `${sqlIdentifier(given[index] ?? "")}::varchar`);
  const rows = await addRawRows(
    rawTarget(job, target),
    0,
    job.file.bytes,
    rawSelect(job, target, "(file_row_number + 1)::bigint", values, file),
  );
  return { ...loaded(job, target, "parquet", rows, 0), columns: given };
}

async function loadJsonLines(job: LoadJob, target: Target): Promise<FileRecord> {
  const quarantine = new Quarantine(job.connection, job.system, target.entity, job.file);
  const given = new Set<string>();
  let encoding = "utf-8";
  const pieces = new LinePieces({
    path: path.join(job.workFolder, `records-${job.fileId}`),
    take: (piece, number) => takeRecords(job, target, { piece, number, given, quarantine }),
  });
  try {
    const text = readText(job.file.absolute, {
      ...textOptions(job),
      encoding: target.layout.encoding ?? job.encoding,
      onEncoding: (name) => (encoding = name),
    });
    await splitJson(job.file.path, text, [{ name: "all", arrays: [], objects: [], lineKeys: [], takesAll: true }], {
      onRecord: (_, rowNo, bytes) => pieces.write(`${rowNo}\u0001`, bytes),
      onProblem: (problem) => quarantine.hold(problem),
      afterChunk: async () => {
        await quarantine.settle();
        await pieces.settle();
      },
    });
    const problems = quarantine.count;
    await pieces.end();
    await quarantine.flush();
    return loaded(job, target, encoding, pieces.lines + problems, quarantine.count);
  } catch (error) {
    await takeBack(job, target, pieces, quarantine);
    throw error;
  }
}

interface Records {
  readonly piece: LineFile;
  readonly number: number;
  /** Keys of the records so far. */
  readonly given: Set<string>;
  readonly quarantine: Quarantine;
}

/** A dotted name goes into nested objects. */
async function takeRecords(job: LoadJob, target: Target, { piece, number, given, quarantine }: Records): Promise<void> {
  const records = `(select row_no, try_cast(record as json) as record, record as text from ${readRecords(piece)})`;
  const ask = <Row>(sql: string) => inTurn(job.connection, () => queryRows<Row>(job.connection, sql));
  const invalid = await ask<{ row_no: number; text: string }>(
    `select row_no, left(text, 2000) as text from ${records} where record is null`,
  );
  for (const row of invalid) quarantine.hold({ rowNo: row.row_no, reason: "bad_json", raw: row.text });
  const keys = await ask<{ key: string }>(
    `select distinct unnest(json_keys(record)) as key from ${records} where record is not null order by 1`,
  );
  for (const { key } of keys) given.add(key);
  const names = [...given].toSorted();
  const values = target.columns.map((column) => {
    const exact = given.has(column);
    const parts = exact ? [column] : column.split(".");
    const [first = ""] = parts;
    const own = names[bindColumns([first], names)[0] ?? 0] ?? first;
    const pointer = [own, ...parts.slice(1)].map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
    return `record ->> ${sqlString(`/${pointer}`)}`;
  });
  const select = rawSelect(job, target, "row_no", values, `${records} where record is not null`);
  await addRawRows(rawTarget(job, target), number, piece.bytes, select);
}

function loaded(job: LoadJob, target: Target, encoding: string, rowsRead: number, rowsRefused: number): FileRecord {
  const message = rowsRefused > 0 ? `${rowsRefused} rows are broken` : null;
  return { system: job.system, feed: target.feed, encoding, rowsRead, rowsRefused, status: "loaded", message };
}
