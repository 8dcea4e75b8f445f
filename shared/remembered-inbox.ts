// Which inbox the last start or run read, in data/state/settings.json. scripts/start.mjs reads and writes the same file.
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { DataDirectory } from "./data-directory.ts";
import { AppError, hasCode, messageOf } from "./errors.ts";
import { writeFileAtomic } from "./files.ts";

export interface RememberedInbox {
  /** Absolute path of the inbox to read when none is named. */
  readonly inbox?: string;
  /** Absolute path of the inbox that the served version was made of. */
  readonly servedInbox?: string;
}

/** @throws AppError when the file is there but damaged. */
export async function rememberedInbox(data: DataDirectory): Promise<RememberedInbox> {
  const { inbox, servedInbox } = await readSettings(data);
  return {
    ...(typeof inbox === "string" ? { inbox } : {}),
    ...(typeof servedInbox === "string" ? { servedInbox } : {}),
  };
}

/** The version served now was made of `inbox`; other settings stay. */
export async function rememberInbox(data: DataDirectory, inbox: string): Promise<void> {
  const before = await readSettings(data);
  const absolute = path.resolve(inbox);
  if (before.inbox === absolute && before.servedInbox === absolute) return;
  const settings = { ...before, inbox: absolute, servedInbox: absolute };
  await mkdir(data.state, { recursive: true, mode: 0o700 });
  await writeFileAtomic(settingsFile(data), `${JSON.stringify(settings, null, 2)}\n`, 0o600);
}

function settingsFile(data: DataDirectory): string {
  return path.join(data.state, "settings.json");
}

async function readSettings(data: DataDirectory): Promise<Record<string, unknown>> {
  const file = settingsFile(data);
  try {
    const content: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof content === "object" && content !== null && !Array.isArray(content)) return { ...content };
    throw new SyntaxError("it is not a JSON object");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return {};
    throw new AppError(`The settings in ${file} cannot be read: ${messageOf(error)}`, {
      state: "Nothing was changed.",
      advice: "Mend or delete that file; it only remembers which inbox to load.",
    });
  }
}
