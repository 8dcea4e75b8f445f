// Takes words out of a file of whatever text format, byte by byte: each letter and digit of them becomes a random one, so that the
// file stays as long and as well-formed as it was and still tells one person from another, but not who it was.
import { randomInt } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, rename, rm, stat, utimes } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { Transform, type TransformCallback } from "node:stream";
import { createGunzip, createGzip } from "node:zlib";

/** One word to take out, and what takes its place everywhere. */
export interface Redaction {
  readonly word: string;
  readonly stand_in: string;
}

export function redactionOf(word: string): Redaction {
  return { word, stand_in: Array.from(word, standIn).join("") };
}

function standIn(sign: string): string {
  if (/\d/.test(sign)) return String(randomInt(10));
  if (/\p{L}/u.test(sign)) return LETTERS[randomInt(LETTERS.length)] ?? "x";
  return sign;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** The bytes of a word in the encodings exports come in; ASCII letters in either case. */
interface Pattern {
  readonly bytes: Buffer;
  readonly stand_in: Buffer;
}

const CHUNK = 1 << 20;

/** How often any of the words stands in the file, packed or not. */
export async function countWords(file: string, redactions: readonly Redaction[]): Promise<number> {
  const finder = new Redactor(patternsOf(redactions));
  const source = createReadStream(file, { highWaterMark: CHUNK });
  await (isPacked(file) ? pipeline(source, createGunzip(), finder) : pipeline(source, finder.resume()));
  return finder.found;
}

/** Writes the file anew without the words; the old one is gone in one step. Returns how often they stood there. */
export async function redactFile(file: string, redactions: readonly Redaction[]): Promise<number> {
  const redactor = new Redactor(patternsOf(redactions));
  const { mode, atime, mtime } = await stat(file);
  const temporary = `${file}.redacted.tmp`;
  try {
    const [source, target] = [createReadStream(file, { highWaterMark: CHUNK }), createWriteStream(temporary)];
    await (isPacked(file)
      ? pipeline(source, createGunzip(), redactor, createGzip(), target)
      : pipeline(source, redactor, target));
    await chmod(temporary, mode);
    // Its age decides between two versions of a row.
    await utimes(temporary, atime, mtime);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
  return redactor.found;
}

function isPacked(file: string): boolean {
  return file.toLowerCase().endsWith(".gz");
}

function patternsOf(redactions: readonly Redaction[]): Pattern[] {
  return redactions.flatMap(({ word, stand_in }) =>
    (["utf8", "utf16le", "latin1"] as const).map((encoding) => ({
      bytes: lowerCase(Buffer.from(word, encoding)),
      stand_in: sized(Buffer.from(stand_in, encoding), Buffer.byteLength(word, encoding)),
    })),
  );
}

/** As long as what it stands for, also where a letter took more bytes. */
function sized(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, length - bytes.length), "x")]).subarray(0, length);
}

/** ASCII only, so that no byte changes its place. */
function lowerCase(bytes: Buffer): Buffer {
  const out = Buffer.from(bytes);
  for (let index = 0; index < out.length; index += 1) {
    const byte = out[index]!;
    if (byte >= 65 && byte <= 90) out[index] = byte + 32;
  }
  return out;
}

class Redactor extends Transform {
  found = 0;
  readonly #patterns: readonly Pattern[];
  readonly #longest: number;
  #rest = Buffer.alloc(0);

  constructor(patterns: readonly Pattern[]) {
    super();
    this.#patterns = patterns;
    this.#longest = Math.max(1, ...patterns.map((pattern) => pattern.bytes.length));
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const bytes = this.#redacted(Buffer.concat([this.#rest, chunk]));
    // A word may go on in the next chunk.
    const keep = Math.min(bytes.length, this.#longest - 1);
    this.#rest = Buffer.from(bytes.subarray(bytes.length - keep));
    done(null, bytes.subarray(0, bytes.length - keep));
  }

  override _flush(done: TransformCallback): void {
    done(null, this.#rest);
  }

  #redacted(bytes: Buffer): Buffer {
    const lower = lowerCase(bytes);
    for (const { bytes: word, stand_in } of this.#patterns) {
      for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length)) {
        stand_in.copy(bytes, at);
        stand_in.copy(lower, at);
        this.found += 1;
      }
    }
    return bytes;
  }
}
