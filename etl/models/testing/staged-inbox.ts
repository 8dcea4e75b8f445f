// For tests of sources: loads a folder or texts as one source's exports and builds everything up to the marts.
import { cp, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { queryRows, withDuckDB } from "../../../shared/duckdb.ts";
import { buildMarts } from "../../build/build.ts";
import { checkMarts } from "../../build/check.ts";
import { extractInbox } from "../../files/extract.ts";
import { loadInbox } from "../../load/load.ts";
import { parseRunSettings } from "../../settings/run-settings.ts";
import type { Source } from "../../sources/source.ts";
import { MARTS, MODELS } from "../models.ts";

const CHANGED_AT = new Date("2026-06-29T00:00:00Z");

export type Query = (sql: string) => Promise<Record<string, unknown>[]>;

export interface StagedInboxOptions {
  /** When a file was last changed; all at once unless given, so that the last name is the newest file. */
  readonly changedAt?: (name: string) => Date;
  /** The last model to be built; all unless given. */
  readonly upTo?: string;
}

/** `exports`: a folder, or file texts by name. The run's "now" is 2026-06-30T00:00:00Z, its zone UTC, its currency USD. */
export async function withStagedInbox(
  source: Source,
  exports: string | Readonly<Record<string, string>>,
  work: (query: Query) => Promise<void>,
  { changedAt = () => CHANGED_AT, upTo }: StagedInboxOptions = {},
): Promise<void> {
  const models = upTo ? MODELS.slice(0, MODELS.findIndex((model) => model.name === upTo) + 1) : MODELS;
  const root = await mkdtemp(path.join(tmpdir(), "aftersight-source-"));
  try {
    const folder = path.join(root, "inbox", source.system);
    const workFolder = path.join(root, "work");
    await mkdir(folder, { recursive: true });
    await mkdir(workFolder);
    if (typeof exports === "string") await cp(exports, folder, { recursive: true });
    else for (const [name, text] of Object.entries(exports)) await writeFile(path.join(folder, name), text);
    // Else the order of copying would decide which file is newest.
    for (const name of await readdir(folder)) await utimes(path.join(folder, name), changedAt(name), changedAt(name));
    await withDuckDB(":memory:", {}, async (connection) => {
      const settings = parseRunSettings('as_of: "2026-06-30T00:00:00Z"');
      const report = () => {};
      const extract = await extractInbox(path.join(root, "inbox"), [source]);
      const loaded = await loadInbox({ connection, extract, settings, workFolder, report });
      const now = new Date("2026-06-30T00:00:00Z");
      await buildMarts({ connection, ...loaded, settings, hashKey: "test", now, report, models });
      if (!upTo)
        await checkMarts(
          connection,
          MARTS.map((mart) => mart.name),
          report,
        );
      await work((sql) => queryRows(connection, sql));
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
