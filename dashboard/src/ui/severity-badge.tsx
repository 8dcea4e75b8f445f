import { useLabels } from "../i18n/labels.ts";
import { cn } from "../lib/cn.ts";

const TONES: Record<string, string> = {
  high: "bg-bad-soft text-bad",
  medium: "bg-warn-soft text-warn",
  low: "bg-hover text-ink-2",
};

/** Level in words; the bars repeat it for those who don't see the colour. */
export function SeverityBadge({ severity }: { readonly severity: string }) {
  const labels = useLabels();
  const level = severity === "high" ? 3 : severity === "medium" ? 2 : 1;
  return (
    <span
      className={cn(
        "inline-flex h-5 items-center gap-1 rounded px-1.5 text-xs font-medium whitespace-nowrap",
        TONES[severity] ?? TONES.low,
      )}
    >
      <span aria-hidden className="flex items-end gap-px">
        {[1, 2, 3].map((step) => (
          <span
            key={step}
            className={cn("w-[3px] rounded-[1px] bg-current", step > level && "opacity-25", BAR_HEIGHTS[step - 1])}
          />
        ))}
      </span>
      {labels.severity(severity)}
    </span>
  );
}

const BAR_HEIGHTS = ["h-1", "h-1.5", "h-2"];
