// The small language of rules: words in a row, with alternatives and gaps. It can say nothing that takes longer than reading
// the text once (see automaton.ts).
//
//   stopped working        these words, one after the other (in Chinese and Japanese: these characters)
//   broke* *schaden *tear* words that begin, end, or have this inside
//   (late|too slow)        one of several;  (very)?   may be missing
//   not .. arrive*         up to the language's usual number of words between;  ..5  up to five
//   <number>               any number
//   @parcel                a list of the rule file, one of its patterns
import { foldWord } from "./fold.ts";

/** How one token is asked for; `number` is any number. */
export interface WordTest {
  readonly kind: "exact" | "prefix" | "suffix" | "inside" | "number";
  readonly text: string;
}

export type Node =
  | { readonly kind: "word"; readonly tests: readonly WordTest[] }
  | { readonly kind: "sequence"; readonly nodes: readonly Node[] }
  | { readonly kind: "choice"; readonly options: readonly Node[] }
  | { readonly kind: "optional"; readonly node: Node }
  | { readonly kind: "gap"; readonly upTo: number };

export interface PatternContext {
  readonly lists: ReadonlyMap<string, Node>;
  /** What `..` alone allows. */
  readonly gap: number;
}

const MAX_GAP = 12;
const PIECE =
  /\s+|(?<gap>\.\.(?<upTo>\d*))|(?<sign>[()|?])|@(?<list>[a-z_]+)|(?<number><number>)|(?<word>\*?[\p{L}\p{N}\p{M}ー々]+(?:\*(?![\p{L}\p{N}])|(?!\*)))/uy;
const CHARACTERWISE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々]/u;

type Piece = { readonly at: number } & (
  | { readonly kind: "sign"; readonly text: string }
  | { readonly kind: "node"; readonly node: Node; readonly isWord: boolean }
);

/** @throws SyntaxError saying what is wrong, and where. */
export function parsePattern(pattern: string, context: PatternContext): Node {
  const parser = new Parser(pattern, pieces(pattern, context));
  const node = parser.whole();
  checkEdges(node);
  return node;
}

function pieces(pattern: string, context: PatternContext): Piece[] {
  const found: Piece[] = [];
  PIECE.lastIndex = 0;
  let at = 0;
  while (at < pattern.length) {
    PIECE.lastIndex = at;
    const match = PIECE.exec(pattern);
    if (!match) throw new SyntaxError(`"${pattern.slice(at, at + 10)}" is no word, list (@name), gap (..) or choice`);
    const { gap, upTo, sign, list, number, word } = match.groups ?? {};
    const add = (node: Node, isWord = false) => found.push({ at, kind: "node", node, isWord });
    if (gap !== undefined) add(gapOf(upTo ?? "", context.gap));
    else if (sign !== undefined) found.push({ at, kind: "sign", text: sign });
    else if (list !== undefined) add(listOf(list, context));
    else if (number !== undefined) add({ kind: "word", tests: [{ kind: "number", text: "" }] });
    else if (word !== undefined) add(wordOf(word), word.length > 1 || !CHARACTERWISE.test(word));
    at = PIECE.lastIndex;
  }
  return found;
}

function gapOf(upTo: string, usual: number): Node {
  const most = upTo === "" ? usual : Number(upTo);
  if (most < 1 || most > MAX_GAP) throw new SyntaxError(`a gap may be 1 to ${MAX_GAP} words, not ${most}`);
  return { kind: "gap", upTo: most };
}

function listOf(name: string, context: PatternContext): Node {
  const node = context.lists.get(name);
  if (!node) throw new SyntaxError(`there is no list @${name} above`);
  return node;
}

function wordOf(written: string): Node {
  const text = foldWord(written.replaceAll("*", "").toLowerCase());
  const starts = written.startsWith("*");
  const ends = written.endsWith("*");
  if (CHARACTERWISE.test(text)) {
    if (starts || ends) throw new SyntaxError(`${written}: characters need no *`);
    const nodes = Array.from(text, (letter): Node => ({ kind: "word", tests: [{ kind: "exact", text: letter }] }));
    return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: "sequence", nodes };
  }
  if ((starts || ends) && text.length < 3) throw new SyntaxError(`${written}: at least three letters beside a *`);
  const kind = starts ? (ends ? "inside" : "suffix") : ends ? "prefix" : "exact";
  return { kind: "word", tests: [{ kind, text }] };
}

class Parser {
  readonly #pattern: string;
  readonly #pieces: readonly Piece[];
  #next = 0;

  constructor(pattern: string, found: readonly Piece[]) {
    this.#pattern = pattern;
    this.#pieces = found;
  }

  whole(): Node {
    const node = this.#sequence();
    const piece = this.#pieces[this.#next];
    if (piece?.kind === "sign" && piece.text === "|") throw new SyntaxError("put alternatives in parentheses: (a|b)");
    if (piece) throw new SyntaxError(`unexpected "${this.#pattern.slice(piece.at, piece.at + 10)}"`);
    return node;
  }

  #choice(): Node {
    const options = [this.#sequence()];
    while (this.#takeSign("|")) options.push(this.#sequence());
    return options.length === 1 && options[0] ? options[0] : choiceOf(options);
  }

  #sequence(): Node {
    const nodes: Node[] = [];
    for (;;) {
      const node = this.#item();
      if (!node) break;
      nodes.push(this.#takeSign("?") ? this.#optional(node) : node);
    }
    if (nodes.length === 0) throw new SyntaxError("nothing stands between two signs, or in the whole pattern");
    return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: "sequence", nodes };
  }

  /** `parts?` is not "part or parts" here, so it is refused rather than read as "parts or nothing". */
  #optional(node: Node): Node {
    const before = this.#pieces[this.#next - 2];
    if (before?.kind === "node" && before.isWord) throw new SyntaxError("put what may be missing in parentheses: (…)?");
    return { kind: "optional", node };
  }

  #item(): Node | undefined {
    const piece = this.#pieces[this.#next];
    if (piece?.kind === "node") {
      this.#next += 1;
      return piece.node;
    }
    if (!this.#takeSign("(")) return undefined;
    const inner = this.#choice();
    if (!this.#takeSign(")")) throw new SyntaxError("a parenthesis is not closed");
    return inner;
  }

  #takeSign(text: string): boolean {
    const piece = this.#pieces[this.#next];
    if (piece?.kind !== "sign" || piece.text !== text) return false;
    this.#next += 1;
    return true;
  }
}

/** Alternatives of single words are one test: the word's class is looked up once however many there are. */
function choiceOf(options: readonly Node[]): Node {
  const flat = options.flatMap((option) => (option.kind === "choice" ? option.options : [option]));
  const tests = flat.flatMap((option) => (option.kind === "word" ? option.tests : []));
  const others = flat.filter((option) => option.kind !== "word");
  const words: Node[] = tests.length > 0 ? [{ kind: "word", tests }] : [];
  const all = [...words, ...others];
  return all.length === 1 && all[0] ? all[0] : { kind: "choice", options: all };
}

/** A pattern that may be empty, or begin or end with a gap, would be found everywhere. */
function checkEdges(node: Node): void {
  if (canBeEmpty(node)) throw new SyntaxError("everything in it may be missing");
  if (mayBeginWithGap(node, (nodes) => nodes) || mayBeginWithGap(node, (nodes) => nodes.toReversed())) {
    throw new SyntaxError("a gap needs a word on either side");
  }
}

/** @param inOrder the nodes as they are, or from behind */
function mayBeginWithGap(node: Node, inOrder: (nodes: readonly Node[]) => readonly Node[]): boolean {
  if (node.kind === "word") return false;
  if (node.kind === "gap") return true;
  if (node.kind === "optional") return mayBeginWithGap(node.node, inOrder);
  if (node.kind === "choice") return node.options.some((option) => mayBeginWithGap(option, inOrder));
  for (const each of inOrder(node.nodes)) {
    if (mayBeginWithGap(each, inOrder)) return true;
    if (!canBeEmpty(each)) return false;
  }
  return false;
}

function canBeEmpty(node: Node): boolean {
  switch (node.kind) {
    case "word":
      return false;
    case "choice":
      return node.options.some(canBeEmpty);
    case "sequence":
      return node.nodes.every(canBeEmpty);
    case "gap":
    case "optional":
    default:
      return true;
  }
}
