// Loads the files of one mapping: only the columns it names, as text, into a raw table of its own.
import path from "node:path";
import { rm } from "node:fs/promises";
import { queryRows, sqlIdentifier, sqlString } from "../../../shared/duckdb.ts";
import { writeCleanRows } from "../../delimited-rows.ts";
import { FileRefusedError, readText } from "../../file-text.ts";
import { splitJson } from "../../json-records.ts";
import { LineFile } from "../../line-file.ts";
import { longestLine, readCleanRows, type LoadJob } from "../../load-delimited.ts";
import type { LoadRun } from "../../load-run.ts";
import { Quarantine, rawTable, type FileRecord } from "../../raw-tables.ts";
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
  for (const file of mapping.files) {
    if (lacking) run.refuse(file, system, `was not read for ${mapping.path}: ${lacking}`);
    else await run.load(file, system, (job) => loadTable(job, main));
  }
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

function insertInto(target: Target): string {
  return `insert into ${target.table} (${["file_id", "row_no", ...target.columns.map(sqlIdentifier)].join(", ")})`;
}

async function loadCsv(job: LoadJob, target: Target, delimiter: string): Promise<FileRecord> {
  const clean = new LineFile(path.join(job.workFolder, `rows-${job.fileId}.csv`));
  const quarantine = new Quarantine(job.connection, job.system, target.entity, job.file);
  let encoding = "utf-8";
  let width = 0;
  let indexes: number[] = [];
  try {
    let rows: number;
    try {
      ({ rows } = await writeCleanRows(job.file.absolute, clean, {
        delimiter,
        quoted: target.layout.quote !== "none",
        encoding: target.layout.encoding ?? job.encoding,
        onEncoding: (name) => (encoding = name),
        onHeader: (header) => {
          width = header.length;
          indexes = bindColumns(target.columns, header);
          return Math.max(1, ...indexes.map((index) => index + 1));
        },
        onBroken: async (row) => quarantine.add({ rowNo: row.rowNo, reason: "unreadable_row", raw: row.raw }),
      }));
    } finally {
      clean.close();
    }
    await quarantine.flush();
    if (clean.lines > 0) {
      await job.connection.run(
        `${insertInto(target)} select ${[job.fileId, "row_no", ...indexes.map((index) => `c${index}`)].join(", ")} from ${readCleanRows(clean, width, delimiter)}`,
      );
    }
    return loaded(job, target, encoding, rows, quarantine.count);
  } finally {
    await rm(clean.path, { force: true });
  }
}

async function loadParquet(job: LoadJob, target: Target): Promise<FileRecord> {
  const file = `read_parquet(${sqlString(job.file.absolute)}, file_row_number = true)`;
  let given: string[];
  try {
    const rows = await queryRows<{ column_name: string }>(
      job.connection,
      `describe select * exclude (file_row_number) from ${file}`,
    );
    given = rows.map((row) => row.column_name);
  } catch (error) {
    throw new FileRefusedError("is not a readable Parquet file", { cause: error });
  }
  const values = bindColumns(target.columns, given).map((index) => `${sqlIdentifier(given[index] ?? "")}::varchar`);
  await job.connection.run(
    `${insertInto(target)} select ${[job.fileId, "file_row_number + 1", ...values].join(", ")} from ${file}`,
  );
  const [count] = await queryRows<{ n: number }>(
    job.connection,
    `select count(*) as n from ${target.table} where file_id = ${job.fileId}`,
  );
  return loaded(job, target, "parquet", count?.n ?? 0, 0);
}

async function loadJsonLines(job: LoadJob, target: Target): Promise<FileRecord> {
  const lines = new LineFile(path.join(job.workFolder, `records-${job.fileId}.txt`));
  const quarantine = new Quarantine(job.connection, job.system, target.entity, job.file);
  let encoding = "utf-8";
  let problems = 0;
  try {
    try {
      const text = readText(job.file.absolute, {
        encoding: target.layout.encoding ?? job.encoding,
        onEncoding: (name) => (encoding = name),
      });
      await splitJson(job.file.path, text, [{ name: "all", arrays: [], objects: [], lineKeys: [], takesAll: true }], {
        onRecord: (_, rowNo, bytes) => lines.write(`${rowNo}\u0001`, bytes),
        onProblem: (problem) => quarantine.hold({ rowNo: problem.rowNo, reason: "bad_json", raw: problem.raw }),
        afterChunk: () => quarantine.settle(),
      });
      problems = quarantine.count;
    } finally {
      lines.close();
    }
    const records = `(select row_no, try_cast(record as json) as record, record as text from read_csv(${sqlString(lines.path)},
      columns = {'row_no': 'BIGINT', 'record': 'VARCHAR'}, header = false, auto_detect = false, delim = chr(1), quote = '',
      escape = '', new_line = '\\n', max_line_size = ${longestLine(lines)}))`;
    if (lines.lines > 0) {
      const invalid = await queryRows<{ row_no: number; text: string }>(
        job.connection,
        `select row_no, left(text, 2000) as text from ${records} where record is null`,
      );
      for (const row of invalid) await quarantine.add({ rowNo: row.row_no, reason: "bad_json", raw: row.text });
      await insertJson(job, target, records);
    }
    await quarantine.flush();
    return loaded(job, target, encoding, lines.lines + problems, quarantine.count);
  } finally {
    await rm(lines.path, { force: true });
  }
}

/** A dotted name goes into nested objects. */
async function insertJson(job: LoadJob, target: Target, records: string): Promise<void> {
  const keys = await queryRows<{ key: string }>(
    job.connection,
    `select distinct unnest(json_keys(record)) as key from ${records} where record is not null order by 1`,
  );
  const given = keys.map((row) => row.key);
  const values = target.columns.map((column) => {
    const exact = given.includes(column);
    const parts = exact ? [column] : column.split(".");
    const [first = ""] = parts;
    const own = given[bindColumns([first], given)[0] ?? 0] ?? first;
    const pointer = [own, ...parts.slice(1)].map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
    return `record ->> ${sqlString(`/${pointer}`)}`;
  });
  await job.connection.run(
    `${insertInto(target)} select ${[job.fileId, "row_no", ...values].join(", ")} from ${records} where record is not null`,
  );
}

function loaded(job: LoadJob, target: Target, encoding: string, rowsRead: number, rowsRefused: number): FileRecord {
  const message = rowsRefused > 0 ? `${rowsRefused} rows are broken` : null;
  return { system: job.system, feed: target.feed, encoding, rowsRead, rowsRefused, status: "loaded", message };
}
