// The count of one load: numbers the files, writes raw.files, tells what was read, refused or left out.
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Extract, InboxFile } from "./extract.ts";
import { FileRefusedError } from "./file-text.ts";
import type { LoadJob } from "./load-delimited.ts";
import type { Report } from "./progress.ts";
import { FileRecords, type FileRecord } from "./raw-tables.ts";
import type { RunSettings } from "./run-settings.ts";

export interface LoadOptions {
  readonly connection: DuckDBConnection;
  readonly extract: Extract;
  readonly settings: RunSettings;
  /** For temporary files; the caller empties it. */
  readonly workFolder: string;
  readonly report: Report;
}

const NOTHING_READ = { rowsRead: 0, rowsRefused: 0, encoding: null } as const;

/** Hands out file numbers and keeps count; a file that cannot be used is told and left out. */
export class LoadRun {
  files = 0;
  rows = 0;
  readonly refusals: string[] = [];
  readonly connection: DuckDBConnection;
  readonly workFolder: string;
  readonly #options: LoadOptions;
  readonly #records = new FileRecords();
  #nextFileId = 1;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.connection = options.connection;
    this.workFolder = options.workFolder;
  }

  /** Loads one file with `loader`; returns false when it was refused. */
  async load(file: InboxFile, system: string, loader: (job: LoadJob) => Promise<FileRecord[]>): Promise<boolean> {
    const fileId = this.#nextFileId;
    this.#nextFileId += 1;
    const encoding = this.#options.settings.encodings[system];
    try {
      const records = await loader({
        connection: this.connection,
        workFolder: this.workFolder,
        system,
        file,
        fileId,
        encoding,
      });
      for (const record of records) await this.#loaded(file, fileId, record);
      this.files += 1;
      return true;
    } catch (error) {
      if (!(error instanceof FileRefusedError)) throw error;
      const message = [error.message, error.advice].filter(Boolean).join(". ");
      this.refusals.push(`${file.path} ${message}`);
      this.#tell(`${file.path} was refused: it ${message}`, { rows: 0 });
      await this.#records.add(fileId, file, {
        ...NOTHING_READ,
        system,
        feed: null,
        status: "refused",
        message,
      });
      return false;
    }
  }

  /** Writes `raw.files`. */
  async finish(mapped: readonly InboxFile[]): Promise<void> {
    const systems = this.#options.extract.bySource.map(({ source }) => source.system).join(", ");
    for (const file of this.#options.extract.others) {
      if (mapped.includes(file)) continue;
      const message = `no source has this folder (${systems}) and no mapping names the file`;
      this.#tell(`${file.path} was left out: ${message}`, { rows: 0 });
      await this.#records.add(this.#nextFileId, file, {
        ...NOTHING_READ,
        system: null,
        feed: null,
        status: "ignored",
        message,
      });
      this.#nextFileId += 1;
    }
    await this.#records.write(this.connection);
  }

  async #loaded(file: InboxFile, fileId: number, record: FileRecord): Promise<void> {
    await this.#records.add(fileId, file, record);
    this.rows += record.rowsRead - record.rowsRefused;
    const note = record.message ? ` (${record.message})` : "";
    this.#tell(`${file.path} → ${record.feed ?? "nothing"}: ${record.rowsRead - record.rowsRefused} rows${note}`, {
      rows: record.rowsRead,
      refused: record.rowsRefused,
    });
  }

  #tell(message: string, figures: Record<string, number>): void {
    this.#options.report({ stage: "load", message, figures });
  }
}
