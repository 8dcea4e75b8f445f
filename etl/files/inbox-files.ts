// Every file below the inbox, those in zip archives too. Links to folders, and out of the inbox, are not followed: nothing that
// somebody puts there can have another place of this machine read.
import { open, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { AppError, hasCode, messageOf } from "../../shared/errors.ts";
import { isUnfinishedName } from "./unfinished-names.ts";
import { listZip, ZipError, zipPathOf } from "./zip-archive.ts";

export interface InboxFile {
  /** Relative to the inbox, with `/`; of a file in an archive `orders.zip/orders_1.csv`. */
  readonly path: string;
  /** To be read with `readBytes` or `readText`, which know archives. */
  readonly absolute: string;
  /** Unpacked, of a file in an archive. */
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

/** A name in the inbox that is not read. */
export interface IgnoredFile {
  readonly path: string;
  readonly message: string;
}

export interface FolderListing {
  /** Sorted by path. */
  readonly files: readonly InboxFile[];
  readonly ignored: readonly IgnoredFile[];
}

/** Hidden names and those of files that are not whole yet are passed over. @throws AppError when the inbox itself cannot be listed. */
export async function listFolder(inbox: string): Promise<FolderListing> {
  const files: InboxFile[] = [];
  const ignored: IgnoredFile[] = [];
  const add = (file: InboxFile) => {
    if (isConfigInZip(file))
      ignored.push({ path: file.path, message: "settings and mappings in an archive are not read; unpack it" });
    else files.push(file);
  };
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(path.join(inbox, folder), { withFileTypes: true })) {
      if (isUnfinishedName(entry.name)) continue;
      const relative = folder ? `${folder}/${entry.name}` : entry.name;
      try {
        if (entry.isDirectory()) await walk(relative);
        else for (const file of await describeFiles(inbox, relative, entry.isSymbolicLink())) add(file);
      } catch (error) {
        ignored.push({ path: relative, message: whyIgnored(error, entry.isSymbolicLink()) });
      }
    }
  };
  try {
    await walk("");
  } catch (error) {
    throw notAnInbox(inbox, error);
  }
  const byPath = (left: { path: string }, right: { path: string }) => (left.path < right.path ? -1 : 1);
  return { files: files.toSorted(byPath), ignored: ignored.toSorted(byPath) };
}

class NotRegularError extends Error {}

async function describeFiles(inbox: string, relative: string, isLink: boolean): Promise<InboxFile[]> {
  const absolute = path.join(inbox, ...relative.split("/"));
  const info = await stat(absolute);
  if (info.isDirectory() && isLink) throw new NotRegularError("a link to a folder; links to folders are not followed");
  if (!info.isFile()) throw new NotRegularError("not a regular file");
  if (isLink) await checkStaysInside(inbox, absolute);
  const modifiedAtMs = Math.floor(info.mtimeMs);
  if (!relative.toLowerCase().endsWith(".zip")) return [{ path: relative, absolute, bytes: info.size, modifiedAtMs }];
  const entries = await zipEntries(absolute, info.size);
  return entries.map(({ name, bytes }) => ({
    path: `${relative}/${name}`,
    absolute: `${absolute}/${name}`,
    bytes,
    modifiedAtMs,
  }));
}

async function checkStaysInside(inbox: string, link: string): Promise<void> {
  const way = path.relative(await realpath(inbox), await realpath(link));
  if (way === ".." || way.startsWith(`..${path.sep}`) || path.isAbsolute(way)) {
    throw new NotRegularError("a link that leads out of the inbox; copy the file here instead");
  }
}

/** What decides how others are read must be seen in the inbox itself. */
function isConfigInZip({ path: name }: InboxFile): boolean {
  return zipPathOf(name) !== undefined && /(?:\.mapping|(?:^|\/)aftersight)\.ya?ml$/i.test(name);
}

async function zipEntries(absolute: string, size: number) {
  const handle = await open(absolute, "r");
  try {
    const entries = await listZip(handle, size);
    if (entries.length === 0) throw new NotRegularError("an empty zip archive");
    return entries;
  } finally {
    await handle.close();
  }
}

function whyIgnored(error: unknown, isLink: boolean): string {
  if (error instanceof NotRegularError) return error.message;
  if (error instanceof ZipError) return [error.message, error.advice].filter(Boolean).join(". ");
  if (hasCode(error, "ELOOP")) return "a link that leads to itself";
  if (hasCode(error, "ENOENT"))
    return isLink ? "a link to a file that is not there" : "gone while the inbox was listed";
  if (hasCode(error, "EACCES") || hasCode(error, "EPERM")) return "may not be read by this user";
  return `cannot be read: ${messageOf(error)}`;
}

function notAnInbox(inbox: string, error: unknown): AppError {
  const state = "Nothing was changed.";
  if (hasCode(error, "ENOENT")) {
    return new AppError(`There is no inbox at ${inbox}.`, {
      state,
      advice: "Create it and put the exports there, or name another folder with --inbox.",
    });
  }
  if (hasCode(error, "ENOTDIR")) {
    return new AppError(`The inbox ${inbox} is a file, not a folder.`, {
      state,
      advice: "Name the folder that holds the exports with --inbox.",
    });
  }
  return new AppError(`The inbox ${inbox} cannot be listed: ${messageOf(error)}`, {
    state,
    advice: "Check that this user may read the folder.",
    cause: error,
  });
}
