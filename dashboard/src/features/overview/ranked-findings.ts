// What belongs in "What changed": open findings by strength, then the lately ended, latest first.
import type { Anomaly } from "../../api/anomalies.ts";
import { addDays, type Day } from "../../lib/day.ts";

/** Ended longer ago is history, found on the product's page. */
export const RECENT_DAYS = 60;

export function rankedFindings(findings: readonly Anomaly[], lastReported: Day): Anomaly[] {
  const since = addDays(lastReported, -RECENT_DAYS);
  const open = findings.filter((finding) => finding.is_open).sort((a, b) => (b.score ?? 0) - (a.score ?? 0));
  const ended = findings
    .filter((finding) => !finding.is_open && (finding.ended_on ?? "") >= since)
    .sort((a, b) => (b.ended_on ?? "").localeCompare(a.ended_on ?? ""));
  return [...open, ...ended];
}
