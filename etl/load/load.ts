// Loads every file of the inbox that a source or a mapping claims into its raw table; all values stay text.
import { AppError } from "../../shared/errors.ts";
import { FileRefusedError } from "../files/file-text.ts";
import { inPairs } from "./in-pairs.ts";
import type { InboxFile } from "../files/inbox-files.ts";
import { loadDelimited, textOptions, type LoadJob } from "./load-delimited.ts";
import { loadJson } from "./load-json.ts";
import { LoadRun, type LoadOptions } from "./load-run.ts";
import { endRawRows } from "./raw-rows.ts";
import { createFeedTable, createRawTables, type FileRecord } from "./raw-tables.ts";
import { requireTimeZone } from "../settings/source-zones.ts";
import { feedsOf, isReferenceFile, type DelimitedFeed, type JsonFeed, type Source } from "../sources/source.ts";
import { loadMapping, type StagedMapping } from "../sources/tabular/load-mapping.ts";
import { readMappings } from "../sources/tabular/mappings.ts";

export interface Loaded {
  /** Sources with at least one loaded row. */
  readonly sources: readonly Source[];
  readonly mappings: readonly StagedMapping[];
  readonly files: number;
  readonly rows: number;
  readonly refusedFiles: number;
  /** What the seller should know though nothing was refused. */
  readonly warnings: readonly string[];
}

/** @throws AppError when no file at all could be loaded, unless others were before. */
export async function loadInbox(options: LoadOptions): Promise<Loaded> {
  const { connection, extract } = options;
  await createRawTables(connection);
  const run = new LoadRun(options);
  const { mappings, warnings } = options.mappings ?? (await readMappings(extract, connection));
  for (const warning of warnings) options.report({ stage: "warning", message: warning });
  const isRead = (file: InboxFile) => options.paths?.has(file.path) ?? true;
  const mapped = new Set(mappings.flatMap((mapping) => mapping.reads.map((file) => file.path)));
  const sources: Source[] = [];
  for (const { source, files: all } of extract.bySource) {
    const own = all.filter((file) => !mapped.has(file.path));
    if (!own.some(isRead)) continue;
    const files = own.filter((file) => isRead(file) || isReferenceFile(source, file.path));
    for (const feed of source.feeds) await createFeedTable(connection, source.system, feed);
    const before = run.rows;
    await run.together(source.system, async () => {
      await inPairs(files, (file) =>
        run.load(file, source.system, async (job) => {
          requireTimeZone(source.system, options.settings);
          return loadSourceFile(job, source);
        }),
      );
    });
    if (run.rows > before) sources.push(source);
  }
  const staged: StagedMapping[] = [];
  for (const mapping of mappings) {
    const files = mapping.files.filter(isRead);
    if (files.length === 0 && options.paths) continue;
    staged.push(await run.together(mapping.path, () => loadMapping(run, { ...mapping, files })));
  }
  await endRawRows(connection);
  await run.finish(mappings.flatMap((mapping) => mapping.reads));
  if (run.files === 0 && !options.isNews) throw nothingLoaded([...run.refusals, ...warnings]);
  const { files, rows, refusals } = run;
  return { sources, mappings: staged, files, rows, refusedFiles: refusals.length, warnings };
}

async function loadSourceFile(job: LoadJob, source: Source): Promise<FileRecord[]> {
  const feeds = feedsOf(source, job.file.path);
  const json = feeds.filter((feed): feed is JsonFeed => feed.kind === "json");
  const delimited = feeds.filter((feed): feed is DelimitedFeed => feed.kind === "delimited");
  if (feeds.length > 0) await source.inspect?.({ ...job.file, text: textOptions(job) });
  if (json.length > 0) return loadJson(job, json);
  if (delimited.length > 0) return loadDelimited(job, delimited);
  const known = [...new Set(source.feeds.flatMap((feed) => feed.extensions))].join(", ");
  throw new FileRefusedError(`has an ending that ${source.title} exports do not have (${known}, each also with .gz)`);
}

function nothingLoaded(refusals: readonly string[]): AppError {
  const told = refusals.slice(0, 10).map((text) => `\n  - ${text}`);
  return new AppError(`None of the files in the inbox could be loaded.${told.join("")}`, {
    state: "The served version is unchanged.",
    advice: "Put right what is listed above and run the pipeline again.",
  });
}
