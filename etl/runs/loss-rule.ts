// Stops a run before it publishes when most of an entity's rows would be gone: a bad export must not become an empty shop.
import { AppError } from "../../shared/errors.ts";
import type { EntitySummary, RunSummary } from "./run-summary.ts";

/** More than this share of the rows read refused, or of the rows served gone. */
export const MOST = 0.5;

/** Too much was lost; carries the summary for whoever prints it. */
export class LossError extends AppError {
  readonly summary: RunSummary;

  constructor(summary: RunSummary, servedVersion: string | undefined) {
    const told = summary.entities.filter(hasLostMost).map((entity) => `\n  - ${lossText(entity, summary)}`);
    super(`Most rows would be lost, so nothing was published:${told.join("")}`, {
      state: servedVersion ? `Version ${servedVersion} stays served.` : "No version is published.",
      advice: "Put the exports right and run again; or, when this is as it should be, add --accept-losses.",
    });
    this.summary = summary;
  }
}

/** @throws LossError */
export function stopOnLosses(summary: RunSummary, servedVersion: string | undefined): void {
  if (summary.entities.some(hasLostMost)) throw new LossError(summary, servedVersion);
}

export function hasLostMost({ rowsIn, refused, accepted, servedRows = 0 }: EntitySummary): boolean {
  return refused > rowsIn * MOST || accepted < servedRows * (1 - MOST);
}

function lossText(summary: EntitySummary, run: RunSummary): string {
  const { system, entity, rowsIn, refused, accepted, servedRows, reasons } = summary;
  const before = servedRows === undefined ? "" : `${servedRows} rows served, `;
  const costly = reasons.filter((reason) => reason.isRowRefused).slice(0, 3);
  const why = costly.map(
    ({ reason, column, count, example }) => `${reason}${column ? ` in ${column}` : ""} ×${count}, e.g. ${example}`,
  );
  const files = run.filesLeftOut
    .filter((file) => file.status === "refused")
    .slice(0, 3)
    .map(({ path, message }) => `${path} ${message}`);
  const told = [...why, ...(refused < rowsIn || rowsIn === 0 ? files : [])];
  return (
    `${system} ${entity}: ${before}${accepted} now; ${refused} of ${rowsIn} rows read were refused` +
    (told.length > 0 ? `: ${told.join("; ")}` : "")
  );
}
