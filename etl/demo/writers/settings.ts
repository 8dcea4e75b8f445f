// aftersight.yml of the demo's inbox; also the mark by which the generator knows a folder it may replace.
import path from "node:path";
import { EXCHANGE_RATES } from "../markets.ts";
import { utcZ } from "../zones.ts";
import { TextFile } from "./output.ts";

export const SETTINGS_FILE = "aftersight.yml";

/** `asOfMs` null: the exports themselves say how far they reach, as they do where nobody sets a day. */
export function writeSettings(folder: string, asOfMs: number | null): void {
  const rates = Object.entries(EXCHANGE_RATES)
    .filter(([currency]) => currency !== "USD")
    .map(([currency, rate]) => `  ${currency}: ${rate}`);
  const file = new TextFile(path.join(folder, SETTINGS_FILE));
  file.write(`# A made-up shop: every name, address and number in this folder is fictional.
seller_name: Larkfield Trading (demo)
# The service team that reads the reports works in Germany, and the shop's own clock is there: days that begin and end
# when they do, with the two clock changes a year that a report has to survive.
reporting_time_zone: Europe/Berlin
reporting_currency: USD
# One unit in US dollars.
exchange_rates:
${rates.join("\n")}
${asOfMs === null ? "" : asOf(asOfMs)}is_demo: true
`);
  file.close();
}

const asOf = (ms: number): string =>
  `# "Now" for everything that has to mature. The demo ends at this instant.\nas_of: "${utcZ(ms)}"\n`;
