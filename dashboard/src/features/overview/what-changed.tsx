import { useTranslation } from "react-i18next";
import { Link, useSearch } from "wouter";
import { useAnomalies, useIsAnythingWatched, type Anomaly } from "../../api/anomalies.ts";
import { useStatus } from "../../api/status.ts";
import { useFormat, useLabels } from "../../i18n/labels.ts";
import { cn } from "../../lib/cn.ts";
import { lastReportedDay } from "../../lib/period.ts";
import { productPath } from "../../routes.tsx";
import { sharedSearch } from "../../url-state/filters.ts";
import { Card } from "../../ui/card.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { LoadBox, loadStateOf } from "../../ui/load-state.tsx";
import { SeverityBadge } from "../../ui/severity-badge.tsx";
import { RECENT_DAYS, rankedFindings } from "./ranked-findings.ts";

/** The open findings, strongest first, then those that ended lately; each leads to its product with the finding selected. */
export function WhatChanged() {
  const { t } = useTranslation();
  const search = useSearch();
  const { dataCompleteTo } = useStatus();
  const query = useAnomalies({});
  const isWatched = useIsAnythingWatched().data ?? true;
  const none = t(isWatched ? "changed.none" : "changed.unwatched");
  const rows = rankedFindings(query.data ?? [], lastReportedDay(dataCompleteTo));
  return (
    <Card
      title={t("changed.title")}
      subtitle={t("changed.subtitle", { days: RECENT_DAYS })}
      flush
      testId="what-changed"
    >
      <LoadBox state={loadStateOf(query, rows.length === 0)} empty={none} className="min-h-48">
        <DataTable
          caption={t("changed.list")}
          columns={useColumns(search)}
          rows={rows}
          rowKey={(row) => row.anomaly_id}
          maxHeight="396px"
          minWidth="660px"
          empty={none}
          testId="open-findings"
        />
      </LoadBox>
    </Card>
  );
}

function useColumns(search: string): Column<Anomaly>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  return [
    {
      id: "product",
      header: t("changed.product"),
      cell: (row) => (
        <Link
          href={`${productPath(row.product_id)}${sharedSearch(search, { anomaly: row.anomaly_id })}`}
          className="line-clamp-2 font-medium text-accent hover:underline"
        >
          {row.product_name}
        </Link>
      ),
    },
    {
      id: "reason",
      header: t("changed.reason"),
      width: "136px",
      cell: (row) => (
        <>
          <span className="block truncate">{labels.reason(row.reason)}</span>
          <span className="block truncate text-xs text-ink-3">{labels.watch(row.watch)}</span>
        </>
      ),
    },
    {
      id: "ratio",
      header: t("changed.ratio"),
      width: "60px",
      align: "right",
      cell: (row) => (
        <span className={cn("font-semibold", !row.is_open && "font-normal text-ink-2")}>
          {format.ratio(row.rate_ratio)}
        </span>
      ),
    },
    {
      id: "observed",
      header: t("changed.observed_expected"),
      width: "104px",
      align: "right",
      cell: (row) => (
        <span className="whitespace-nowrap">
          <span className="font-medium">{format.count(row.observed)}</span>
          <span className="text-ink-3"> / {format.decimal(row.expected)}</span>
        </span>
      ),
    },
    {
      id: "excess",
      header: t("changed.excess"),
      width: "60px",
      align: "right",
      cell: (row) => format.decimal(row.excess, 0),
    },
    {
      id: "severity",
      header: t("changed.severity"),
      width: "88px",
      cell: (row) => <SeverityBadge severity={row.severity} />,
    },
    {
      id: "since",
      header: t("changed.since"),
      width: "96px",
      align: "right",
      cell: (row) => (
        <>
          <span className="block whitespace-nowrap">{row.started_on ? format.shortDay(row.started_on) : ""}</span>
          {row.is_open ? null : (
            <span className="block text-xs whitespace-nowrap text-ink-3">
              {t("changed.ended", { day: row.ended_on ? format.shortDay(row.ended_on) : "" })}
            </span>
          )}
        </>
      ),
    },
  ];
}
