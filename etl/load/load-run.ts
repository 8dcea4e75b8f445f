// The count of one load: numbers the files, writes raw.files, tells what was read, refused or left out.
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Extract } from "../files/extract.ts";
import type { InboxFile } from "../files/inbox-files.ts";
import { FileChangedError, FileRefusedError } from "../files/file-bytes.ts";
import type { LoadJob } from "./load-delimited.ts";
import { ProgressMeter, type Report } from "../progress/progress.ts";
import { FileRecords, type FileRecord } from "./raw-tables.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { Mappings } from "../sources/tabular/mappings.ts";

export interface LoadOptions {
  readonly connection: DuckDBConnection;
  readonly extract: Extract;
  readonly settings: RunSettings;
  /** Read from the inbox unless given. */
  readonly mappings?: Mappings;
  /** Only these files of the inbox; all unless given. */
  readonly paths?: ReadonlySet<string>;
  /** Other files were loaded by an earlier run. */
  readonly isNews?: boolean;
  /** The number of the first file; 1 unless given. */
  readonly firstFileId?: number;
  /** For temporary files; the caller empties it. */
  readonly workFolder: string;
  readonly report: Report;
}

const NOTHING_READ = { rowsRead: 0, rowsRefused: 0, encoding: null } as const;

/** What one source or mapping has given so far. */
interface Tally {
  files: number;
  refusedFiles: number;
  readonly rowsByFeed: Map<string, number>;
  rowsRefused: number;
}

/** Hands out file numbers and keeps count; a file that cannot be used is told and left out. */
export class LoadRun {
  files = 0;
  rows = 0;
  readonly refusals: string[] = [];
  readonly connection: DuckDBConnection;
  readonly workFolder: string;
  readonly #options: LoadOptions;
  readonly #records = new FileRecords();
  #tally: Tally = newTally();
  #nextFileId: number;
  readonly #meter: ProgressMeter;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.connection = options.connection;
    this.workFolder = options.workFolder;
    this.#nextFileId = options.firstFileId ?? 1;
    const read = options.extract.all.filter((file) => options.paths?.has(file.path) ?? true);
    const total = read.reduce((sum, file) => sum + file.bytes, 0);
    this.#meter = new ProgressMeter(options.report, "load", { total, unit: "bytes" });
  }

  /** Everything that `work` loads is told in one line. */
  async together<T>(label: string, work: () => Promise<T>): Promise<T> {
    this.#tally = newTally();
    const start = performance.now();
    const result = await work();
    const { files, refusedFiles, rowsRefused, rowsByFeed } = this.#tally;
    const feeds = [...rowsByFeed].map(([feed, rows]) => `${feed} ${rows} rows`).join(", ") || "no rows";
    const broken = rowsRefused > 0 ? `, ${rowsRefused} broken rows` : "";
    const refused = refusedFiles > 0 ? `, ${refusedFiles} refused` : "";
    const seconds = (performance.now() - start) / 1000;
    this.#options.report({
      stage: "load",
      message: `${label}: ${files} files${refused} → ${feeds}${broken} in ${seconds.toFixed(1)} s`,
      figures: { label, files, refusedFiles, rowsRefused, seconds, ...Object.fromEntries(rowsByFeed) },
    });
    return result;
  }

  /** Loads one file with `loader`; returns false when it was refused. */
  async load(file: InboxFile, system: string, loader: (job: LoadJob) => Promise<FileRecord[]>): Promise<boolean> {
    const fileId = this.#takeId();
    this.#meter.working(file.path);
    try {
      const records = await loader({
        connection: this.connection,
        workFolder: this.workFolder,
        system,
        file,
        fileId,
        encoding: this.#options.settings.encodings[system],
        largestUnpackedBytes: this.#options.settings.largest_unpacked_gb * 2 ** 30,
      });
      for (const record of records) this.#loaded(file, fileId, record);
      this.files += 1;
      this.#tally.files += 1;
      this.#meter.add(
        file.bytes,
        records.reduce((sum, record) => sum + record.rowsRead, 0),
      );
      return true;
    } catch (error) {
      if (!(error instanceof FileRefusedError)) throw error;
      // Of a file that changed, neither size nor time is kept: the next run reads it, whatever it looks like then.
      const seen = error instanceof FileChangedError ? { path: file.path } : file;
      this.#refused(seen, fileId, system, [error.message, error.advice].filter(Boolean).join(". "));
      return false;
    }
  }

  /** A file that is not even opened because something it needs is missing. */
  refuse(file: InboxFile, system: string, message: string): void {
    this.#refused(file, this.#takeId(), system, message);
  }

  /** Writes `raw.files`. */
  async finish(mapped: readonly InboxFile[]): Promise<void> {
    const { bySource, others, ignored } = this.#options.extract;
    const systems = bySource.map(({ source }) => source.system).join(", ");
    const unclaimed = others
      .filter((file) => !mapped.includes(file) && (this.#options.paths?.has(file.path) ?? true))
      .map((file) => ({ ...file, message: `no source has this folder (${systems}) and no mapping names the file` }));
    for (const file of [...unclaimed, ...ignored]) {
      const { message } = file;
      this.#tell(`${file.path} was left out: ${message}`, { rows: 0 });
      const record = { ...NOTHING_READ, system: null, feed: null, status: "ignored", message } as const;
      this.#records.add(this.#takeId(), file, record);
    }
    await this.#records.write(this.connection);
    this.#meter.finish();
  }

  #takeId(): number {
    this.#nextFileId += 1;
    return this.#nextFileId - 1;
  }

  #refused(file: Pick<InboxFile, "path"> & Partial<InboxFile>, fileId: number, system: string, message: string): void {
    this.refusals.push(`${file.path} ${message}`);
    this.#tally.refusedFiles += 1;
    this.#tell(`${file.path} was refused: it ${message}`, { rows: 0 });
    this.#records.add(fileId, file, { ...NOTHING_READ, system, feed: null, status: "refused", message });
  }

  #loaded(file: InboxFile, fileId: number, record: FileRecord): void {
    this.#records.add(fileId, file, record);
    const rows = record.rowsRead - record.rowsRefused;
    this.rows += rows;
    this.#tally.rowsRefused += record.rowsRefused;
    const feed = record.feed ?? "nothing";
    this.#tally.rowsByFeed.set(feed, (this.#tally.rowsByFeed.get(feed) ?? 0) + rows);
    const note = record.message ? ` (${record.message})` : "";
    this.#tell(`${file.path} → ${feed}: ${rows} rows${note}`, { rows: record.rowsRead, refused: record.rowsRefused });
  }

  #tell(message: string, figures: Record<string, number>): void {
    this.#options.report({ stage: "load", message, figures, isDetail: true });
  }
}

function newTally(): Tally {
  return { files: 0, refusedFiles: 0, rowsByFeed: new Map(), rowsRefused: 0 };
}
