import { expect, test } from "vitest";
import { buildCatalogue } from "../catalogue.ts";
import { MARKETS, type LanguageCode } from "../markets.ts";
import { Random } from "../random.ts";
import { RETURN_REASONS, TOPICS } from "../reasons.ts";
import { serve } from "../simulate/service.ts";
import { commentOf, LANGUAGE_PACKS, letterOf, ratingText } from "./texts.ts";

const LANGUAGES = Object.keys(LANGUAGE_PACKS) as LanguageCode[];
const PRODUCTS = buildCatalogue(7, 40, Date.UTC(2026, 10, 22), 450);
const QUIET = { returns: [], lanes: [], backlogs: [], decoys: [] };

/** A letter of this kind, about some product of an own-shop customer. */
function letter(
  language: LanguageCode,
  topic: (typeof TOPICS)[number],
  key: number,
): { subject: string; body: string } {
  const market = MARKETS[0];
  const product = PRODUCTS[key % PRODUCTS.length];
  if (!market || !product) throw new Error("No market or product to write about");
  const at = Date.UTC(2026, 5, 1, 9);
  const customer = { number: 12, market, language };
  const contact = { key, at, topic, order: null, product, market, language, customer, isOpenedByAgent: false };
  return letterOf(serve(contact, at, 1, QUIET), new Random(key));
}

test("every language can write about every topic, in several dozen ways, with no slot left open", () => {
  for (const language of LANGUAGES) {
    const bodies = new Set<string>();
    for (const topic of TOPICS) {
      for (let key = 1; key <= 40; key++) {
        const { subject, body } = letter(language, topic, key);
        expect(`${language} ${topic}: ${subject}`).toMatch(/: ../);
        expect(`${subject} ${body}`).not.toMatch(/[{}]|undefined/);
        bodies.add(body);
      }
    }
    expect(bodies.size).toBeGreaterThan(400);
  }
});

test("phrases of one language are no copies of another's", () => {
  for (const topic of TOPICS) {
    const first = LANGUAGES.map((language) => LANGUAGE_PACKS[language].topics[topic].bodies[0]);
    expect(new Set(first).size).toBe(LANGUAGES.length);
    for (const language of LANGUAGES) {
      expect(LANGUAGE_PACKS[language].topics[topic].bodies.length).toBeGreaterThanOrEqual(3);
    }
  }
});

test("some letters name a phone number or an address, so that masking has work", () => {
  const bodies = LANGUAGES.flatMap((language) =>
    Array.from({ length: 200 }, (_, key) => letter(language, "quality_defect", key + 1).body),
  );
  expect(bodies.filter((body) => body.includes("@example.")).length).toBeGreaterThan(20);
  expect(bodies.filter((body) => /\+\d.*555/.test(body)).length).toBeGreaterThan(20);
});

test("return comments and rating remarks exist where people write them", () => {
  const product = PRODUCTS[0];
  if (!product) throw new Error("No product");
  const silent = new Set(["no_reason", "undeliverable", "unauthorized", "never_arrived"]);
  for (const language of LANGUAGES) {
    for (const reason of RETURN_REASONS) {
      expect([language, reason, commentOf(language, reason, product, new Random(1)) === ""]).toEqual([
        language,
        reason,
        silent.has(reason),
      ]);
    }
    expect(ratingText(language, true, new Random(1))).not.toBe(ratingText(language, false, new Random(1)));
  }
});
