// `sources check FILE`: who would read a file, what he would find in it, and what would be lost.
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { AppError } from "../../shared/errors.ts";
import {
  fileColumns,
  findsSomething,
  nearestReader,
  type FileColumns,
  type NearestReader,
} from "./check-source-columns.ts";
import { filesOf, inboxOf, placeOf, type CheckOptions, type Place } from "./check-source-place.ts";
import { tryReader, type Reader, type Trial } from "./check-source-trial.ts";
import { FileRefusedError, readText } from "../files/file-text.ts";
import type { InboxFile } from "../files/inbox-files.ts";
import { parseRunSettings, readRunSettings, type RunSettings } from "../settings/run-settings.ts";
import { requireTimeZone } from "../settings/source-zones.ts";
import { feedsOf, type Source } from "../sources/source.ts";

export interface SourceCheck {
  readonly file: string;
  /** Missing when nobody reads it. */
  readonly reader?: {
    readonly system: string;
    readonly title: string;
    /** How it was found: by the folder in the inbox, by a mapping, or because it can read it. */
    readonly by: "folder" | "mapping" | "trial";
    readonly mappings?: readonly string[];
  };
  /** Others that could read it too; it belongs into the folder of the one that is meant. */
  readonly others: readonly string[];
  readonly trial?: Trial;
  readonly columns: readonly FileColumns[];
  /** Why nobody reads it, or why he refuses it. */
  readonly problem?: string;
  readonly nearest?: NearestReader;
  readonly notes: readonly string[];
}

/** @throws AppError when there is no such file, or the inbox's settings or mappings are wrong. */
export async function checkSource(options: CheckOptions): Promise<SourceCheck[]> {
  const inbox = options.inbox ?? (await inboxOf(options));
  const settings = inbox ? await readRunSettings(inbox) : parseRunSettings("");
  const files = await filesOf(options.file, inbox);
  const place = await placeOf(options, inbox);
  const checks: SourceCheck[] = [];
  for (const file of files) checks.push(await checkFile(options, { file, settings, ...place }));
  return checks;
}

interface FileCheck extends Place {
  readonly file: InboxFile;
  readonly settings: RunSettings;
}

async function checkFile(options: CheckOptions, check: FileCheck): Promise<SourceCheck> {
  const { file, mappings, extract } = check;
  const isFile = (each: InboxFile) => each.path === file.path;
  const [first, ...more] = mappings.filter((each) => each.files.some(isFile));
  if (first) {
    const ofSystem = more.filter((each) => each.spec.system === first.spec.system);
    const found = await checkWith({ mappings: [first, ...ofSystem] }, "mapping", options, check);
    return { ...found, others: more.filter((each) => !ofSystem.includes(each)).map((each) => each.path) };
  }
  const joining = mappings.filter((each) => [...each.joined.values()].some(isFile));
  if (joining.length > 0) {
    const names = joining.map((each) => each.path).join(", ");
    return {
      file: file.path,
      others: [],
      columns: [],
      notes: [`${names} looks values up in it; check a file that it fills from`],
    };
  }
  if (options.mapping !== undefined) {
    return nobody(
      check,
      `${path.basename(options.mapping)} does not name this file (\`files\`, relative to the mapping)`,
    );
  }
  const own = extract?.bySource.find(({ files }) => files.some(isFile));
  if (own) return checkWith({ source: own.source }, "folder", options, check);
  return tryAll(options, check);
}

async function checkWith(
  reader: Reader,
  by: "folder" | "mapping" | "trial",
  { sources }: CheckOptions,
  { file, settings }: FileCheck,
): Promise<SourceCheck> {
  const system = reader.source ? reader.source.system : reader.mappings[0].spec.system;
  const trial = await tryReader({ reader, file, settings: withZone(settings, system) });
  const told = {
    file: file.path,
    reader: {
      system,
      title: reader.source?.title ?? `table of ${system}`,
      by,
      ...(reader.mappings ? { mappings: reader.mappings.map((mapping) => mapping.path) } : {}),
    },
    others: [],
    trial,
    notes: notesOf(system, settings),
    columns: trial.refusal === null ? await fileColumns(reader, file, trial.feeds) : [],
  };
  if (trial.refusal === null) return told;
  const nearest = reader.source ? await nearestReader(file, sources) : undefined;
  return { ...told, problem: trial.refusal, ...(nearest ? { nearest } : {}) };
}

/** What a run would ask of the settings is told as a note: the check itself needs no answer. */
function withZone(settings: RunSettings, system: string): RunSettings {
  return { ...settings, time_zones: { [system]: "UTC", ...settings.time_zones } };
}

function notesOf(system: string, settings: RunSettings): string[] {
  try {
    requireTimeZone(system, settings);
    return [];
  } catch (error) {
    if (!(error instanceof FileRefusedError)) throw error;
    return [`A run would refuse it: it ${error.message}. ${error.advice ?? ""}`];
  }
}

interface Able {
  readonly source: Source;
  /** Columns it knows; 0 of JSON. */
  readonly bound: number;
  /** Rows that come of it. */
  readonly rows: number;
}

/** The one that makes most of the beginning; only he then reads the whole. */
async function tryAll(options: CheckOptions, check: FileCheck): Promise<SourceCheck> {
  const { file, settings } = check;
  const folder = await mkdtemp(path.join(tmpdir(), "aftersight-head-"));
  try {
    const head = await headOf(file, folder);
    const able: Able[] = [];
    const refusals: string[] = [];
    for (const source of options.sources) {
      if (!(await findsSomething(source, head))) continue;
      const reader = { source };
      const trial = await tryReader({ reader, file: head, settings: withZone(settings, source.system) });
      if (trial.refusal !== null) refusals.push(trial.refusal);
      else if (trial.feeds.some((feed) => feed.rows > feed.refused)) {
        const columns = await fileColumns(reader, head, trial.feeds);
        const bound = columns.reduce((sum, each) => sum + each.bound.length, 0);
        const rows = trial.entities.reduce((sum, each) => sum + each.rows - each.refused, 0);
        able.push({ source, bound, rows });
      }
    }
    const [best, ...others] = able.toSorted((left, right) => right.bound - left.bound || right.rows - left.rows);
    if (!best) {
      const nearest = await nearestReader(head, options.sources);
      return nobody(check, whyNobody(options.sources, head, refusals), nearest);
    }
    const found = await checkWith({ source: best.source }, "trial", options, check);
    return { ...found, others: others.map(({ source }) => source.system) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function nobody({ file }: FileCheck, problem: string, nearest?: NearestReader): SourceCheck {
  return { file: file.path, others: [], columns: [], notes: [], problem, ...(nearest ? { nearest } : {}) };
}

function whyNobody(sources: readonly Source[], head: InboxFile, refusals: readonly string[]): string {
  const endings = [...new Set(sources.flatMap((source) => source.feeds.flatMap((feed) => feed.extensions)))];
  if (!sources.some((source) => feedsOf(source, head.path).length > 0)) {
    return `no reader takes files with this ending (${endings.join(", ")}, each also with .gz)`;
  }
  // What is wrong with the bytes is wrong for every reader.
  const [first, ...rest] = new Set(refusals);
  if (first !== undefined && rest.length === 0) return `it ${first}`;
  return "no reader finds its columns or records in it";
}

const HEAD_BYTES = 2 << 20;

/** The beginning as plain text under the same name, without its `.gz`. @throws AppError when it is no text. */
async function headOf(file: InboxFile, folder: string): Promise<InboxFile> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of readText(file.absolute)) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= HEAD_BYTES) break;
    }
  } catch (error) {
    if (!(error instanceof FileRefusedError)) throw error;
    throw new AppError(`${file.path} ${error.message}`, error.advice === undefined ? {} : { advice: error.advice });
  }
  const text = Buffer.concat(chunks);
  // A row cut in the middle is no sign against a reader.
  const head = size < HEAD_BYTES ? text : text.subarray(0, text.lastIndexOf(10) + 1 || text.length);
  const name = path.posix.basename(file.path).replace(/\.gz$/i, "");
  const absolute = path.join(folder, name);
  await writeFile(absolute, head);
  const info = await stat(absolute);
  return { path: name, absolute, bytes: info.size, modifiedAtMs: Math.floor(info.mtimeMs) };
}

/** Every reader with what it fills. */
export function listSources(sources: readonly Source[]) {
  return sources.map(({ system, title, feeds, entities }) => ({
    system,
    title,
    folder: `${system}/`,
    entities,
    feeds: feeds.map(({ name, kind, extensions }) => ({ name, kind, extensions })),
  }));
}
