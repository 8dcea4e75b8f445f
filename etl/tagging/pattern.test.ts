import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Automaton, type Found } from "./automaton.ts";
import { parsePattern, type Node, type PatternContext } from "./pattern.ts";
import { Tokeniser } from "./tokens.ts";

const context: PatternContext = {
  gap: 2,
  lists: new Map([["thing", parsePattern("(parcel|order*|my stuff)", { gap: 2, lists: new Map() })]]),
};
const parsed = (pattern: string) => parsePattern(pattern, context);

/** The words each match spans. */
function spans(pattern: string, text: string): string[] {
  const { list } = new Tokeniser().read(text);
  const found = new Automaton(0, [parsed(pattern)]).find(list);
  return found.map(({ start, end }) =>
    list
      .slice(start, end + 1)
      .map((token) => token.folded)
      .join(" "),
  );
}

describe("patterns find", () => {
  test.each([
    ["stopped working", "It stopped working.", ["stopped working"]],
    ["stopped working", "It stopped. Working hours?", []],
    ["stopped working", "stopped, working", []],
    ["broke*", "Broke? Broken! unbroken", ["broke", "broken"]],
    ["*schaden", "Schaden, Wasserschaden, Schadenfreude", ["schaden", "wasserschaden"]],
    ["*fahr*", "Lieferfahrer fahren", ["lieferfahrer", "fahren"]],
    ["(late|too slow)", "late and too slow", ["late", "too slow"]],
    ["(very)? small", "very small, small", ["small", "small"]],
    [
      "not .. arrive*",
      "not arrived, not yet really arrived, not at all in time arrived",
      ["not arrived", "not yet really arrived"],
    ],
    ["not ..4 arrived", "not at all in time arrived", ["not at all in time arrived"]],
    ["<number> days", "after 12 days, 3,5 days, a few days", ["12 days", "3,5 days"]],
    ["no @thing", "no order, no orders; no my stuff", ["no order", "no orders", "no my stuff"]],
    ["été reçu", "ETE RECU, été  reçu", ["ete recu", "ete recu"]],
    ["没收到", "還沒收到貨", ["没 收 到"]],
    ["壊れ..2た", "壊れました", ["壊 れ ま し た"]],
    ["did not work", "It didn't work, it didn’t work", ["did not work", "did not work"]],
    ["iphone", "ｉＰｈｏｎｅ", ["iphone"]],
  ])("%s in %j", (pattern, text, expected) => {
    expect(spans(pattern, text)).toEqual(expected);
  });

  test("no more than a sentence, a line, or what the customer quotes", () => {
    expect(spans("not .. arrived", "I did not. It arrived\nnot\narrived")).toEqual([]);
    expect(spans("arrived broken", "Hello\n> arrived broken\nthanks")).toEqual([]);
  });

  test("nothing in what masking left", () => {
    expect(spans("address", "write to [address] or [email]")).toEqual([]);
  });
});

test.each([
  ["a|b", "parentheses"],
  ["(a|b", "not closed"],
  ["a)", "unexpected"],
  ["(a|)", "nothing stands"],
  ["", "nothing stands"],
  [".. a", "a word on either side"],
  ["a ..", "a word on either side"],
  ["a (b|..2)? (c)?", "a word on either side"],
  ["(a)?", "may be missing"],
  ["parts?", "in parentheses"],
  ["a ..99 b", "1 to 12"],
  ["@nothing", "no list @nothing"],
  ["ab*", "three letters"],
  ["brok*nly", "is no word"],
  ["a.*b", "is no word"],
  ["[ab]", "is no word"],
])("%j is refused: %s", (pattern, words) => {
  expect(() => parsed(pattern)).toThrow(words);
});

/** What the machine must find, by looking at every stretch of words with a backtracking expression. */
function byBruteForce(nodes: readonly Node[], words: readonly string[]): Found[] {
  const found: Found[] = [];
  for (const [pattern, node] of nodes.entries()) {
    const expression = new RegExp(`^${source(node)}$`);
    for (let end = 0; end < words.length; end += 1) {
      for (let start = end; start >= 0; start -= 1) {
        if (!expression.test(words.slice(start, end + 1).join("") || "?")) continue;
        found.push({ pattern, start, end });
        break;
      }
    }
  }
  return found;
}

function source(node: Node): string {
  if (node.kind === "word") return `[${node.tests.map((each) => each.text).join("")}]`;
  if (node.kind === "sequence") return node.nodes.map(source).join("");
  if (node.kind === "choice") return `(?:${node.options.map(source).join("|")})`;
  return node.kind === "gap" ? `[abcd]{0,${node.upTo}}` : `(?:${source(node.node)})?`;
}

/** Two ways to one end are found twice. */
function lastBeginnings(found: readonly Found[]): Found[] {
  const last = new Map<string, Found>();
  for (const each of found) {
    const key = `${each.pattern} ${each.end}`;
    if ((last.get(key)?.start ?? -1) < each.start) last.set(key, each);
  }
  return [...last.values()];
}

const letter = fc.constantFrom("a", "b", "c");
const patternText = fc.letrec<{ item: string; row: string }>((tie) => ({
  item: fc.oneof(
    { depthSize: "small" },
    letter,
    fc.array(tie("row"), { minLength: 1, maxLength: 3 }).map((rows) => `(${rows.join("|")})`),
    tie("row").map((row) => `(${row})?`),
    fc.integer({ min: 1, max: 3 }).map((upTo) => `..${upTo}`),
  ),
  row: fc.array(tie("item"), { minLength: 1, maxLength: 4 }).map((items) => items.join(" ")),
})).row;

test("the machine finds what looking at every stretch of words finds, with the last beginning of each", () => {
  const usable = patternText.filter((pattern) => {
    try {
      return Boolean(parsed(pattern));
    } catch {
      return false;
    }
  });
  fc.assert(
    fc.property(
      fc.array(usable, { minLength: 1, maxLength: 3 }),
      fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 }),
      (patterns, words) => {
        const nodes = patterns.map(parsed);
        const found = new Automaton(0, nodes).find(new Tokeniser().read(words.join(" ")).list);
        const order = (a: Found, b: Found) => a.pattern - b.pattern || a.end - b.end;
        expect(lastBeginnings(found).toSorted(order)).toEqual(byBruteForce(nodes, words).toSorted(order));
      },
    ),
    { numRuns: 1000 },
  );
});

test("a hundred times the words take no more than a hundred times the steps, however they repeat", () => {
  const nodes = ["not ..12 a ..12 b ..12 c", "(a|a b|a b a)  ..12 (a|b) ..12 d", "a (b)? (a)? (b)? (a)? d"].map(parsed);
  const steps = (words: number) => {
    const { list } = new Tokeniser().read("a b ".repeat(words / 2));
    const automaton = new Automaton(0, nodes);
    automaton.find(list);
    return automaton.moves;
  };
  expect(steps(1900) / steps(190)).toBeLessThan(11);
});
