// `npm run demo -- --out DIR`: writes the demo seller's exports.
import { Command, InvalidArgumentError } from "commander";
import { describeError } from "../../shared/errors.ts";
import { DEMO_DEFAULTS, writeDemo } from "./demo.ts";

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Not a whole number.");
  return Number(text);
}

interface Flags {
  readonly out: string;
  readonly seed: number;
  readonly products: number;
  readonly days: number;
  readonly ordersPerDay: number;
  readonly end?: string;
}

const program = new Command("demo")
  .description("Writes the exports of a made-up cross-border seller, with known defects listed in truth.json.")
  .requiredOption("--out <dir>", "inbox to write: new, empty, or an earlier demo")
  .option("--seed <n>", "same seed and flags: the same bytes", wholeNumber, DEMO_DEFAULTS.seed)
  .option("--products <n>", "products in the catalogue", wholeNumber, DEMO_DEFAULTS.products)
  .option("--days <n>", "days of history", wholeNumber, DEMO_DEFAULTS.days)
  .option("--orders-per-day <n>", "mean orders a day", wholeNumber, DEMO_DEFAULTS.ordersPerDay)
  .option("--end <day>", "day after the last, e.g. 2026-11-22 (default: today, UTC)");

try {
  const flags = program.parse().opts<Flags>();
  const truth = await writeDemo({ ...flags, report: (line) => process.stdout.write(`${line}\n`) });
  const { counts } = truth;
  const lines = counts.shopify_order_lines + counts.amazon_order_lines;
  process.stdout.write(
    `Demo of ${truth.start} to ${truth.end} written to ${flags.out}: ${lines} order lines, ` +
      `${counts.fba_returned_units + counts.shop_returns_settled} returns, ${counts.zendesk_tickets} tickets, ` +
      `${counts.aftership_trackings} parcels, ${truth.episodes.length} episodes (see truth.json)\n`,
  );
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}
