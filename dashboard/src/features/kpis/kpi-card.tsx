import { useTranslation } from "react-i18next";
import { ignoredFilters, useFirstDay, useSeries, useTotals, type Values } from "../../api/metrics.ts";
import { useStatus } from "../../api/status.ts";
import { Sparkline } from "../../charts/sparkline.tsx";
import { useFormat } from "../../i18n/labels.ts";
import { cn } from "../../lib/cn.ts";
import { NO_VALUE } from "../../lib/format.ts";
import { bucketsOf, grainFor } from "../../lib/period.ts";
import { wilsonInterval } from "../../lib/statistics.ts";
import type { Filters } from "../../url-state/filters.ts";
import { LoadBox, loadStateOf } from "../../ui/load-state.tsx";
import { DefinitionButton } from "./definition-button.tsx";
import { DeltaText } from "./delta-text.tsx";
import { metricText } from "./metric-format.ts";
import type { Metric } from "./metric-list.ts";
import { readingOf, type Reading } from "./reading.ts";
import { metricPoints } from "./series.ts";
import { WhyNone } from "./why-none.tsx";

interface KpiCardProps {
  readonly metric: Metric;
  readonly filters: Filters;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

/** One figure: value, change, small line, number of cases. The whole card selects it for the trend below. */
export function KpiCard({ metric, filters, isSelected, onSelect }: KpiCardProps) {
  const { t } = useTranslation();
  const totals = useTotals(metric.group, filters.period, filters);
  const former = useTotals(metric.group, filters.formerPeriod, filters);
  const firstDay = useFirstDay(metric.group);
  // A period that begins before the record does would make every count look like growth.
  const isCovered = filters.formerPeriod !== null && firstDay !== null && firstDay <= filters.formerPeriod.from;
  const name = t(`kpi.${metric.id}`);
  const ignored = ignoredFilters(metric.group, filters);
  return (
    <article
      data-testid={`kpi-${metric.id}`}
      className={cn(
        "relative flex min-w-0 flex-col rounded-lg border border-line bg-surface px-3 pt-2 pb-2.5 sm:px-4 sm:pt-2.5 sm:pb-3 hover:border-line-strong",
        isSelected && "border-accent shadow-[inset_0_0_0_1px_var(--accent)] hover:border-accent",
      )}
    >
      <div className="-mr-2 flex items-start justify-between gap-1">
        <h2 className="min-w-0 pt-[3px] text-sm font-medium text-ink-2">
          <button
            type="button"
            aria-pressed={isSelected}
            title={t("kpi.show_trend", { name })}
            onClick={onSelect}
            className="text-left after:absolute after:inset-0 after:rounded-lg focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent"
          >
            {name}
          </button>
        </h2>
        <DefinitionButton id={metric.definition} name={name} />
      </div>
      <LoadBox state={loadStateOf(totals)} className="min-h-21">
        {totals.data ? (
          <Figure
            metric={metric}
            filters={filters}
            current={totals.data}
            former={isCovered ? (former.data ?? null) : null}
            recordStart={filters.formerPeriod === null || isCovered ? null : firstDay}
          />
        ) : null}
      </LoadBox>
      {ignored.length > 0 ? (
        <p className="mt-1 text-xs text-ink-3">{ignored.map((kind) => t(`filter.ignored_${kind}`)).join(" · ")}</p>
      ) : null}
    </article>
  );
}

interface FigureProps {
  readonly metric: Metric;
  readonly filters: Filters;
  readonly current: Values;
  readonly former: Values | null;
  /** Given when the comparison period begins before the record. */
  readonly recordStart: string | null;
}

function Figure({ metric, filters, current, former, recordStart }: FigureProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const reading = readingOf(metric, current, former);
  if (reading.state === "none") {
    return (
      <>
        <p className="mt-0.5 text-base font-medium text-ink-2">
          {NO_VALUE} {t("kpi.not_computable")}
        </p>
        <WhyNone metric={metric} reading={reading} filters={filters} />
      </>
    );
  }
  return (
    <>
      <div className="flex items-end justify-between gap-2">
        <div className="min-w-0">
          <p
            className={cn(
              "text-xl font-semibold tracking-tight sm:text-2xl whitespace-nowrap text-ink",
              reading.isFew && "text-ink-3",
            )}
          >
            {metricText(metric, reading.value, format)}
            {metric.kind === "minutes" ? (
              <span className="ml-1.5 text-xs font-normal tracking-normal text-ink-3">{t("kpi.median")}</span>
            ) : null}
          </p>
          <p className="min-h-4">
            {reading.delta ? (
              <DeltaText delta={reading.delta} />
            ) : (
              <span className="text-xs text-ink-3">
                {reading.isFew
                  ? t("kpi.few")
                  : recordStart
                    ? t("kpi.former_uncovered", { day: format.day(recordStart) })
                    : t("kpi.no_former")}
              </span>
            )}
          </p>
        </div>
        <CardSpark metric={metric} filters={filters} />
      </div>
      {metric.id === "orders" ? (
        <DeliveredUnits filters={filters} />
      ) : (
        <SmallPrint metric={metric} reading={reading} current={current} />
      )}
    </>
  );
}

function CardSpark({ metric, filters }: { readonly metric: Metric; readonly filters: Filters }) {
  const { dataCompleteTo } = useStatus();
  const grain = grainFor(filters.period);
  const series = useSeries(metric.group, filters.period, grain, filters);
  const points = metricPoints(metric, bucketsOf(filters.period, grain, dataCompleteTo), series.data ?? []);
  return (
    <Sparkline
      points={points}
      fromZero={metric.kind === "count"}
      className="mb-1 h-9 w-24 min-w-0 shrink max-sm:hidden"
    />
  );
}

/** What left the orders and reached buyers in the same period. */
function DeliveredUnits({ filters }: { readonly filters: Filters }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useTotals("deliveries", filters.period, filters);
  const units = data?.delivered_units ?? null;
  return (
    <p className="mt-1.5 text-xs text-ink-3">
      {units === null ? NO_VALUE : t("kpi.n_delivered", { count: units, formatted: format.count(units) })}
    </p>
  );
}

interface SmallPrintProps {
  readonly metric: Metric;
  readonly reading: Extract<Reading, { state: "value" }>;
  readonly current: Values;
}

/** Number of cases, and what belongs beside this figure so that it isn't read alone. */
function SmallPrint({ metric, reading, current }: SmallPrintProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const cases = (key: "awaiting" | `n_${NonNullable<Metric["n"]>["key"]}`, value: number) =>
    t(`kpi.${key}`, { count: value, formatted: format.count(value) });
  const parts: string[] = [];
  if (metric.n && reading.n !== null) parts.push(cases(`n_${metric.n.key}`, reading.n));
  if (metric.kind === "minutes") {
    const p90 = current[metric.value.replace("_median", "_p90")] ?? null;
    if (p90 !== null) parts.unshift(t("kpi.p90", { value: format.minutes(p90) }));
  }
  if (metric.id === "response_24h") parts.push(cases("awaiting", current.awaiting_first_reply ?? 0));
  if (metric.id === "csat") {
    const interval = wilsonInterval(current.satisfied ?? 0, reading.n ?? 0);
    if (interval)
      parts.push(t("kpi.interval", { lower: format.percent(interval.lower), upper: format.percent(interval.upper) }));
  }
  if (metric.maturity && reading.maturedShare !== null) {
    parts.push(t(`kpi.matured_${metric.maturity.kind}`, { share: format.percent(reading.maturedShare) }));
  }
  return <p className="mt-1.5 text-xs text-ink-3">{parts.join(" · ")}</p>;
}
