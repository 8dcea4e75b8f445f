// A line of a few dozen values without axes; plain SVG, because a page shows dozens of them. Said in words elsewhere.

export interface SparkPoint {
  readonly value: number | null;
  readonly isIncomplete?: boolean;
}

interface SparklineProps {
  readonly points: readonly SparkPoint[];
  readonly width?: number;
  readonly height?: number;
  /** Counts start at zero; rates and durations use their own range. */
  readonly fromZero?: boolean;
  readonly className?: string;
}

const PAD = 3;

export function Sparkline({ points, width = 120, height = 32, fromZero = false, className }: SparklineProps) {
  const values = points.flatMap((point) => (point.value === null ? [] : [point.value]));
  if (values.length < 2) return <svg aria-hidden width={width} height={height} className={className} />;
  const low = fromZero ? 0 : Math.min(...values);
  const high = Math.max(...values);
  const span = high - low || 1;
  const placed = points.map((point, index) => ({
    x: PAD + (index / Math.max(1, points.length - 1)) * (width - 2 * PAD),
    y: point.value === null ? null : height - PAD - ((point.value - low) / span) * (height - 2 * PAD),
    isIncomplete: point.isIncomplete ?? false,
  }));
  const last = placed.findLast((point) => point.y !== null);
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      width={width}
      height={height}
      className={className}
    >
      <path
        d={segments(placed, false)}
        fill="none"
        stroke="var(--observed)"
        strokeWidth="1.5"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
      <path
        d={segments(placed, true)}
        fill="none"
        stroke="var(--observed)"
        strokeWidth="1.5"
        strokeDasharray="2 2.5"
        vectorEffect="non-scaling-stroke"
      />
      {last?.y != null && !last.isIncomplete ? <circle cx={last.x} cy={last.y} r="2" fill="var(--observed)" /> : null}
    </svg>
  );
}

interface Placed {
  readonly x: number;
  readonly y: number | null;
  readonly isIncomplete: boolean;
}

/** Pieces between neighbours; a piece that touches an incomplete end is drawn dashed. Gaps stay gaps. */
function segments(placed: readonly Placed[], incomplete: boolean): string {
  const parts: string[] = [];
  for (let index = 1; index < placed.length; index++) {
    const from = placed[index - 1];
    const to = placed[index];
    if (!from || !to || from.y === null || to.y === null) continue;
    if ((from.isIncomplete || to.isIncomplete) !== incomplete) continue;
    parts.push(`M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${to.x.toFixed(1)} ${to.y.toFixed(1)}`);
  }
  return parts.join("");
}
