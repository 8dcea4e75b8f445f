// A check of a file as lines for the terminal.
import type { SourceCheck } from "./check-source.ts";
import type { EntityTrial, Trial } from "./check-source-trial.ts";

const MOST_NAMES = 40;
const FOUND_BY = {
  folder: "by its folder",
  mapping: "by the mapping",
  trial: "it makes most of it",
} as const;

export function describeCheck(check: SourceCheck): string[] {
  const { file, reader, trial, problem, notes } = check;
  const who = reader
    ? `${reader.title} (${FOUND_BY[reader.by]}${reader.mappings ? ` ${reader.mappings.join(", ")}` : ""})`
    : "nobody reads it";
  return [
    `${file}: ${who}`,
    ...indent([
      ...(reader?.by === "trial" ? [`put it into the folder ${reader.system}/ of the inbox`] : []),
      ...(check.others.length > 0 ? [`could also be read by: ${check.others.join(", ")}`] : []),
      ...(problem === undefined ? [] : [reader ? `refused: it ${problem}` : problem, ...nearestLines(check)]),
      ...(trial && problem === undefined ? trialLines(check, trial) : []),
      ...notes,
    ]),
  ];
}

function nearestLines({ nearest }: SourceCheck): string[] {
  if (!nearest) return ["A table that no reader knows is read with a mapping file: etl/sources/tabular/README.md"];
  const { lacks, separatedBy } = nearest;
  const problems = [
    lacks.length > 0 ? `lacks ${names(lacks)}` : "",
    separatedBy === undefined ? "" : `its columns are separated by ${JSON.stringify(separatedBy)}`,
  ].filter(Boolean);
  const what = problems.join("; ") || "has all required columns";
  return [`nearest: ${nearest.title} "${nearest.feed}": ${what}; found ${names(nearest.found)}`];
}

function trialLines({ columns }: SourceCheck, trial: Trial): string[] {
  const lines = [`encoding: ${trial.encoding ?? "unknown"}`];
  for (const { feed, rows, refused, message } of trial.feeds) {
    lines.push(`${feed}: ${rows} rows${refused > 0 ? `, ${refused} refused` : ""}${message ? ` (${message})` : ""}`);
    const known = columns.find((each) => each.feed === feed);
    if (!known) continue;
    lines.push(`  columns read: ${names(known.bound)}`);
    if (known.extra.length > 0) lines.push(`  not read: ${names(known.extra)}`);
    if (known.absent.length > 0) lines.push(`  known, but not in the file: ${names(known.absent)}`);
  }
  for (const entity of trial.entities.filter((each) => each.rows + each.refused > 0))
    lines.push(...entityLines(entity));
  if (trial.quarantine.length === 0) lines.push("quarantine: nothing");
  for (const { entity, reason, column, count, row, example } of trial.quarantine) {
    const where = `${entity}${column === null ? "" : `.${column}`}`;
    lines.push(
      `quarantine: ${count} × ${reason} in ${where}, first in row ${row ?? "?"}${example === null ? "" : `: ${JSON.stringify(example)}`}`,
    );
  }
  return lines;
}

function entityLines({ entity, rows, refused, duplicates, examples }: EntityTrial): string[] {
  const notes = [refused > 0 ? `${refused} refused` : "", duplicates > 0 ? `${duplicates} older versions` : ""].filter(
    Boolean,
  );
  return [
    `→ ${entity}: ${rows} rows${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`,
    ...indent(examples.map((row) => JSON.stringify(row))),
  ];
}

function names(list: readonly string[]): string {
  const more = list.length > MOST_NAMES ? ` and ${list.length - MOST_NAMES} more` : "";
  return `${list.slice(0, MOST_NAMES).join(", ") || "none"}${more}`;
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
