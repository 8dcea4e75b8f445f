// The demo shop at one, ten and a hundred times its size, and where its exports are kept.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { AppError } from "../../shared/errors.ts";
import type { Counts, Truth } from "../../etl/demo/truth.ts";

export const SCALES = [1, 10, 100] as const;
export type Scale = (typeof SCALES)[number];

/** The last day of the shop's life is an ordinary Wednesday. */
const END = "2026-11-19";
const ORDERS_PER_DAY = 212;
const PRODUCTS: Readonly<Record<Scale, number>> = { 1: 80, 10: 400, 100: 2000 };
/** Per order line as many tickets, returns and scans as in the 100-fold shop that the targets speak of. */
const PROPORTIONS = ["--contact-rate", "1.75", "--return-rate", "1.4", "--scan-share", "0.2"];

export interface ScaleData {
  readonly scale: Scale;
  /** Holds the others. */
  readonly folder: string;
  /** Exports up to the day before the last. */
  readonly history: string;
  /** What the exports of the last day add. */
  readonly news: string;
  /** As much of the news as the 1-fold shop has on a day. */
  readonly smallNews: string;
  readonly truth: Truth;
}

/** The data of a scale below `folder`; generated when they are not there. */
export async function scaleData(folder: string, scale: Scale, report: (line: string) => void): Promise<ScaleData> {
  const own = path.join(folder, `x${scale}`);
  const history = path.join(own, "history");
  const news = path.join(own, "news");
  if (!existsSync(path.join(history, "truth.json")) || !existsSync(news)) {
    report(`${scale}x: the data are not in ${own} and are generated now`);
    await rm(own, { recursive: true, force: true });
    await generate(own, scale);
  }
  const truth = JSON.parse(await readFile(path.join(history, "truth.json"), "utf8")) as Truth;
  return { scale, folder: own, history, news, smallNews: scale === 1 ? news : `${news}-sample`, truth };
}

/** In a process of its own: at 100x it wants some gigabytes. */
async function generate(own: string, scale: Scale): Promise<void> {
  const unfinished = `${own}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const folders = ["--out", path.join(unfinished, "history"), "--news-out", path.join(unfinished, "news")];
  const sample = scale === 1 ? [] : ["--news-sample", String(1 / scale)];
  const size = ["--orders-per-day", String(ORDERS_PER_DAY * scale), "--products", String(PRODUCTS[scale])];
  const flags = [...folders, ...sample, ...size, "--end", END, ...PROPORTIONS];
  const command = ["--max-old-space-size=8192", "--max-semi-space-size=128", "--import", "tsx", "etl/demo/main.ts"];
  const child = spawn(process.execPath, [...command, ...flags], {
    cwd: PROJECT_ROOT,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) {
    await rm(unfinished, { recursive: true, force: true });
    throw new AppError(`The demo generator failed at ${scale}x`, {
      advice: "Is there room for the data? 100x takes 17 GB.",
    });
  }
  await rename(unfinished, own);
}

/** Rows of the exports: order lines, tickets, ratings, returns, survey answers, parcels and their scans, each as often as it is written. */
export function rowsOf(counts: Omit<Counts, "products">): number {
  return (
    counts.shopify_order_lines +
    counts.amazon_order_lines +
    counts.zendesk_ticket_rows +
    counts.zendesk_rating_rows +
    counts.fba_return_rows +
    counts.shop_return_rows +
    counts.survey_rows +
    counts.aftership_trackings +
    counts.aftership_checkpoints
  );
}
