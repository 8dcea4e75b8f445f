// A file of the inbox as a stream of valid UTF-8 bytes, whatever it was: packed, with a byte order mark, UTF-16, in a declared
// encoding, or in one that its bytes give away. What stays doubtful is refused: wrong letters are worse than none.
import { isAscii, isUtf8 } from "node:buffer";
import iconv from "iconv-lite";
import { EncodingDetector } from "../encoding/detect-encoding.ts";
import { FileRefusedError, readBytes, type BytesOptions } from "./file-bytes.ts";

export { FileRefusedError } from "./file-bytes.ts";

export interface TextOptions extends BytesOptions {
  /** Declared encoding; a byte order mark wins over it, and so does a file that is UTF-8 throughout. */
  readonly encoding?: string | undefined;
  /**
   * Told before the first bytes are given out, and again when they turn out to be another one: the name, and what says so unless it
   * is plain UTF-8, e.g. `gb18030 (detected)`.
   */
  readonly onEncoding?: (encoding: string) => void;
}

/** Whole characters at a time; a null ends the text. */
type Decoder = (chunk: Buffer | null) => Buffer;

/** @throws FileRefusedError where the bytes are not text of that encoding, or see readBytes. */
export async function* readText(file: string, options: TextOptions = {}): AsyncGenerator<Buffer> {
  const reader = new TextReader(file, options);
  let head: Buffer = Buffer.alloc(0);
  for await (const piece of readBytes(file, options)) {
    if (reader.isBegun) {
      const text = await reader.read(piece);
      if (text.length > 0) yield text;
      continue;
    }
    head = head.length > 0 ? Buffer.concat([head, piece]) : piece;
    if (head.length < 4) continue;
    const text = await reader.begin(head);
    if (text.length > 0) yield text;
  }
  if (!reader.isBegun) yield await reader.begin(head);
  const rest = await reader.read(null);
  if (rest.length > 0) yield rest;
}

class TextReader {
  readonly #file: string;
  readonly #options: TextOptions;
  #decoder: Decoder | undefined;
  /** Bytes below 128 mean the same in all that could be detected: after nothing else the encoding may still turn out to be another. */
  #mayTurn = false;

  constructor(file: string, options: TextOptions) {
    this.#file = file;
    this.#options = options;
  }

  get isBegun(): boolean {
    return this.#decoder !== undefined;
  }

  async begin(head: Buffer): Promise<Buffer> {
    const mark = MARKS.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte));
    const declared = plainName(this.#options.encoding);
    const skipped = mark?.bytes.length ?? 0;
    if (mark) this.#use(mark.encoding, "bom", skipped);
    else if (declared === undefined || declared === "utf-8") {
      this.#use("utf-8", undefined, 0);
      this.#mayTurn = declared === undefined;
    } else if (await isUtf8Throughout(this.#file, this.#options)) {
      this.#use("utf-8", `detected, though ${declared} was declared`, 0);
    } else this.#use(declared, "declared", 0);
    return this.read(head.subarray(skipped));
  }

  async read(chunk: Buffer | null): Promise<Buffer> {
    if (!this.#decoder) return Buffer.alloc(0);
    try {
      const text = this.#decoder(chunk);
      this.#mayTurn &&= isAscii(text);
      return text;
    } catch (error) {
      if (!(error instanceof NotUtf8Error)) throw error;
      if (!this.#mayTurn) throw error.refusal("what comes before is");
      this.#mayTurn = false;
      this.#use(await detect(this.#file, this.#options, error), "detected", 0);
      const text = this.#decoder(error.bytes);
      return chunk ? text : Buffer.concat([text, this.#decoder(null)]);
    }
  }

  #use(encoding: string, basis: string | undefined, skipped: number): void {
    this.#decoder = encoding === "utf-8" ? utf8Validator(skipped) : transcoder(encoding, basis);
    this.#options.onEncoding?.(basis === undefined ? encoding : `${encoding} (${basis})`);
  }
}

const MARKS = [
  { encoding: "utf-8", bytes: [0xef, 0xbb, 0xbf] },
  { encoding: "utf-16le", bytes: [0xff, 0xfe] },
  { encoding: "utf-16be", bytes: [0xfe, 0xff] },
] as const;

function plainName(declared: string | undefined): string | undefined {
  const name = declared?.toLowerCase().replaceAll("_", "-");
  if (name === "utf8") return "utf-8";
  return name === "utf16le" || name === "utf-16" ? "utf-16le" : declared?.toLowerCase();
}

/** Looks at the whole file. @throws FileRefusedError when it gives nothing away. */
async function detect(file: string, options: TextOptions, error: NotUtf8Error): Promise<string> {
  const detector = new EncodingDetector();
  for await (const chunk of readBytes(file, options)) detector.push(chunk);
  const found = detector.end();
  if ("encoding" in found) return found.encoding;
  throw error.refusal(found.problem);
}

/** Fewer could read as UTF-8 by chance. */
const TELLING_LETTERS = 8;

/** A declaration may have been right for last year's exports. */
async function isUtf8Throughout(file: string, options: TextOptions): Promise<boolean> {
  const validate = utf8Validator(0);
  let letters = 0;
  try {
    for await (const chunk of readBytes(file, options)) letters += lettersBeyondAscii(validate(chunk));
    letters += lettersBeyondAscii(validate(null));
  } catch (error) {
    if (error instanceof NotUtf8Error) return false;
    throw error;
  }
  return letters >= TELLING_LETTERS;
}

function lettersBeyondAscii(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte >= 0xc0) count += 1;
  return count;
}

/** Not UTF-8, from a certain byte on; perhaps another encoding. */
class NotUtf8Error extends Error {
  /** What was not given out yet. */
  readonly bytes: Buffer;
  readonly #told: string;

  constructor(told: string, bytes: Buffer) {
    super(told);
    this.bytes = bytes;
    this.#told = told;
  }

  refusal(problem?: string): FileRefusedError {
    return new FileRefusedError([this.#told, problem].filter(Boolean).join("; "), {
      advice: "Save it as UTF-8, or declare its encoding (`encodings` in aftersight.yml, `encoding` in a mapping)",
    });
  }
}

/** Passes UTF-8 through. */
function utf8Validator(skipped: number): Decoder {
  let rest: Buffer = Buffer.alloc(0);
  let offset = skipped;
  return (chunk) => {
    const bytes = chunk ? (rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk) : rest;
    const cut = chunk ? bytes.length - unfinishedBytes(bytes) : bytes.length;
    const whole = bytes.subarray(0, cut);
    if (!isUtf8(whole)) throw new NotUtf8Error(`is not UTF-8: bad byte at offset ${offset + firstBad(whole)}`, bytes);
    const zero = whole.indexOf(0);
    if (zero >= 0) throw new NotUtf8Error(`has a zero byte at offset ${offset + zero}`, bytes);
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

/** Where the first character begins that is none. */
function firstBad(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const part = bytes.subarray(0, middle);
    if (isUtf8(part.subarray(0, middle - unfinishedBytes(part)))) low = middle;
    else high = middle - 1;
  }
  return low - unfinishedBytes(bytes.subarray(0, low));
}

function transcoder(encoding: string, basis: string | undefined): Decoder {
  const decode = stringDecoder(encoding);
  const advice =
    basis === "declared"
      ? "Declare the encoding it was saved in"
      : "Save it as UTF-8, or declare the encoding it was saved in";
  let characters = 0;
  return (chunk) => {
    const text = decode(chunk);
    const bad = text.search(UNUSABLE);
    if (bad >= 0) {
      throw new FileRefusedError(`is not ${encoding}: character ${characters + bad + 1} cannot be decoded`, { advice });
    }
    characters += text.length;
    return Buffer.from(text, "utf8");
  };
}

// eslint-disable-next-line no-control-regex
const UNUSABLE = /[\u0000\uFFFD\p{Cs}]/u;

function stringDecoder(encoding: string): (chunk: Buffer | null) => string {
  const decoder = iconv.getDecoder(encoding);
  return (chunk) => (chunk ? decoder.write(chunk) : (decoder.end() ?? ""));
}
