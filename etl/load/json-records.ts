// Numbers the records of a JSON file and keeps going after a broken line where the file is newline-delimited.
import { LARGEST_RECORD } from "../files/input-limits.ts";
import { JsonBreakError, type JsonReason } from "./json-capture.ts";
import type { RecordPlaces } from "./json-paths.ts";
import { JsonSplitter } from "./json-splitter.ts";

export interface JsonProblem {
  readonly rowNo: number | null;
  readonly reason: JsonReason;
  readonly message: string;
  readonly raw: string;
}

export interface RecordSink {
  /** `rowNo`: 1 = first record of the file, whatever its feed. `bytes` are to be used or copied before the sink returns. */
  readonly onRecord: (feed: string, rowNo: number, bytes: Buffer) => void;
  readonly onProblem: (problem: JsonProblem) => void;
  /** Awaited after each piece of the file, so that what was found need not pile up. */
  readonly afterChunk?: () => Promise<void>;
}

const RAW_BYTES = 2000;

/** `name` tells by its ending whether the file is newline-delimited; else its first line does. */
export async function splitJson(
  name: string,
  text: AsyncIterable<Buffer>,
  places: readonly RecordPlaces[],
  sink: RecordSink,
): Promise<void> {
  let records: Numbering | undefined;
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of text) {
    let part = chunk;
    if (!records) {
      head = head.length > 0 ? Buffer.concat([head, chunk]) : chunk;
      if (head.length < 1 << 16) continue;
      records = start(name, head, places, sink);
      part = head;
    }
    if (!records.push(part)) return;
    await sink.afterChunk?.();
  }
  if (!records) {
    records = start(name, head, places, sink);
    if (!records.push(head)) return;
  }
  records.end();
}

interface Numbering {
  /** false: the rest of the file is not to be read. */
  push(chunk: Buffer): boolean;
  end(): void;
}

function start(name: string, head: Buffer, places: readonly RecordPlaces[], sink: RecordSink): Numbering {
  const isLines = /\.(ndjson|jsonl)(\.gz)?$/i.test(name) || firstLineIsRecord(head);
  return isLines ? new LineRecords(places, sink) : new DocumentRecords(places, sink);
}

function firstLineIsRecord(head: Buffer): boolean {
  const end = head.indexOf(10);
  if (end < 0 || head.subarray(end).toString("latin1").trimStart()[0] !== "{") return false;
  try {
    const value: unknown = JSON.parse(head.subarray(0, end).toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** One splitter over the whole text; a break ends the reading. */
class DocumentRecords implements Numbering {
  readonly #splitter: JsonSplitter;
  readonly #sink: RecordSink;
  #rowNo = 0;

  constructor(places: readonly RecordPlaces[], sink: RecordSink) {
    this.#sink = sink;
    this.#splitter = new JsonSplitter(places, {
      onRecord: (feed, bytes) => sink.onRecord(feed, ++this.#rowNo, bytes),
      onStray: (message, raw, reason) => sink.onProblem({ rowNo: ++this.#rowNo, reason, message, raw }),
    });
  }

  push(chunk: Buffer): boolean {
    return this.#guard(() => this.#splitter.push(chunk));
  }

  end(): void {
    this.#guard(() => this.#splitter.end());
  }

  #guard(step: () => void): boolean {
    try {
      step();
      return true;
    } catch (error) {
      if (!(error instanceof JsonBreakError)) throw error;
      this.#rowNo += 1;
      const message = `broken from byte ${error.offset} on (record ${this.#rowNo}): ${error.message}; the rest was not read`;
      this.#sink.onProblem({ rowNo: this.#rowNo, reason: "bad_json", message, raw: error.raw });
      return false;
    }
  }
}

/** A line at a time: a broken line costs itself only. */
class LineRecords implements Numbering {
  readonly #sink: RecordSink;
  readonly #splitter: JsonSplitter;
  #found: { readonly feed: string; readonly bytes: Buffer }[] = [];
  #stray: Omit<JsonProblem, "rowNo">[] = [];
  #rest: Buffer[] = [];
  #restSize = 0;
  #offset = 0;
  #rowNo = 0;
  #isSkipping = false;

  constructor(places: readonly RecordPlaces[], sink: RecordSink) {
    this.#sink = sink;
    this.#splitter = new JsonSplitter(places, {
      onRecord: (feed, bytes) => this.#found.push({ feed, bytes }),
      onStray: (message, raw, reason) => this.#stray.push({ message, raw, reason }),
    });
  }

  push(chunk: Buffer): boolean {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#endLine(chunk.subarray(from, end));
      from = end + 1;
    }
    this.#keep(chunk.subarray(from));
    return true;
  }

  end(): void {
    this.#endLine(Buffer.alloc(0));
  }

  #endLine(last: Buffer): void {
    if (this.#isSkipping) this.#offset += last.length;
    else this.#line(this.#restSize > 0 ? Buffer.concat([...this.#rest, last]) : last);
    this.#isSkipping = false;
    this.#rest = [];
    this.#restSize = 0;
    this.#offset += 1;
  }

  /** Of a line too long to be a record only the end is looked for. */
  #keep(part: Buffer): void {
    if (this.#isSkipping) {
      this.#offset += part.length;
      return;
    }
    this.#rest.push(part);
    this.#restSize += part.length;
    if (this.#restSize <= LARGEST_RECORD) return;
    const [first = part] = this.#rest;
    const raw = first.subarray(0, RAW_BYTES).toString("utf8");
    const message = `the line at byte ${this.#offset} is longer than ${LARGEST_RECORD >> 20} MB`;
    this.#sink.onProblem({ rowNo: ++this.#rowNo, reason: "too_long", message, raw });
    this.#offset += this.#restSize;
    this.#rest = [];
    this.#restSize = 0;
    this.#isSkipping = true;
  }

  #line(line: Buffer): void {
    try {
      this.#splitter.push(line);
      this.#splitter.end();
    } catch (error) {
      if (!(error instanceof JsonBreakError)) throw error;
      // What the line gave before it broke is given up with it: a line is one record.
      this.#found = [];
      this.#stray.push({
        reason: "bad_json",
        message: error.message,
        raw: line.subarray(0, RAW_BYTES).toString("utf8"),
      });
      this.#splitter.restart(this.#offset + line.length);
    }
    this.#splitter.passLineEnd();
    this.#offset += line.length;
    for (const { feed, bytes } of this.#found) this.#sink.onRecord(feed, ++this.#rowNo, bytes);
    for (const problem of this.#stray) {
      this.#rowNo += 1;
      this.#sink.onProblem({ ...problem, rowNo: this.#rowNo, message: `record ${this.#rowNo}: ${problem.message}` });
    }
    this.#found = [];
    this.#stray = [];
  }
}
