// Change against the comparison period: direction, size and whether it is good news for this metric.

export type Better = "up" | "down" | "neutral";
export type Tone = "good" | "bad" | "neutral";

export interface Delta {
  readonly direction: "up" | "down" | "flat";
  readonly tone: Tone;
  /** `points`: difference of fractions (0.012 = 1.2 percentage points). `relative`: fraction of the former value. */
  readonly kind: "points" | "relative";
  /** Signed. */
  readonly amount: number;
  /** Two samples of these sizes differ this much by chance alone; never called better or worse then. */
  readonly isWithinChance?: boolean;
}

/** Under this a change rounds to nothing on the card, so it is called unchanged. */
const FLAT = 0.0005;

/** Null when there is nothing to compare with: a side is missing, or a relative change starts from zero. */
export function deltaOf(
  current: number | null,
  former: number | null,
  kind: Delta["kind"],
  better: Better,
): Delta | null {
  if (current === null || former === null) return null;
  if (kind === "relative" && former === 0) return null;
  const amount = kind === "points" ? current - former : (current - former) / Math.abs(former);
  const direction = Math.abs(amount) < FLAT ? "flat" : amount > 0 ? "up" : "down";
  return { direction, tone: toneOf(direction, better), kind, amount };
}

function toneOf(direction: Delta["direction"], better: Better): Tone {
  if (direction === "flat" || better === "neutral") return "neutral";
  return direction === better ? "good" : "bad";
}
