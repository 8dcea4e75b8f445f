// Every file below the inbox. Links to folders are not followed: they may lead in circles or out of the inbox.
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { AppError, hasCode, messageOf } from "../shared/errors.ts";

export interface InboxFile {
  /** Relative to the inbox, with `/`. */
  readonly path: string;
  readonly absolute: string;
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

/** Hidden names and the lock files of office programs are passed over. @throws AppError when the inbox itself cannot be listed. */
export async function listFolder(inbox: string): Promise<FolderListing> {
  const files: InboxFile[] = [];
  const ignored: IgnoredFile[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(path.join(inbox, folder), { withFileTypes: true })) {
      if (entry.name.startsWith(".") || entry.name.startsWith("~$")) continue;
      const relative = folder ? `${folder}/${entry.name}` : entry.name;
      try {
        if (entry.isDirectory()) await walk(relative);
        else files.push(await describeFile(inbox, relative, entry.isSymbolicLink()));
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

async function describeFile(inbox: string, relative: string, isLink: boolean): Promise<InboxFile> {
  const absolute = path.join(inbox, ...relative.split("/"));
  const info = await stat(absolute);
  if (info.isDirectory() && isLink) throw new NotRegularError("a link to a folder; links to folders are not followed");
  if (!info.isFile()) throw new NotRegularError("not a regular file");
  return { path: relative, absolute, bytes: info.size, modifiedAtMs: Math.floor(info.mtimeMs) };
}

function whyIgnored(error: unknown, isLink: boolean): string {
  if (error instanceof NotRegularError) return error.message;
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
