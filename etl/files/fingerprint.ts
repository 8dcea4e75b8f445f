// Says whether a run would read anything new: the inbox's files, the pipeline's own code, and the hash key.
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import type { InboxFile } from "./inbox-files.ts";

const CODE_FOLDERS = ["etl", "detection", "shared"];
const CODE_ENDINGS = new Set([".ts", ".sql", ".yml", ".csv"]);
/** Neither changes what a run makes of an inbox. */
const NOT_CODE = /(^|\/)(demo|fixtures|examples|testing)\/|\.test\.ts$/;

/** 64 hex characters; the same for the same files (path, size, time of change), code and key. */
export async function inboxFingerprint(files: readonly InboxFile[], hashKey: string): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file.path}\u0000${file.bytes}\u0000${file.modifiedAtMs}\n`);
  hash.update(`code ${await codeVersion()}\n`);
  hash.update(`key ${createHash("sha256").update(hashKey).digest("hex")}\n`);
  return hash.digest("hex");
}

/** Changes with any file the pipeline's result depends on. */
export async function codeVersion(): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of CODE_FOLDERS) {
    const names = await readdir(path.join(PROJECT_ROOT, folder), { recursive: true });
    for (const name of names.map((each) => each.split(path.sep).join("/")).toSorted()) {
      if (!CODE_ENDINGS.has(path.extname(name)) || NOT_CODE.test(name)) continue;
      hash.update(`${folder}/${name}\u0000`).update(await readFile(path.join(PROJECT_ROOT, folder, name)));
    }
  }
  return hash.digest("hex");
}
