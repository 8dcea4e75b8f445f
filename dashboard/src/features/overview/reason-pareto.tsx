import { useTranslation } from "react-i18next";
import { useReturnReasons } from "../../api/overview.ts";
import { ShareBar } from "../../charts/share-bar.tsx";
import { useFormat, useLabels } from "../../i18n/labels.ts";
import { FEW } from "../../lib/statistics.ts";
import type { Filters } from "../../url-state/filters.ts";
import { Card } from "../../ui/card.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { LoadBox, loadStateOf } from "../../ui/load-state.tsx";
import { reasonShares, type ReasonShare } from "./reason-shares.ts";

const UNCLASSIFIED = "·unclassified";

/** Return reasons, most frequent first, with the unclassified ones on a line of their own. */
export function ReasonPareto({ filters }: { readonly filters: Filters }) {
  const { t } = useTranslation();
  const format = useFormat();
  const current = useReturnReasons(filters.period, filters);
  const former = useReturnReasons(filters.formerPeriod, filters);
  const { rows, total, unclassified } = reasonShares(current.data ?? [], (filters.formerPeriod && former.data) || null);
  const shown: ReasonShare[] =
    unclassified > 0
      ? [
          ...rows,
          { reason: UNCLASSIFIED, group: "unknown", returns: unclassified, share: unclassified / total, change: null },
        ]
      : [...rows];
  const largest = Math.max(...shown.map((row) => row.returns), 1);
  const columns = useColumns(largest);
  const note =
    total > 0 && total < FEW
      ? t("state.few", { count: total })
      : unclassified > 0 && t("pareto.unclassified_hint", { share: format.percent(unclassified / total) });
  return (
    <Card title={t("pareto.title")} subtitle={t("pareto.subtitle")} flush testId="reasons" footnote={note}>
      <LoadBox state={loadStateOf(current, total === 0)} className="min-h-48">
        <DataTable
          caption={t("pareto.title")}
          columns={columns}
          rows={shown}
          rowKey={(row) => row.reason}
          maxHeight="360px"
          minWidth="440px"
          empty={t("state.empty")}
        />
      </LoadBox>
    </Card>
  );
}

function useColumns(largest: number): Column<ReasonShare>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  return [
    {
      id: "reason",
      header: t("pareto.reason"),
      width: "34%",
      cell: (row) => (
        <span className={row.reason === UNCLASSIFIED ? "text-ink-3" : ""}>
          {row.reason === UNCLASSIFIED ? t("pareto.unclassified") : labels.reason(row.reason)}
        </span>
      ),
    },
    {
      id: "bar",
      header: t("pareto.share"),
      isHeaderHidden: true,
      cell: (row) => <ShareBar share={row.returns / largest} hatched={row.reason === UNCLASSIFIED} />,
    },
    {
      id: "share",
      header: t("pareto.share"),
      width: "64px",
      align: "right",
      cell: (row) =>
        row.reason === UNCLASSIFIED ? "" : <span className="font-medium">{format.percent(row.share)}</span>,
    },
    {
      id: "returns",
      header: t("pareto.returns"),
      width: "68px",
      align: "right",
      cell: (row) => format.count(row.returns),
    },
    {
      id: "change",
      header: t("pareto.change"),
      width: "84px",
      align: "right",
      cell: (row) => <span className="text-ink-2">{row.change === null ? "" : format.signedPoints(row.change)}</span>,
    },
  ];
}
