// Look back and roll back: which versions there are, which one is served, which are removed. Changes are made under the pipeline's
// lock, so no run publishes meanwhile.
import { rm, stat } from "node:fs/promises";
import { ensureDataDirectory, type DataDirectory } from "../../shared/data-directory.ts";
import { AppError } from "../../shared/errors.ts";
import { rememberedInbox } from "../../shared/remembered-inbox.ts";
import { listFolder } from "../files/inbox-files.ts";
import { withPipelineLock } from "../lock.ts";
import { servedVersion, sweepPublished } from "./publish.ts";
import { inboxSignature } from "../runs/inbox-signature.ts";
import { inspectVersion, type VersionFacts } from "./inspect-version.ts";
import { readPin, releasePin, writePin } from "./pin.ts";
import { pointTo, versionFile, versionNames } from "./version-files.ts";

export interface ListedVersion extends VersionFacts {
  readonly isServed: boolean;
  readonly isPinned: boolean;
}

/** Newest first. */
export async function listSnapshots(data: DataDirectory): Promise<ListedVersion[]> {
  const [served, pin, names] = [await servedVersion(data), await readPin(data), await versionNames(data)];
  const listed: ListedVersion[] = [];
  for (const name of names.toReversed()) {
    const facts = await inspectVersion(data, name, false);
    listed.push({ ...facts, isServed: name === served, isPinned: name === pin?.version });
  }
  return listed;
}

export interface UsedVersion {
  readonly name: string;
  /** The version served before. */
  readonly before: string | undefined;
  readonly isPinned: boolean;
}

/**
 * Serves a version: its name, the beginning of one, or `latest`. Every value of it is read before. Any other than the newest is
 * pinned, see pin.ts.
 */
export async function useSnapshot(given: DataDirectory, wanted: string, now = new Date()): Promise<UsedVersion> {
  const data = await ensureDataDirectory(given);
  return withPipelineLock(data.work, async () => {
    const names = await versionNames(data);
    const before = await servedVersion(data);
    const name = wanted === "latest" ? await newestWhole(data, names) : oneOf(names, wanted);
    if (wanted !== "latest") await requireWhole(data, name);
    const isNewest = name === names.at(-1);
    // The pin first: a crash between the two leaves it void, not the rollback to be undone by the next run. A newest version that
    // cannot be read is no version to go back to, so `latest` never pins.
    if (isNewest || wanted === "latest") {
      await pointTo(data, name);
      await releasePin(data);
      return { name, before, isPinned: false };
    }
    await writePin(data, { version: name, since: now.toISOString(), ...(await inboxNow(data)) });
    await pointTo(data, name);
    return { name, before, isPinned: true };
  });
}

async function inboxNow(data: DataDirectory): Promise<{ inbox: string; inboxSignature: string | null }> {
  const inbox = (await rememberedInbox(data)).inbox ?? data.inbox;
  try {
    return { inbox, inboxSignature: inboxSignature((await listFolder(inbox)).files) };
  } catch (error) {
    if (error instanceof AppError) return { inbox, inboxSignature: null };
    throw error;
  }
}

async function requireWhole(data: DataDirectory, name: string): Promise<void> {
  const { problem } = await inspectVersion(data, name, true);
  if (problem === null) return;
  throw new AppError(`Version ${name} ${problem}.`, {
    state: "The served version is unchanged.",
    advice: "Choose another one of npm run snapshots -- list, or build anew: npm run pipeline -- --force.",
  });
}

async function newestWhole(data: DataDirectory, names: readonly string[]): Promise<string> {
  for (const name of names.toReversed()) {
    if ((await inspectVersion(data, name, true)).problem === null) return name;
  }
  throw nothingThere(data);
}

function oneOf(names: readonly string[], wanted: string): string {
  const found = names.filter((name) => name.startsWith(wanted.replace(/\.duckdb$/, "")));
  if (wanted !== "" && found.length === 1 && found[0] !== undefined) return found[0];
  throw new AppError(`${found.length > 1 ? "Several versions begin" : "No version begins"} with "${wanted}".`, {
    state: "The served version is unchanged.",
    advice: `There are: ${names.toReversed().join(", ") || "none"}.`,
  });
}

function nothingThere(data: DataDirectory): AppError {
  return new AppError(`There is no version in ${data.published} that can be served.`, {
    state: "The served version is unchanged.",
    advice: "Build one: npm run pipeline.",
  });
}

export interface Pruned {
  readonly removed: readonly string[];
  readonly kept: readonly string[];
  readonly bytes: number;
}

/** Keeps the newest `keep` versions, and in any case the served one. */
export async function pruneSnapshots(given: DataDirectory, keep: number): Promise<Pruned> {
  const data = await ensureDataDirectory(given);
  return withPipelineLock(data.work, async () => {
    await sweepPublished(data);
    const names = await versionNames(data);
    const served = await servedInFact(data, names);
    const removed = names.slice(0, -keep).filter((name) => name !== served);
    let bytes = 0;
    for (const name of removed) {
      const file = versionFile(data, name);
      bytes += (await stat(file)).size;
      await rm(file);
    }
    return { removed, kept: names.filter((name) => !removed.includes(name)), bytes };
  });
}

/** Where `current` names nothing that can be read, the server has the newest version that can be. */
async function servedInFact(data: DataDirectory, names: readonly string[]): Promise<string | undefined> {
  const pointed = await servedVersion(data);
  if (pointed && (await inspectVersion(data, pointed, true)).problem === null) return pointed;
  return newestWhole(data, names).catch(() => undefined);
}
