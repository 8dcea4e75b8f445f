// What all Recharts axes here have in common: no lines, few labels, muted ink.

export const TICK = { fontSize: 12, fill: "var(--ink-3)" } as const;

export const Y_AXIS = { axisLine: false, tickLine: false, tick: TICK, tickMargin: 6, tickCount: 4 } as const;

export const X_AXIS = {
  axisLine: { stroke: "var(--line-strong)" },
  tickLine: false,
  tick: TICK,
  tickMargin: 6,
  minTickGap: 28,
} as const;

export const MARGIN = { top: 10, right: 8, bottom: 0, left: 0 } as const;
