// Writes a whole demo inbox: into a folder beside the target first, then in its place, so a half-written one is never seen.
import { AppError, hasCode } from "../../shared/errors.ts";
import { buildCatalogue, MIN_PRODUCTS } from "./catalogue.ts";
import { planScenario } from "./episodes.ts";
import type { Volumes } from "./simulate/demand.ts";
import { Simulation } from "./simulate/simulate.ts";
import { describeDecoys, describeEpisodes, ExcessLedger, writeTruth, type Truth } from "./truth.ts";
import { writeCatalogue } from "./writers/catalogue.ts";
import { makeTemporary, putInPlace, removeTemporary, targetFolders, type Targets } from "./target-folders.ts";
import {
  openExports,
  openSplitExports,
  type ExportPlan,
  type OpenExports,
  type SplitExports,
} from "./writers/exports.ts";
import { writeSettings } from "./writers/settings.ts";
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
  readonly news?: NewsOptions;
  /** Called now and then with a line for a person. */
  readonly report?: (line: string) => void;
}

export interface NewsOptions {
  readonly days: number;
  readonly out: string;
  /** Writes the news of this share of the orders into `<out>-sample` too. */
  readonly sampleShare?: number | undefined;
}

export const DEMO_DEFAULTS = {
  seed: 7,
  products: 80,
  days: 450,
  ordersPerDay: 200,
  contactRate: 1,
  returnRate: 1,
  scanShare: 1,
} as const;

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
  const { news } = options;
  if (news) checkRange("--news-days", news.days, 1, settings.days - MIN_DAYS + 1);
  if (news?.sampleShare !== undefined) checkRange("--news-sample", news.sampleShare, 0, 1);
  const targets = await targetFolders(options.out, news?.out, news?.sampleShare !== undefined);
  try {
    await makeTemporary(targets);
    const truth = generate(targets, { ...settings, endMs, news });
    await putInPlace(targets);
    return truth;
  } catch (error) {
    await removeTemporary(targets);
    if (!hasCode(error, "ENOSPC")) throw error;
    throw new AppError(`The disk that holds ${targets.history.out} is full.`, {
      state: "The unfinished demo was removed; nothing else was changed.",
      advice:
        "Free some space (the default demo takes about 200 MB), or write a smaller one: --days, --orders-per-day.",
      cause: error,
    });
  }
}

interface Plan extends Volumes {
  readonly seed: number;
  readonly products: number;
  readonly days: number;
  readonly ordersPerDay: number;
  readonly endMs: number;
  readonly news: NewsOptions | undefined;
  readonly report?: (line: string) => void;
}

function generate(targets: Targets, plan: Plan): Truth {
  const { seed, days, endMs, ordersPerDay, news, report } = plan;
  const folder = targets.history.temporary;
  const startMs = endMs - days * DAY_MS;
  const products = buildCatalogue(seed, plan.products, endMs, days);
  const scenario = planScenario(startMs, endMs);
  const ledger = new ExcessLedger();
  const exports = openFor(targets, { startMs, endMs, scenario, scanShare: plan.scanShare }, news);
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
    ...(news && "news" in written ? { news: { from: isoDay(cutOf(news, endMs)), counts: written.news } } : {}),
    episodes: describeEpisodes(scenario, products, ledger),
    decoys: describeDecoys(scenario, products),
  };
  writeTruth(folder, truth);
  writeSettings(folder, news ? null : endMs);
  return truth;
}

const cutOf = (news: NewsOptions, endMs: number): number => endMs - news.days * DAY_MS;

function openFor(targets: Targets, plan: ExportPlan, news: NewsOptions | undefined): OpenExports | SplitExports {
  if (!news || !targets.news) return openExports(targets.history.temporary, plan);
  const folders = {
    history: targets.history.temporary,
    news: targets.news.temporary,
    sample: targets.sample?.temporary,
  };
  return openSplitExports(folders, { ...plan, cutMs: cutOf(news, plan.endMs), sampleShare: news.sampleShare ?? 0 });
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

function withoutUndefined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
