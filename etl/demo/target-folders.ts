// Where a demo goes: into folders beside the targets first, then in their place, so a half-written one is never seen.
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { AppError, hasCode } from "../../shared/errors.ts";
import { SETTINGS_FILE } from "./writers/settings.ts";

export interface Target {
  readonly out: string;
  readonly temporary: string;
}

export interface Targets {
  readonly history: Target;
  readonly news?: Target;
  readonly sample?: Target;
}

/** @throws AppError when a target holds something else; nothing was made yet. */
export async function targetFolders(out: string, newsOut: string | undefined, withSample: boolean): Promise<Targets> {
  const history = targetOf(out);
  await checkTarget(history.out);
  if (newsOut === undefined) return { history };
  const news = targetOf(newsOut);
  const sample = targetOf(`${news.out}-sample`);
  const added = withSample ? [news, sample] : [news];
  for (const target of added) await checkNews(target.out, history.out);
  return withSample ? { history, news, sample } : { history, news };
}

export async function makeTemporary(targets: Targets): Promise<void> {
  await removeTemporary(targets);
  for (const { temporary } of all(targets)) await mkdir(temporary, { recursive: true });
}

export async function putInPlace(targets: Targets): Promise<void> {
  for (const { out, temporary } of all(targets)) await replace(out, temporary);
}

export async function removeTemporary(targets: Targets): Promise<void> {
  for (const { temporary } of all(targets)) await rm(temporary, { recursive: true, force: true });
}

const all = ({ history, news, sample }: Targets): Target[] =>
  [history, news, sample].filter((each) => each !== undefined);

function targetOf(folder: string): Target {
  const out = path.resolve(folder);
  return { out, temporary: path.join(path.dirname(out), `.${path.basename(out)}.${process.pid}.tmp`) };
}

async function checkTarget(out: string): Promise<void> {
  const names = await namesIn(out);
  if (names.length === 0 || (await isDemo(out))) return;
  throw new AppError(`${out} is not empty and holds no demo`, {
    state: "Nothing was changed.",
    advice: "Give an empty folder with --out; a folder with your own exports is never replaced.",
  });
}

/** Never replaced: nothing in it tells it from somebody's own exports. */
async function checkNews(folder: string, history: string): Promise<void> {
  const isWithin = (inner: string, outer: string): boolean => `${inner}${path.sep}`.startsWith(`${outer}${path.sep}`);
  if (isWithin(folder, history) || isWithin(history, folder)) {
    throw new AppError(`The news' folder ${folder} and the demo's ${history} are one within the other`, {
      state: "Nothing was changed.",
      advice: "Give a folder beside it: the news are copied into an inbox later.",
    });
  }
  if ((await namesIn(folder)).length === 0) return;
  throw new AppError(`${folder} is not empty`, {
    state: "Nothing was changed.",
    advice: "Give a new or empty folder with --news-out.",
  });
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return [];
    throw new AppError(`${folder} cannot be used as the demo's folder`, { cause: error, advice: "Give another one." });
  });
}

async function isDemo(folder: string): Promise<boolean> {
  const file = path.join(folder, SETTINGS_FILE);
  if (!existsSync(file)) return false;
  const settings: unknown = parse(await readFile(file, "utf8"));
  return typeof settings === "object" && settings !== null && "is_demo" in settings && settings.is_demo === true;
}

/** Swaps the folders; on failure the earlier content is put back. */
async function replace(out: string, temporary: string): Promise<void> {
  const old = `${temporary}.old`;
  const hasOld = existsSync(out);
  if (hasOld) await rename(out, old);
  try {
    await rename(temporary, out);
  } catch (error) {
    if (hasOld) await rename(old, out);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}
