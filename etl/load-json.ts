// One JSON file of a source → the raw tables of all its JSON feeds.
import { rm } from "node:fs/promises";
import path from "node:path";
import { queryRows, sqlString } from "../shared/duckdb.ts";
import { FileRefusedError, readText } from "./file-text.ts";
import { splitJson, type JsonProblem } from "./json-records.ts";
import type { RecordPlaces } from "./json-paths.ts";
import { LineFile } from "./line-file.ts";
import { longestLine, type LoadJob } from "./load-delimited.ts";
import { Quarantine, rawTable, type FileRecord } from "./raw-tables.ts";

const TOLD_PROBLEMS = 3;

/** @throws FileRefusedError when the file gives no record at all; the raw tables are then unchanged. */
export async function loadJson(job: LoadJob, feeds: readonly RecordPlaces[]): Promise<FileRecord[]> {
  const files = new Map(
    feeds.map((feed, index) => [
      feed.name,
      new LineFile(path.join(job.workFolder, `records-${job.fileId}-${index}.txt`)),
    ]),
  );
  // Whose rows the broken ones were nobody knows; they are told under the first feed.
  const quarantine = new Quarantine(job.connection, job.system, feeds[0]?.name ?? "", job.file);
  const told: JsonProblem[] = [];
  let encoding = "utf-8";
  try {
    const text = readText(job.file.absolute, { encoding: job.encoding, onEncoding: (name) => (encoding = name) });
    try {
      await splitJson(job.file.path, text, feeds, {
        onRecord: (feed, rowNo, bytes) => files.get(feed)?.write(`${rowNo}\u0001`, bytes),
        onProblem: (problem) => {
          quarantine.hold({ rowNo: problem.rowNo, reason: "bad_json", raw: problem.raw });
          if (told.length < TOLD_PROBLEMS) told.push(problem);
        },
        afterChunk: () => quarantine.settle(),
      });
    } finally {
      for (const file of files.values()) file.close();
    }
    const total = [...files.values()].reduce((sum, file) => sum + file.lines, 0);
    await quarantine.flush();
    if (total === 0 && quarantine.count > 0) {
      await quarantine.forget();
      refuse(told, feeds);
    }
    return withProblems(await insertAll(job, files, encoding), told, quarantine.count);
  } finally {
    for (const file of files.values()) await rm(file.path, { force: true });
  }
}

function refuse(problems: readonly JsonProblem[], feeds: readonly RecordPlaces[]): never {
  const places = feeds.flatMap((feed) => [...feed.arrays.map((name) => `${name}[]`), ...feed.objects]);
  throw new FileRefusedError(`gives no record: ${problems[0]?.message ?? "empty"}`, {
    advice: `Expected records in ${places.join(", ") || "its lines"}${feeds.some((feed) => feed.lineKeys.length > 0) ? ", or one record a line" : ""}.`,
  });
}

async function insertAll(job: LoadJob, files: ReadonlyMap<string, LineFile>, encoding: string): Promise<FileRecord[]> {
  const records: FileRecord[] = [];
  for (const [feed, file] of files) {
    if (file.lines === 0) continue;
    const invalid = await insertRecords(job, feed, file);
    const message = invalid > 0 ? `${invalid} records are not valid JSON` : null;
    records.push({
      system: job.system,
      feed,
      encoding,
      rowsRead: file.lines,
      rowsRefused: invalid,
      status: "loaded",
      message,
    });
  }
  if (records.length === 0) {
    records.push({
      system: job.system,
      feed: null,
      encoding,
      rowsRead: 0,
      rowsRefused: 0,
      status: "loaded",
      message: "no records",
    });
  }
  return records;
}

/** The first feed's record also counts what could not be read as any record. */
function withProblems(records: readonly FileRecord[], told: readonly JsonProblem[], count: number): FileRecord[] {
  const [first, ...others] = records;
  if (!first || count === 0) return [...records];
  const messages = told.map((problem) => problem.message).join("; ");
  const more = count > told.length ? `; and ${count - told.length} more` : "";
  return [
    {
      ...first,
      rowsRead: first.rowsRead + count,
      rowsRefused: first.rowsRefused + count,
      message: [first.message, messages + more].filter(Boolean).join("; "),
    },
    ...others,
  ];
}

/** Returns how many records went to quarantine. */
async function insertRecords(job: LoadJob, feed: string, file: LineFile): Promise<number> {
  const lines = `read_csv(${sqlString(file.path)}, columns = {'row_no': 'BIGINT', 'record': 'VARCHAR'}, header = false,
    auto_detect = false, delim = chr(1), quote = '', escape = '', new_line = '\\n', max_line_size = ${longestLine(file)})`;
  await job.connection.run(
    `insert into ${rawTable(job.system, feed)} (file_id, row_no, record)
     select ${job.fileId}, row_no, record::json from ${lines} where json_valid(record)`,
  );
  const [inserted] = await queryRows<{ n: number }>(
    job.connection,
    `select count(*) as n from ${rawTable(job.system, feed)} where file_id = ${job.fileId}`,
  );
  const invalid = file.lines - (inserted?.n ?? 0);
  if (invalid > 0) {
    await job.connection.run(
      `insert into main.quarantine
       select ${[job.system, feed, job.file.path].map(sqlString).join(", ")}, row_no, null, 'bad_json', left(record, 2000)
       from ${lines} where not coalesce(json_valid(record), false)`,
    );
  }
  return invalid;
}
