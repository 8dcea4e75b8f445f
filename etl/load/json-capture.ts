// The bytes of one JSON value while they arrive, and the error that tells where a text broke.
import { DEEPEST_RECORD, LARGEST_RECORD } from "../files/input-limits.ts";

/** The text breaks off or closes wrongly; nothing after `offset` was read. */
export class JsonBreakError extends Error {
  readonly offset: number;
  readonly raw: string;
  constructor(message: string, offset: number, raw: string) {
    super(message);
    this.name = "JsonBreakError";
    this.offset = offset;
    this.raw = raw;
  }
}

export type JsonReason = "bad_json" | "too_long" | "too_deep";

/** Why a value cannot be a record. */
export interface Unusable {
  readonly reason: JsonReason;
  readonly message: string;
}

const RAW_BYTES = 2000;

/** One value, which began at depth `depth` and byte `offset`. Where in the current chunk it goes on is `from`. */
export class Capture {
  readonly depth: number;
  readonly offset: number;
  readonly feed: string;
  size = 0;
  unusable: Unusable | undefined;
  #parts: Buffer[] = [];
  #from: number;

  constructor(feed: string, depth: number, offset: number, from: number) {
    this.feed = feed;
    this.depth = depth;
    this.offset = offset;
    this.#from = from;
  }

  /** Takes what belongs to it up to `end`; of a value that cannot be a record only the beginning is kept. */
  keep(chunk: Buffer, end: number): void {
    const part = chunk.subarray(this.#from, end);
    this.#from = 0;
    this.size += part.length;
    if (this.unusable && this.#parts.length > 0) return;
    this.#parts.push(this.unusable ? part.subarray(0, RAW_BYTES) : part);
    if (this.size > LARGEST_RECORD) {
      this.spoil({ reason: "too_long", message: `the record is larger than ${LARGEST_RECORD >> 20} MB` });
    }
  }

  checkDepth(depth: number): void {
    if (depth - this.depth <= DEEPEST_RECORD) return;
    this.spoil({ reason: "too_deep", message: `the record is nested deeper than ${DEEPEST_RECORD} levels` });
  }

  /** On one line: line breaks and other control bytes mean nothing between JSON tokens; inside strings they are a writer's error. */
  bytes(hasControls: boolean): Buffer {
    const [only] = this.#parts;
    const record = this.#parts.length === 1 && only ? only : Buffer.concat(this.#parts);
    if (hasControls) for (let at = 0; at < record.length; at += 1) if ((record[at] as number) < 32) record[at] = 32;
    return record;
  }

  get raw(): string {
    return Buffer.concat(this.#parts).subarray(0, RAW_BYTES).toString("utf8");
  }

  /** What was kept may lie in a chunk of any size: only a copy of its beginning stays. */
  spoil(why: Unusable): void {
    if (this.unusable) return;
    this.unusable = why;
    const [first] = this.#parts;
    if (first) this.#parts = [Buffer.from(first.subarray(0, RAW_BYTES))];
  }
}
