// Customers' own words behind a finding: at most three, different, long enough to say something.
import { z } from "zod";
import type { Anomaly, CustomerQuote } from "./anomaly.ts";
import { cubeDay, cubeText, parseRows, type LoadRows } from "./cube-rows.ts";
import { returnFilters } from "./read-concentration.ts";
import { unitOfWatch } from "./watch-unit.ts";

const MAX_QUOTES = 3;
const MAX_CHARACTERS = 240;
const CANDIDATES = 200;

const quoteRow = z.object({ comment: z.string().nullable(), market: cubeText, returned_at: cubeDay });

/** Comments of the returns that the finding counts. */
export async function readQuotes(load: LoadRows, anomaly: Anomaly): Promise<CustomerQuote[]> {
  if (unitOfWatch(anomaly.watch) !== "returns") return [];
  const rows = await load({
    dimensions: [
      "product_returns.return_id",
      "product_returns.comment",
      "product_returns.market",
      "product_returns.returned_at",
    ],
    timeDimensions: [{ dimension: "product_returns.returned_at", dateRange: [anomaly.startedOn, anomaly.lastAlarmOn] }],
    filters: [...returnFilters(anomaly), { member: "product_returns.comment", operator: "set" }],
    order: { "product_returns.returned_at": "desc", "product_returns.return_id": "asc" },
    limit: CANDIDATES,
    timezone: "UTC",
  });
  const quotes = parseRows("product_returns", rows, quoteRow).map((row) => ({
    text: maskPersonalData((row.comment ?? "").replace(/\s+/g, " ").trim()),
    market: row.market,
    date: row.returned_at,
  }));
  return chooseQuotes(quotes);
}

/** The most telling ones: different from each other, the longer first up to the length shown. Newest first at equal length. */
export function chooseQuotes(quotes: readonly CustomerQuote[]): CustomerQuote[] {
  const distinct = new Map<string, CustomerQuote>();
  for (const quote of quotes) {
    const key = quote.text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    if (key.length >= 4 && !distinct.has(key)) distinct.set(key, quote);
  }
  return [...distinct.values()]
    .sort((a, b) => Math.min(b.text.length, MAX_CHARACTERS) - Math.min(a.text.length, MAX_CHARACTERS))
    .slice(0, MAX_QUOTES)
    .map((quote) => ({ ...quote, text: shorten(quote.text, MAX_CHARACTERS) }));
}

/** Text cut at a word where it is longer than `length` characters. */
export function shorten(text: string, length: number): string {
  const characters = Array.from(text);
  if (characters.length <= length) return text;
  const cut = characters.slice(0, length - 1).join("");
  const word = cut.replace(/\s+\S*$/, "");
  return `${word.length > length / 2 ? word : cut}…`;
}

/**
 * Masks what looks like an address or a long number. The pipeline masks free text before it is published; a mail leaves the
 * house and can't be called back, so it is done once more here.
 */
export function maskPersonalData(text: string): string {
  return text
    .replace(/[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().,;]+/g, "[e-mail]")
    .replace(/\+?\d(?:[\s().-]?\d){6,}/g, "[number]");
}
