import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useTranslation } from "react-i18next";
import { useStatus } from "../api/status.ts";
import { KpiCard } from "../features/kpis/kpi-card.tsx";
import { METRICS } from "../features/kpis/metric-list.ts";
import { TrendPanel } from "../features/kpis/trend-panel.tsx";
import { LateLanes } from "../features/overview/late-lanes.tsx";
import { ReasonPareto } from "../features/overview/reason-pareto.tsx";
import { WhatChanged } from "../features/overview/what-changed.tsx";
import { PageTitle } from "../features/shell/page-title.tsx";
import { ComparisonText, Toolbar } from "../features/toolbar/toolbar.tsx";
import { useFilters } from "../url-state/filters.ts";

const METRIC_IDS = METRICS.map((metric) => metric.id);

export default function OverviewPage() {
  const { t } = useTranslation();
  const { dataCompleteTo } = useStatus();
  const filters = useFilters(dataCompleteTo);
  const [chosen, setChosen] = useQueryState("metric", parseAsStringLiteral(METRIC_IDS));
  const selected = METRICS.find((metric) => metric.id === (chosen ?? "first_response"));
  return (
    <>
      <div className="flex flex-col gap-3">
        <PageTitle title={t("pages.overview")}>
          <ComparisonText filters={filters} />
        </PageTitle>
        <Toolbar filters={filters} withComparison />
      </div>
      <section aria-label={t("kpi.heading")} className="grid grid-cols-2 gap-2 sm:gap-3 xl:grid-cols-4">
        {METRICS.map((metric) => (
          <KpiCard
            key={metric.id}
            metric={metric}
            filters={filters}
            isSelected={metric === selected}
            onSelect={() => void setChosen(metric.id)}
          />
        ))}
      </section>
      <div className="grid gap-3 xl:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]">
        {selected ? <TrendPanel key={selected.id} metric={selected} filters={filters} /> : null}
        <WhatChanged />
      </div>
      <div className="grid gap-3 xl:grid-cols-2">
        <ReasonPareto filters={filters} />
        <LateLanes filters={filters} />
      </div>
    </>
  );
}
