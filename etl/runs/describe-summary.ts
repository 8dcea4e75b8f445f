// A run's summary as lines for the terminal: one when nothing was lost.
import type { EntitySummary, RunSummary } from "./run-summary.ts";

const LONGEST_LIST = 20;

/** @param file the published version, where everything can be read in full */
export function describeSummary(summary: RunSummary, file: string): string[] {
  const lines = [
    ...summary.entities.flatMap(entityLines),
    ...fileLines(summary, "refused", "files refused"),
    ...fileLines(summary, "ignored", "files left out"),
    ...summary.missingRates.map(rateLine),
    ...unmappedLines(summary),
    ...summary.warnings.map((warning) => `warning: ${warning}`),
  ];
  const rows = summary.entities.reduce((sum, entity) => sum + entity.accepted, 0);
  if (lines.length === 0) return [`Nothing was lost: ${rows} rows from ${summary.filesLoaded} files.`];
  return [
    `${rows} rows from ${summary.filesLoaded} files. Not everything could be used:`,
    ...lines.map((line) => `  ${line}`),
    `  More in the tables main.quarantine, main.unmapped_values and main.file_loads of ${file}`,
  ];
}

function entityLines(summary: EntitySummary): string[] {
  const { system, entity, rowsIn, accepted, duplicates, refused, reasons, servedRows } = summary;
  const isFewer = servedRows !== undefined && accepted < servedRows;
  if (reasons.length === 0 && !isFewer) return [];
  const before = isFewer ? ` (the version before has ${servedRows})` : "";
  return [
    `${system} ${entity}: ${rowsIn} rows in, ${accepted} accepted${before}, ${duplicates} duplicates, ${refused} refused`,
    ...reasons.map(({ reason, column, count, isRowRefused, example }) => {
      const what = isRowRefused ? "rows" : "values left empty";
      return `  ${reason}${column ? ` in ${column}` : ""}: ${count} ${what}, e.g. ${example}`;
    }),
  ];
}

function fileLines(summary: RunSummary, status: string, title: string): string[] {
  const files = summary.filesLeftOut.filter((file) => file.status === status);
  if (files.length === 0) return [];
  const rest = files.length - LONGEST_LIST;
  return [
    `${title}: ${files.length}`,
    ...files.slice(0, LONGEST_LIST).map(({ path, message }) => `  ${path}: ${message}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

function rateLine({ currency, amounts }: RunSummary["missingRates"][number]): string {
  return `no exchange rate for ${currency}: ${amounts} amounts left empty; set exchange_rates in aftersight.yml`;
}

function unmappedLines({ unmappedValues: { values, rows } }: RunSummary): string[] {
  return values === 0 ? [] : [`words that etl/taxonomy does not know: ${values}, on ${rows} rows`];
}
