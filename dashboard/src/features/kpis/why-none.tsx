import { useTranslation } from "react-i18next";
import { useFirstDay, useTotals } from "../../api/metrics.ts";
import { useStatus } from "../../api/status.ts";
import { useFormat } from "../../i18n/labels.ts";
import { lastReportedDay, latestMaturedPeriod } from "../../lib/period.ts";
import type { Filters } from "../../url-state/filters.ts";
import { metricText } from "./metric-format.ts";
import type { Metric } from "./metric-list.ts";
import type { Reading } from "./reading.ts";

interface WhyNoneProps {
  readonly metric: Metric;
  readonly reading: Extract<Reading, { state: "none" }>;
  readonly filters: Filters;
}

/** Why a card has no value; for figures that must mature, the latest period that has, so the reader isn't left with nothing. */
export function WhyNone({ metric, reading, filters }: WhyNoneProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { dataCompleteTo } = useStatus();
  const isWaiting = reading.reason === "matured_units" || reading.reason === "matured_customers";
  const matured =
    metric.maturity && isWaiting
      ? latestMaturedPeriod(filters.period, metric.maturity.days, lastReportedDay(dataCompleteTo))
      : null;
  const totals = useTotals(metric.group, matured, filters);
  const value = matured && totals.data && !totals.isPlaceholderData ? (totals.data[metric.value] ?? null) : null;
  // Where nobody exports returns, no delivery ever matures: age is not the reason then.
  const hasReturns = useFirstDay("product_returns") !== null;
  const reason = reading.reason === "matured_units" && !hasReturns ? "no_returns" : reading.reason;
  return (
    <div className="text-xs text-ink-3">
      <p>{t(`kpi.none_${reason}`, { formatted: format.count(reading.waiting) })}</p>
      {matured && value !== null ? (
        <p className="mt-1 flex flex-wrap items-baseline gap-x-2">
          <span className="text-base font-semibold text-ink">{metricText(metric, value, format)}</span>
          <span>{t("kpi.latest_matured", { period: format.period(matured) })}</span>
        </p>
      ) : null}
    </div>
  );
}
