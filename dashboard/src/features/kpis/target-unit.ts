// How a target is written and typed: minutes in hours, shares in per cent, the rest as it is.
import type { Metric } from "./metric-list.ts";

export type TargetUnit = "hours" | "percent" | "number";

const FACTORS: Record<TargetUnit, number> = { hours: 60, percent: 0.01, number: 1 };

export function unitOf(kind: Metric["kind"] | undefined): TargetUnit {
  if (kind === "minutes") return "hours";
  return kind === "percent" ? "percent" : "number";
}

/** The figure's own value as a person types it: 1440 minutes → `24`. */
export function typedValue(value: number, unit: TargetUnit): string {
  return String(Number((value / FACTORS[unit]).toPrecision(12)));
}

/** What was typed as the figure's own value, with a point or a comma; null when it can be none. */
export function parseTyped(text: string, unit: TargetUnit): number | null {
  const trimmed = text.trim().replace(",", ".");
  if (!/^\d+(?:\.\d+)?$/.test(trimmed)) return null;
  const value = Number((Number(trimmed) * FACTORS[unit]).toPrecision(12));
  return unit === "percent" && value > 1 ? null : value;
}
