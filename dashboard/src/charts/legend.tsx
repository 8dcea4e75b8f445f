// A legend in HTML above the plot: shapes, not only colours.
export interface LegendItem {
  readonly label: string;
  readonly color: string;
  readonly shape: "line" | "dashed" | "bar" | "area";
}

export function ChartLegend({ items }: { readonly items: readonly LegendItem[] }) {
  return (
    <ul className="mb-1 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
      {items.map((item) => (
        <li key={item.label} className="flex items-center gap-1.5">
          <svg aria-hidden width="16" height="10">
            {shapeOf(item)}
          </svg>
          {item.label}
        </li>
      ))}
    </ul>
  );
}

function shapeOf({ shape, color }: LegendItem) {
  if (shape === "line") return <line x1="0" x2="16" y1="5" y2="5" stroke={color} strokeWidth="2" />;
  if (shape === "dashed") {
    return <line x1="0" x2="16" y1="5" y2="5" stroke={color} strokeWidth="2" strokeDasharray="4 3" />;
  }
  return shape === "bar" ? (
    <rect x="4" width="8" height="10" rx="1" fill={color} />
  ) : (
    <rect width="16" height="10" rx="1" fill={color} />
  );
}
