// One JSON file of a source → the raw tables of all its JSON feeds.
import path from "node:path";
import { sqlString } from "../../shared/duckdb.ts";
import { FileRefusedError, readText } from "../files/file-text.ts";
import { inTurn } from "./in-turn.ts";
import { splitJson, type JsonProblem } from "./json-records.ts";
import type { RecordPlaces } from "./json-paths.ts";
import { LinePieces, type LineFile } from "./line-file.ts";
import { readerSizes, textOptions, type LoadJob } from "./load-delimited.ts";
import { addRawRows, forgetRawRows, sqlPath } from "./raw-rows.ts";
import { Quarantine, type FileRecord } from "./raw-tables.ts";

const TOLD_PROBLEMS = 3;

/** @throws FileRefusedError when the file gives no record at all; the raw tables are then unchanged. */
export async function loadJson(job: LoadJob, feeds: readonly RecordPlaces[]): Promise<FileRecord[]> {
  const loads = new Map(feeds.map((feed, index) => [feed.name, new FeedLoad(job, feed.name, index)]));
  // Whose rows the broken ones were nobody knows; they are told under the first feed.
  const quarantine = new Quarantine(job.connection, job.system, feeds[0]?.name ?? "", job.file);
  const told: JsonProblem[] = [];
  let encoding = "utf-8";
  try {
    const text = readText(job.file.absolute, { ...textOptions(job), onEncoding: (name) => (encoding = name) });
    await splitJson(job.file.path, text, feeds, {
      onRecord: (feed, rowNo, bytes) => loads.get(feed)?.pieces.write(`${rowNo}\u0001`, bytes),
      onProblem: (problem) => {
        quarantine.hold({ rowNo: problem.rowNo, reason: problem.reason, raw: problem.raw });
        if (told.length < TOLD_PROBLEMS) told.push(problem);
      },
      afterChunk: async () => {
        await quarantine.settle();
        for (const { pieces } of loads.values()) await pieces.settle();
      },
    });
    for (const { pieces } of loads.values()) await pieces.end();
    await quarantine.flush();
    const total = [...loads.values()].reduce((sum, load) => sum + load.pieces.lines, 0);
    if (total === 0 && quarantine.count > 0) refuse(told, feeds);
    return withProblems(fileRecords(job, [...loads.values()], encoding), told, quarantine.count);
  } catch (error) {
    for (const load of loads.values()) await load.forget();
    await quarantine.forget();
    throw error;
  }
}

/** The records of one feed on their way into its raw table. */
class FeedLoad {
  /** Records that are not valid JSON inside. */
  invalid = 0;
  readonly pieces: LinePieces;
  readonly feed: string;
  readonly #job: LoadJob;

  constructor(job: LoadJob, feed: string, index: number) {
    this.feed = feed;
    this.#job = job;
    this.pieces = new LinePieces({
      path: path.join(job.workFolder, `records-${job.fileId}-${index}`),
      take: (piece, number) => this.#take(piece, number),
    });
  }

  async forget(): Promise<void> {
    await this.pieces.discard();
    const { connection, system, file } = this.#job;
    await forgetRawRows({ ...this.#job, feed: this.feed });
    await new Quarantine(connection, system, this.feed, file).forget();
  }

  async #take(piece: LineFile, number: number): Promise<void> {
    const { connection, system, file, fileId } = this.#job;
    const lines = readRecords(piece);
    const written = await addRawRows(
      { ...this.#job, feed: this.feed },
      number,
      piece.bytes,
      `select ${fileId}::integer as file_id, row_no, record::json as record from ${lines} where json_valid(record)`,
    );
    if (written === piece.lines) return;
    this.invalid += piece.lines - written;
    const names = [system, this.feed, file.path].map(sqlString).join(", ");
    const refused = `insert into main.quarantine select ${names}, row_no, null, 'bad_json', left(record, 2000)
       from ${lines} where not coalesce(json_valid(record), false)`;
    await inTurn(connection, () => connection.run(refused));
  }
}

/** `read_csv(...)` over lines of row number and record: columns row_no, record. */
export function readRecords(lines: LineFile): string {
  return `read_csv(${sqlPath(lines.path)}, columns = {'row_no': 'BIGINT', 'record': 'VARCHAR'}, header = false,
    auto_detect = false, delim = chr(1), quote = '', escape = '', new_line = '\\n', ${readerSizes(lines)})`;
}

function refuse(problems: readonly JsonProblem[], feeds: readonly RecordPlaces[]): never {
  const places = feeds.flatMap((feed) => [...feed.arrays.map((name) => `${name}[]`), ...feed.objects]);
  throw new FileRefusedError(`gives no record: ${problems[0]?.message ?? "empty"}`, {
    advice: `Expected records in ${places.join(", ") || "its lines"}${feeds.some((feed) => feed.lineKeys.length > 0) ? ", or one record a line" : ""}.`,
  });
}

function fileRecords(job: LoadJob, loads: readonly FeedLoad[], encoding: string): FileRecord[] {
  const { system } = job;
  const filled = loads.filter((load) => load.pieces.lines > 0);
  if (filled.length === 0) {
    return [{ system, feed: null, encoding, rowsRead: 0, rowsRefused: 0, status: "loaded", message: "no records" }];
  }
  return filled.map(({ feed, invalid, pieces }) => ({
    system,
    feed,
    encoding,
    rowsRead: pieces.lines,
    rowsRefused: invalid,
    status: "loaded",
    message: invalid > 0 ? `${invalid} records are not valid JSON` : null,
  }));
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
