// The public data sets that tagging is measured on. They are read where they lie and never copied.
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";

const FOLDER = path.resolve(PROJECT_ROOT, "../shared/data");

export type Row = Readonly<Record<string, string>>;

/** Undefined where the file is not on this machine. */
export async function publicRows(file: string): Promise<Row[] | undefined> {
  const whole = path.join(FOLDER, file);
  if (!existsSync(whole)) return undefined;
  const rows: Row[] = [];
  for await (const row of createReadStream(whole).pipe(parse({ columns: true, relax_column_count: true }))) {
    rows.push(row as Row);
  }
  return rows;
}

/** Case and spaces tell no text from another. */
export function sameText(text: string): string {
  return text.toLowerCase().split(/\s+/).filter(Boolean).join(" ");
}

/** The half the rules were tuned on, or the one kept back: by the text, so that equal texts are in one half. */
export function isHeldOut(text: string): boolean {
  return (createHash("sha256").update(sameText(text)).digest()[0] ?? 0) % 2 === 1;
}

export interface Score {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

export function scored<T>(items: readonly T[], found: (item: T) => boolean, isSo: (item: T) => boolean): Score {
  const count = (wanted: boolean, really: boolean) =>
    items.filter((item) => found(item) === wanted && isSo(item) === really).length;
  return { truePositives: count(true, true), falsePositives: count(true, false), falseNegatives: count(false, true) };
}

export const precision = ({ truePositives, falsePositives }: Score): number =>
  truePositives / (truePositives + falsePositives);
export const recall = ({ truePositives, falseNegatives }: Score): number =>
  truePositives / (truePositives + falseNegatives);

/** Half width of the 95 % interval of a share (Wilson). */
export function margin(share: number, of: number): number {
  const z = 1.96;
  return (z / (1 + z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
}
