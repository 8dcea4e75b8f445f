// Ways in which the same export may be written, and ways in which it may be broken, for tests of all readers.
import { isUtf8 } from "node:buffer";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import iconv from "iconv-lite";

export interface Variant {
  /** For messages and file names. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly ending: string;
  /** Whether it says the same as the original: then the same rows must come of it, or it must be refused. */
  readonly isSame: boolean;
  /** Whether it cannot be refused either: its encoding is beyond doubt. */
  readonly mustLoad: boolean;
}

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly delimiter: string;
  readonly isQuoted: boolean;
}

const ENCODINGS = ["utf-8", "utf-8 with mark", "utf-16le", "utf-16be", "windows-1252", "shift_jis", "gb18030"] as const;

/** Undefined where the encoding does not have all the letters. */
function encoded(text: string, encoding: (typeof ENCODINGS)[number]): Buffer | undefined {
  if (encoding === "utf-8") return Buffer.from(text);
  if (encoding === "utf-8 with mark") return Buffer.from(`\uFEFF${text}`);
  const bytes = iconv.encode(text, encoding, { addBOM: encoding.startsWith("utf-16") });
  return iconv.decode(bytes, encoding) === text ? bytes : undefined;
}

/** A variant that says the same as the original. */
function same(text: string, encoding: (typeof ENCODINGS)[number], isPacked: boolean, told: object): Variant {
  const bytes = encoded(text, encoding) ?? Buffer.from(text);
  const mustLoad = encoding.startsWith("utf") || isUtf8(bytes);
  const name = JSON.stringify({ ...told, encoding, isPacked });
  return { name, bytes: isPacked ? gzipSync(bytes) : bytes, ending: isPacked ? ".gz" : "", isSame: true, mustLoad };
}

/** Spellings of a header that mean the same column. */
const spelling = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => ` ${text} `,
  (text) => text.replaceAll(/[\s_-]/g, "_"),
  (text) => text.replaceAll(/[\s_-]/g, "-").toLowerCase(),
);

/** The table written in another way. */
export function sameTable({ header, rows, delimiter, isQuoted }: Table): fc.Arbitrary<Variant> {
  return fc
    .record({
      spell: spelling,
      order: fc.shuffledSubarray([...header.keys()], { minLength: header.length }),
      newline: fc.constantFrom("\n", "\r\n", "\r"),
      quotesAll: fc.boolean(),
      isClosed: fc.boolean(),
      isPacked: fc.boolean(),
      blankLines: fc.boolean(),
      encoding: fc.constantFrom(...ENCODINGS),
    })
    .map(({ spell, order, newline, quotesAll, isClosed, isPacked, blankLines, encoding }) => {
      const needsQuotes = (text: string) => quotesAll || /["\r\n]/.test(text) || text.includes(delimiter);
      const cell = (text: string) => (isQuoted && needsQuotes(text) ? `"${text.replaceAll('"', '""')}"` : text);
      const line = (cells: readonly string[]) => order.map((index) => cell(cells[index] ?? "")).join(delimiter);
      const lines = [line(header.map(spell)), ...rows.map(line)];
      const text = lines.join(newline + (blankLines ? newline : "")) + (isClosed ? newline : "");
      return same(text, encoding, isPacked, { newline, quotesAll, isClosed, blankLines, order: order.slice(0, 3) });
    });
}

/** The JSON text printed in another way. */
export function sameJson(value: unknown): fc.Arbitrary<Variant> {
  return fc
    .record({
      indent: fc.constantFrom<string | number>(0, 2, "\t"),
      newline: fc.constantFrom("\n", "\r\n"),
      seed: fc.integer(),
      isPacked: fc.boolean(),
      encoding: fc.constantFrom(...ENCODINGS),
      isEscaped: fc.boolean(),
    })
    .map(({ indent, newline, seed, isPacked, encoding, isEscaped }) => {
      const printed = JSON.stringify(shuffled(value, seed), null, indent).replaceAll("\n", newline);
      const text = isEscaped ? printed.replaceAll(/[^\0-\u007F]/g, escapeUnit) : printed;
      return same(text, encoding, isPacked, { indent, newline, isEscaped });
    });
}

function escapeUnit(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Keys in another order, all the way down. */
function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, seed));
  if (typeof value !== "object" || value === null) return value;
  const rank = (key: string) =>
    Array.from(key).reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, seed);
  const entries = Object.entries(value).toSorted(([left], [right]) => rank(left) - rank(right));
  return Object.fromEntries(entries.map(([key, inner]) => [key, shuffled(inner, seed)]));
}

/** The bytes cut, with something put in, overwritten or doubled, or nothing but rubbish. */
export function brokenBytes(original: Buffer): fc.Arbitrary<Variant> {
  const place = fc.nat(original.length);
  const some = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(
        '"',
        "\n",
        "\r",
        "\t",
        "{",
        "}",
        "]",
        "\\",
        ",,,",
        "\0",
        "\uFEFF",
        "é",
        "=cmd|' /C calc'!A0",
        "NaN",
        "[[[[",
      )
      .map((text) => Buffer.from(text)),
  );
  const broken = (name: string, bytes: Buffer, ending = ""): Variant => ({
    name,
    bytes,
    ending,
    isSame: false,
    mustLoad: false,
  });
  return fc.oneof(
    place.map((at) => broken(`cut at ${at}`, original.subarray(0, at))),
    fc
      .tuple(place, some)
      .map(([at, bytes]) =>
        broken(
          `${JSON.stringify(bytes.toString("latin1"))} put in at ${at}`,
          Buffer.concat([original.subarray(0, at), bytes, original.subarray(at)]),
        ),
      ),
    fc
      .tuple(place, some)
      .map(([at, bytes]) =>
        broken(
          `${JSON.stringify(bytes.toString("latin1"))} written over ${at}`,
          Buffer.concat([original.subarray(0, at), bytes, original.subarray(at + bytes.length)]),
        ),
      ),
    fc
      .tuple(place, place)
      .map(([from, to]) =>
        broken(`from ${from} again after ${to}`, Buffer.concat([original.subarray(0, to), original.subarray(from)])),
      ),
    place.map((at) => broken(`packed and cut at ${at}`, gzipSync(original).subarray(0, at), ".gz")),
    fc.uint8Array({ maxLength: 2000 }).map((bytes) => broken("random bytes", Buffer.from(bytes))),
    fc.string({ unit: "binary", maxLength: 2000 }).map((text) => broken("random text", Buffer.from(text))),
  );
}
