// One pipeline run: alone on its data folder, in a working file of its own, from the inbox to the served version.
import { chmod, mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { AppError } from "../shared/errors.ts";
import { ensureDataDirectory, type DataDirectory } from "../shared/data-directory.ts";
import { withDuckDB } from "../shared/duckdb.ts";
import { rememberedInbox } from "../shared/remembered-inbox.ts";
import { hasSecret, secret } from "../shared/secrets.ts";
import { buildVersion } from "./build/build-version.ts";
import type { EntityCount } from "./cast/cast.ts";
import { extractInbox } from "./files/extract.ts";
import { readForgotten } from "./forget/forgotten.ts";
import { inboxFingerprint } from "./files/fingerprint.ts";
import { withPipelineLock } from "./lock.ts";
import { memoryLimit } from "./settings/memory-limit.ts";
import type { Report } from "./progress/progress.ts";
import { explainDiskFull, servedFacts, servedVersion, sweepPublished, type ServedFacts } from "./snapshots/publish.ts";
import { readRunSettings, type RunSettings } from "./settings/run-settings.ts";
import type { RunSummary } from "./runs/run-summary.ts";
import { startRun, type RunAccount } from "./runs/run-account.ts";
import type { RunTrigger } from "./runs/run-record.ts";
import { describeHold, heldBy, releasePin } from "./snapshots/pin.ts";
import { SOURCES } from "./sources/sources.ts";
import { STORE_FILE } from "./store/store.ts";
import { readSellerTaxonomy } from "./taxonomy/seller-taxonomy.ts";

export interface PipelineOptions {
  /** Default: the data folder's own inbox. */
  readonly inbox?: string;
  readonly data: DataDirectory;
  /** Build even when neither the inbox nor the code has changed. */
  readonly force?: boolean;
  /** Publish also when most rows of an entity are lost. */
  readonly acceptLosses?: boolean;
  /** Who asked for the run; the command unless given. */
  readonly trigger?: RunTrigger;
  readonly report: Report;
  readonly now?: Date;
  /** Ends the run as soon as the current query lets it. */
  readonly signal?: AbortSignal;
}

export interface PipelineResult {
  /** `unchanged`: the served version already is what this run would build. */
  readonly status: "published" | "unchanged";
  readonly versionName: string;
  /** Per entity, in the order of etl/entities.ts; empty when unchanged. */
  readonly counts: readonly EntityCount[];
  /** Missing when unchanged. */
  readonly summary?: RunSummary;
}

/** @throws AppError; the version served before is then still served. */
export async function runPipeline(options: PipelineOptions): Promise<PipelineResult> {
  const data = await ensureDataDirectory(options.data);
  try {
    return await withPipelineLock(data.work, async () => {
      await sweepWork(data);
      await sweepPublished(data);
      try {
        return await runAccounted({ ...options, data, inbox: path.resolve(options.inbox ?? data.inbox) });
      } finally {
        await sweepWork(data);
      }
    });
  } catch (error) {
    throw options.signal?.aborted ? interrupted(error) : explainDiskFull(error);
  }
}

type LockedOptions = PipelineOptions & { readonly inbox: string };

/** Whatever happens, the run log has it. */
async function runAccounted(options: LockedOptions): Promise<PipelineResult> {
  const { data, inbox, trigger = "command", report } = options;
  const account = await startRun(data, { inbox, trigger, report });
  try {
    const result = await runLocked({ ...options, report: account.report }, account);
    await account.finish({ outcome: result.status, versionName: result.versionName });
    return result;
  } catch (error) {
    await account.fail(error, options.signal?.aborted);
    throw error;
  }
}

async function runLocked(options: LockedOptions, account: RunAccount): Promise<PipelineResult> {
  const { data, inbox, report } = options;
  const settings = await readRunSettings(inbox);
  const taxonomy = await readSellerTaxonomy(inbox);
  const extract = await extractInbox(inbox, SOURCES);
  account.listed(extract.all);
  const hashKey = await hashKeyOf(options);
  const forgotten = await readForgotten(data);
  report({
    stage: "extract",
    message: `${extract.all.length} files in ${inbox}`,
    figures: { files: extract.all.length },
  });
  const fingerprint = await inboxFingerprint(extract.all, hashKey);
  const served = await servedFacts(data, (message) => report({ stage: "warning", message }));
  if (!options.force && served?.fingerprint === fingerprint) {
    const versionName = served.name;
    report({ stage: "extract", message: `nothing to do: version ${versionName} was built from this inbox` });
    return { status: "unchanged", versionName, counts: [] };
  }
  const pin = options.force ? undefined : await heldBy(data, inbox, extract.all);
  if (pin) {
    report({ stage: "extract", message: describeHold(pin) });
    return { status: "unchanged", versionName: pin.version, counts: [] };
  }
  const comparable = await comparableVersion(options, settings, served);
  const built = await withWorkingFile(options, (connection) =>
    buildVersion({
      ...options,
      account,
      connection,
      extract,
      settings,
      taxonomy,
      forgotten,
      hashKey,
      fingerprint,
      served,
      comparable,
      force: options.force ?? false,
      acceptLosses: options.acceptLosses ?? false,
      now: options.now ?? new Date(),
    }),
  );
  const released = await releasePin(data);
  if (released) report({ stage: "publish", message: `the rollback to version ${released.version} is over` });
  return { status: "published", versionName: built.version.name, counts: built.counts, summary: built.summary };
}

const HASH_KEY = "customer_hash_key";

async function hashKeyOf({ data, report }: LockedOptions): Promise<string> {
  if (!(await hasSecret(data, HASH_KEY)) && (await servedVersion(data))) {
    const message = `${path.join(data.state, "secrets.json")} is missing: a new key is made, and every customer gets a new hash`;
    report({ stage: "warning", message });
  }
  return secret(data, HASH_KEY);
}

/** Fewer rows mean a loss only where the served version was made of the same exports. */
async function comparableVersion(
  { data, inbox }: LockedOptions,
  settings: RunSettings,
  served: ServedFacts | undefined,
): Promise<ServedFacts | undefined> {
  const { servedInbox } = await rememberedInbox(data);
  const isSameInbox = servedInbox === undefined || path.resolve(servedInbox) === inbox;
  return served && isSameInbox && served.isDemo === settings.is_demo ? served : undefined;
}

async function withWorkingFile<T>(
  options: LockedOptions,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const file = path.join(options.data.work, `run_${process.pid}_${Date.now()}.duckdb`);
  const spill = path.join(options.data.work, "spill");
  await mkdir(spill, { recursive: true });
  return withDuckDB(file, { tempDirectory: spill, memoryLimit: memoryLimit() }, async (connection) => {
    const interrupt = () => connection.interrupt();
    options.signal?.addEventListener("abort", interrupt);
    await chmod(file, 0o600);
    try {
      options.signal?.throwIfAborted();
      return await work(connection);
    } finally {
      options.signal?.removeEventListener("abort", interrupt);
    }
  });
}

/** The lock makes sure that everything here but the lock and the stored rows belongs to a run that is over. */
async function sweepWork(data: DataDirectory): Promise<void> {
  for (const name of await readdir(data.work)) {
    if (!name.startsWith("pipeline.lock") && !name.startsWith(STORE_FILE))
      await rm(path.join(data.work, name), { recursive: true, force: true });
  }
}

function interrupted(cause: unknown): AppError {
  return new AppError("The run was interrupted.", {
    state: "The served version is unchanged; the unfinished files were removed.",
    advice: "Run the pipeline again.",
    cause,
  });
}
