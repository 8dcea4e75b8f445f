// Observed counts by day against what was expected, with the 95 % band, alarm days and the finding's stretch.
import {
  Area,
  Bar,
  CartesianGrid,
  Cell,
  ComposedChart,
  Line,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import type { Day } from "../lib/day.ts";
import { clickedRow, COUNT_AXIS_WIDTH, MARGIN, niceTicks, X_AXIS, Y_AXIS } from "./axis.ts";
import { PointTooltip } from "./chart-tooltip.tsx";

export interface AnomalyChartPoint {
  readonly day: Day;
  readonly observed: number;
  readonly expected: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly isAlarm: boolean;
}

interface AnomalyChartProps {
  readonly points: readonly AnomalyChartPoint[];
  /** First and last day of the finding, inclusive. */
  readonly episode: { readonly from: Day; readonly to: Day } | null;
  readonly selectedDay: Day | null;
  readonly onSelect: (day: Day) => void;
  readonly formatDay: (day: Day) => string;
  readonly formatAxisDay: (day: Day) => string;
  readonly formatCount: (value: number | null) => string;
  readonly names: Readonly<Record<"observed" | "expected" | "band" | "alarm", string>>;
}

export function AnomalyChart({ points, episode, selectedDay, onSelect, ...rest }: AnomalyChartProps) {
  const { formatDay, formatAxisDay, formatCount, names } = rest;
  const data = points.map((point) => ({
    ...point,
    band: point.lower === null || point.upper === null ? null : [point.lower, point.upper],
  }));
  const marks = niceTicks(
    0,
    Math.max(0, ...points.map((point) => Math.max(point.observed, point.upper ?? point.expected ?? 0))),
    4,
    true,
  );
  const shaded = episode ? inside(points, episode) : null;
  return (
    <div className="h-64">
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart
          data={data}
          margin={MARGIN}
          barCategoryGap={points.length > 100 ? "8%" : "20%"}
          accessibilityLayer
          onClick={(_state, event) => {
            const day = clickedRow(points, event)?.day;
            if (day) onSelect(day);
          }}
          className="[&_.recharts-surface]:cursor-pointer"
        >
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          {shaded ? (
            <ReferenceArea
              x1={shaded.from}
              x2={shaded.to}
              fill="var(--episode)"
              fillOpacity={1}
              stroke="var(--anomaly)"
              strokeOpacity={0.35}
              strokeDasharray="3 3"
            />
          ) : null}
          <XAxis dataKey="day" scale="band" {...X_AXIS} tickFormatter={formatAxisDay} />
          <YAxis {...Y_AXIS} width={COUNT_AXIS_WIDTH} ticks={marks} domain={[0, marks.at(-1) ?? 1]} />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: "var(--hover)" }}
            content={
              <PointTooltip
                read={(point: AnomalyChartPoint) => ({
                  heading: formatDay(point.day),
                  note: point.isAlarm ? names.alarm : null,
                  rows: [
                    {
                      name: names.observed,
                      value: formatCount(point.observed),
                      color: point.isAlarm ? "var(--anomaly)" : "var(--observed)",
                    },
                    { name: names.expected, value: formatCount(point.expected), color: "var(--expected)" },
                    ...(point.upper === null
                      ? []
                      : [{ name: names.band, value: `${formatCount(point.lower)}–${formatCount(point.upper)}` }]),
                  ],
                })}
              />
            }
          />
          <Area
            dataKey="band"
            type="step"
            stroke="none"
            fill="var(--band)"
            fillOpacity={1}
            isAnimationActive={false}
            activeDot={false}
          />
          <Bar dataKey="observed" isAnimationActive={false} radius={[1, 1, 0, 0]} maxBarSize={18}>
            {points.map((point) => (
              <Cell
                key={point.day}
                fill={point.isAlarm ? "var(--anomaly)" : "var(--observed)"}
                fillOpacity={selectedDay !== null && selectedDay !== point.day ? 0.35 : 1}
              />
            ))}
          </Bar>
          <Line
            dataKey="expected"
            type="step"
            stroke="var(--expected)"
            strokeWidth={1.5}
            strokeDasharray="4 3"
            dot={false}
            activeDot={false}
            isAnimationActive={false}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

/** The episode cut to the days drawn; null when none is. A category axis needs days that exist. */
function inside(points: readonly AnomalyChartPoint[], episode: { from: Day; to: Day }) {
  const days = points.map((point) => point.day).filter((day) => day >= episode.from && day <= episode.to);
  const from = days[0];
  const to = days.at(-1);
  return from && to ? { from, to } : null;
}
