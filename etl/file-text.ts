// A file of the inbox as a stream of valid UTF-8 bytes, whatever it was: gzip, byte order mark, UTF-16, a declared encoding.
// Nothing is guessed: without a mark or a declaration the bytes must be UTF-8.
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import iconv from "iconv-lite";
import { AppError, messageOf } from "../shared/errors.ts";

/** A file that is left out as a whole, or from a point on; the run goes on without it. */
export class FileRefusedError extends AppError {}

export interface TextOptions {
  /** Declared encoding; a byte order mark wins over it. */
  readonly encoding?: string | undefined;
  /** Told once, before the first bytes are given out. */
  readonly onEncoding?: (encoding: string) => void;
}

const CHUNK = 1 << 20;

/** @throws FileRefusedError where the bytes are not text of that encoding or the gzip stream is broken. */
export async function* readText(file: string, options: TextOptions = {}): AsyncGenerator<Buffer> {
  const raw = createReadStream(file, { highWaterMark: CHUNK });
  const source: Readable = file.toLowerCase().endsWith(".gz") ? raw.pipe(createGunzip({ chunkSize: CHUNK })) : raw;
  if (source !== raw) raw.on("error", (error) => source.destroy(error));
  try {
    yield* decode(source, options);
  } catch (error) {
    if (error instanceof FileRefusedError) throw error;
    throw new FileRefusedError(`cannot be read: ${messageOf(error)}`, { cause: error });
  } finally {
    source.destroy();
    raw.destroy();
  }
}

async function* decode(source: Readable, options: TextOptions): AsyncGenerator<Buffer> {
  let toUtf8: ((chunk: Buffer | null) => Buffer) | undefined;
  let head: Buffer = Buffer.alloc(0);
  for await (const piece of source as AsyncIterable<Buffer>) {
    let chunk = piece;
    if (!toUtf8) {
      head = head.length > 0 ? Buffer.concat([head, piece]) : piece;
      if (head.length < 4) continue;
      const start = detect(head, options.encoding);
      options.onEncoding?.(start.encoding);
      toUtf8 = start.encoding === "utf-8" ? utf8Validator(start.skip) : transcoder(start.encoding);
      chunk = head.subarray(start.skip);
    }
    const text = toUtf8(chunk);
    if (text.length > 0) yield text;
  }
  if (!toUtf8) {
    const start = detect(head, options.encoding);
    options.onEncoding?.(start.encoding);
    toUtf8 = start.encoding === "utf-8" ? utf8Validator(start.skip) : transcoder(start.encoding);
    yield toUtf8(head.subarray(start.skip));
  }
  const rest = toUtf8(null);
  if (rest.length > 0) yield rest;
}

function detect(head: Buffer, declared: string | undefined): { encoding: string; skip: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: "utf-8", skip: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", skip: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", skip: 2 };
  const name = declared?.toLowerCase() ?? "utf-8";
  return { encoding: name === "utf8" ? "utf-8" : name, skip: 0 };
}

/** Passes UTF-8 through, whole characters at a time; a null ends the text. */
function utf8Validator(skipped: number): (chunk: Buffer | null) => Buffer {
  let rest: Buffer = Buffer.alloc(0);
  let offset = skipped;
  return (chunk) => {
    const bytes = chunk ? (rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk) : rest;
    const cut = chunk ? bytes.length - unfinishedBytes(bytes) : bytes.length;
    const whole = bytes.subarray(0, cut);
    if (!isUtf8(whole)) throw notUtf8(whole, offset);
    if (whole.includes(0)) {
      throw new FileRefusedError(
        `has a zero byte near offset ${offset + whole.indexOf(0)}: not text, or UTF-16 without its mark`,
        {
          advice: "Save it as UTF-8, or declare its encoding.",
        },
      );
    }
    rest = bytes.subarray(cut);
    offset += cut;
    return whole;
  };
}

/** Bytes at the end that begin a character whose end is not there yet. */
function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

function notUtf8(bytes: Buffer, offset: number): FileRefusedError {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const part = bytes.subarray(0, middle);
    if (isUtf8(part.subarray(0, middle - unfinishedBytes(part)))) low = middle;
    else high = middle - 1;
  }
  return new FileRefusedError(`is not UTF-8: bad byte at offset ${offset + low}`, {
    advice: "Save it as UTF-8, or declare its encoding (`encodings` in aftersight.yml, `encoding` in a mapping).",
  });
}

function transcoder(encoding: string): (chunk: Buffer | null) => Buffer {
  const decoder = iconv.getDecoder(encoding);
  let characters = 0;
  return (chunk) => {
    const text = chunk ? decoder.write(chunk) : (decoder.end() ?? "");
    const bad = text.indexOf("\uFFFD");
    if (bad >= 0) {
      throw new FileRefusedError(`is not ${encoding}: character ${characters + bad + 1} cannot be decoded`, {
        advice: "Declare the encoding it was saved in.",
      });
    }
    characters += text.length;
    return Buffer.from(text, "utf8");
  };
}
