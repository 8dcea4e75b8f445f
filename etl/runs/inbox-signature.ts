// A short text that changes whenever a run would find another inbox: a file more or less, another size or time of change.
import { createHash } from "node:crypto";
import type { InboxFile } from "../files/inbox-files.ts";
import { isUnfinishedPath } from "../files/unfinished-names.ts";

/** 32 hex characters. Files that are not whole yet by their name do not count. */
export function inboxSignature(files: readonly Pick<InboxFile, "path" | "bytes" | "modifiedAtMs">[]): string {
  const hash = createHash("sha256");
  for (const file of files) {
    if (!isUnfinishedPath(file.path)) hash.update(`${file.path}\u0000${file.bytes}\u0000${file.modifiedAtMs}\n`);
  }
  return hash.digest("hex").slice(0, 32);
}
