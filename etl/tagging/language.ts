// Which language a text is written in: by script, by everyday words, and where these don't tell, by letter sequences (eld).
import { eld } from "eld/extrasmall";
import { TEXT_LANGUAGES } from "./rule-files.ts";
import type { Tokens } from "./tokens.ts";

export interface LanguageGuess {
  /** ISO 639-1; null when nothing tells. May be a language without rules. */
  readonly language: string | null;
  /** Nearly as likely; null mostly. */
  readonly second: string | null;
  /** Script or everyday words tell it. */
  readonly isPlain: boolean;
}

const UNKNOWN: LanguageGuess = { language: null, second: null, isPlain: false };

function plain(language: string | null): LanguageGuess {
  return { language, second: null, isPlain: true };
}

const LATIN: readonly string[] = TEXT_LANGUAGES.filter((language) => language !== "zh" && language !== "ja");
const WITH_RULES: ReadonlySet<string> = new Set(TEXT_LANGUAGES);
/** What an everyday word weighs beside the scores of letter sequences, which lie between 0 and 1. */
const WORD_WEIGHT = 0.06;
/** A language without rules must be ahead of those with rules by so much, in a text of so many words. */
const FOREIGN_LEAD = 0.05;
const FOREIGN_WORDS = 6;
/** Below it the second language is tried too. */
const CLEAR_LEAD = 0.05;
/** Of so few words letter sequences tell little, and what the source says counts. */
const FEW_WORDS = 3;
/** Japanese only: characters simplified in Japan in their own way, and words written without kana. */
const JAPANESE_HAN =
  /[発売対応価変壊円込払戻択済両単図圧届巻駅広沢浜県労働歳気読験処権関鉄徴専伝]|返品|返金|破損|未着|注文|配達|誤送|不具合|連絡|色違/;
const MARKS_OF_CHINESE = /[的了没还这吗们货寄买东么]/;

export class LanguageDetector {
  readonly #names: readonly string[];
  readonly #numbers = new Map<string, number[]>();
  readonly #votes: Int32Array;

  constructor(commonWords: ReadonlyMap<string, readonly string[]>) {
    this.#names = [...commonWords.keys()];
    this.#votes = new Int32Array(this.#names.length);
    for (const [number, words] of [...commonWords.values()].entries()) {
      for (const word of words) {
        const known = this.#numbers.get(word);
        if (known) known.push(number);
        else this.#numbers.set(word, [number]);
      }
    }
  }

  /** Numbers of the languages that the word (folded) is an everyday word of. */
  readonly languagesOf = (word: string): readonly number[] => this.#numbers.get(word) ?? [];

  detect(text: string, tokens: Tokens, known: string | null): LanguageGuess {
    const { words, han, kana, hangul, foreign } = tokens;
    if (han + kana > 0 && (han + kana) * 2 >= words) return plain(eastAsian(text, tokens, known));
    if (hangul > words) return plain("ko");
    if (foreign > words * 4) return plain(eld.detect(text).language || null);
    if (words === 0) return UNKNOWN;
    const votes = this.#count(tokens);
    return this.#clear(votes, known) ?? this.#byLetters(text, words, votes, known);
  }

  #count({ list }: Tokens): Int32Array {
    const votes = this.#votes.fill(0);
    for (let at = 0; at < list.length; at += 1) {
      const languages = list[at]?.languages ?? [];
      for (let each = 0; each < languages.length; each += 1) votes[languages[each] as number]! += 1;
    }
    return votes;
  }

  /** Clear when one language has two everyday words more than any other, or none has more than the one the source names. */
  #clear(votes: Int32Array, known: string | null): LanguageGuess | undefined {
    let best = 0;
    let next = 0;
    let winner = 0;
    for (let number = 0; number < votes.length; number += 1) {
      const count = votes[number] as number;
      if (count > best) {
        next = best;
        best = count;
        winner = number;
      } else if (count > next) next = count;
    }
    if (best === 0) return undefined;
    const named = known === null ? -1 : this.#names.indexOf(known);
    if (named >= 0 && votes[named] === best) return plain(known);
    return best >= next + 2 ? plain(this.#names[winner] ?? null) : undefined;
  }

  #byLetters(text: string, words: number, votes: Int32Array, known: string | null): LanguageGuess {
    const ranked = letterScores(text);
    for (const each of ranked) each.score += WORD_WEIGHT * (votes[this.#names.indexOf(each.language)] ?? 0);
    ranked.sort((a, b) => b.score - a.score);
    const [first, second] = ranked.filter(({ language }) => LATIN.includes(language));
    const [top] = ranked;
    const prior = known !== null && /^[a-z]{2}$/.test(known) ? known : null;
    if (!first) return { language: prior, second: null, isPlain: false };
    const isForeign = top && !WITH_RULES.has(top.language) && top.score - first.score > FOREIGN_LEAD;
    if (isForeign && words >= FOREIGN_WORDS) return { language: top.language, second: null, isPlain: false };
    const near = second && first.score - second.score < CLEAR_LEAD ? second.language : null;
    if (prior !== null && prior !== first.language && (near === prior || words <= FEW_WORDS)) {
      return { language: prior, second: first.language, isPlain: false };
    }
    return { language: first.language, second: near, isPlain: false };
  }
}

function eastAsian(text: string, { han, kana }: Tokens, known: string | null): string {
  // A few kana in Chinese are decoration (の); Japanese without any is short.
  if (kana * 10 >= han) return "ja";
  if (JAPANESE_HAN.test(text) && !MARKS_OF_CHINESE.test(text)) return "ja";
  return known === "ja" && han < 8 && !MARKS_OF_CHINESE.test(text) ? "ja" : "zh";
}

function letterScores(text: string): { language: string; score: number }[] {
  const scores = Object.entries(eld.detect(text.slice(0, 300)).getScores());
  return scores.map(([language, score]) => ({ language, score }));
}
