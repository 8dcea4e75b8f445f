import { useState } from "react";
import { useTranslation } from "react-i18next";
import { referencePeriod, SLICES, useContributions, type Contribution, type Slice } from "../../api/product.ts";
import { ShareBar } from "../../charts/share-bar.tsx";
import { useFormat, useLabels } from "../../i18n/labels.ts";
import { cn } from "../../lib/cn.ts";
import type { Period } from "../../lib/period.ts";
import type { Filters } from "../../url-state/filters.ts";
import { FEW } from "../../lib/statistics.ts";
import { Card } from "../../ui/card.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { LoadBox, loadStateOf } from "../../ui/load-state.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { mostOverRepresented } from "./over-represented.ts";

interface ContributionPanelProps {
  readonly productId: string;
  readonly reason: string | null;
  readonly window: Period;
  readonly filters: Filters;
}

/** Where the window's returns come from against where the product went: a lot or lane that stands out is the first suspect. */
export function ContributionPanel({ productId, reason, window, filters }: ContributionPanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useContributions({ productId, reason, window, shared: filters });
  const rows = query.data ?? [];
  const standout = mostOverRepresented(rows);
  const [chosen, setChosen] = useState<Slice | null>(null);
  const slice = chosen ?? standout?.slice ?? "market";
  const shown = rows.filter((row) => row.slice === slice);
  const total = shown.reduce((sum, row) => sum + row.returnedUnits, 0);
  const valueText = useValueText();
  return (
    <Card
      testId="contributions"
      title={t("product.contributions_title")}
      subtitle={t("product.contributions_subtitle", {
        window: format.period(window),
        reference: format.period(referencePeriod(window)),
      })}
      flush
      footnote={total > 0 && total < FEW ? t("state.few", { count: total }) : null}
    >
      <LoadBox state={loadStateOf(query, rows.length === 0)} empty={t("product.none_returns")} className="min-h-60">
        {standout ? (
          <p data-testid="over-represented" className="mx-4 mb-2 rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
            {t("product.over", {
              slice: t(`product.slice_${standout.slice}`),
              value: valueText(standout),
              returned: format.percent(standout.returnedShare),
              delivered: format.percent(standout.deliveredShare),
              lift: format.ratio(standout.lift),
            })}
          </p>
        ) : null}
        <div className="px-4 pb-2">
          <Segmented
            label={t("product.slice")}
            value={slice}
            options={SLICES.map((value) => ({ value, label: t(`product.slice_${value}`) }))}
            onChange={setChosen}
          />
        </div>
        <DataTable
          caption={t("product.contributions_title")}
          columns={useColumns(slice, valueText)}
          rows={shown}
          rowKey={(row) => row.value}
          maxHeight="280px"
          minWidth="500px"
          empty={t("product.none_returns")}
        />
      </LoadBox>
    </Card>
  );
}

function useValueText(): (row: Contribution) => string {
  const labels = useLabels();
  return ({ slice, value }) => {
    if (slice === "market") return labels.market(value);
    return slice === "carrier" ? labels.carrier(value) : labels.plain(value);
  };
}

function useColumns(slice: Slice, valueText: (row: Contribution) => string): Column<Contribution>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const isFew = (row: Contribution) => row.returnedUnits < FEW;
  return [
    {
      id: "value",
      header: t(`product.slice_${slice}`),
      width: "25%",
      cell: (row) => (
        <span className="line-clamp-2 break-words" title={valueText(row)}>
          {valueText(row)}
        </span>
      ),
    },
    {
      id: "bars",
      header: t("product.returned_share"),
      isHeaderHidden: true,
      cell: (row) => (
        <span className="flex flex-col gap-1">
          <ShareBar share={row.returnedShare} tone={isStandout(row) ? "anomaly" : "plain"} />
          <ShareBar share={row.deliveredShare ?? 0} hatched />
        </span>
      ),
    },
    {
      id: "units",
      header: t("product.returned_units"),
      width: "72px",
      align: "right",
      cell: (row) => format.count(row.returnedUnits),
    },
    {
      id: "returned",
      header: t("product.returned_share"),
      width: "80px",
      align: "right",
      cell: (row) => <span className="font-medium">{format.percent(row.returnedShare)}</span>,
    },
    {
      id: "delivered",
      header: t("product.delivered_share"),
      width: "88px",
      align: "right",
      cell: (row) => format.percent(row.deliveredShare),
    },
    {
      id: "lift",
      header: t("product.lift"),
      width: "68px",
      align: "right",
      cell: (row) => (
        <span className={cn("font-semibold", isFew(row) && "font-normal text-ink-3")}>{format.ratio(row.lift)}</span>
      ),
    },
  ];
}

function isStandout(row: Contribution): boolean {
  return row.returnedUnits >= FEW && (row.lift ?? 0) >= 1.5;
}
