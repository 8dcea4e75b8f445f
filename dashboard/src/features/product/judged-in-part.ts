// Whether a finding's numbers need a word, because they don't add up at first sight.
import type { Anomaly } from "../../api/anomalies.ts";

/** Rounding of the sentence's numbers alone makes less of a difference. */
const NOTICEABLE = 1;

/** The finding has more cases than were judged: excess and ratio are of the judged ones. */
export function isJudgedInPart({
  observed,
  expected,
  excess,
}: Pick<Anomaly, "observed" | "expected" | "excess">): boolean {
  return observed !== null && expected !== null && excess !== null && observed - (expected + excess) >= NOTICEABLE;
}
