// Where a file to be checked lies: in which inbox, with which mappings beside it.
import { stat } from "node:fs/promises";
import path from "node:path";
import { withDuckDB } from "../../shared/duckdb.ts";
import { AppError, hasCode, messageOf } from "../../shared/errors.ts";
import { extractInbox, MAPPING_ENDING, type Extract } from "../files/extract.ts";
import { listFolder, type InboxFile } from "../files/inbox-files.ts";
import { SETTINGS_FILE } from "../settings/run-settings.ts";
import type { Source } from "../sources/source.ts";
import { readMappings, type Mapping } from "../sources/tabular/mappings.ts";

export interface CheckOptions {
  /** Absolute; a zip archive means all of its files. */
  readonly file: string;
  readonly sources: readonly Source[];
  /** The inbox it lies in; found by its folders unless given. */
  readonly inbox?: string;
  /** A mapping file to read it with, absolute. */
  readonly mapping?: string;
}

export interface Place {
  readonly extract?: Extract;
  readonly mappings: readonly Mapping[];
}

/** The nearest folder above that holds settings, or a source's folder on the way to the file. */
export async function inboxOf({ file, sources }: CheckOptions): Promise<string | undefined> {
  const systems = new Set(sources.map((source) => source.system));
  let inner = "";
  for (let folder = path.dirname(file); folder !== inner; folder = path.dirname(folder)) {
    if (systems.has(path.basename(inner))) return folder;
    const isThere = await stat(path.join(folder, SETTINGS_FILE)).catch(() => undefined);
    if (isThere?.isFile()) return folder;
    inner = folder;
  }
  return undefined;
}

export async function filesOf(file: string, inbox: string | undefined): Promise<InboxFile[]> {
  const root = inbox ?? path.dirname(file);
  const listing = await listFolder(root);
  const name = path.relative(root, file).split(path.sep).join("/");
  const found = listing.files.filter((each) => each.path === name || each.path.startsWith(`${name}/`));
  if (found.length > 0) return found;
  const ignored = listing.ignored.find((each) => each.path === name);
  if (ignored) throw new AppError(`${file} would not be read: ${ignored.message}`);
  const info = await stat(file).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) throw new AppError(`There is no file ${file}.`);
    throw new AppError(`${file} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  if (info.isDirectory()) throw new AppError(`${file} is a folder.`, { advice: "Name a file in it." });
  throw new AppError(`${file} would not be read: its name says that it is hidden or not whole yet.`);
}

export async function placeOf(options: CheckOptions, inbox: string | undefined): Promise<Place> {
  const { mapping, sources } = options;
  const root = inbox ?? (mapping === undefined ? undefined : path.dirname(mapping));
  if (root === undefined) return { mappings: [] };
  const extract = await extractInbox(root, sources);
  const wanted = mapping === undefined ? undefined : path.relative(root, mapping).split(path.sep).join("/");
  const files = extract.mappings.filter((file) => wanted === undefined || file.path === wanted);
  if (wanted !== undefined && files.length === 0) {
    throw new AppError(`${mapping} is no mapping file in ${root}.`, {
      advice: `A mapping lies in the inbox, and its name ends in ${MAPPING_ENDING}.`,
    });
  }
  const { mappings } = await withDuckDB(":memory:", {}, (connection) =>
    readMappings({ ...extract, mappings: files }, connection),
  );
  return { extract, mappings };
}
