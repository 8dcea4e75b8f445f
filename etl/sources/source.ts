// Contract of a source: which folder of the inbox it reads, what its files hold, and where the records go.
// In: files of one system's folder. Out: one raw table per feed, values as text, nothing interpreted.
// The meaning (canonical field names) is in models/staging/<system>/stg_<system>__<entity>.sql.
import type { EntityName } from "../entities.ts";
import type { TextOptions } from "../files/file-text.ts";

/** A column of a delimited feed, bound by header name, never by position. */
export interface Column {
  /** Name in the raw table, snake_case. */
  readonly name: string;
  /** Header texts that mean this column; compared trimmed, lower-cased and without space, `-` and `_`. */
  readonly headers: readonly string[];
  /** Without it the file is refused. */
  readonly required?: boolean;
}

/**
 * Delimited text. Raw table `raw.<system>__<feed>`:
 * `file_id INTEGER, row_no BIGINT` (1 = first data row), one VARCHAR per declared column, `extra JSON` (the other columns).
 */
export interface DelimitedFeed {
  readonly kind: "delimited";
  readonly name: string;
  /** Lower-case file extensions, with the dot. */
  readonly extensions: readonly string[];
  readonly delimiter: "," | "\t" | ";" | "|";
  /** null: a quote is a literal character (Amazon flat files). */
  readonly quote: '"' | null;
  readonly columns: readonly Column[];
  /** The seller's own list that says how other files are read: loaded with every run, and all files are read again when it changes. */
  readonly isReference?: true;
}

/**
 * JSON records. Raw table `raw.<system>__<feed>`: `file_id INTEGER, row_no BIGINT, record JSON`.
 * One file may hold several feeds (tickets with side-loaded metric sets).
 */
export interface JsonFeed {
  readonly kind: "json";
  readonly name: string;
  readonly extensions: readonly string[];
  /** Dotted paths of arrays of records inside the file's top object, e.g. `tickets`, `data.trackings`. */
  readonly arrays: readonly string[];
  /** Dotted paths of single records inside the top object, e.g. `data.tracking`, `msg`. One that holds another path (`data`) is a
   * record only when nothing stands at the inner path. */
  readonly objects: readonly string[];
  /** In newline-delimited files: a record belongs to this feed when it has all of these keys. */
  readonly lineKeys: readonly string[];
}

/** A file of the source, and how its text is read. */
export interface InspectedFile {
  readonly path: string;
  readonly absolute: string;
  readonly text?: TextOptions;
}

export type Feed = DelimitedFeed | JsonFeed;

export interface Source {
  /** Folder in the inbox and value of `source_system`: lower case, `_` between words, e.g. `amazon_fba_returns`. */
  readonly system: string;
  readonly title: string;
  readonly feeds: readonly Feed[];
  /** Steps its entities share, in build order, each by the model base_<system>__<name>.sql; gone when the entities are staged. */
  readonly bases?: readonly string[];
  /** Looks at a file before it is loaded. @throws FileRefusedError */
  readonly inspect?: (file: InspectedFile) => Promise<void>;
  /** Environment variables `inspect` depends on: all files are read again when they change. */
  readonly environment?: readonly string[];
  /** Entities it fills, each by the model stg_<system>__<entity>.sql. */
  readonly entities: readonly EntityName[];
}

/** Whether a file can only hold what says how the source's other files are read. */
export function isReferenceFile(source: Source, file: string): boolean {
  const feeds = feedsOf(source, file);
  return feeds.length > 0 && feeds.every((feed) => feed.kind === "delimited" && feed.isReference);
}

/** The feeds whose files have this ending. */
export function feedsOf({ feeds }: Source, file: string): Feed[] {
  const name = file.toLowerCase().replace(/\.gz$/, "");
  return feeds.filter((feed) => feed.extensions.some((extension) => name.endsWith(extension)));
}
