// What is kept of every run of the pipeline. Rows in are always accepted + updated + unchanged + quarantined + ignored.

export type RunTrigger = "command" | "start" | "watch";

/** `killed` is never written: it is what a run is whose end was not written. */
export type RunOutcome = "running" | "published" | "unchanged" | "failed" | "stopped" | "killed";

/** Every row that came in is in exactly one of the five. */
export interface RowTally {
  readonly rowsIn: number;
  /** Not known before. */
  readonly accepted: number;
  /** Known before, and this version is newer. */
  readonly updated: number;
  /** Known before as it is. */
  readonly unchanged: number;
  /** Refused as a whole; a value that became null does not count. */
  readonly quarantined: number;
  /** Read, but not used: an older version of a row, a second copy within the load, no record of any entity. */
  readonly ignored: number;
  /** Why rows were quarantined or ignored; adds up to both together. */
  readonly reasons: Readonly<Record<string, number>>;
}

/**
 * One file as one feed. Its rows are the file's records; one that gives rows of several entities counts once, by the first that
 * holds for any of them: accepted, updated, unchanged, quarantined, ignored.
 */
export interface FileLoad extends RowTally {
  readonly path: string;
  readonly system: string | null;
  readonly feed: string | null;
  readonly status: "loaded" | "refused" | "ignored";
  readonly bytes: number | null;
  readonly modifiedAtMs: number | null;
  readonly encoding: string | null;
  /** The header as it stands in the file; null where there is none. */
  readonly columns: readonly string[] | null;
  readonly message: string | null;
}

/** A line of `file_loads.jsonl`: the header is kept once a run, in the run's record. */
export interface StoredFileLoad extends Omit<FileLoad, "columns"> {
  readonly runId: string;
  /** Index into the run's `headers`. */
  readonly header: number | null;
}

/** Rows of one entity from one system. */
export interface EntityLoad extends RowTally {
  readonly system: string;
  readonly entity: string;
}

/** What a feed gave in files not loaded before: what later loads are compared with. */
export interface FeedLoad {
  readonly system: string;
  readonly feed: string;
  readonly files: number;
  readonly rows: number;
}

/** A header that one or more files of a feed have. */
export interface FeedHeader {
  readonly system: string;
  readonly feed: string;
  readonly columns: readonly string[];
  /** One of the files. */
  readonly path: string;
  /** Whether a file that was not loaded before has it. */
  readonly isFresh: boolean;
}

export type RunNotice =
  | {
      readonly kind: "volume_drop";
      readonly system: string;
      readonly feed: string;
      readonly rows: number;
      readonly median: number;
      readonly loads: number;
    }
  | {
      readonly kind: "new_columns" | "missing_columns";
      readonly system: string;
      readonly feed: string;
      readonly columns: readonly string[];
      readonly path: string;
    }
  /** Rows in are not what became of them: a defect of the pipeline. */
  | { readonly kind: "unaccounted"; readonly where: string; readonly rowsIn: number; readonly told: number };

/** A line of `pipeline_runs.jsonl`; a later line of the same `runId` replaces it. */
export interface PipelineRun {
  /** When it began, as in `20261122T091500123Z`; strictly increasing. */
  readonly runId: string;
  readonly startedAt: string;
  readonly pid: number;
  readonly trigger: RunTrigger;
  readonly outcome: RunOutcome;
  readonly inbox: string;
  readonly finishedAt?: string;
  readonly seconds?: number;
  /** Seconds by stage. */
  readonly stages?: Readonly<Record<string, number>>;
  /** The version it published, or found to be served already. */
  readonly versionName?: string;
  /** See inbox-signature.ts. */
  readonly inboxSignature?: string;
  readonly files?: RunFiles;
  /** Of all files. */
  readonly rows?: RowTally;
  readonly entities?: readonly EntityLoad[];
  readonly feeds?: readonly FeedLoad[];
  readonly headers?: readonly FeedHeader[];
  readonly notices?: readonly RunNotice[];
  readonly error?: string;
}

export interface RunFiles {
  readonly listed: number;
  readonly loaded: number;
  readonly refused: number;
  readonly ignored: number;
}

export const NO_ROWS: RowTally = {
  rowsIn: 0,
  accepted: 0,
  updated: 0,
  unchanged: 0,
  quarantined: 0,
  ignored: 0,
  reasons: {},
};

export function addTallies(tallies: readonly RowTally[]): RowTally {
  const sum = { ...NO_ROWS, reasons: {} as Record<string, number> };
  for (const tally of tallies) {
    sum.rowsIn += tally.rowsIn;
    sum.accepted += tally.accepted;
    sum.updated += tally.updated;
    sum.unchanged += tally.unchanged;
    sum.quarantined += tally.quarantined;
    sum.ignored += tally.ignored;
    for (const [reason, rows] of Object.entries(tally.reasons)) sum.reasons[reason] = (sum.reasons[reason] ?? 0) + rows;
  }
  return sum;
}

/** What the tally says became of the rows: equal to `rowsIn`, or rows are missing. */
export function rowsTold({ accepted, updated, unchanged, quarantined, ignored }: RowTally): number {
  return accepted + updated + unchanged + quarantined + ignored;
}

/** The file's header among the run's, or null. */
export function headerOf(file: StoredFileLoad, run: PipelineRun): readonly string[] | null {
  return file.header === null ? null : (run.headers?.[file.header]?.columns ?? null);
}
