// For tests of the help desks: one source's exports read with the seller's settings, up to the typed rows or to the marts.
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { queryRows, withDuckDB } from "../../../shared/duckdb.ts";
import { buildMarts, buildStaging } from "../../build/build.ts";
import { extractInbox } from "../../files/extract.ts";
import { loadInbox } from "../../load/load.ts";
import { parseRunSettings } from "../../settings/run-settings.ts";
import type { Source } from "../source.ts";

const NOW = new Date("2026-06-30T00:00:00Z");

export type Query = (sql: string) => Promise<Record<string, unknown>[]>;

export interface DeskExports {
  readonly source: Source;
  /** Contents by file name; all of one age, so that the last name is the newest file. */
  readonly files: Readonly<Record<string, string | Buffer>>;
  /** `aftersight.yml` */
  readonly settings?: string;
  /** Typed rows (`staging.<entity>`) are enough: a tenth of the time. */
  readonly upTo: "rows" | "marts";
}

export async function withDeskExports(exports: DeskExports, work: (query: Query) => Promise<void>): Promise<void> {
  const root = await mkdtemp(path.join(tmpdir(), "aftersight-desk-"));
  try {
    const folder = path.join(root, "inbox", exports.source.system);
    const workFolder = path.join(root, "work");
    await mkdir(folder, { recursive: true });
    await mkdir(workFolder);
    for (const [name, content] of Object.entries(exports.files)) {
      await writeFile(path.join(folder, name), content);
      await utimes(path.join(folder, name), NOW, NOW);
    }
    await withDuckDB(":memory:", {}, async (connection) => {
      const settings = parseRunSettings(`as_of: "${NOW.toISOString()}"\n${exports.settings ?? ""}`);
      const report = () => {};
      const extract = await extractInbox(path.join(root, "inbox"), [exports.source]);
      const loaded = await loadInbox({ connection, extract, settings, workFolder, report });
      const build = exports.upTo === "rows" ? buildStaging : buildMarts;
      await build({ connection, ...loaded, settings, hashKey: "test", now: NOW, report });
      await work((sql) => queryRows(connection, sql));
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
