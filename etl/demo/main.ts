// `npm run demo -- --out DIR`: writes the demo seller's exports.
import { Command, InvalidArgumentError } from "commander";
import { describeError } from "../../shared/errors.ts";
import { DEMO_DEFAULTS, writeDemo } from "./demo.ts";

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Not a whole number.");
  return Number(text);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("Not a number.");
  return value;
}

interface Flags {
  readonly out: string;
  readonly seed: number;
  readonly products: number;
  readonly days: number;
  readonly ordersPerDay: number;
  readonly end?: string;
  readonly contactRate: number;
  readonly returnRate: number;
  readonly scanShare: number;
  readonly newsDays: number;
  readonly newsOut?: string;
  readonly newsSample?: number;
}

const program = new Command("demo")
  .description("Writes the exports of a made-up cross-border seller, with known defects listed in truth.json.")
  .requiredOption("--out <dir>", "inbox to write: new, empty, or an earlier demo")
  .option("--seed <n>", "same seed and flags: the same bytes", wholeNumber, DEMO_DEFAULTS.seed)
  .option("--products <n>", "products in the catalogue", wholeNumber, DEMO_DEFAULTS.products)
  .option("--days <n>", "days of history", wholeNumber, DEMO_DEFAULTS.days)
  .option("--orders-per-day <n>", "mean orders a day", wholeNumber, DEMO_DEFAULTS.ordersPerDay)
  .option("--end <day>", "day after the last, e.g. 2026-11-22 (default: today, UTC)")
  .option("--contact-rate <x>", "tickets of one wish to write, on average", number, DEMO_DEFAULTS.contactRate)
  .option("--return-rate <x>", "multiple of the usual returns", number, DEMO_DEFAULTS.returnRate)
  .option("--scan-share <x>", "share of the scans on the way that carriers report", number, DEMO_DEFAULTS.scanShare)
  .option("--news-out <dir>", "new folder for what the exports of the last days add; --out then ends before them")
  .option("--news-days <n>", "how many days those are", wholeNumber, 1)
  .option("--news-sample <share>", "write the news of this share of the orders into <news-out>-sample too", number);

try {
  const { newsOut, newsDays, newsSample, ...flags } = program.parse().opts<Flags>();
  const truth = await writeDemo({
    ...flags,
    ...(newsOut === undefined ? {} : { news: { days: newsDays, out: newsOut, sampleShare: newsSample } }),
    report: (line) => process.stdout.write(`${line}\n`),
  });
  const { counts, news } = truth;
  const lines = counts.shopify_order_lines + counts.amazon_order_lines;
  process.stdout.write(
    `Demo of ${truth.start} to ${news?.from ?? truth.end} written to ${flags.out}: ${lines} order lines, ` +
      `${counts.fba_returned_units + counts.shop_returns_settled} returns, ${counts.zendesk_tickets} tickets, ` +
      `${counts.aftership_trackings} parcels, ${truth.episodes.length} episodes (see truth.json)\n`,
  );
  if (news) process.stdout.write(`News of ${news.from} to ${truth.end} written to ${newsOut}\n`);
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}
