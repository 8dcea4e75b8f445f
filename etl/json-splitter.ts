// Cuts JSON text of any size into its records, byte by byte, without parsing them: memory is one record.
// Whether a record is valid JSON inside is DuckDB's to say; here only strings, escapes and brackets count.

import { JsonBreakError, onOneLine, rawOf, type Capture } from "./json-capture.ts";
import { RecordPaths, type RecordPlaces } from "./json-paths.ts";

export interface SplitterSink {
  /** `bytes` is one record on one line; the buffer is the receiver's. */
  readonly onRecord: (feed: string, bytes: Buffer) => void;
  /** A whole value that no feed claims, or that is no object. */
  readonly onStray: (problem: string, bytes: Buffer) => void;
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const LARGEST_RECORD = 32 << 20;

/** Feed it chunks with `push`, then `end`. A new top-level value may follow a finished one (newline-delimited files). */
export class JsonSplitter {
  readonly #places: readonly RecordPlaces[];
  readonly #sink: SplitterSink;
  readonly #paths: RecordPaths;
  #offset = 0;
  #stack: number[] = [];
  #keys: string[] = [];
  #isInString = false;
  #isEscaped = false;
  #isKey = false;
  #expectsKey = false;
  #isInScalar = false;
  #keyBytes: number[] | undefined;
  #documentKeys = new Set<string>();
  #document: Capture | undefined;
  #isEnvelope = false;
  #claimed = false;
  /** A field of a whole record may bear the name of another feed's place: known when the document ends or grows large. */
  #held: { readonly feed: string; readonly bytes: Buffer }[] = [];
  #record: (Capture & { readonly feed: string }) | undefined;
  /** An object that is a record itself unless one, or a list of them, turns up inside it. */
  #outer: (Capture & { readonly feed: string }) | undefined;
  #feedArray: { readonly depth: number; readonly feed: string } | undefined;

  constructor(places: readonly RecordPlaces[], sink: SplitterSink, offset = 0) {
    this.#places = places;
    this.#sink = sink;
    this.#offset = offset;
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

  #scan(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at += 1) {
      let byte = chunk[at] as number;
      if (this.#isInString) {
        if (!this.#isEscaped && !this.#keyBytes) {
          while (byte !== QUOTE && byte !== BACKSLASH && at + 1 < chunk.length) byte = chunk[++at] as number;
        }
        this.#inString(byte);
        continue;
      }
      if (byte <= 32) continue;
      if (byte === QUOTE) this.#openString(at);
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#open(byte, at);
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#close(byte, at, chunk);
      else if (byte === COMMA) this.#comma(at);
      else if (byte === COLON) this.#expectsKey = false;
      else this.#scalar(byte, at);
    }
    this.#keep(this.#document, chunk, chunk.length);
    this.#keep(this.#outer, chunk, chunk.length);
    this.#keep(this.#record, chunk, chunk.length);
    this.#offset += chunk.length;
    this.#checkSize();
  }

  /** @throws JsonBreakError when the text ends inside a value. */
  end(): void {
    if (this.#stack.length === 0 && !this.#isInString) return;
    this.#release();
    const open = this.#openValue();
    const where = open ? `the record begun at byte ${open.offset}` : "a list of records";
    throw new JsonBreakError(`the text ends inside ${where}`, open?.offset ?? this.#offset, rawOf(open));
  }

  #inString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) {
      this.#isInString = false;
      if (this.#keyBytes) this.#endKey(this.#keyBytes);
      return;
    }
    this.#keyBytes?.push(byte);
  }

  #openString(at: number): void {
    if (this.#stack.length === 0) throw this.#broken("text stands where a record should", at);
    this.#isInString = true;
    this.#isKey = this.#expectsKey && this.#stack.at(-1) === OPEN_OBJECT;
    this.#keyBytes = this.#isKey && this.#isShallow() ? [] : undefined;
    if (!this.#isKey) this.#strayElement();
  }

  #endKey(bytes: number[]): void {
    const text = Buffer.from(bytes).toString("utf8");
    this.#keys[this.#stack.length - 1] = text;
    if (this.#document && this.#stack.length === this.#document.depth + 1) this.#documentKeys.add(text);
    this.#keyBytes = undefined;
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
      this.#document = { depth, offset: this.#offset + at, parts: [], size: 0, from: at };
      this.#documentKeys = new Set();
      this.#isEnvelope = true;
    } else if (!this.#record && this.#isEnvelope) this.#openInside(byte, at, depth);
    this.#stack.push(byte);
    this.#expectsKey = byte === OPEN_OBJECT;
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
      this.#outer = found.isOuter ? this.#capture(found.feed, depth, at) : undefined;
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
    this.#record = this.#capture(feed, depth, at);
  }

  #capture(feed: string, depth: number, at: number): Capture & { readonly feed: string } {
    return { feed, depth, offset: this.#offset + at, parts: [], size: 0, from: at };
  }

  #close(byte: number, at: number, chunk: Buffer): void {
    const open = this.#stack.pop();
    if (open !== byte - 2) throw this.#broken(`"${String.fromCharCode(byte)}" closes nothing`, at);
    const depth = this.#stack.length;
    this.#expectsKey = false;
    this.#isInScalar = false;
    const ended = this.#record ?? this.#outer;
    if (ended?.depth === depth) {
      this.#held.push({ feed: ended.feed, bytes: this.#finish(ended, chunk, at) });
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
    const bytes = this.#finish(document, chunk, at);
    for (const owner of owners) this.#sink.onRecord(owner.name, bytes);
    if (owners.length === 0) {
      this.#sink.onStray(
        `no known kind of record; its keys: ${[...this.#documentKeys].slice(0, 12).join(", ")}`,
        bytes,
      );
    }
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
    if (isInFeed || isInTopArray) this.#sink.onStray("an element that is no object", Buffer.alloc(0));
  }

  #keep(capture: Capture | undefined, chunk: Buffer, end: number): void {
    if (!capture) return;
    const part = chunk.subarray(capture.from, end);
    capture.parts.push(part);
    capture.size += part.length;
    capture.from = 0;
  }

  /** A large list's envelope is let go; a single record beyond the limit is a broken file. */
  #checkSize(): void {
    const record = this.#record ?? this.#outer;
    if (record && record.size > LARGEST_RECORD) throw this.#tooLarge(record);
    if (!this.#document || this.#document.size <= LARGEST_RECORD) return;
    if (!this.#claimed) throw this.#tooLarge(this.#document);
    this.#document = undefined;
    this.#release();
  }

  #release(): void {
    for (const { feed, bytes } of this.#held) this.#sink.onRecord(feed, bytes);
    this.#held = [];
  }

  #openValue(): Capture | undefined {
    return this.#record ?? this.#outer ?? this.#document;
  }

  #tooLarge(capture: Capture): JsonBreakError {
    return new JsonBreakError(`the record is larger than ${LARGEST_RECORD >> 20} MB`, capture.offset, rawOf(capture));
  }

  #finish(capture: Capture, chunk: Buffer, at: number): Buffer {
    this.#keep(capture, chunk, at + 1);
    return onOneLine(Buffer.concat(capture.parts));
  }

  #broken(message: string, at: number): JsonBreakError {
    const open = this.#openValue();
    const offset = this.#offset + at;
    const where = open ? ` in the record begun at byte ${open.offset}` : "";
    return new JsonBreakError(`${message} at byte ${offset}${where}`, offset, rawOf(open));
  }
}
