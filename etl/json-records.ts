// Numbers the records of a JSON file and keeps going after a broken line where the file is newline-delimited.
import { JsonBreakError } from "./json-capture.ts";
import type { RecordPlaces } from "./json-paths.ts";
import { JsonSplitter } from "./json-splitter.ts";

export interface JsonProblem {
  readonly rowNo: number | null;
  readonly message: string;
  readonly raw: string;
}

export interface RecordSink {
  /** `rowNo`: 1 = first record of the file, whatever its feed. */
  readonly onRecord: (feed: string, rowNo: number, bytes: Buffer) => void;
  readonly onProblem: (problem: JsonProblem) => void;
  /** Awaited after each piece of the file, so that what was found need not pile up. */
  readonly afterChunk?: () => Promise<void>;
}

const LONGEST_LINE = 32 << 20;
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
    if (records) {
      if (!records.push(chunk)) return;
      await sink.afterChunk?.();
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < 1 << 16) continue;
    records = start(name, head, places, sink);
    if (!records.push(head)) return;
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
      onStray: (message, bytes) =>
        sink.onProblem({ rowNo: ++this.#rowNo, message, raw: bytes.subarray(0, RAW_BYTES).toString("utf8") }),
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
      this.#sink.onProblem({ rowNo: this.#rowNo, message, raw: error.raw });
      return false;
    }
  }
}

/** A splitter a line: a broken line costs itself only. */
class LineRecords implements Numbering {
  readonly #places: readonly RecordPlaces[];
  readonly #sink: RecordSink;
  #rest: Buffer[] = [];
  #restSize = 0;
  #offset = 0;
  #rowNo = 0;

  constructor(places: readonly RecordPlaces[], sink: RecordSink) {
    this.#places = places;
    this.#sink = sink;
  }

  push(chunk: Buffer): boolean {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#line(Buffer.concat([...this.#rest, chunk.subarray(from, end)]));
      this.#rest = [];
      this.#restSize = 0;
      this.#offset += 1;
      from = end + 1;
    }
    this.#rest.push(Buffer.from(chunk.subarray(from)));
    this.#restSize += chunk.length - from;
    if (this.#restSize <= LONGEST_LINE) return true;
    const raw = Buffer.concat(this.#rest).subarray(0, RAW_BYTES).toString("utf8");
    const message = `the line at byte ${this.#offset} is longer than ${LONGEST_LINE >> 20} MB; the rest was not read`;
    this.#sink.onProblem({ rowNo: ++this.#rowNo, message, raw });
    return false;
  }

  end(): void {
    this.#line(Buffer.concat(this.#rest));
  }

  #line(line: Buffer): void {
    const found: { feed: string; bytes: Buffer }[] = [];
    const stray: { message: string; raw: string }[] = [];
    try {
      const splitter = new JsonSplitter(
        this.#places,
        {
          onRecord: (feed, bytes) => found.push({ feed, bytes }),
          onStray: (message, bytes) => stray.push({ message, raw: bytes.subarray(0, RAW_BYTES).toString("utf8") }),
        },
        this.#offset,
      );
      splitter.push(line);
      splitter.end();
    } catch (error) {
      if (!(error instanceof JsonBreakError)) throw error;
      // What the line gave before it broke is given up with it: a line is one record.
      found.length = 0;
      stray.push({ message: error.message, raw: line.subarray(0, RAW_BYTES).toString("utf8") });
    }
    this.#offset += line.length;
    for (const { feed, bytes } of found) this.#sink.onRecord(feed, ++this.#rowNo, bytes);
    for (const { message, raw } of stray) {
      this.#rowNo += 1;
      this.#sink.onProblem({ rowNo: this.#rowNo, message: `record ${this.#rowNo}: ${message}`, raw });
    }
  }
}
