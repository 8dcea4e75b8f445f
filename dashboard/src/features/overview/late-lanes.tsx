import { useTranslation } from "react-i18next";
import { useLateLanes, type LaneLateness } from "../../api/overview.ts";
import { useFormat, useLabels } from "../../i18n/labels.ts";
import { cn } from "../../lib/cn.ts";
import type { Formatter } from "../../lib/format.ts";
import { FEW, wilsonInterval } from "../../lib/statistics.ts";
import type { Filters } from "../../url-state/filters.ts";
import { Card } from "../../ui/card.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { LoadBox, loadStateOf } from "../../ui/load-state.tsx";

/** Lanes with most late parcels first; a rate of a few parcels is muted and carries its wide interval. */
export function LateLanes({ filters }: { readonly filters: Filters }) {
  const { t } = useTranslation();
  const query = useLateLanes(filters);
  const rows = (query.data ?? []).filter((row) => row.promised_and_attempted > 0);
  const columns = useColumns();
  return (
    <Card title={t("lanes.title")} subtitle={t("lanes.subtitle")} flush testId="lanes">
      <LoadBox state={loadStateOf(query, rows.length === 0)} empty={t("lanes.none")} className="min-h-48">
        <DataTable
          caption={t("lanes.title")}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.lane}
          maxHeight="388px"
          minWidth="500px"
          empty={t("lanes.none")}
        />
      </LoadBox>
    </Card>
  );
}

function isFew(row: LaneLateness): boolean {
  return row.promised_and_attempted < FEW;
}

function useColumns(): Column<LaneLateness>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  return [
    {
      id: "lane",
      header: t("lanes.lane"),
      cell: (row) => <span className="break-words">{labels.lane(row.lane)}</span>,
    },
    {
      id: "rate",
      header: t("lanes.rate"),
      width: "76px",
      align: "right",
      cell: (row) => (
        <span className={cn("font-medium", isFew(row) && "font-normal text-ink-3")}>
          {format.percent(row.late_rate)}
        </span>
      ),
    },
    {
      id: "interval",
      header: t("lanes.interval"),
      width: "116px",
      align: "right",
      cell: (row) => <span className="text-ink-3">{intervalText(row, format)}</span>,
    },
    {
      id: "late",
      header: t("lanes.late"),
      width: "60px",
      align: "right",
      cell: (row) => format.count(row.late_shipments),
    },
    {
      id: "promised",
      header: t("lanes.promised"),
      width: "84px",
      align: "right",
      cell: (row) => format.count(row.promised_and_attempted),
    },
  ];
}

function intervalText(row: LaneLateness, format: Formatter): string {
  const interval = wilsonInterval(row.late_shipments, row.promised_and_attempted);
  return interval ? `${format.percent(interval.lower)}–${format.percent(interval.upper)}` : "";
}
