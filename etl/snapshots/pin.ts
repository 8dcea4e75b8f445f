// A rollback that lasts: `snapshots use VERSION` notes which version is to be served and of which inbox it is the answer. The
// pipeline leaves that version served until a file of the inbox changes, `--force`, or `snapshots use latest`.
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { DataDirectory } from "../../shared/data-directory.ts";
import { AppError, hasCode, messageOf } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/files.ts";
import type { InboxFile } from "../files/inbox-files.ts";
import { servedVersion } from "./publish.ts";
import { inboxSignature } from "../runs/inbox-signature.ts";

export interface Pin {
  readonly version: string;
  /** ISO 8601 with Z. */
  readonly since: string;
  /** Absolute path. */
  readonly inbox: string;
  /** Of the inbox when the version was pinned; null when it could not be listed. */
  readonly inboxSignature: string | null;
}

/** The pin in force; one that names another version than the served one is void. */
export async function readPin(data: DataDirectory): Promise<Pin | undefined> {
  const pin = await noted(data);
  return pin && pin.version === (await servedVersion(data)) ? pin : undefined;
}

async function noted(data: DataDirectory): Promise<Pin | undefined> {
  const file = pinFile(data);
  try {
    return JSON.parse(await readFile(file, "utf8")) as Pin;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw new AppError(`The pin in ${file} cannot be read: ${messageOf(error)}`, {
      state: "Nothing was changed.",
      advice: "Delete that file, or say anew which version is to be served: npm run snapshots -- use VERSION.",
    });
  }
}

/** The pin, as long as this inbox is still the one that the rollback was about. */
export async function heldBy(
  data: DataDirectory,
  inbox: string,
  files: readonly InboxFile[],
): Promise<Pin | undefined> {
  const pin = await readPin(data);
  if (!pin || path.resolve(inbox) !== pin.inbox) return undefined;
  return pin.inboxSignature === null || pin.inboxSignature === inboxSignature(files) ? pin : undefined;
}

/** What a run says that leaves everything as it is because of a pin. */
export function describeHold({ version, since }: Pin): string {
  return (
    `nothing to do: version ${version} was put in place by hand at ${since} and the inbox has not changed since; ` +
    "--force builds anew, npm run snapshots -- use latest goes back to the newest version"
  );
}

export async function writePin(data: DataDirectory, pin: Pin): Promise<void> {
  await writeFileAtomic(pinFile(data), `${JSON.stringify(pin, null, 2)}\n`, 0o600);
}

/** Takes the pin away, also a void one; returns what it was. */
export async function releasePin(data: DataDirectory): Promise<Pin | undefined> {
  const pin = await noted(data).catch(() => undefined);
  await rm(pinFile(data), { force: true });
  return pin;
}

function pinFile(data: DataDirectory): string {
  return path.join(data.state, "pin.json");
}
