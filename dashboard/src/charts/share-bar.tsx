// A bar inside a table cell: length says the share, the number beside it says it exactly.
import { cn } from "../lib/cn.ts";

interface ShareBarProps {
  /** 0–1 of the cell's width. */
  readonly share: number;
  readonly hatched?: boolean;
  readonly tone?: "plain" | "anomaly";
}

export function ShareBar({ share, hatched = false, tone = "plain" }: ShareBarProps) {
  return (
    <span aria-hidden className="block h-2 w-full overflow-hidden rounded-sm bg-hover">
      <span
        className={cn(
          "block h-full rounded-sm",
          hatched ? "hatched" : tone === "anomaly" ? "bg-anomaly" : "bg-observed",
        )}
        style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }}
      />
    </span>
  );
}
