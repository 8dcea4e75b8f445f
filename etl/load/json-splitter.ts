// Cuts JSON text of any size into its records, byte by byte, without parsing them: memory is one record.
// Whether a record is valid JSON inside is DuckDB's to say; here only strings, escapes and brackets count.

import { DEEPEST_TEXT } from "../files/input-limits.ts";
import { Capture, JsonBreakError, type JsonReason } from "./json-capture.ts";
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  JsonNesting,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from "./json-nesting.ts";
import { RecordPaths, type RecordPlaces } from "./json-paths.ts";

export interface SplitterSink {
  /** `bytes` is one record on one line, to be used or copied before the sink returns. */
  readonly onRecord: (feed: string, bytes: Buffer) => void;
  /** A whole value that no feed claims, that is no object, or beyond the limits. */
  readonly onStray: (problem: string, raw: string, reason: JsonReason) => void;
}

const TOLD_KEYS = 12;

/** Feed it chunks with `push`, then `end`. A new top-level value may follow a finished one (newline-delimited files). */
export class JsonSplitter {
  readonly #places: readonly RecordPlaces[];
  readonly #sink: SplitterSink;
  readonly #paths: RecordPaths;
  #offset = 0;
  #chunk: Buffer = Buffer.alloc(0);
  readonly #nesting = new JsonNesting();
  readonly #stack = this.#nesting.stack;
  #keys: string[] = [];
  #expectsKey = false;
  #isInScalar = false;
  #key: Capture | undefined;
  /** Control bytes seen before the record and the document. */
  #controlsBefore = 0;
  #documentControlsBefore = 0;
  #documentKeys = new Set<string>();
  #document: Capture | undefined;
  #isEnvelope = false;
  #claimed = false;
  /** A field of a whole record may bear the name of another feed's place: known when the document ends or grows large. */
  #held: { readonly record: Capture; readonly bytes: Buffer }[] = [];
  #record: Capture | undefined;
  /** An object that is a record itself unless one, or a list of them, turns up inside it. */
  #outer: Capture | undefined;
  #feedArray: { readonly depth: number; readonly feed: string } | undefined;

  constructor(places: readonly RecordPlaces[], sink: SplitterSink) {
    this.#places = places;
    this.#sink = sink;
    this.#paths = new RecordPaths(places);
  }

  /** @throws JsonBreakError; the records before the break have then been given out. */
  push(chunk: Buffer): void {
    try {
      this.#scan(chunk);
      if (!this.#document) this.#release();
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  /** @throws JsonBreakError when the text ends inside a value. */
  end(): void {
    if (this.#stack.length === 0 && !this.#nesting.isInString) return;
    this.#release();
    const open = this.#openValue();
    const where = open ? `the record begun at byte ${open.offset}` : "a list of records";
    throw new JsonBreakError(`the text ends inside ${where}`, open?.offset ?? this.#offset, open?.raw ?? "");
  }

  /** For whoever cuts at line ends himself. */
  passLineEnd(): void {
    this.#offset += 1;
  }

  /** Forgets whatever is open; the next text begins at `offset`. */
  restart(offset: number): void {
    this.#offset = offset;
    this.#nesting.restart();
    this.#expectsKey = false;
    this.#isInScalar = false;
    this.#key = undefined;
    this.#document = undefined;
    this.#isEnvelope = false;
    this.#claimed = false;
    this.#held = [];
    this.#record = undefined;
    this.#outer = undefined;
    this.#feedArray = undefined;
  }

  #scan(chunk: Buffer): void {
    this.#chunk = chunk;
    const nesting = this.#nesting;
    const checkDepth = (at: number) => this.#checkDepth(at);
    for (let at = 0; at < chunk.length; at += 1) {
      if (nesting.dullDepth > 0) {
        at = nesting.skip(chunk, at, checkDepth);
        if (at >= chunk.length) break;
      }
      const byte = chunk[at] as number;
      if (nesting.isInString) {
        this.#inString(byte, chunk, at);
        continue;
      }
      if (byte <= 32) {
        if (byte < 32) nesting.controls += 1;
      } else if (byte === QUOTE) this.#openString(at);
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#open(byte, at);
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#close(byte, at, chunk);
      else if (byte === COMMA) this.#comma(at);
      else if (byte === COLON) this.#expectsKey = false;
      else this.#scalar(byte, at);
    }
    for (const capture of [this.#document, this.#outer, this.#record, this.#key]) capture?.keep(chunk, chunk.length);
    this.#offset += chunk.length;
    this.#letGoOfEnvelope();
  }

  #checkDepth(at: number): void {
    const depth = this.#stack.length;
    if (depth > DEEPEST_TEXT) throw this.#broken(`brackets are nested deeper than ${DEEPEST_TEXT} levels`, at);
    this.#record?.checkDepth(depth);
    this.#outer?.checkDepth(depth);
    this.#document?.checkDepth(depth);
  }

  #inString(byte: number, chunk: Buffer, at: number): void {
    const nesting = this.#nesting;
    if (byte < 32) nesting.controls += 1;
    if (nesting.isEscaped) nesting.isEscaped = false;
    else if (byte === BACKSLASH) nesting.isEscaped = true;
    else if (byte === QUOTE) {
      nesting.isInString = false;
      if (this.#key) this.#endKey(this.#key, chunk, at);
    }
  }

  #openString(at: number): void {
    if (this.#stack.length === 0) throw this.#broken("text stands where a record should", at);
    this.#nesting.isInString = true;
    const isKey = this.#expectsKey && this.#stack.at(-1) === OPEN_OBJECT;
    if (isKey && this.#isShallow()) this.#key = new Capture("", 0, 0, at + 1);
    if (!isKey) this.#strayElement();
  }

  #endKey(key: Capture, chunk: Buffer, at: number): void {
    this.#key = undefined;
    key.keep(chunk, at);
    // Most keys are no part of any path or mark, as their length alone tells.
    const text = this.#paths.lengths.has(key.size) ? key.bytes(false).toString("utf8") : "";
    this.#keys[this.#stack.length - 1] = text;
    if (text && this.#document && this.#stack.length === this.#document.depth + 1) this.#documentKeys.add(text);
  }

  /** Keys are only kept where a path or a document's own keys may need them. */
  #isShallow(): boolean {
    if (!this.#document && !this.#isEnvelope) return false;
    return this.#stack.length - this.#documentDepth() <= this.#paths.deepest;
  }

  #documentDepth(): number {
    return this.#stack[0] === OPEN_ARRAY ? 1 : 0;
  }

  #open(byte: number, at: number): void {
    const depth = this.#stack.length;
    const isTop = depth === 0 || (depth === 1 && this.#stack[0] === OPEN_ARRAY);
    if (isTop && byte === OPEN_OBJECT) {
      this.#document = new Capture("", depth, this.#offset + at, at);
      this.#documentKeys = new Set();
      this.#documentControlsBefore = this.#nesting.controls;
      this.#isEnvelope = true;
    } else if (isTop && depth === 1) this.#strayElement();
    else if (!this.#record && this.#isEnvelope) this.#openInside(byte, at, depth);
    this.#stack.push(byte);
    this.#checkDepth(at);
    this.#expectsKey = byte === OPEN_OBJECT;
    if (this.#record || depth + 1 - this.#documentDepth() > this.#paths.deepest) this.#beginDull();
  }

  /** Nothing inside the bracket just opened can matter, unless it is a list of records. */
  #beginDull(): void {
    if (this.#feedArray && !this.#record && this.#feedArray.depth === this.#stack.length - 1) return;
    this.#nesting.dullDepth = this.#stack.length;
  }

  #openInside(byte: number, at: number, depth: number): void {
    if (this.#feedArray) {
      if (depth !== this.#feedArray.depth + 1) return;
      if (byte === OPEN_OBJECT) this.#startRecord(this.#feedArray.feed, depth, at);
      else this.#strayElement();
      return;
    }
    const base = this.#documentDepth();
    if (depth - base > this.#paths.deepest || this.#stack.includes(OPEN_ARRAY, base)) return;
    const keys = this.#keys.slice(base, depth);
    if (byte === OPEN_OBJECT) {
      const found = this.#paths.objectAt(keys);
      if (!found) return;
      this.#outer = found.isOuter ? new Capture(found.feed, depth, this.#offset + at, at) : undefined;
      if (!found.isOuter) this.#startRecord(found.feed, depth, at);
    } else {
      const feed = this.#paths.arrayAt(keys);
      if (feed === undefined) return;
      this.#outer = undefined;
      this.#feedArray = { depth, feed };
    }
    this.#claimed = true;
  }

  #startRecord(feed: string, depth: number, at: number): void {
    this.#record = new Capture(feed, depth, this.#offset + at, at);
    this.#controlsBefore = this.#nesting.controls;
  }

  #close(byte: number, at: number, chunk: Buffer): void {
    const open = this.#stack.pop();
    if (open !== byte - 2) throw this.#broken(`"${String.fromCharCode(byte)}" closes nothing`, at);
    const depth = this.#stack.length;
    this.#expectsKey = false;
    this.#isInScalar = false;
    const ended = this.#record ?? this.#outer;
    if (ended?.depth === depth) {
      ended.keep(chunk, at + 1);
      const before = this.#record ? this.#controlsBefore : this.#documentControlsBefore;
      this.#held.push({ record: ended, bytes: ended.bytes(this.#nesting.controls > before) });
      this.#record = undefined;
      this.#outer = undefined;
    }
    if (this.#feedArray?.depth === depth) this.#feedArray = undefined;
    if (this.#isEnvelope && depth === this.#documentDepth() && byte === CLOSE_OBJECT) this.#endDocument(chunk, at);
  }

  #endDocument(chunk: Buffer, at: number): void {
    const claimed = this.#claimed;
    const document = this.#document;
    this.#claimed = false;
    this.#isEnvelope = false;
    this.#document = undefined;
    // An envelope that was let go for its size has given its records out one by one and is none itself.
    const owners = this.#places.filter(
      (place) => document && place.lineKeys.length > 0 && place.lineKeys.every((key) => this.#documentKeys.has(key)),
    );
    if (owners.length > 0) this.#held = [];
    this.#release();
    if (owners.length === 0 && !claimed) owners.push(...this.#places.filter((place) => place.takesAll));
    if (!document || (owners.length === 0 && claimed)) return;
    document.keep(chunk, at + 1);
    if (document.unusable) return this.#tell(document);
    const bytes = document.bytes(this.#nesting.controls > this.#documentControlsBefore);
    for (const owner of owners) this.#sink.onRecord(owner.name, bytes);
    if (owners.length > 0) return;
    this.#sink.onStray(`no known kind of record; its keys: ${keysOf(bytes)}`, document.raw, "bad_json");
  }

  #comma(at: number): void {
    if (this.#stack.length === 0) throw this.#broken('"," stands between records', at);
    this.#isInScalar = false;
    this.#expectsKey = this.#stack.at(-1) === OPEN_OBJECT;
  }

  #scalar(byte: number, at: number): void {
    if (this.#stack.length === 0) throw this.#broken(`"${String.fromCharCode(byte)}" stands where a record should`, at);
    if (this.#isInScalar) return;
    this.#isInScalar = true;
    this.#strayElement();
  }

  /** An element of a record list that is no object. */
  #strayElement(): void {
    if (this.#record) return;
    const depth = this.#stack.length;
    const isInFeed = this.#feedArray?.depth === depth - 1;
    const isInTopArray = depth === 1 && this.#stack[0] === OPEN_ARRAY;
    if (isInFeed || isInTopArray) this.#sink.onStray("an element that is no object", "", "bad_json");
  }

  /** A large list's envelope is let go; its records are given out one by one. */
  #letGoOfEnvelope(): void {
    if (!this.#document?.unusable || !this.#claimed) return;
    this.#document = undefined;
    this.#release();
  }

  #release(): void {
    for (const { record, bytes } of this.#held) {
      if (record.unusable) this.#tell(record);
      else this.#sink.onRecord(record.feed, bytes);
    }
    this.#held = [];
  }

  #tell({ unusable, offset, raw }: Capture): void {
    if (unusable) this.#sink.onStray(`${unusable.message} (begun at byte ${offset})`, raw, unusable.reason);
  }

  #openValue(): Capture | undefined {
    return this.#record ?? this.#outer ?? this.#document;
  }

  #broken(message: string, at: number): JsonBreakError {
    const open = this.#openValue();
    const offset = this.#offset + at;
    open?.keep(this.#chunk, at + 1);
    const where = open ? ` in the record begun at byte ${open.offset}` : "";
    return new JsonBreakError(`${message} at byte ${offset}${where}`, offset, open?.raw ?? "");
  }
}

function keysOf(bytes: Buffer): string {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return Object.keys(value as object)
      .slice(0, TOLD_KEYS)
      .join(", ");
  } catch {
    return "unreadable";
  }
}
