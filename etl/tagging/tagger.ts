// What a customer complains of: text → language and canonical reason. Pure: the same text and rules give the same tag.
import { Automaton, type Found } from "./automaton.ts";
import { LanguageDetector } from "./language.ts";
import type { Node } from "./pattern.ts";
import { SURENESS, type LanguageRules, type ReasonRule, type TextRules } from "./rule-files.ts";
import { Tokeniser, type Token, type Tokens } from "./tokens.ts";

export interface Tag {
  /** ISO 639-1 of what the text is written in; null when it cannot be told. */
  readonly language: string | null;
  /** Canonical reason; null when no rule says one. */
  readonly reason: string | null;
  /** The rule that said so: `en: stop* work*`. */
  readonly ruleId: string | null;
}

/** A reason the text gives, with the rule and where its words stand. */
export interface Mention {
  readonly reason: string;
  readonly ruleId: string;
  /** First token of the words. */
  readonly start: number;
}

export interface Tagger {
  /** @param knownLanguage what the source says; decides where the text doesn't. */
  readonly tag: (text: string, knownLanguage?: string | null) => Tag;
  /** All reasons a text gives, plainest first. */
  readonly mentions: (text: string, knownLanguage?: string | null) => { language: string | null; found: Mention[] };
}

/** Of so few words the language may be wrong. */
const FEW_WORDS = 6;

export function createTagger(rules: TextRules): Tagger {
  const detector = new LanguageDetector(rules.commonWords);
  const tokeniser = new Tokeniser(detector.languagesOf);
  const readers = new Readers(rules);
  const read = (text: string, known: string | null) => {
    const tokens = tokeniser.read(text);
    const guess = detector.detect(text, tokens, known);
    const found = readers.of(guess.language)?.read(tokens) ?? [];
    if (found.length > 0) return { language: guess.language, found };
    // A word or two tell no language, but the language whose rules know them.
    const isShort = tokens.words <= FEW_WORDS && !guess.isPlain;
    const candidates = isShort ? readers.languages : [guess.second];
    const others = candidates.flatMap((language) => {
      const other = readers.of(language)?.read(tokens) ?? [];
      return other.length > 0 ? [{ language, found: other }] : [];
    });
    const [only, another] = others;
    return only && !another ? only : { language: guess.language, found };
  };
  return {
    tag: (text, known = null) => {
      const { language, found } = read(text, known);
      const [best] = found;
      return { language, reason: best?.reason ?? null, ruleId: best?.ruleId ?? null };
    },
    mentions: (text, known = null) => read(text, known),
  };
}

/** Readers by language, each made when its language is first met: most sellers' customers write one or two. */
class Readers {
  readonly languages: readonly string[];
  readonly #rules: TextRules;
  readonly #made = new Map<number, Reader>();

  constructor(rules: TextRules) {
    this.#rules = rules;
    this.languages = rules.languages.map(({ language }) => language);
  }

  of(language: string | null | undefined): Reader | undefined {
    const id = this.#rules.languages.findIndex((each) => each.language === language);
    const rules = this.#rules.languages[id];
    if (!rules) return undefined;
    const reader = this.#made.get(id) ?? new Reader(id, rules, this.#rules.precedence);
    this.#made.set(id, reader);
    return reader;
  }
}

/** One language's rules at work. */
class Reader {
  readonly #automaton: Automaton;
  readonly #rules: LanguageRules;
  readonly #rank: readonly number[];
  /** Of each rule, whether "not" and its like are words of its own. */
  readonly #isNegative: readonly boolean[];

  constructor(id: number, rules: LanguageRules, precedence: readonly string[]) {
    this.#rules = rules;
    this.#automaton = new Automaton(id, [
      ...rules.reasons.map((rule) => rule.node),
      ...rules.cancels.map((rule) => rule.node),
      ...rules.shields,
    ]);
    this.#rank = rules.reasons.map((rule) => rankOf(rule, precedence));
    const negations = new Set(rules.cancels.flatMap(({ node }) => singleWords(node)));
    this.#isNegative = rules.reasons.map((rule) => [...wordsOf(rule.node)].some((word) => negations.has(word)));
  }

  /** Plainest first; then by the reasons' precedence, then as they stand in the text. */
  read(tokens: Tokens): Mention[] {
    const found = this.#automaton.find(tokens.list);
    if (found.length === 0) return [];
    const reasons = found.filter(({ pattern }) => pattern < this.#rules.reasons.length);
    if (reasons.length === 0) return [];
    const kept =
      reasons.length === found.length
        ? reasons
        : reasons.filter((each) => !this.#isTakenBack(each, found, tokens.list));
    return kept
      .sort((a, b) => this.#rankAt(a) - this.#rankAt(b) || a.start - b.start || a.pattern - b.pattern)
      .map(({ pattern, start }) => {
        const rule = this.#rules.reasons[pattern];
        return { reason: rule?.reason ?? "", ruleId: rule?.id ?? "", start };
      });
  }

  #rankAt({ pattern }: Found): number {
    return this.#rank[pattern] ?? 0;
  }

  #isTakenBack(reason: Found, found: readonly Found[], tokens: readonly Token[]): boolean {
    const firstCancel = this.#rules.reasons.length;
    const firstShield = firstCancel + this.#rules.cancels.length;
    return found.some(({ pattern, start, end }) => {
      if (pattern < firstCancel) return false;
      if (pattern >= firstShield) return start <= reason.start && reason.end <= end;
      const cancel = this.#rules.cancels[pattern - firstCancel];
      if (!cancel) return false;
      const { within } = cancel;
      // "Not late" is told by the word before, "the parcel was not late" by one between.
      const isBetween = reason.start < start && end < reason.end && !this.#isNegative[reason.pattern];
      const denied = isBetween ? reason.end : reason.start;
      return end < denied && denied <= end + within && isOneSentence(tokens, end, denied);
    });
  }
}

function isOneSentence(tokens: readonly Token[], from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (tokens[at]?.kind === "break") return false;
  return true;
}

/** Of "not", "no" and "in case": the first two. */
function singleWords(node: Node): string[] {
  const options = node.kind === "choice" ? node.options : [node];
  return options.filter((option) => option.kind === "word").flatMap((option) => [...wordsOf(option)]);
}

/** The words a pattern asks for by their whole. */
function wordsOf(node: Node): Set<string> {
  if (node.kind === "word") return new Set(node.tests.filter((each) => each.kind === "exact").map((each) => each.text));
  if (node.kind === "gap") return new Set();
  const inner = node.kind === "optional" ? [node.node] : node.kind === "choice" ? node.options : node.nodes;
  return new Set(inner.flatMap((each) => [...wordsOf(each)]));
}

/** Sureness decides first. */
function rankOf(rule: ReasonRule, precedence: readonly string[]): number {
  const place = precedence.indexOf(rule.reason);
  return SURENESS.indexOf(rule.sureness) * 100 + (place < 0 ? 99 : place);
}
