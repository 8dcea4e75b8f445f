import { RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFilterOptions } from "../../api/filter-options.ts";
import { useStatus } from "../../api/status.ts";
import { useFormat, useLabels } from "../../i18n/labels.ts";
import { COMPARISONS, lastReportedDay, lastWholeDay } from "../../lib/period.ts";
import { useFilterValues, type Filters } from "../../url-state/filters.ts";
import { Button } from "../../ui/button.tsx";
import { DateRangePicker } from "../../ui/date-range-picker.tsx";
import { MultiSelect } from "../../ui/multi-select.tsx";
import { Select } from "../../ui/select.tsx";

interface ToolbarProps {
  readonly filters: Filters;
  /** Pages without a comparison leave it out. */
  readonly withComparison?: boolean;
}

/** The shared filters; everything goes to the address. */
export function Toolbar({ filters, withComparison = false }: ToolbarProps) {
  const { t } = useTranslation();
  const labels = useLabels();
  const { dataCompleteTo } = useStatus();
  const format = useFormat();
  const options = useFilterOptions();
  const [values, setValues] = useFilterValues();
  const lastReported = lastReportedDay(dataCompleteTo);
  const lastWhole = lastWholeDay(dataCompleteTo);
  const isFiltered =
    values.market.length + values.sales_channel.length + values.channel.length > 0 || !isDefaultPeriod(values);
  const withLabels = (codes: readonly string[], label: (code: string) => string) =>
    codes.map((value) => ({ value, label: label(value) }));
  return (
    <fieldset aria-label={t("filter.label")} className="min-w-0 flex flex-wrap items-center gap-2">
      <DateRangePicker
        period={filters.period}
        preset={filters.preset}
        lastReported={lastReported}
        hint={
          lastWhole < lastReported
            ? t("filter.whole_days", { day: format.shortDay(lastWhole), partial: format.shortDay(lastReported) })
            : null
        }
        onPreset={(range) => void setValues({ range, from: null, to: null })}
        onPeriod={(period) => void setValues({ from: period.from, to: period.to })}
      />
      {withComparison ? (
        <Select
          label={t("filter.compare")}
          showLabel
          value={filters.comparison}
          options={COMPARISONS.map((value) => ({ value, label: t(`filter.compare_${value}`) }))}
          onChange={(compare) => void setValues({ compare })}
        />
      ) : null}
      <MultiSelect
        label={t("filter.market")}
        options={withLabels(options.markets, labels.market)}
        chosen={values.market}
        onChange={(market) => void setValues({ market })}
      />
      <MultiSelect
        label={t("filter.sales_channel")}
        options={withLabels(options.salesChannels, labels.channel)}
        chosen={values.sales_channel}
        onChange={(chosen) => void setValues({ sales_channel: chosen })}
      />
      <MultiSelect
        label={t("filter.channel")}
        options={withLabels(options.contactChannels, labels.channel)}
        chosen={values.channel}
        onChange={(channel) => void setValues({ channel })}
      />
      {isFiltered ? (
        <Button
          quiet
          onClick={() =>
            void setValues({ range: null, from: null, to: null, market: null, sales_channel: null, channel: null })
          }
        >
          <RotateCcw aria-hidden className="size-3.5" />
          {t("filter.reset")}
        </Button>
      ) : null}
    </fieldset>
  );
}

function isDefaultPeriod(values: { range: string; from: string | null; to: string | null }): boolean {
  return values.range === "28d" && !values.from && !values.to;
}

/** "compared with 28 Sept – 25 Oct 2026". */
export function ComparisonText({ filters }: { readonly filters: Filters }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <p className="text-xs text-ink-3" data-testid="comparison">
      {format.period(filters.period)}
      {" · "}
      {filters.formerPeriod
        ? t("filter.compared_with", { period: format.period(filters.formerPeriod) })
        : t("filter.not_compared")}
    </p>
  );
}
