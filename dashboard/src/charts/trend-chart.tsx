// One figure over time with its comparison period laid under it.
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { MARGIN, niceTicks, X_AXIS, Y_AXIS } from "./axis.ts";
import { PointTooltip } from "./chart-tooltip.tsx";

export interface TrendPoint {
  /** Label of the bucket in this period. */
  readonly label: string;
  readonly value: number | null;
  readonly former: number | null;
  readonly isIncomplete: boolean;
}

interface TrendChartProps {
  readonly points: readonly TrendPoint[];
  readonly format: (value: number | null) => string;
  readonly names: { readonly value: string; readonly former: string; readonly incomplete: string };
  readonly hasFormer: boolean;
  readonly fromZero: boolean;
  /** Durations are drawn in hours or days, so that the axis has round numbers of them; 1 for all else. */
  readonly unitSize: number;
  /** A mark of the axis, in units. */
  readonly formatMark: (value: number) => string;
  readonly wholeOnly: boolean;
}

/** The complete part as a solid line; the pieces that touch an incomplete bucket as a dashed one. */
function drawn(points: readonly TrendPoint[], unitSize: number) {
  const inUnit = (value: number | null) => (value === null ? null : value / unitSize);
  return points.map((point, index) => {
    const touches = point.isIncomplete || points[index - 1]?.isIncomplete || points[index + 1]?.isIncomplete;
    return {
      ...point,
      solid: point.isIncomplete ? null : inUnit(point.value),
      dashed: touches ? inUnit(point.value) : null,
      below: inUnit(point.former),
    };
  });
}

export function TrendChart({
  points,
  format,
  names,
  hasFormer,
  fromZero,
  unitSize,
  formatMark,
  wholeOnly,
}: TrendChartProps) {
  const values = points.flatMap((point) => [point.value, point.former].filter((value) => value !== null));
  const marks = niceTicks(
    fromZero ? 0 : Math.min(...values) / unitSize,
    Math.max(...values, 0) / unitSize,
    3,
    wholeOnly,
  );
  const line = { type: "linear", dot: false, isAnimationActive: false, activeDot: { r: 3 } } as const;
  return (
    <div className="h-52">
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={drawn(points, unitSize)} margin={MARGIN} accessibilityLayer>
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          <XAxis dataKey="label" {...X_AXIS} />
          <YAxis
            {...Y_AXIS}
            width={60}
            ticks={marks}
            domain={[marks[0] ?? 0, marks.at(-1) ?? 1]}
            tickFormatter={formatMark}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: "var(--line-strong)" }}
            content={
              <PointTooltip
                read={(point: TrendPoint) => ({
                  heading: point.label,
                  note: point.isIncomplete ? names.incomplete : null,
                  rows: [
                    { name: names.value, value: format(point.value), color: "var(--observed)" },
                    ...(hasFormer ? [{ name: names.former, value: format(point.former), color: "var(--former)" }] : []),
                  ],
                })}
              />
            }
          />
          {hasFormer ? <Line {...line} dataKey="below" stroke="var(--former)" strokeWidth={1.5} /> : null}
          <Line {...line} dataKey="solid" stroke="var(--observed)" strokeWidth={2} dot={points.length < 3} />
          <Line
            {...line}
            dataKey="dashed"
            stroke="var(--observed)"
            strokeWidth={2}
            strokeDasharray="3 3"
            activeDot={false}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
