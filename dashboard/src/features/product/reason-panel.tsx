import { useTranslation } from "react-i18next";
import { useReasonWeeks } from "../../api/product.ts";
import { useStatus } from "../../api/status.ts";
import { ChartFrame, type TwinColumn } from "../../charts/chart-frame.tsx";
import { STACK_COLORS, StackedBars, type StackKind } from "../../charts/stacked-bars.tsx";
import { useFormat, useLabels } from "../../i18n/labels.ts";
import { addDays, startOfWeek, type Day } from "../../lib/day.ts";
import { bucketsOf, type Period } from "../../lib/period.ts";
import type { Filters } from "../../url-state/filters.ts";
import { FEW } from "../../lib/statistics.ts";
import { loadStateOf } from "../../ui/load-state.tsx";
import { OTHER, reasonStack, type WeekCounts } from "./reason-weeks.ts";

interface ReasonPanelProps {
  readonly productId: string;
  readonly period: Period;
  readonly filters: Filters;
  readonly onWeek: (start: Day) => void;
}

/** Why the product came back, week by week. Whole weeks, so that the first one isn't cut. */
export function ReasonPanel({ productId, period, filters, onWeek }: ReasonPanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  const { dataCompleteTo } = useStatus();
  const whole = { from: startOfWeek(period.from), to: addDays(startOfWeek(addDays(period.to, -1)), 7) };
  const query = useReasonWeeks(productId, whole, filters);
  const { reasons, weeks } = reasonStack(query.data ?? [], bucketsOf(whole, "week", dataCompleteTo));
  const kinds: StackKind[] = reasons.map((reason, index) => ({
    id: reason,
    label: reason === OTHER ? t("product.other") : labels.reason(reason),
    color: (reason === OTHER ? STACK_COLORS[5] : STACK_COLORS[index]) ?? STACK_COLORS[5],
  }));
  const total = (query.data ?? []).reduce((sum, row) => sum + row.returns, 0);
  const columns = useColumns(kinds, onWeek);
  return (
    <ChartFrame
      testId="reason-weeks"
      title={t("product.reasons_title")}
      state={loadStateOf(query, query.data?.length === 0)}
      footnote={total < FEW ? t("state.few", { count: total }) : null}
      placeClassName="min-h-60"
      columns={columns}
      rows={weeks.toReversed()}
      rowKey={(row) => row.start}
      fileName="aftersight-reasons.csv"
    >
      <StackedBars
        rows={weeks.map((week) => ({
          bucket: week.start,
          label: format.shortDay(week.start),
          counts: week.counts,
          isIncomplete: week.isIncomplete,
        }))}
        kinds={kinds}
        formatCount={format.count}
        incompleteNote={t("trend.incomplete")}
        onSelect={onWeek}
      />
    </ChartFrame>
  );
}

function useColumns(kinds: readonly StackKind[], onWeek: (start: Day) => void): TwinColumn<WeekCounts>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      id: "week",
      header: t("product.week"),
      width: "120px",
      cell: (row) => (
        <button
          type="button"
          className="font-medium whitespace-nowrap text-accent hover:underline"
          onClick={() => onWeek(row.start)}
        >
          {format.day(row.start)}
        </button>
      ),
      csv: (row) => row.start,
    },
    ...kinds.map((kind) => ({
      id: kind.id,
      header: kind.label,
      align: "right" as const,
      cell: (row: WeekCounts) => format.count(row.counts[kind.id] ?? 0),
      csv: (row: WeekCounts) => row.counts[kind.id] ?? 0,
    })),
  ];
}
