// Counts by week, stacked by a few kinds.
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { clickedRow, COUNT_AXIS_WIDTH, MARGIN, niceTicks, X_AXIS, Y_AXIS } from "./axis.ts";
import { PointTooltip } from "./chart-tooltip.tsx";
import { ChartLegend } from "./legend.tsx";

/** Colours of the stack by rank; the last is for "other". */
export const STACK_COLORS = [
  "var(--cat-1)",
  "var(--cat-2)",
  "var(--cat-3)",
  "var(--cat-4)",
  "var(--cat-5)",
  "var(--cat-6)",
] as const;

export interface StackKind {
  readonly id: string;
  readonly label: string;
  readonly color: string;
}

export interface StackRow {
  readonly bucket: string;
  readonly label: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly isIncomplete: boolean;
}

interface StackedBarsProps {
  readonly rows: readonly StackRow[];
  readonly kinds: readonly StackKind[];
  readonly formatCount: (value: number) => string;
  readonly incompleteNote: string;
  readonly onSelect: (bucket: string) => void;
}

export function StackedBars({ rows, kinds, formatCount, incompleteNote, onSelect }: StackedBarsProps) {
  const largest = Math.max(0, ...rows.map((row) => Object.values(row.counts).reduce((sum, count) => sum + count, 0)));
  const marks = niceTicks(0, largest, 3, true);
  return (
    <>
      <ChartLegend items={kinds.map((kind) => ({ label: kind.label, color: kind.color, shape: "bar" }))} />
      <div className="h-52 xl:h-72">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart
            data={rows}
            margin={MARGIN}
            barCategoryGap="18%"
            accessibilityLayer
            className="[&_.recharts-surface]:cursor-pointer"
            onClick={(_state, event) => {
              const bucket = clickedRow(rows, event)?.bucket;
              if (bucket) onSelect(bucket);
            }}
          >
            <CartesianGrid vertical={false} stroke="var(--grid)" />
            <XAxis dataKey="label" scale="band" {...X_AXIS} />
            <YAxis {...Y_AXIS} width={COUNT_AXIS_WIDTH} ticks={marks} domain={[0, marks.at(-1) ?? 1]} />
            <Tooltip
              isAnimationActive={false}
              cursor={{ fill: "var(--hover)" }}
              content={
                <PointTooltip
                  read={(row: StackRow) => ({
                    heading: row.label,
                    note: row.isIncomplete ? incompleteNote : null,
                    rows: kinds
                      .filter((kind) => (row.counts[kind.id] ?? 0) > 0)
                      .map((kind) => ({
                        name: kind.label,
                        value: formatCount(row.counts[kind.id] ?? 0),
                        color: kind.color,
                      })),
                  })}
                />
              }
            />
            {kinds.map((kind) => (
              <Bar
                key={kind.id}
                dataKey={(row: StackRow) => row.counts[kind.id] ?? 0}
                name={kind.label}
                stackId="all"
                fill={kind.color}
                stroke="var(--surface)"
                strokeWidth={0.5}
                maxBarSize={28}
                isAnimationActive={false}
              />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
    </>
  );
}
