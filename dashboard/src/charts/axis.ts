// What all Recharts axes here have in common: no lines, few labels, muted ink.

import type { MouseEvent } from "react";

export const TICK = { fontSize: 12, fill: "var(--ink-3)" } as const;

export const Y_AXIS = { axisLine: false, tickLine: false, tick: TICK, tickMargin: 6 } as const;

export const X_AXIS = {
  axisLine: { stroke: "var(--line-strong)" },
  tickLine: false,
  tick: TICK,
  tickMargin: 6,
  minTickGap: 28,
} as const;

export const MARGIN = { top: 10, right: 8, bottom: 0, left: 0 } as const;

/** Step sizes a reader can add up. */
const NICE_STEPS = [1, 2, 2.5, 5, 10];

/**
 * Round axis marks from `low` to past `high`, about `intervals` of them. `wholeOnly` for counts: there is no half return.
 * Recharts' own marks keep odd fractions such as 20.4.
 */
export function niceTicks(low: number, high: number, intervals = 3, wholeOnly = false): number[] {
  const span = high - low;
  if (!(span > 0)) return wholeOnly || low === 0 ? [low, low + 1] : [low * 0.9, low * 1.1];
  const raw = span / intervals;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const nice = (NICE_STEPS.find((candidate) => candidate * magnitude >= raw * 0.999) ?? 10) * magnitude;
  const step = wholeOnly ? Math.max(1, Math.ceil(nice)) : nice;
  const first = Math.floor(low / step) * step;
  const marks: number[] = [];
  for (let index = 0; marks.length === 0 || (marks.at(-1) ?? 0) < high - step * 1e-9; index++) {
    marks.push(Number((first + index * step).toPrecision(12)));
  }
  return marks;
}

/** Width of the count axis left of the plot, px. */
export const COUNT_AXIS_WIDTH = 34;

/**
 * The row whose column was clicked, or null beside the plot. Worked out from the place itself: Recharts tells the active column
 * only a frame after the pointer came, too late for a tap.
 */
export function rowAt<Row>(rows: readonly Row[], offsetX: number, chartWidth: number): Row | null {
  const plotWidth = chartWidth - COUNT_AXIS_WIDTH - MARGIN.left - MARGIN.right;
  const share = (offsetX - COUNT_AXIS_WIDTH - MARGIN.left) / plotWidth;
  return share < 0 || share >= 1 ? null : (rows[Math.floor(share * rows.length)] ?? null);
}

/** `rowAt` for a chart's click event. */
export function clickedRow<Row>(rows: readonly Row[], event: MouseEvent): Row | null {
  const box = event.currentTarget.getBoundingClientRect();
  return rowAt(rows, event.clientX - box.left, box.width);
}
