// Erases a person: from the exports in the inbox, from the rows kept between runs, from all published versions; and keeps later
// exports from bringing them back. The figures stay: orders and returns remain as those of somebody nobody knows.
import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { ensureDataDirectory, type DataDirectory } from "../../shared/data-directory.ts";
import { queryRows, sqlString, withDuckDB } from "../../shared/duckdb.ts";
import { AppError } from "../../shared/errors.ts";
import { rememberedInbox } from "../../shared/remembered-inbox.ts";
import { secret } from "../../shared/secrets.ts";
import { listFolder, type InboxFile } from "../files/inbox-files.ts";
import { withPipelineLock } from "../lock.ts";
import { runPipeline } from "../pipeline.ts";
import type { Report } from "../progress/progress.ts";
import { versionFile, versionNames } from "../snapshots/version-files.ts";
import { removeStore, STORE_FILE } from "../store/store.ts";
import { addForgotten } from "./forgotten.ts";
import { countWords, redactFile, redactionOf, type Redaction } from "./redact-file.ts";

export interface ForgetOptions {
  readonly data: DataDirectory;
  /** The person's e-mail address, phone number or account id, as the exports write it. */
  readonly customer: string;
  /** More that tells who it was (a name, a street, a phone number): taken out of the exports too. */
  readonly also?: readonly string[];
  /** Allow exports outside the data folder to be rewritten. */
  readonly rewriteInbox?: boolean;
  readonly report: Report;
}

export interface Forgotten {
  /** Exports the person was taken out of, and how often. */
  readonly files: readonly { readonly path: string; readonly times: number }[];
  /** Published versions that are gone. */
  readonly versions: number;
  readonly versionName: string;
}

/** The shortest word that is looked for: anything less stands everywhere. */
const SHORTEST = 5;
const UNREADABLE = /\.(parquet|zip|xlsx|xls|bz2|zst|7z)(\/|$)/i;

/** @throws AppError when the exports cannot be rewritten; nothing was erased then, unless the message says so. */
export async function forget(options: ForgetOptions): Promise<Forgotten> {
  const data = await ensureDataDirectory(options.data);
  const words = wordsOf(options);
  const inbox = (await rememberedInbox(data)).inbox ?? data.inbox;
  const hashes = await withPipelineLock(data.work, () => identitiesOf(data, options.customer));
  const files = await withPipelineLock(data.work, async () => {
    const found = await filesWith(inbox, words);
    const isOurs = !path.relative(data.root, inbox).startsWith("..");
    if (found.length > 0 && !isOurs && !options.rewriteInbox) throw notOurs(inbox, found);
    await addForgotten(data, hashes);
    const done: { path: string; times: number }[] = [];
    for (const file of found) {
      done.push({ path: file.path, times: await redactFile(file.absolute, words) });
      options.report({ stage: "extract", message: `${file.path}: taken out` });
    }
    await removeStore(path.join(data.work, STORE_FILE));
    return done;
  });
  const before = await versionNames(data);
  // The rows this person loses are meant to be lost.
  const { versionName } = await runPipeline({ inbox, data, force: true, acceptLosses: true, report: options.report });
  const old = before.filter((name) => name !== versionName);
  await withPipelineLock(data.work, async () => {
    for (const name of old) await rm(versionFile(data, name), { force: true });
  });
  await proveGone(data, words);
  return { files, versions: old.length, versionName };
}

function wordsOf({ customer, also = [] }: ForgetOptions): Redaction[] {
  const words = [customer, ...also].map((word) => word.trim());
  const short = words.find((word) => word.length < SHORTEST);
  if (short !== undefined) {
    throw new AppError(`"${short}" is too short to be looked for: it would be found everywhere.`, {
      state: "Nothing was changed.",
      advice: "Give the whole e-mail address, phone number, account id, name or street.",
    });
  }
  return [...new Set(words.map((word) => word.toLowerCase()))].map(redactionOf);
}

/** The hash of the identity, and of whatever other identities the stored rows tie to that person. */
async function identitiesOf(data: DataDirectory, customer: string): Promise<string[]> {
  const key = await secret(data, "customer_hash_key");
  const own = createHash("sha256").update(`${key}:${customer.trim().toLowerCase()}`).digest("hex").slice(0, 32);
  const store = path.join(data.work, STORE_FILE);
  if (!(await readdir(data.work)).includes(STORE_FILE)) return [own];
  return withDuckDB(store, { readOnly: true, threads: 1 }, async (connection) => {
    const rows = await queryRows<{ id: string }>(
      connection,
      `select distinct customer_ref as id from main.customers where person_ref = ${sqlString(own)}
       union select distinct person_ref from main.customers where customer_ref = ${sqlString(own)} and person_ref is not null`,
    );
    return [own, ...rows.map((row) => row.id)];
  });
}

async function filesWith(inbox: string, words: readonly Redaction[]): Promise<InboxFile[]> {
  const found: InboxFile[] = [];
  const { files } = await listFolder(inbox);
  const closed = files.filter((file) => UNREADABLE.test(file.path));
  if (closed.length > 0) {
    throw new AppError(`Nobody can be taken out of ${closed.map((file) => file.path).join(", ")}.`, {
      state: "Nothing was changed.",
      advice: "Export these again without the person, or remove them from the inbox, and say forget again.",
    });
  }
  for (const file of files) if ((await countWords(file.absolute, words)) > 0) found.push(file);
  return found;
}

function notOurs(inbox: string, found: readonly InboxFile[]): AppError {
  return new AppError(`The person is in ${found.length} files of ${inbox}, which is outside the data folder.`, {
    state: "Nothing was changed.",
    advice:
      `Add --rewrite-inbox to have them rewritten, or take the person out of them yourself and say forget again: ` +
      found
        .slice(0, 10)
        .map((file) => file.path)
        .join(", "),
  });
}

/** Looks through every file of the data folder. */
async function proveGone(data: DataDirectory, words: readonly Redaction[]): Promise<void> {
  const left: string[] = [];
  for (const entry of await readdir(data.root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    if ((await countWords(file, words)) > 0) left.push(path.relative(data.root, file));
  }
  if (left.length === 0) return;
  throw new AppError(`The person still stands in ${left.join(", ")} of the data folder.`, {
    state: "The exports, the kept rows and the published versions are clean of them.",
    advice: "Look at these files: they were not written by the pipeline.",
  });
}
