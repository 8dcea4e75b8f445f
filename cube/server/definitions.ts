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

const member = z.string().regex(/^[a-z0-9_]+$/);

const cardFile = z.strictObject({
  /** Who answers for the numbers, where a card does not say otherwise. */
  owner: inBoth,
  /** The measure that counts what the view holds: 0 of it means no data, and not a figure that can't be computed. */
  rows: member.optional(),
  /** The time dimension that decides a row's period, where a card does not say otherwise. */
  time: member.optional(),
  measures: z.record(
    member,
    z.strictObject({
      /** Marts it is computed from. */
      source: text,
      /**
       * Measures of the same view that say what a figure rests on: how many cases, the share of rows it could be told of, the
       * share that is too young to be in it. The first and the last are taken at the figure's own time, coverage at its own.
       */
      n: member.optional(),
      coverage: member.optional(),
      immature: member.optional(),
      time: member.optional(),
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
  /** Members of Cube, `<view>.<member>`: what the figure rests on and which time places it. Null where nothing is told. */
  readonly n: string | null;
  readonly coverage: string | null;
  readonly immature: string | null;
  readonly rows: string | null;
  readonly time: string | null;
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
  const { owner, rows, time, measures } = parsed.data;
  const view = path.parse(file).name;
  const inView = (name: string | undefined) => (name === undefined ? null : `${view}.${name}`);
  const cardsIn = (language: Language): DefinitionCard[] =>
    Object.entries(measures).map(([measure, card]) => {
      const { time_anchor: timeAnchor, ...rest } = card[language];
      return {
        id: `${view}.${measure}`,
        ...rest,
        timeAnchor,
        source: card.source,
        owner: (card.owner ?? owner)[language],
        origin: card.origin?.[language] ?? null,
        n: inView(card.n),
        coverage: inView(card.coverage),
        immature: inView(card.immature),
        rows: inView(rows),
        time: inView(card.time ?? time),
      };
    });
  return { en: cardsIn("en"), zh: cardsIn("zh") };
}
