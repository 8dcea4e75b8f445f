// Text → words. A word of letters is one token, a Chinese or Japanese character is one of its own, so that rules for all
// languages are sequences of tokens. What ends a sentence is a token too: no rule reaches over it.
import { foldWord, plainText } from "./fold.ts";

export type TokenKind = "word" | "number" | "han" | "kana" | "break" | "other";

export interface Token {
  readonly kind: TokenKind;
  /** In lower case, without marks. */
  readonly folded: string;
  /** Of each rule set (by its number), the word classes the token belongs to; filled when first asked for. */
  readonly classes: (Int32Array | undefined)[];
  /** Numbers of the languages whose common words have it. */
  readonly languages: readonly number[];
}

export interface Tokens {
  readonly list: readonly Token[];
  readonly words: number;
  readonly han: number;
  readonly kana: number;
  readonly hangul: number;
  /** Letters of scripts that no rule is written in. */
  readonly foreign: number;
}

/** What stands at the beginning of a message counts; below it come quoted letters and signatures. */
export const MAX_CHARACTERS = 4000;
/** Longer "words" are codes and links. */
const MAX_WORD = 40;
/** Words kept: about as many as all languages' everyday words together; then the store begins anew. */
const MAX_VOCABULARY = 200_000;

const SEPARATOR = 0;
const LETTER = 1;
const DIGIT = 2;
const HAN = 3;
const KANA = 4;
const HANGUL = 5;
const FOREIGN = 6;
const APOSTROPHE = 7;
const BREAK = 8;
const COMMA = 9;
const BRACKET = 10;
const NEWLINE = 11;

const KINDS = characterKinds();
/** What masking left: its word says nothing about the matter. */
const MASK = /^\[(?:email|iban|card|phone|address)\]/;
/** `ain't`, `cannot` and such: the words that `n't` is part of are told by their last letter. */
const NOT = "not";

/** Cuts texts into tokens; equal words are the same object, so that what is known of a word is found out once. */
export class Tokeniser {
  readonly #languagesOf: (folded: string) => readonly number[];
  #words = new Map<string, Token>();
  readonly #break: Token = { kind: "break", folded: ".", classes: [], languages: [] };
  readonly #other: Token = { kind: "other", folded: "", classes: [], languages: [] };

  constructor(languagesOf: (folded: string) => readonly number[] = () => []) {
    this.#languagesOf = languagesOf;
  }

  read(text: string): Tokens {
    const plain = plainText(text.length > MAX_CHARACTERS ? text.slice(0, MAX_CHARACTERS) : text);
    const list: Token[] = [];
    const counts = { words: 0, han: 0, kana: 0, hangul: 0, foreign: 0 };
    const { length } = plain;
    let at = 0;
    while (at < length) {
      const kind = KINDS[plain.charCodeAt(at)] ?? SEPARATOR;
      if (kind === SEPARATOR) at += 1;
      else if (kind === LETTER || kind === DIGIT) {
        const end = endOfWord(plain, at + 1);
        at = this.#addWord(list, plain, at, end);
        counts.words += 1;
      } else if (kind === HAN || kind === KANA) {
        list.push(this.#single(plain.charAt(at), kind === HAN ? "han" : "kana"));
        if (kind === HAN) counts.han += 1;
        else counts.kana += 1;
        at += 1;
      } else at = this.#addSign(list, plain, at, kind, counts);
    }
    return { list, ...counts };
  }

  /** Adds the word between the two places; returns where to go on. */
  #addWord(list: Token[], plain: string, start: number, end: number): number {
    if (end - start > MAX_WORD) {
      list.push(this.#other);
      return end;
    }
    // `n't`: the word before loses its n, `not` is a word of its own.
    const isNegation =
      KINDS[plain.charCodeAt(end)] === APOSTROPHE &&
      plain.charAt(end - 1) === "n" &&
      plain.charAt(end + 1) === "t" &&
      KINDS[plain.charCodeAt(end + 2)] !== LETTER;
    if (!isNegation) {
      list.push(this.#word(plain.slice(start, end)));
      return end;
    }
    if (end - 1 > start) list.push(this.#word(plain.slice(start, end - 1)));
    list.push(this.#word(NOT));
    return end + 2;
  }

  #addSign(
    list: Token[],
    plain: string,
    at: number,
    kind: number,
    counts: { hangul: number; foreign: number },
  ): number {
    if (kind === BRACKET) {
      const mask = MASK.exec(plain.slice(at, at + 10));
      if (mask) list.push(this.#other);
      return at + (mask ? mask[0].length : 1);
    }
    if (kind === NEWLINE) {
      list.push(this.#break);
      return afterQuotedLines(plain, at + 1);
    }
    if (kind === BREAK) list.push(this.#break);
    else if (kind !== APOSTROPHE) list.push(this.#other);
    if (kind === HANGUL) counts.hangul += 1;
    if (kind === FOREIGN) counts.foreign += 1;
    return at + 1;
  }

  #word(word: string): Token {
    return this.#words.get(word) ?? this.#remember(word, isNumber(word) ? "number" : "word");
  }

  #single(character: string, kind: "han" | "kana"): Token {
    return this.#words.get(character) ?? this.#remember(character, kind);
  }

  #remember(word: string, kind: TokenKind): Token {
    if (this.#words.size >= MAX_VOCABULARY) this.#words = new Map();
    const folded = foldWord(word);
    const token: Token = { kind, folded, classes: [], languages: this.#languagesOf(folded) };
    this.#words.set(word, token);
    return token;
  }
}

/** A number goes on over a dot, comma or slash with a digit behind it: 3.5, 1,000, 06/03. */
function endOfWord(plain: string, from: number): number {
  let end = from;
  for (;;) {
    const kind = KINDS[plain.charCodeAt(end)];
    if (kind === LETTER || kind === DIGIT) end += 1;
    else if (
      (kind === BREAK || kind === COMMA || plain.charAt(end) === "/") &&
      KINDS[plain.charCodeAt(end - 1)] === DIGIT &&
      KINDS[plain.charCodeAt(end + 1)] === DIGIT
    ) {
      end += 2;
    } else return end;
  }
}

function isNumber(word: string): boolean {
  return /^\d[\d.,:/]*$/.test(word);
}

/** Skips lines that begin with `>`: what somebody else wrote. */
function afterQuotedLines(plain: string, from: number): number {
  let at = from;
  while (plain.charAt(at) === ">") {
    const end = plain.indexOf("\n", at);
    if (end < 0) return plain.length;
    at = end + 1;
  }
  return at;
}

function characterKinds(): Uint8Array {
  const kinds = new Uint8Array(65_536);
  for (let code = 0; code < 65_536; code += 1) kinds[code] = kindOf(String.fromCharCode(code));
  return kinds;
}

function kindOf(character: string): number {
  if ("'’ʼ`´".includes(character)) return APOSTROPHE;
  if (".!?;:。！？；：…｡".includes(character)) return BREAK;
  if (",，、､".includes(character)) return COMMA;
  if (character === "[") return BRACKET;
  if (character === "\n" || character === "\r") return NEWLINE;
  if (/[0-9]/.test(character)) return DIGIT;
  if (/[\p{Script=Hiragana}\p{Script=Katakana}ー]/u.test(character)) return KANA;
  if (/[\p{Script=Han}々]/u.test(character)) return HAN;
  if (/\p{Script=Hangul}/u.test(character)) return HANGUL;
  if (/[\p{Script=Latin}]/u.test(character)) return LETTER;
  return /\p{L}/u.test(character) ? FOREIGN : SEPARATOR;
}
