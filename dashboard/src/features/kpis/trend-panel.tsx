import { useTranslation } from "react-i18next";
import { useSeries } from "../../api/metrics.ts";
import { useStatus } from "../../api/status.ts";
import { ChartFrame, type TwinColumn } from "../../charts/chart-frame.tsx";
import { ChartLegend } from "../../charts/legend.tsx";
import { TrendChart, type TrendPoint } from "../../charts/trend-chart.tsx";
import { useFormat } from "../../i18n/labels.ts";
import type { DurationUnit } from "../../lib/format.ts";
import { bucketsOf, grainFor } from "../../lib/period.ts";
import type { Filters } from "../../url-state/filters.ts";
import { loadStateOf } from "../../ui/load-state.tsx";
import { metricText } from "./metric-format.ts";
import type { Metric } from "./metric-list.ts";
import { metricPoints } from "./series.ts";

interface TrendPanelProps {
  readonly metric: Metric;
  readonly filters: Filters;
}

interface TrendRow extends TrendPoint {
  readonly start: string;
}

/** The chosen figure over the period, its comparison period beneath it, bucket by bucket. */
export function TrendPanel({ metric, filters }: TrendPanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { dataCompleteTo } = useStatus();
  const grain = grainFor(filters.period);
  const series = useSeries(metric.group, filters.period, grain, filters);
  const former = useSeries(metric.group, filters.formerPeriod, grain, filters);
  const text = (value: number | null) => metricText(metric, value, format);
  const points = metricPoints(metric, bucketsOf(filters.period, grain, dataCompleteTo), series.data ?? []);
  const formerPoints = filters.formerPeriod
    ? metricPoints(metric, bucketsOf(filters.formerPeriod, grain, dataCompleteTo), former.data ?? [])
    : [];
  const rows: TrendRow[] = points.map((point, index) => ({
    start: point.start,
    label: format.bucket(point.start, grain),
    value: point.value,
    former: formerPoints[index]?.value ?? null,
    isIncomplete: point.isIncomplete,
  }));
  const unitSize: DurationUnit = metric.kind === "minutes" ? durationUnit(rows) : 1;
  const name = t(`kpi.${metric.id}`);
  const columns: TwinColumn<TrendRow>[] = [
    {
      id: "start",
      header: t("trend.bucket"),
      cell: (row) => (row.isIncomplete ? `${row.label} (${t("trend.incomplete")})` : row.label),
      csv: (row) => row.start,
    },
    {
      id: "value",
      header: t("trend.this_period"),
      align: "right",
      cell: (row) => text(row.value),
      csv: (row) => row.value,
    },
    {
      id: "former",
      header: t("trend.former"),
      align: "right",
      cell: (row) => text(row.former),
      csv: (row) => row.former,
    },
  ];
  return (
    <ChartFrame
      testId="trend"
      title={name}
      subtitle={t(grain === "day" ? "trend.per_day" : grain === "week" ? "trend.per_week" : "trend.per_month")}
      footnote={rows.some((row) => row.isIncomplete) ? t("trend.note") : null}
      state={loadStateOf(
        series,
        rows.every((row) => row.value === null),
      )}
      placeClassName="h-60"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.start}
      fileName={`aftersight-${metric.id}.csv`}
    >
      <ChartLegend
        items={[
          { label: t("trend.this_period"), color: "var(--observed)", shape: "line" },
          ...(filters.formerPeriod
            ? [{ label: t("trend.former"), color: "var(--former)", shape: "line" as const }]
            : []),
        ]}
      />
      <TrendChart
        points={rows}
        format={text}
        unitSize={unitSize}
        formatMark={(value) =>
          metric.kind === "minutes" ? format.duration(value, unitSize) : metricText(metric, value, format)
        }
        wholeOnly={metric.kind === "count"}
        hasFormer={filters.formerPeriod !== null}
        fromZero={metric.kind !== "percent" || Math.min(...rows.map((row) => row.value ?? 1)) < 0.5}
        names={{ value: t("trend.this_period"), former: t("trend.former"), incomplete: t("trend.incomplete") }}
      />
    </ChartFrame>
  );
}

/** Minutes in the axis' unit: the one `format.minutes` writes the largest value in. */
function durationUnit(rows: readonly TrendRow[]): DurationUnit {
  const largest = Math.max(...rows.flatMap((row) => [row.value ?? 0, row.former ?? 0]));
  if (largest < 90) return 1;
  return largest < 48 * 60 ? 60 : 1440;
}
