// Tags the texts of a query into a table, batch by batch: memory stays the same however many texts there are.
import { BIGINT, DuckDBDataChunk, VARCHAR, type DuckDBAppender, type DuckDBConnection } from "@duckdb/node-api";
import { queryRows, sqlIdentifier } from "../../shared/duckdb.ts";
import { textRules } from "./rule-files.ts";
import { createTagger, type Tag, type Tagger } from "./tagger.ts";

export interface TagTextsOptions {
  /** A select that gives `row_id` BIGINT, `text` VARCHAR and `known_language` VARCHAR (what the source says, or null). */
  readonly from: string;
  /** Made anew, as a temporary table: row_id, language, reason, rule_id; a row for each of `from` whose text is not blank. */
  readonly into: string;
  /** Called after each batch with the texts done so far and all there are. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** What one call did. */
export interface TagCount {
  readonly texts: number;
  /** Texts that a rule gave a reason. */
  readonly tagged: number;
}

/** Rows read and held at a time. */
const BATCH = 65_536;
/** DuckDB's own size of a chunk. */
const CHUNK = 2048;
const COLUMN_TYPES = [BIGINT, VARCHAR, VARCHAR, VARCHAR] as const;
const SOURCE = "texts_to_tag";

/**
 * Equal texts are tagged once as far as `TagCache` remembers them.
 *
 * The texts are copied into a temporary table first: an appender ends a query that is being read on its connection.
 */
export async function tagTexts(connection: DuckDBConnection, options: TagTextsOptions): Promise<TagCount> {
  const into = sqlIdentifier(options.into);
  const count = { texts: 0, tagged: 0 };
  await connection.run(`create or replace temp table ${into}
    (row_id bigint, language varchar, reason varchar, rule_id varchar)`);
  await connection.run(`create or replace temp table ${SOURCE} as
    select row_id::bigint as row_id, text::varchar as text, known_language::varchar as known_language
    from (${options.from}) as texts where trim(text) <> ''`);
  try {
    const [size] = await queryRows<{ rows: number }>(connection, `select count(*) as rows from ${SOURCE}`);
    const all = size?.rows ?? 0;
    if (all === 0) return count;
    const tags = new TagCache(await tagger());
    for (let from = 0; from < all; from += BATCH) {
      const batch = await connection.runAndReadAll(
        `select row_id, text, known_language from ${SOURCE} where rowid >= ${from} and rowid < ${from + BATCH}`,
      );
      const appender = await connection.createAppender(options.into, undefined, "temp");
      const [ids = [], texts = [], languages = []] = batch.getColumns();
      count.tagged += appendTags(appender, tags, ids as bigint[], texts as string[], languages as (string | null)[]);
      appender.closeSync();
      count.texts += texts.length;
      options.onProgress?.(count.texts, all);
    }
  } finally {
    await connection.run(`drop table ${SOURCE}`);
  }
  return count;
}

let made: Promise<Tagger> | undefined;

/** Made once: the rules of a program do not change while it runs. */
function tagger(): Promise<Tagger> {
  made ??= textRules().then(createTagger);
  return made;
}

/** Returns how many got a reason. */
function appendTags(
  appender: DuckDBAppender,
  tags: TagCache,
  ids: readonly bigint[],
  texts: readonly string[],
  knownLanguages: readonly (string | null)[],
): number {
  let tagged = 0;
  for (let from = 0; from < ids.length; from += CHUNK) {
    const size = Math.min(CHUNK, ids.length - from);
    const found = Array.from({ length: size }, (_, index) =>
      tags.of(texts[from + index] ?? "", knownLanguages[from + index] ?? null),
    );
    const chunk = DuckDBDataChunk.create([...COLUMN_TYPES], size);
    chunk.setColumns([
      ids.slice(from, from + size),
      found.map((tag) => tag.language),
      found.map((tag) => tag.reason),
      found.map((tag) => tag.ruleId),
    ]);
    appender.appendDataChunk(chunk);
    tagged += found.filter((tag) => tag.reason !== null).length;
  }
  return tagged;
}

/** The tags of short texts met lately: "thank you", "where is my order?" and what macros write come again and again. */
class TagCache {
  readonly #tagger: Tagger;
  #recent = new Map<string, Tag>();

  constructor(tagger: Tagger) {
    this.#tagger = tagger;
  }

  of(text: string, knownLanguage: string | null): Tag {
    if (text.length > LONGEST_REMEMBERED) return this.#tagger.tag(text, knownLanguage);
    const key = knownLanguage === null ? text : `${knownLanguage}\n${text}`;
    const known = this.#recent.get(key);
    if (known) return known;
    if (this.#recent.size >= MOST_REMEMBERED) this.#recent = new Map();
    const tag = this.#tagger.tag(text, knownLanguage);
    this.#recent.set(key, tag);
    return tag;
  }
}

const LONGEST_REMEMBERED = 300;
const MOST_REMEMBERED = 50_000;
