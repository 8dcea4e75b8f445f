// Which columns of a file a reader knows, which it keeps as they are, and which reader comes nearest when none fits.
import { writeCleanRows } from "../load/delimited-rows.ts";
import type { FeedTrial, Reader } from "./check-source-trial.ts";
import { FileRefusedError, readText } from "../files/file-text.ts";
import { bindHeader, normaliseHeader } from "../load/header-binding.ts";
import type { InboxFile } from "../files/inbox-files.ts";
import { splitJson } from "../load/json-records.ts";
import { feedsOf, type DelimitedFeed, type JsonFeed, type Source } from "../sources/source.ts";
import type { Mapping } from "../sources/tabular/mappings.ts";
import { usedColumns } from "../sources/tabular/column-references.ts";

/** The columns of one table. */
export interface FileColumns {
  readonly feed: string;
  /** Header texts of the file. */
  readonly bound: readonly string[];
  /** Not read; kept as they are beside the row, by the built-in readers. */
  readonly extra: readonly string[];
  /** What the reader also knows and the file does not have. */
  readonly absent: readonly string[];
}

export interface NearestReader {
  readonly system: string;
  readonly title: string;
  readonly feed: string;
  readonly found: readonly string[];
  /** Required columns that the file lacks. */
  readonly lacks: readonly string[];
  /** What stands between the file's columns, where the reader expects another sign. */
  readonly separatedBy?: string;
}

const DELIMITERS = [",", ";", "\t", "|"];

class HeaderSeen extends Error {}

/** The first row of a delimited file. @throws FileRefusedError */
async function headerOf(file: InboxFile, delimiter: string, quoted: boolean): Promise<readonly string[]> {
  let header: readonly string[] = [];
  try {
    await writeCleanRows(
      file.absolute,
      { write: () => {} },
      {
        delimiter,
        quoted,
        onHeader: (found) => {
          header = found;
          throw new HeaderSeen();
        },
        onBroken: () => {},
      },
    );
  } catch (error) {
    if (!(error instanceof HeaderSeen)) throw error;
  }
  return header.map((text) => text.trim());
}

export async function fileColumns(
  reader: Reader,
  file: InboxFile,
  feeds: readonly FeedTrial[],
): Promise<FileColumns[]> {
  if (reader.mappings) {
    const found = await Promise.all(reader.mappings.map((mapping) => mappingColumns(mapping, file)));
    return found.flat();
  }
  const found: FileColumns[] = [];
  for (const feed of feedsOf(reader.source, file.path)) {
    if (feed.kind !== "delimited" || !feeds.some((each) => each.feed === feed.name)) continue;
    const header = await headerOf(file, feed.delimiter, feed.quote !== null);
    const { columns, extra } = bindHeader(header, feed);
    const absent = feed.columns
      .filter((column) => !columns.has(column.name))
      .map((column) => column.headers[0] ?? column.name);
    const bound = [...columns.values()].toSorted((left, right) => left - right).map((index) => header[index] ?? "");
    found.push({ feed: feed.name, bound, extra: extra.map((column) => column.name), absent });
  }
  return found;
}

async function mappingColumns({ name, spec }: Mapping, file: InboxFile): Promise<FileColumns[]> {
  if (spec.format !== undefined && spec.format !== "csv") return [];
  if (!/\.(?:csv|tsv|tab|txt)(?:\.gz)?$/i.test(file.path)) return [];
  const delimiter = spec.delimiter ?? (/\.(?:tsv|tab)(?:\.gz)?$/i.test(file.path) ? "\t" : ",");
  const header = await headerOf(file, delimiter, spec.quote !== "none");
  const used = new Set((usedColumns(spec).get(undefined) ?? []).map(normaliseHeader));
  const isUsed = (text: string) => used.has(normaliseHeader(text));
  return [{ feed: name, bound: header.filter(isUsed), extra: header.filter((text) => !isUsed(text)), absent: [] }];
}

/** Whether a reader finds the columns or a record of his in a file; the whole trial is not worth it else. */
export async function findsSomething(source: Source, file: InboxFile): Promise<boolean> {
  const feeds = feedsOf(source, file.path);
  const json = feeds.filter((feed): feed is JsonFeed => feed.kind === "json");
  if (json.length > 0) return hasRecord(json, file);
  for (const feed of feeds) {
    if (feed.kind !== "delimited") continue;
    const header = await headerOf(file, feed.delimiter, feed.quote !== null).catch((error: unknown) => {
      if (error instanceof FileRefusedError) return undefined;
      throw error;
    });
    if (header && bindHeader(header, feed).missing.length === 0) return true;
  }
  return false;
}

async function hasRecord(feeds: readonly JsonFeed[], file: InboxFile): Promise<boolean> {
  let records = 0;
  await splitJson(file.path, readText(file.absolute), feeds, { onRecord: () => (records += 1), onProblem: () => {} });
  return records > 0;
}

/** Of the tables the readers know the one with most of its columns in this file. */
export async function nearestReader(file: InboxFile, sources: readonly Source[]): Promise<NearestReader | undefined> {
  let best: (NearestReader & { readonly share: number }) | undefined;
  for (const source of sources) {
    for (const feed of source.feeds) {
      if (feed.kind !== "delimited") continue;
      const near = await nearness(file, source, feed);
      if (near && near.found.length > 0 && near.share > (best?.share ?? 0)) best = near;
    }
  }
  if (!best) return undefined;
  const { share: _, ...nearest } = best;
  return nearest;
}

type Nearness = NearestReader & { readonly share: number };

async function nearness(file: InboxFile, source: Source, feed: DelimitedFeed): Promise<Nearness | undefined> {
  let best: Nearness | undefined;
  for (const delimiter of [feed.delimiter, ...DELIMITERS.filter((each) => each !== feed.delimiter)]) {
    try {
      const header = await headerOf(file, delimiter, feed.quote !== null);
      const { columns, missing } = bindHeader(header, feed);
      const found = [...columns.values()].map((index) => header[index] ?? "");
      const required = feed.columns.filter((column) => column.required).length;
      const share = (required - missing.length) / Math.max(1, required) + found.length / Math.max(1, header.length);
      if (share <= (best?.share ?? 0)) continue;
      const other = delimiter === feed.delimiter ? {} : { separatedBy: delimiter };
      best = { system: source.system, title: source.title, feed: feed.name, found, lacks: missing, share, ...other };
    } catch (error) {
      if (!(error instanceof FileRefusedError)) throw error;
    }
  }
  return best;
}
