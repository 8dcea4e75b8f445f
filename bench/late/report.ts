// The `late` benchmark: how good the chances of being late are that shipments under way get, on Olist's real orders.
import { existsSync } from "node:fs";
import { writeSection } from "../section.ts";
import { OLIST, replayOlist, type Prediction } from "./replay.ts";

const HEADING = "## Chance of being late";
const THRESHOLDS = [0.2, 0.3, 0.5] as const;
const BINS = [0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 1] as const;

/** Nothing is written where the data is not on this machine. */
export async function reportLate(report: (line: string) => void): Promise<void> {
  if (!existsSync(OLIST)) {
    report(`Skipped: Olist is not at ${OLIST}`);
    return;
  }
  const { predictions, untold } = await replayOlist();
  const section = sectionOf(predictions, untold);
  await writeSection(HEADING, section);
  report(section);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Brier 1950: the mean square of chance less outcome. */
export const brier = (rows: readonly Prediction[], chanceOf: (row: Prediction) => number) =>
  mean(rows.map((row) => (chanceOf(row) - Number(row.isLate)) ** 2));

function sectionOf(rows: readonly Prediction[], untold: number): string {
  const rate = mean(rows.map((row) => Number(row.isLate)));
  const score = brier(rows, (row) => row.chance);
  const constant = brier(rows, (row) => row.constant);
  const told = (name: string, value: number) => `| ${name} | ${value.toFixed(4)} | ${percent(1 - value / constant)} |`;
  const names = [...new Set(rows.map((row) => row.basis))];
  const bases = names.map((name) => `${name} ${rows.filter((row) => row.basis === name).length}`);
  return `${HEADING}

\`npm run bench -- late\` writes this section. Olist's sample of 4,000 orders, replayed: on each Monday from April 2017 to August 2018 the mart
\`open_shipments\` is built from what was known that day, and each order under way and not overdue gets its chance. Olist names no carrier: a
lane is the seller's state → the customer's, then the customer's state alone, then Brazil. An order counts once a week while it is under
way: ${rows.length} chances (${bases.join(", ")}); ${untold} had no history of 30. Late in the end: ${percent(rate)}.

| | Brier score | better than constant |
|---|---|---|
${told("chance by lane and days gone", score)}
${told("constant: share of late ones in the history", constant)}
${told("the best constant, known only afterwards", rate * (1 - rate))}

| warned from a chance of | warned | of them late (precision) | of the late found (recall) |
|---|---|---|---|
${THRESHOLDS.map((threshold) => warnedRow(rows, threshold)).join("\n")}

| chance | n | told | happened |
|---|---|---|---|
${BINS.slice(0, -1)
  .map((from, index) => binRow(rows, from, BINS[index + 1] ?? 1))
  .join("\n")}
`;
}

function warnedRow(rows: readonly Prediction[], threshold: number): string {
  const warned = rows.filter((row) => row.chance >= threshold);
  const hits = warned.filter((row) => row.isLate).length;
  const late = rows.filter((row) => row.isLate).length;
  return `| ${threshold} | ${warned.length} | ${percent(hits / warned.length)} | ${percent(hits / late)} |`;
}

function binRow(rows: readonly Prediction[], from: number, to: number): string {
  const found = rows.filter((row) => row.chance >= from && (row.chance < to || to === 1));
  if (found.length === 0) return `| ${from}–${to} | 0 | – | – |`;
  const told = mean(found.map((row) => row.chance));
  return `| ${from}–${to} | ${found.length} | ${percent(told)} | ${percent(mean(found.map((row) => Number(row.isLate))))} |`;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
