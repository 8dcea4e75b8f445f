// Secrets the product makes for itself, in data/state/secrets.json (mode 0600). Losing the file changes every customer hash.
import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { DataDirectory } from "./data-directory.ts";
import { AppError, hasCode, messageOf } from "./errors.ts";
import { writeFileAtomic } from "./files.ts";

type Secrets = Record<string, string>;

const LOCK_PATIENCE_MS = 10_000;

/** The secret of this name (64 hex characters); made on first use. Two processes asking at once get the same one. */
export async function secret(data: DataDirectory, name: string): Promise<string> {
  const file = path.join(data.state, "secrets.json");
  const known = (await readSecrets(file))[name];
  if (known) return known;
  await mkdir(data.state, { recursive: true, mode: 0o700 });
  return withFileLock(`${file}.lock`, async () => {
    const secrets = await readSecrets(file);
    const value = secrets[name] ?? randomBytes(32).toString("hex");
    if (!secrets[name])
      await writeFileAtomic(file, `${JSON.stringify({ ...secrets, [name]: value }, null, 2)}\n`, 0o600);
    return value;
  });
}

/** False when the secret would be made anew. */
export async function hasSecret(data: DataDirectory, name: string): Promise<boolean> {
  return (await readSecrets(path.join(data.state, "secrets.json")))[name] !== undefined;
}

async function readSecrets(file: string): Promise<Secrets> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Secrets;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return {};
    throw new AppError(`${file} cannot be read: ${messageOf(error)}`, {
      advice: "Restore it from a backup. A new one changes every customer hash and signs everybody out.",
      cause: error,
    });
  }
}

/** Held only for a few milliseconds; one left by a killed process is taken over after ten seconds. */
async function withFileLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const token = `${lock}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await (await open(token, "w", 0o600)).close();
  try {
    const giveUp = Date.now() + LOCK_PATIENCE_MS;
    while (!(await tryLink(token, lock))) {
      if (Date.now() > giveUp) await rm(lock, { force: true });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    try {
      return await work();
    } finally {
      await rm(lock, { force: true });
    }
  } finally {
    await rm(token, { force: true });
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}
