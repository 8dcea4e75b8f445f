import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAnomalyPoints, type AnomalyPoint, type WatchedSeries } from "../../api/anomalies.ts";
import { AnomalyChart } from "../../charts/anomaly-chart.tsx";
import { ChartFrame, type TwinColumn } from "../../charts/chart-frame.tsx";
import { ChartLegend } from "../../charts/legend.tsx";
import { useFormat, useLabels } from "../../i18n/labels.ts";
import { startOf } from "../../lib/day.ts";
import { lastDay } from "../../lib/period.ts";
import { loadStateOf } from "../../ui/load-state.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { Select } from "../../ui/select.tsx";
import { weeklyPoints, type Selection } from "./selection.ts";
import type { ProductView } from "./view.ts";

interface AnomalyPanelProps {
  readonly view: ProductView;
  readonly seriesList: readonly WatchedSeries[];
  readonly selection: Selection | null;
  /** Market or channels are chosen, which the series can't follow. */
  readonly isFiltered: boolean;
  readonly onSeries: (seriesId: string) => void;
  readonly onSelect: (selection: Selection) => void;
}

/** Observed against expected, day by day; a day chosen here is the day whose rows are shown below. */
export function AnomalyPanel({ view, seriesList, selection, isFiltered, onSeries, onSelect }: AnomalyPanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  const { series, anomaly, chartPeriod, window } = view;
  const query = useAnomalyPoints(series?.series_id ?? null, chartPeriod);
  const [grain, setGrain] = useState<Selection["grain"]>(selection?.grain ?? "day");
  const points = grain === "week" ? weeklyPoints(query.data ?? []) : (query.data ?? []);
  const bucketName = (start: string) =>
    grain === "week" ? t("product.week_of", { day: format.day(start) }) : format.day(start);
  const seriesName = (item: WatchedSeries) => `${labels.watch(item.watch)} · ${labels.reason(item.reason)}`;
  const notes = [
    ...(isFiltered ? [t("product.unfiltered")] : []),
    ...(grain === "week" ? [t("product.week_note")] : []),
    t("product.select_hint"),
  ];
  const state = loadStateOf(query, points.length === 0);
  return (
    <ChartFrame
      testId="anomaly-chart"
      title={t("product.chart_title")}
      subtitle={
        series
          ? t("product.chart_subtitle", { watch: labels.watch(series.watch), reason: labels.reason(series.reason) })
          : null
      }
      actions={
        series ? (
          <>
            {seriesList.length > 1 ? (
              <Select
                label={t("product.series")}
                value={series.series_id}
                options={seriesList.map((item) => ({
                  value: item.series_id,
                  label: `${seriesName(item)} (${format.count(item.observed)})`,
                }))}
                onChange={onSeries}
                className="h-7 max-w-80 text-xs"
              />
            ) : null}
            <Segmented
              label={t("product.grain")}
              value={grain}
              options={[
                { value: "day", label: t("product.by_day") },
                { value: "week", label: t("product.by_week") },
              ]}
              onChange={setGrain}
            />
          </>
        ) : null
      }
      state={series ? state : { ...state, isLoading: false, isEmpty: true }}
      empty={series ? t("state.empty") : t("product.no_series")}
      footnote={notes.join(" ")}
      placeClassName="min-h-72"
      columns={usePointColumns(grain, onSelect)}
      rows={points.toReversed()}
      rowKey={(row) => row.day}
      fileName={`aftersight-series-${series?.series_id ?? ""}.csv`}
    >
      <ChartLegend
        items={[
          { label: t("product.observed"), color: "var(--observed)", shape: "bar" },
          { label: t("product.alarm"), color: "var(--anomaly)", shape: "bar" },
          { label: t("product.expected"), color: "var(--expected)", shape: "dashed" },
          ...(grain === "day" ? [{ label: t("product.band"), color: "var(--band)", shape: "area" as const }] : []),
          ...(anomaly ? [{ label: t("product.episode"), color: "var(--episode)", shape: "area" as const }] : []),
        ]}
      />
      <AnomalyChart
        points={points}
        episode={anomaly ? { from: startOf(grain, window.from), to: lastDay(window) } : null}
        selectedDay={selection?.grain === grain ? selection.start : null}
        onSelect={(start) => onSelect({ start, grain })}
        formatDay={bucketName}
        formatAxisDay={format.shortDay}
        formatCount={(value) =>
          value !== null && Number.isInteger(value) ? format.count(value) : format.decimal(value)
        }
        names={{
          observed: t("product.observed"),
          expected: t("product.expected"),
          band: t("product.band"),
          alarm: t("product.alarm"),
        }}
      />
    </ChartFrame>
  );
}

function usePointColumns(
  grain: Selection["grain"],
  onSelect: (selection: Selection) => void,
): TwinColumn<AnomalyPoint>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const number = (id: "observed" | "expected" | "lower" | "upper", header: string): TwinColumn<AnomalyPoint> => ({
    id,
    header,
    align: "right",
    cell: (row) => (id === "observed" ? format.count(row[id]) : format.decimal(row[id])),
    csv: (row) => row[id],
  });
  return [
    {
      id: "day",
      header: grain === "week" ? t("product.week") : t("product.day"),
      width: "140px",
      csv: (row) => row.day,
      cell: (row) => (
        <button
          type="button"
          className="font-medium whitespace-nowrap text-accent hover:underline"
          onClick={() => onSelect({ start: row.day, grain })}
        >
          {format.day(row.day)}
        </button>
      ),
    },
    number("observed", t("product.observed")),
    number("expected", t("product.expected")),
    number("lower", t("product.lower")),
    number("upper", t("product.upper")),
    {
      id: "alarm",
      header: t("product.alarm"),
      cell: (row) => (row.isAlarm ? <span className="font-medium text-bad">{t("product.alarm")}</span> : ""),
      csv: (row) => (row.isAlarm ? 1 : 0),
    },
  ];
}
