// Lists the inbox and says which source reads which file. Nothing is guessed: what no source claims is told, not read.
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { AppError, hasCode } from "../shared/errors.ts";
import { SETTINGS_FILE } from "./run-settings.ts";
import type { Source } from "./sources/source.ts";

export interface InboxFile {
  /** Relative to the inbox, with `/`. */
  readonly path: string;
  readonly absolute: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

export interface Extract {
  /** Every file, settings and mappings included, sorted by path: what the fingerprint covers. */
  readonly all: readonly InboxFile[];
  readonly bySource: readonly { readonly source: Source; readonly files: readonly InboxFile[] }[];
  /** Mapping files of the tabular source. */
  readonly mappings: readonly InboxFile[];
  /** Files outside every source's folder: a mapping may still claim them. */
  readonly others: readonly InboxFile[];
}

export const MAPPING_ENDING = ".mapping.yml";

/** @throws AppError when the inbox is missing or holds no data file. */
export async function extractInbox(inbox: string, sources: readonly Source[]): Promise<Extract> {
  const all = await listFiles(inbox);
  const mappings = all.filter((file) => file.path.toLowerCase().endsWith(MAPPING_ENDING));
  const data = all.filter((file) => !mappings.includes(file) && file.path !== SETTINGS_FILE && !isNote(file.path));
  if (data.length === 0) {
    throw new AppError(`The inbox ${inbox} holds no export files.`, {
      state: "Nothing was changed.",
      advice:
        `Put exports into a folder named after their source (${sources.map((source) => source.system).join(", ")}), ` +
        `or any table with a ${MAPPING_ENDING} file beside it. See etl/README.md.`,
    });
  }
  const folder = (file: InboxFile) => (file.path.includes("/") ? file.path.slice(0, file.path.indexOf("/")) : "");
  const systems = new Set(sources.map((source) => source.system));
  return {
    all,
    bySource: sources.map((source) => ({ source, files: data.filter((file) => folder(file) === source.system) })),
    mappings,
    others: data.filter((file) => !systems.has(folder(file))),
  };
}

function isNote(file: string): boolean {
  return /(^|\/)(readme|licen[cs]e|truth)[^/]*$/i.test(file);
}

async function listFiles(inbox: string): Promise<InboxFile[]> {
  let names: string[];
  try {
    names = await readdir(inbox, { recursive: true });
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    throw new AppError(`There is no inbox at ${inbox}.`, {
      state: "Nothing was changed.",
      advice: "Create it and put the exports there, or name another folder with --inbox.",
    });
  }
  const files: InboxFile[] = [];
  for (const name of names.toSorted()) {
    const relative = name.split(path.sep).join("/");
    if (relative.split("/").some((part) => part.startsWith(".") || part.startsWith("~$"))) continue;
    const absolute = path.join(inbox, name);
    const info = await stat(absolute);
    if (info.isFile())
      files.push({ path: relative, absolute, bytes: info.size, modifiedAtMs: Math.floor(info.mtimeMs) });
  }
  return files;
}
