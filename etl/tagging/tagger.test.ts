import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { parseRules, textRules, TEXT_LANGUAGES, type TextRules } from "./rule-files.ts";
import { createTagger, type Tagger } from "./tagger.ts";
import { PRAISE, SENTENCES } from "./testing/sentences.ts";
import { MAX_CHARACTERS } from "./tokens.ts";

let rules: TextRules;
let tagger: Tagger;
beforeAll(async () => {
  rules = await textRules();
  tagger = createTagger(rules);
});

describe.each(TEXT_LANGUAGES)("in %s", (language) => {
  test.each(SENTENCES[language])("%s: %s", (reason, text) => {
    expect(tagger.tag(text)).toMatchObject({ language, reason });
  });

  test("praise is no complaint", () => {
    const tagged = PRAISE[language].map((text) => [text, tagger.tag(text).reason]);
    expect(tagged.filter(([, reason]) => reason !== null)).toEqual([]);
  });
});

describe("the language", () => {
  test.each([
    ["it", "Il mio pacco non è ancora arrivato, quando sarà consegnato?"],
    ["nl", "Mijn pakket is nog steeds niet aangekomen, waar blijft het?"],
    ["ko", "주문한 상품이 아직 도착하지 않았습니다"],
    ["ru", "Мой заказ до сих пор не пришёл, где он?"],
  ])("%s has no rules, so its texts have a language but no reason", (language, text) => {
    expect(tagger.tag(text)).toEqual({ language, reason: null, ruleId: null });
  });

  test("of Han characters alone: Japanese where it writes its own, else what the source says", () => {
    expect(tagger.tag("返品希望").language).toBe("ja");
    expect(tagger.tag("商品破损").language).toBe("zh");
    expect(tagger.tag("品質", "ja").language).toBe("ja");
    expect(tagger.tag("品質").language).toBe("zh");
  });

  test("what the source says decides where the text tells nothing, and only there", () => {
    expect(tagger.tag("ok", "de").language).toBe("de");
    expect(tagger.tag("Where is my order?", "de").language).toBe("en");
    expect(tagger.tag("Defekt", "de")).toMatchObject({ language: "de", reason: "quality_defect" });
  });

  test("is null where there is none", () => {
    for (const text of ["", "   ", "12 345", "!!! 👍👍", "[email]"]) {
      expect(tagger.tag(text)).toEqual({ language: null, reason: null, ruleId: null });
    }
  });
});

describe("a text with several reasons", () => {
  test("has all of them, and as its own the one told most plainly", () => {
    const text = "The parcel came a week late, the kettle does not turn on and I want my money back.";
    const { found } = tagger.mentions(text);
    expect(new Set(found.map((each) => each.reason))).toEqual(
      new Set(["late_delivery", "quality_defect", "return_request"]),
    );
    expect(tagger.tag(text).reason).toBe(found[0]?.reason);
  });

  test("that is asked for or denied has none", () => {
    expect(tagger.tag("What happens if it arrives broken?").reason).toBeNull();
    expect(tagger.tag("It is not broken, and the parcel was not late.").reason).toBeNull();
    expect(tagger.tag("A marca não é ruim e a entrega não está atrasada").reason).toBeNull();
    expect(tagger.tag("It is not late. It is broken.").reason).toBe("quality_defect");
  });

  test("counts as far as the length that is read", () => {
    const complaint = " The kettle is broken.";
    expect(tagger.tag("word ".repeat(10) + complaint).reason).toBe("quality_defect");
    expect(tagger.tag("word ".repeat(MAX_CHARACTERS / 5) + complaint).reason).toBeNull();
  });
});

test("the rule's id is the pattern that was found", () => {
  const { ruleId } = tagger.tag("The box was crushed");
  const ids = new Set(rules.languages.flatMap((each) => each.reasons.map((rule) => rule.id)));
  expect(ruleId).toMatch(/^en: /);
  expect(ids.has(ruleId ?? "")).toBe(true);
});

test("no rule stands twice in a language, and every reason has its place in the precedence", () => {
  for (const { reasons } of rules.languages) {
    const ids = reasons.map((rule) => `${rule.reason} ${rule.id}`);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(reasons.filter((rule) => !rules.precedence.includes(rule.reason))).toEqual([]);
  }
});

test("any text has the same tag whatever was tagged before it, and none breaks the tagger", () => {
  const anyText = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc
      .array(
        fc.constantFrom("not", "broken", "没", "收到", "ない", "届", ".", "[email]", "'", "n't", "3.5", ">", "\n", "é"),
      )
      .map((words) => words.join(" ")),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      expect(createTaggerOnce().tag(text)).toEqual(tagger.tag(text));
    }),
    { numRuns: 300 },
  );
});

let other: Tagger | undefined;
/** Another than the tests use, which has seen other words. */
function createTaggerOnce(): Tagger {
  other ??= createTagger(rules);
  return other;
}

test("no text is slow: what makes other matchers run for ever is read in the time of plain words", () => {
  const hostile = [
    "not ".repeat(1000),
    "a ".repeat(2000),
    "没".repeat(4000),
    "ordered 3 but ".repeat(280),
    "nao recebi ate ".repeat(260),
    `${"(".repeat(2000)}${"'".repeat(2000)}`,
    "x".repeat(4000),
    `[${"[email]".repeat(500)}`,
  ];
  for (const text of hostile) {
    tagger.tag(text);
    const started = performance.now();
    tagger.tag(text);
    expect(performance.now() - started).toBeLessThan(250);
  }
  const started = performance.now();
  tagger.tag("n't ".repeat(2_000_000));
  expect(performance.now() - started).toBeLessThan(500);
});

test.each([
  ["gap: 3\nreasons: { quality: { sure: [broken] } }", "quality is no canonical reason"],
  ["gap: 3\nreasons: { other: { surely: [broken] } }", "surely"],
  ["gap: 3\nreasons: { other: { sure: ['(a'] } }", 'other, "(a": a parenthesis is not closed'],
  ["gap: 3\nlists: { a: '(b' }\nreasons: {}", 'list a, "(b"'],
  ["gap: 3\nreasons: { other: { sure: [*a] } }", "cannot be used"],
])("rules that cannot be used are refused with their file: %j", (text, words) => {
  const problem = () => parseRules(text, "en", new Set(["other"]));
  expect(problem).toThrow(words);
  expect(problem).toThrow("text_rules/en.yml");
});
