// The box beside the pointer: a heading and rows of name and value.
export interface TooltipRow {
  readonly name: string;
  readonly value: string;
  readonly color?: string;
}

export interface TooltipText {
  readonly heading: string;
  readonly rows: readonly TooltipRow[];
  readonly note?: string | null;
}

interface PointTooltipProps<Point> {
  /** What to say about the point under the pointer. */
  readonly read: (point: Point) => TooltipText;
  /** Given by Recharts. */
  readonly active?: boolean;
  /** Given by Recharts: one entry a drawn series, each carrying the whole point. */
  readonly payload?: readonly { readonly payload?: Point }[];
}

export function PointTooltip<Point>({ read, active = false, payload }: PointTooltipProps<Point>) {
  const point = payload?.[0]?.payload;
  return active && point !== undefined ? <TooltipBox {...read(point)} /> : null;
}

function TooltipBox({ heading, rows, note }: TooltipText) {
  return (
    <div className="min-w-36 rounded-md border border-line-strong/50 bg-raised px-2.5 py-2 text-xs text-ink shadow-md shadow-black/10">
      <p className="mb-1 font-medium">{heading}</p>
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5">
        {rows.map((row) => (
          <div key={row.name} className="contents">
            <dt className="flex items-center gap-1.5 text-ink-2">
              {row.color ? (
                <span aria-hidden className="size-2 rounded-[2px]" style={{ background: row.color }} />
              ) : null}
              {row.name}
            </dt>
            <dd className="text-right font-medium">{row.value}</dd>
          </div>
        ))}
      </dl>
      {note ? <p className="mt-1 text-ink-3">{note}</p> : null}
    </div>
  );
}
