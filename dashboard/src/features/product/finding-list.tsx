import { useTranslation } from "react-i18next";
import type { Anomaly } from "../../api/anomalies.ts";
import { useFormat, useLabels } from "../../i18n/labels.ts";
import { cn } from "../../lib/cn.ts";

interface FindingListProps {
  readonly anomalies: readonly Anomaly[];
  readonly selectedId: string | null;
  readonly onSelect: (anomalyId: string) => void;
}

/** All findings of the product as buttons; shown when there is more than one. */
export function FindingList({ anomalies, selectedId, onSelect }: FindingListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  return (
    <ul aria-label={t("product.findings")} className="flex flex-wrap gap-1.5">
      {anomalies.map((anomaly) => (
        <li key={anomaly.anomaly_id} className="max-w-full">
          <button
            type="button"
            aria-pressed={anomaly.anomaly_id === selectedId}
            onClick={() => onSelect(anomaly.anomaly_id)}
            className={cn(
              "flex max-w-full items-center gap-1.5 rounded-md border border-line px-2 py-1 text-left text-xs text-ink-2 hover:border-line-strong",
              anomaly.anomaly_id === selectedId && "border-accent bg-accent-soft text-accent",
            )}
          >
            <span
              className={cn(
                "size-2 shrink-0 rounded-full",
                anomaly.is_open ? "bg-anomaly" : "border border-line-strong",
              )}
              aria-hidden
            />
            <span className="truncate font-medium">
              {labels.reason(anomaly.reason)} · {labels.watch(anomaly.watch)}
            </span>
            <span>{format.ratio(anomaly.rate_ratio)}</span>
            <span className="whitespace-nowrap">
              {anomaly.is_open || !anomaly.ended_on
                ? `${format.day(anomaly.started_on)} – ${t("product.finding_open")}`
                : t("product.finding_closed", { day: format.day(anomaly.ended_on) })}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
