// Binds a file's header to a feed's columns by normalised name, never by position.
import type { DelimitedFeed } from "../sources/source.ts";

/** Trimmed, lower case, without space, `-` and `_`. */
export function normaliseHeader(text: string): string {
  return text
    .replace(/^\uFEFF/, "")
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]/g, "");
}

export interface HeaderBinding {
  /** Index in the file for each declared column that the file has. */
  readonly columns: ReadonlyMap<string, number>;
  /** The file's further columns; a repeated name gets a number. */
  readonly extra: readonly { name: string; index: number }[];
  /** Required columns the file lacks, each by its first header text. */
  readonly missing: readonly string[];
  /** Header texts of declared columns that stand there more than once: nobody knows which is meant. */
  readonly repeated: readonly string[];
}

export function bindHeader(header: readonly string[], feed: DelimitedFeed): HeaderBinding {
  const normalised = header.map(normaliseHeader);
  const columns = new Map<string, number>();
  const missing: string[] = [];
  const repeated: string[] = [];
  for (const column of feed.columns) {
    const index = column.headers.map((text) => normalised.indexOf(normaliseHeader(text))).find((found) => found >= 0);
    if (index !== undefined) {
      columns.set(column.name, index);
      if (normalised.lastIndexOf(normalised[index] ?? "") !== index) repeated.push(header[index]?.trim() ?? "");
    } else if (column.required) missing.push(column.headers[0] ?? column.name);
  }
  const bound = new Set(columns.values());
  const seen = new Map<string, number>();
  const extra = header.flatMap((text, index) => {
    if (bound.has(index) || text.trim() === "") return [];
    const times = (seen.get(text.trim()) ?? 0) + 1;
    seen.set(text.trim(), times);
    return [{ name: times === 1 ? text.trim() : `${text.trim()} (${times})`, index }];
  });
  return { columns, extra, missing, repeated };
}

/** The feed a header belongs to: of those whose required columns are all there, the one with most columns found. */
export function chooseFeed(
  header: readonly string[],
  feeds: readonly DelimitedFeed[],
): { feed: DelimitedFeed; binding: HeaderBinding } | undefined {
  const bound = feeds.map((feed) => ({ feed, binding: bindHeader(header, feed) }));
  const share = (item: (typeof bound)[number]) => item.binding.columns.size - 1000 * item.binding.missing.length;
  return bound.toSorted((left, right) => share(right) - share(left))[0];
}
