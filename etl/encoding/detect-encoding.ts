// Says in which encoding a file is that is no UTF-8, or that it cannot tell. The same bytes always give the same answer.
import { isUtf8 } from "node:buffer";
import { gb18030, otherPages, otherPairs, shiftJis, western, type Model, type Reading } from "./letter-models.ts";

export type Detected =
  | { readonly encoding: "windows-1252" | "shift_jis" | "gb18030" | "utf-16le" | "utf-16be" }
  /** Why none is sure. */
  | { readonly problem: string };

const MODELS = { "windows-1252": western, shift_jis: shiftJis, gb18030 } as const satisfies Record<string, Model>;
type Name = keyof typeof MODELS;
const NAMES = Object.keys(MODELS) as Name[];
const TITLES: Readonly<Record<Name, string>> = {
  "windows-1252": "Windows-1252",
  shift_jis: "Shift-JIS",
  gb18030: "GB18030",
};

/** What it must be told from, though not read: how much rarer than ours each is. */
const OTHERS = [
  { model: otherPairs, rarity: Math.log(100) },
  { model: otherPages, rarity: Math.log(1000) },
] as const;

/** Different words looked at; more would not change the answer. */
const MOST_TOKENS = 20_000;
const LONGEST_TOKEN = 4096;
/** The best reading must be this much likelier than the next: a thousand times. */
const MARGIN = Math.log(1000);
/** Share of letters that are odd in the encoding, above which it is a third one. */
const MOST_ODD = 0.08;
/** Words that read as UTF-8 though the file is another encoding: by chance, which is rare but in Chinese. */
const CHANCE_UTF8: Readonly<Record<Name, number>> = { "windows-1252": 0.02, shift_jis: 0.02, gb18030: 0.3 };

/** Collects evidence out of the bytes of a whole file. */
export class EncodingDetector {
  readonly #readings = new Map<Name, Reading>(NAMES.map((name) => [name, { likelihood: 0, letters: 0, odd: 0 }]));
  readonly #others: readonly Reading[] = OTHERS.map(({ rarity }) => ({ likelihood: -rarity, letters: 0, odd: 0 }));
  readonly #seen = new Set<string>();
  readonly #units = new Utf16Units();
  #tokens = 0;
  #utf8Tokens = 0;
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.#units.push(chunk);
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const from = this.#tokensIn(bytes, false);
    this.#rest = Buffer.from(bytes.subarray(from));
  }

  end(): Detected {
    const utf16 = this.#units.verdict();
    if (utf16) return utf16;
    this.#tokensIn(this.#rest, true);
    return this.#verdict();
  }

  /** Words are cut at signs below "0", which are never part of a letter in any of the encodings. */
  #tokensIn(bytes: Buffer, atEnd: boolean): number {
    let start = 0;
    let isHigh = false;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (byte >= 0x80) isHigh = true;
      else if (byte < 0x30 || (byte === 0x5c && !isHigh)) {
        if (isHigh) this.#token(bytes.subarray(start, at));
        isHigh = false;
        start = at + 1;
      }
    }
    const isLong = bytes.length - start > LONGEST_TOKEN;
    if ((atEnd || isLong) && isHigh) this.#token(bytes.subarray(start));
    return atEnd || isLong ? bytes.length : start;
  }

  #token(bytes: Buffer): void {
    this.#tokens += 1;
    if (isUtf8(bytes)) this.#utf8Tokens += 1;
    if (this.#seen.size >= MOST_TOKENS) return;
    const token = bytes.subarray(0, LONGEST_TOKEN);
    const text = token.toString("latin1");
    if (this.#seen.has(text)) return;
    this.#seen.add(text);
    for (const [name, reading] of this.#readings) MODELS[name](token, reading);
    for (const [index, reading] of this.#others.entries()) OTHERS[index]?.model(token, reading);
  }

  #verdict(): Detected {
    const ranked = [...this.#readings].toSorted(([, left], [, right]) => right.likelihood - left.likelihood);
    const [best, next] = ranked;
    if (!best || !next || this.#tokens === 0) return { problem: "it holds no letters that could tell its encoding" };
    const [name, reading] = best;
    const utf8Share = this.#utf8Tokens / this.#tokens;
    if (utf8Share > 0.5) return { problem: "most of it is UTF-8, so it is a UTF-8 file with damaged places" };
    if (this.#utf8Tokens > 1 && utf8Share > CHANCE_UTF8[name]) {
      return { problem: `part of it is UTF-8 and part of it rather ${TITLES[name]}` };
    }
    if (reading.odd > reading.letters * MOST_ODD) {
      return { problem: `its letters make no sense as ${NAMES.map((each) => TITLES[each]).join(", ")}` };
    }
    const other = Math.max(...this.#others.map(({ likelihood }) => likelihood));
    if (reading.likelihood - other < MARGIN && other > next[1].likelihood) {
      return { problem: `it could be ${TITLES[name]} or an encoding not known here, too little text to tell` };
    }
    if (reading.likelihood - next[1].likelihood < MARGIN) {
      return { problem: `it could be ${TITLES[name]} or ${TITLES[next[0]]}, too little text to tell` };
    }
    return { encoding: name };
  }
}

/** In such a file every digit, delimiter and line end has a zero byte beside it, always on the same side. */
class Utf16Units {
  readonly #ascii = [0, 0];
  readonly #lineEnds = [0, 0];
  #allLineEnds = 0;
  #hasZero = false;
  #length = 0;

  push(chunk: Buffer): void {
    const parity = this.#length & 1;
    this.#length += chunk.length;
    if (!chunk.includes(0)) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) this.#allLineEnds += 1;
      return;
    }
    this.#hasZero = true;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (byte === 10) this.#allLineEnds += 1;
      const isAscii = (byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9;
      if (!isAscii) continue;
      // A unit begins at an even place of the file: its first byte is the low one in little endian, the second in big endian.
      const isSecond = ((at + parity) & 1) === 1;
      if (chunk[isSecond ? at - 1 : at + 1] !== 0) continue;
      const order = isSecond ? 1 : 0;
      this.#ascii[order] = (this.#ascii[order] ?? 0) + 1;
      if (byte === 10) this.#lineEnds[order] = (this.#lineEnds[order] ?? 0) + 1;
    }
  }

  verdict(): Detected | undefined {
    if (!this.#hasZero) return undefined;
    const units = this.#length / 2;
    for (const [order, encoding] of (["utf-16le", "utf-16be"] as const).entries()) {
      const ascii = this.#ascii[order] ?? 0;
      const lineEnds = this.#lineEnds[order] ?? 0;
      // A byte of 10 is part of other letters too (上 is U+4E0A).
      const isAll = lineEnds > 0 && lineEnds >= this.#allLineEnds * 0.4 && ascii > units * 0.05;
      if (isAll && Number.isInteger(units)) return { encoding };
    }
    return { problem: "it holds zero bytes, so it is no text, or cut UTF-16" };
  }
}
