// Definition cards: what every public measure means, in words, in each language of the product.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { parse } from "yaml";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { AppError } from "../../shared/errors.ts";

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

const text = z.string().trim().min(1);
const inBoth = z.strictObject({ en: text, zh: text });

const words = z.strictObject({
  name: text,
  /** What it says, in one sentence. */
  sentence: text,
  formula: text,
  /** What is left out. */
  excluded: text,
  /** Which time of a row decides its period. */
  time_anchor: text,
});

const cardFile = z.strictObject({
  /** Who answers for the numbers, where a card does not say otherwise. */
  owner: inBoth,
  measures: z.record(
    z.string().regex(/^[a-z0-9_]+$/),
    z.strictObject({
      /** Marts it is computed from. */
      source: text,
      owner: inBoth.optional(),
      /** Whose definition it follows or departs from, e.g. a tool's metric of the same name. */
      origin: inBoth.optional(),
      en: words,
      zh: words,
    }),
  ),
});

export interface DefinitionCard {
  /** `<view>.<measure>` */
  readonly id: string;
  readonly name: string;
  readonly sentence: string;
  readonly formula: string;
  readonly excluded: string;
  readonly timeAnchor: string;
  readonly source: string;
  readonly owner: string;
  /** Null where the definition is our own. */
  readonly origin: string | null;
}

export type Definitions = Readonly<Record<Language, readonly DefinitionCard[]>>;

const FOLDER = path.join(PROJECT_ROOT, "cube", "definitions");

/** Reads cube/definitions, a file a view; throws when a card is incomplete, naming it. */
export async function loadDefinitions(): Promise<Definitions> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith(".yml")).toSorted();
  const views = await Promise.all(files.map(readView));
  return { en: views.flatMap(({ en }) => en), zh: views.flatMap(({ zh }) => zh) };
}

async function readView(file: string): Promise<Definitions> {
  const parsed = cardFile.safeParse(parse(await readFile(path.join(FOLDER, file), "utf8")));
  if (!parsed.success) {
    throw new AppError(`cube/definitions/${file}: ${z.prettifyError(parsed.error)}`, {
      advice: "Every card needs source, en and zh; both name, sentence, formula, excluded and time_anchor.",
    });
  }
  const { owner, measures } = parsed.data;
  const cardsIn = (language: Language): DefinitionCard[] =>
    Object.entries(measures).map(([measure, card]) => {
      const { time_anchor: timeAnchor, ...rest } = card[language];
      return {
        id: `${path.parse(file).name}.${measure}`,
        ...rest,
        timeAnchor,
        source: card.source,
        owner: (card.owner ?? owner)[language],
        origin: card.origin?.[language] ?? null,
      };
    });
  return { en: cardsIn("en"), zh: cardsIn("zh") };
}
