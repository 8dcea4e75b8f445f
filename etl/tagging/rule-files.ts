// The rules for free text: etl/taxonomy/text_rules/<language>.yml, checked and made ready. README there tells how to write them.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { AppError, messageOf } from "../../shared/errors.ts";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { schemaProblems } from "../settings/schema-problems.ts";
import { parsePattern, type Node, type PatternContext } from "./pattern.ts";

export const TEXT_LANGUAGES = ["zh", "en", "de", "fr", "es", "pt", "ja"] as const;
export type TextLanguage = (typeof TEXT_LANGUAGES)[number];

/** How plainly a pattern tells the reason. */
export const SURENESS = ["sure", "likely", "hint"] as const;
export type Sureness = (typeof SURENESS)[number];

export interface ReasonRule {
  /** `en: stop* work*`; tells itself why a text got its reason. */
  readonly id: string;
  readonly reason: string;
  readonly sureness: Sureness;
  readonly node: Node;
}

/** Takes back every reason whose words begin within so many tokens after it, in the same sentence. */
export interface CancelRule {
  readonly node: Node;
  readonly within: number;
}

export interface LanguageRules {
  readonly language: TextLanguage;
  readonly reasons: readonly ReasonRule[];
  readonly cancels: readonly CancelRule[];
  /** Takes back every reason whose words all lie inside it. */
  readonly shields: readonly Node[];
}

export interface TextRules {
  readonly languages: readonly LanguageRules[];
  /** Reasons, the one before wins over the one behind when a text gives both equally plainly. */
  readonly precedence: readonly string[];
  /** Everyday words by language, also of languages without rules: what a text is written in. */
  readonly commonWords: ReadonlyMap<string, readonly string[]>;
  /** Of all the files: other rules, another hash. */
  readonly hash: string;
}

const FOLDER = path.join(PROJECT_ROOT, "etl/taxonomy");
const patterns = z.array(z.string().min(1));

const fileSchema = z.strictObject({
  gap: z.int().min(1).max(12),
  lists: z.record(z.string().regex(/^[a-z_]+$/), z.string().min(1)).default({}),
  cancel: z.array(z.strictObject({ after: z.string(), within: z.int().min(1).max(12) })).default([]),
  shield: patterns.default([]),
  reasons: z.record(z.string(), z.partialRecord(z.enum(SURENESS), patterns)),
});

type RuleFile = z.infer<typeof fileSchema>;

let loaded: Promise<TextRules> | undefined;

/** The shipped rules, read once a process. */
export function textRules(): Promise<TextRules> {
  loaded ??= loadTextRules();
  return loaded;
}

async function loadTextRules(): Promise<TextRules> {
  const hash = createHash("sha256");
  const read = async (name: string) => {
    const text = await readFile(path.join(FOLDER, name), "utf8");
    hash.update(`${name}\n${text}\n`);
    return text;
  };
  const reasons = parse<Record<string, string>>(await read("reasons.csv"), { columns: true });
  const known = new Set(reasons.map((row) => row.reason ?? ""));
  const languages: LanguageRules[] = [];
  for (const language of TEXT_LANGUAGES) {
    languages.push(parseRules(await read(`text_rules/${language}.yml`), language, known));
  }
  const precedence = z.array(z.string()).parse(parseYaml(await read("text_rules/precedence.yml")));
  const words = z.record(z.string(), z.string()).parse(parseYaml(await read("text_rules/common_words.yml")));
  const commonWords = new Map(Object.entries(words).map(([language, list]) => [language, list.split(/\s+/)]));
  return { languages, precedence, commonWords, hash: hash.digest("hex").slice(0, 16) };
}

/** @throws AppError naming the file and every pattern that cannot be used. */
export function parseRules(text: string, language: TextLanguage, knownReasons: ReadonlySet<string>): LanguageRules {
  const name = `etl/taxonomy/text_rules/${language}.yml`;
  const refuse = (problems: readonly string[], cause?: unknown) =>
    new AppError(`${name} has rules that cannot be used: ${problems.join("; ")}`, {
      state: "Nothing was tagged.",
      advice: "Put these patterns right; etl/taxonomy/README.md tells how they are written.",
      cause,
    });
  let content: unknown;
  try {
    content = parseYaml(text);
  } catch (error) {
    throw refuse([messageOf(error)], error);
  }
  const parsed = fileSchema.safeParse(content, { reportInput: true });
  if (!parsed.success) throw refuse(schemaProblems(parsed.error, Object.keys(fileSchema.shape)));
  const problems: string[] = [];
  const rules = new RuleReader(parsed.data, language, problems).read();
  const unknown = Object.keys(parsed.data.reasons).filter((reason) => !knownReasons.has(reason));
  problems.push(...unknown.map((reason) => `${reason} is no canonical reason (etl/taxonomy/reasons.csv)`));
  if (problems.length > 0) throw refuse(problems);
  return rules;
}

class RuleReader {
  readonly #file: RuleFile;
  readonly #language: TextLanguage;
  readonly #problems: string[];
  readonly #context: PatternContext & { readonly lists: Map<string, Node> };

  constructor(file: RuleFile, language: TextLanguage, problems: string[]) {
    this.#file = file;
    this.#language = language;
    this.#problems = problems;
    this.#context = { gap: file.gap, lists: new Map() };
  }

  read(): LanguageRules {
    for (const [name, pattern] of Object.entries(this.#file.lists)) {
      const [node] = this.#nodes([pattern], `list ${name}`);
      if (node) this.#context.lists.set(name, node);
    }
    const cancels = this.#file.cancel.flatMap(({ after, within }) =>
      this.#nodes([after], "cancel").map((node): CancelRule => ({ node, within })),
    );
    return {
      language: this.#language,
      cancels,
      shields: this.#nodes(this.#file.shield, "shield"),
      reasons: Object.entries(this.#file.reasons).flatMap(([reason, bySureness]) =>
        SURENESS.flatMap((sureness) => this.#reasonRules(reason, sureness, bySureness[sureness] ?? [])),
      ),
    };
  }

  #reasonRules(reason: string, sureness: Sureness, items: readonly string[]): ReasonRule[] {
    return items.flatMap((pattern) =>
      this.#nodes([pattern], reason).map((node) => ({ id: `${this.#language}: ${pattern}`, reason, sureness, node })),
    );
  }

  #nodes(items: readonly string[], where: string): Node[] {
    return items.flatMap((pattern) => {
      try {
        return [parsePattern(pattern, this.#context)];
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        this.#problems.push(`${where}, "${pattern}": ${error.message}`);
        return [];
      }
    });
  }
}
