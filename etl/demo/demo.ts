// Writes a whole demo inbox: into a folder beside the target first, then in its place, so a half-written one is never seen.
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { AppError, hasCode } from "../../shared/errors.ts";
import { buildCatalogue, MIN_PRODUCTS } from "./catalogue.ts";
import { planScenario } from "./episodes.ts";
import type { Volumes } from "./simulate/demand.ts";
import { Simulation } from "./simulate/simulate.ts";
import { describeDecoys, describeEpisodes, ExcessLedger, writeTruth, type Truth } from "./truth.ts";
import { writeCatalogue } from "./writers/catalogue.ts";
import { openExports, openSplitExports } from "./writers/exports.ts";
import { SETTINGS_FILE, writeSettings } from "./writers/settings.ts";
import { DAY_MS, isoDay } from "./zones.ts";

export interface DemoOptions {
  /** Inbox to write; must not exist, be empty, or hold an earlier demo. */
  readonly out: string;
  readonly seed?: number;
  readonly products?: number;
  readonly days?: number;
  readonly ordersPerDay?: number;
  /** Day after the last, at midnight UTC (`2026-11-22`); today when left out. */
  readonly end?: string;
  /** Tickets of one wish to write, on average (1). */
  readonly contactRate?: number;
  /** Multiple of the usual returns by cause of the product (1). */
  readonly returnRate?: number;
  /** Share of the scans between pick-up and door that carriers report (1). */
  readonly scanShare?: number;
  /** The exports of the last days go to a folder of their own, which must be new or empty. */
  readonly news?: { readonly days: number; readonly out: string };
  /** Called now and then with a line for a person. */
  readonly report?: (line: string) => void;
}

export const DEMO_DEFAULTS = { seed: 7, products: 80, days: 450, ordersPerDay: 200, contactRate: 1, returnRate: 1, scanShare: 1 } as const;

const MIN_DAYS = 30;
const REPORT_EVERY_DAYS = 90;

/**
 * Writes the demo and returns its truth. Same options and same `end`: byte-identical files.
 * @throws AppError when options make no sense or `out` holds something else.
 */
export async function writeDemo(options: DemoOptions): Promise<Truth> {
  const settings = { ...DEMO_DEFAULTS, ...withoutUndefined(options) };
  const endMs = endOf(options.end);
  checkRange("--products", settings.products, MIN_PRODUCTS, 20_000);
  checkRange("--days", settings.days, MIN_DAYS, 3660);
  checkRange("--orders-per-day", settings.ordersPerDay, 1, 1_000_000);
  checkRange("--seed", settings.seed, 0, Number.MAX_SAFE_INTEGER);
  checkRange("--contact-rate", settings.contactRate, 1, 10);
  checkRange("--return-rate", settings.returnRate, 0, 3);
  checkRange("--scan-share", settings.scanShare, 0, 1);
  const out = path.resolve(options.out);
  await checkTarget(out);
  const newsOut = options.news && (await checkNews(options.news, settings.days, out));
  const temporary = await emptyBeside(out);
  const newsTemporary = newsOut === undefined ? undefined : await emptyBeside(newsOut);
  try {
    const news = options.news && newsTemporary ? { days: options.news.days, folder: newsTemporary } : undefined;
    const truth = generate(temporary, { ...settings, endMs, news });
    await replace(out, temporary);
    if (newsOut && newsTemporary) await replace(newsOut, newsTemporary);
    return truth;
  } catch (error) {
    for (const folder of [temporary, newsTemporary]) if (folder) await rm(folder, { recursive: true, force: true });
    if (!hasCode(error, "ENOSPC")) throw error;
    throw new AppError(`The disk that holds ${out} is full.`, {
      state: "The unfinished demo was removed; nothing else was changed.",
      advice:
        "Free some space (the default demo takes about 200 MB), or write a smaller one: --days, --orders-per-day.",
      cause: error,
    });
  }
}

/** A new, empty folder beside `out`, to be put in its place. */
async function emptyBeside(out: string): Promise<string> {
  const temporary = path.join(path.dirname(out), `.${path.basename(out)}.${process.pid}.tmp`);
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  return temporary;
}

interface Plan extends Volumes {
  readonly seed: number;
  readonly products: number;
  readonly days: number;
  readonly ordersPerDay: number;
  readonly endMs: number;
  readonly news: { readonly days: number; readonly folder: string } | undefined;
  readonly report?: (line: string) => void;
}

function generate(folder: string, plan: Plan): Truth {
  const { seed, days, endMs, ordersPerDay, news, report } = plan;
  const startMs = endMs - days * DAY_MS;
  const products = buildCatalogue(seed, plan.products, endMs, days);
  const scenario = planScenario(startMs, endMs);
  const ledger = new ExcessLedger();
  const cutMs = news ? endMs - news.days * DAY_MS : null;
  const extent = { startMs, endMs, scenario, scanShare: plan.scanShare };
  const exports =
    news && cutMs !== null
      ? openSplitExports({ history: folder, news: news.folder }, { ...extent, cutMs })
      : openExports(folder, extent);
  const demand = { seed, products, scenario, startMs, endMs, ordersPerDay, volumes: plan };
  const simulation = new Simulation(demand, exports, (id, expected, actual) => ledger.note(id, expected, actual));
  simulation.run((dayMs) => {
    const day = Math.round((dayMs - startMs) / DAY_MS) + 1;
    if (day % REPORT_EVERY_DAYS === 0) report?.(`Demo: ${day} of ${days} days written`);
  });
  const written = exports.close();
  const counts = "history" in written ? written.history : written;
  writeCatalogue(folder, products);
  const truth: Truth = {
    seed,
    start: isoDay(startMs),
    end: isoDay(endMs),
    counts: { ...counts, products: products.length },
    ...("news" in written && cutMs !== null ? { news: { from: isoDay(cutMs), counts: written.news } } : {}),
    episodes: describeEpisodes(scenario, products, ledger),
    decoys: describeDecoys(scenario, products),
  };
  writeTruth(folder, truth);
  writeSettings(folder, news ? null : endMs);
  return truth;
}

function endOf(text: string | undefined): number {
  if (text === undefined) return Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const end = Date.parse(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(end)) {
    throw new AppError(`--end "${text}" is no day`, { advice: "Write it as 2026-11-22." });
  }
  return end;
}

function checkRange(name: string, value: number, low: number, high: number): void {
  if (Number.isFinite(value) && value >= low && value <= high) return;
  throw new AppError(`${name} is ${value}`, { advice: `Give a number from ${low} to ${high}.` });
}

async function checkTarget(out: string): Promise<void> {
  const names = await readdir(out).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return [];
    throw new AppError(`${out} cannot be used as the demo's folder`, { cause: error, advice: "Give another --out." });
  });
  if (names.length === 0 || (await isDemo(out))) return;
  throw new AppError(`${out} is not empty and holds no demo`, {
    state: "Nothing was changed.",
    advice: "Give an empty folder with --out; a folder with your own exports is never replaced.",
  });
}

/** Never replaced: nothing in it tells it from somebody's own exports. */
async function checkNews(news: { days: number; out: string }, days: number, out: string): Promise<string> {
  checkRange("--news-days", news.days, 1, days - MIN_DAYS + 1);
  const folder = path.resolve(news.out);
  const isWithin = (inner: string, outer: string): boolean => `${inner}${path.sep}`.startsWith(`${outer}${path.sep}`);
  if (isWithin(folder, out) || isWithin(out, folder)) {
    throw new AppError(`--news-out ${folder} and --out ${out} are one within the other`, {
      state: "Nothing was changed.",
      advice: "Give a folder beside it: the news are copied into an inbox later.",
    });
  }
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return [];
    throw new AppError(`${folder} cannot be used for the news`, { cause: error, advice: "Give another --news-out." });
  });
  if (names.length === 0) return folder;
  throw new AppError(`${folder} is not empty`, {
    state: "Nothing was changed.",
    advice: "Give a new or empty folder with --news-out.",
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

function withoutUndefined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
