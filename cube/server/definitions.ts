// Definition cards: what every public measure means, in words, in each language of the product.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { parse } from "yaml";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { AppError } from "../../shared/errors.ts";

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

const text = z.string().trim().min(1);

const cardFields = z.strictObject({
  name: text,
  /** What it says, in one sentence. */
  sentence: text,
  formula: text,
  /** What is left out. */
  excluded: text,
  /** Which time of a row decides its period. */
  time_anchor: text,
  /** Marts it is computed from. */
  source: text,
});

const cardFile = z.record(z.string().regex(/^[a-z_]+\.[a-z0-9_]+$/), cardFields);

export interface DefinitionCard {
  /** `<view>.<measure>` */
  readonly id: string;
  readonly name: string;
  readonly sentence: string;
  readonly formula: string;
  readonly excluded: string;
  readonly timeAnchor: string;
  readonly source: string;
}

export type Definitions = Readonly<Record<Language, readonly DefinitionCard[]>>;

/** Reads cube/definitions; throws when a card is incomplete, naming it. */
export async function loadDefinitions(): Promise<Definitions> {
  const [en, zh] = await Promise.all(LANGUAGES.map(readCards));
  if (!en || !zh) throw new Error("Every language has its cards");
  return { en, zh };
}

async function readCards(language: Language): Promise<DefinitionCard[]> {
  const file = path.join(PROJECT_ROOT, "cube", "definitions", `${language}.yml`);
  const parsed = cardFile.safeParse(parse(await readFile(file, "utf8")));
  if (!parsed.success) {
    throw new AppError(`cube/definitions/${language}.yml: ${z.prettifyError(parsed.error)}`, {
      advice: "Every card needs name, sentence, formula, excluded, time_anchor and source.",
    });
  }
  return Object.entries(parsed.data).map(([id, { time_anchor: timeAnchor, ...card }]) => ({ id, ...card, timeAnchor }));
}
