// Says which source reads which file of the inbox. Nothing is guessed: what no source claims is told, not read.
import { AppError } from "../../shared/errors.ts";
import { listFolder, type IgnoredFile, type InboxFile } from "./inbox-files.ts";
import { isRatesFile } from "../reference/daily-rates.ts";
import { SETTINGS_FILE } from "../settings/run-settings.ts";
import type { Source } from "../sources/source.ts";
import { TAXONOMY_FILE } from "../taxonomy/seller-taxonomy.ts";

export interface Extract {
  /** Every file, settings and mappings included, sorted by path: what the fingerprint covers. */
  readonly all: readonly InboxFile[];
  readonly bySource: readonly { readonly source: Source; readonly files: readonly InboxFile[] }[];
  /** Mapping files of the tabular source. */
  readonly mappings: readonly InboxFile[];
  /** Files outside every source's folder: a mapping may still claim them. */
  readonly others: readonly InboxFile[];
  /** Left out unread, each with its reason. */
  readonly ignored: readonly IgnoredFile[];
}

export const MAPPING_ENDING = ".mapping.yml";

/** What is no export but says how exports are read. */
function isConfiguration(file: InboxFile): boolean {
  return file.path === SETTINGS_FILE || file.path === TAXONOMY_FILE || isRatesFile(file);
}

export const NOTE_MESSAGE = "a note by its name, not an export";

/** What may stand in an inbox without being an export; compared whole, so that `readme_orders.csv` is an export. */
const NOTES = new Set(["truth.json", "readme", "readme.md", "readme.txt", "license", "license.txt"]);

/** @throws AppError when the inbox is missing or holds no data file. */
export async function extractInbox(inbox: string, sources: readonly Source[]): Promise<Extract> {
  const { files: all, ignored } = await listFolder(inbox);
  const mappings = all.filter((file) => file.path.toLowerCase().endsWith(MAPPING_ENDING));
  const notes = all.filter((file) => NOTES.has(file.path.slice(file.path.lastIndexOf("/") + 1).toLowerCase()));
  const told = new Set([...mappings, ...notes, ...all.filter(isConfiguration)]);
  const data = all.filter((file) => !told.has(file));
  if (data.length === 0) throw nothingThere(inbox, ignored, sources);
  const folder = (file: InboxFile) => (file.path.includes("/") ? file.path.slice(0, file.path.indexOf("/")) : "");
  const systems = new Set(sources.map((source) => source.system));
  return {
    all,
    bySource: sources.map((source) => ({ source, files: data.filter((file) => folder(file) === source.system) })),
    mappings,
    others: data.filter((file) => !systems.has(folder(file))),
    ignored: [...ignored, ...notes.map((file) => ({ path: file.path, message: NOTE_MESSAGE }))],
  };
}

function nothingThere(inbox: string, ignored: readonly IgnoredFile[], sources: readonly Source[]): AppError {
  const told = ignored.slice(0, 10).map((file) => `\n  - ${file.path}: ${file.message}`);
  return new AppError(`The inbox ${inbox} holds no export files.${told.join("")}`, {
    state: "Nothing was changed.",
    advice:
      `Put exports into a folder named after their source (${sources.map((source) => source.system).join(", ")}), ` +
      `or any table with a ${MAPPING_ENDING} file beside it. See etl/README.md.`,
  });
}
