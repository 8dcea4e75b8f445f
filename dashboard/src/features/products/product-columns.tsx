// The ranking's columns: what is shown, what sorts, what goes into the file.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearch } from "wouter";
import type { ProductRow } from "../../api/products.ts";
import type { TwinColumn } from "../../charts/chart-frame.tsx";
import { Sparkline } from "../../charts/sparkline.tsx";
import { useFormat, useLabels } from "../../i18n/labels.ts";
import { cn } from "../../lib/cn.ts";
import { NO_VALUE } from "../../lib/format.ts";
import { FEW } from "../../lib/statistics.ts";
import { productPath } from "../../routes.tsx";
import { sharedSearch } from "../../url-state/filters.ts";
import { SeverityBadge } from "../../ui/severity-badge.tsx";

export type Trends = ReadonlyMap<string, readonly number[]>;

export function useProductColumns(trends: Trends): TwinColumn<ProductRow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  const search = useSearch();
  return useMemo(() => {
    const number = (
      id: string,
      header: string,
      width: string,
      value: (row: ProductRow) => number,
    ): TwinColumn<ProductRow> => ({
      id,
      header,
      width,
      align: "right",
      sortValue: value,
      csv: value,
      cell: (row) => format.count(value(row)),
    });
    return [
      {
        id: "name",
        header: t("products.name"),
        width: "24%",
        sortValue: (row) => row.name,
        csv: (row) => `${row.productId} ${row.name}`,
        cell: (row) => <ProductName row={row} search={search} />,
      },
      {
        id: "finding",
        header: t("products.finding"),
        width: "212px",
        sortValue: (row) => row.anomaly?.score ?? null,
        csv: (row) =>
          row.anomaly
            ? `${labels.severity(row.anomaly.severity)} · ${labels.reason(row.anomaly.reason)} · ${format.ratio(row.anomaly.rate_ratio)}`
            : null,
        cell: (row) => <Finding row={row} />,
      },
      {
        id: "excess",
        header: t("products.excess"),
        width: "68px",
        align: "right",
        sortValue: (row) => row.anomaly?.excess ?? null,
        csv: (row) => row.anomaly?.excess ?? null,
        cell: (row) => (row.anomaly ? `+${format.decimal(row.anomaly.excess, 0)}` : ""),
      },
      number("delivered", t("products.delivered"), "84px", (row) => row.deliveredUnits),
      {
        id: "rate",
        header: t("products.return_rate"),
        width: "88px",
        align: "right",
        sortValue: (row) => (row.maturedUnits < FEW ? null : row.returnRate30d),
        csv: (row) => row.returnRate30d,
        cell: (row) => (
          <span className={cn("font-medium", row.maturedUnits < FEW && "font-normal text-ink-3")}>
            {format.percent(row.returnRate30d)}
          </span>
        ),
      },
      number("returns", t("products.returns"), "72px", (row) => row.returns),
      number("quality", t("products.quality"), "88px", (row) => row.qualityComplaints),
      {
        id: "trend",
        header: t("products.trend"),
        width: "132px",
        csv: (row) => trends.get(row.productId)?.join(" ") ?? null,
        cell: (row) => <Trend values={trends.get(row.productId)} />,
      },
      {
        id: "category",
        header: t("products.category"),
        width: "14%",
        sortValue: (row) => row.category,
        csv: (row) => row.category,
        cell: (row) => (
          <span className="block truncate text-ink-2" title={row.category}>
            {labels.plain(row.category)}
          </span>
        ),
      },
    ];
  }, [t, format, labels, search, trends]);
}

function ProductName({ row, search }: { readonly row: ProductRow; readonly search: string }) {
  const extra = row.anomaly ? { anomaly: row.anomaly.anomaly_id } : {};
  return (
    <>
      <Link
        href={`${productPath(row.productId)}${sharedSearch(search, extra)}`}
        title={row.name}
        className="block truncate font-medium text-accent hover:underline"
      >
        {row.name}
      </Link>
      {row.name === row.productId ? null : <span className="block truncate text-xs text-ink-3">{row.productId}</span>}
    </>
  );
}

function Finding({ row }: { readonly row: ProductRow }) {
  const format = useFormat();
  const labels = useLabels();
  if (!row.anomaly) return <span className="text-ink-3">{NO_VALUE}</span>;
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <SeverityBadge severity={row.anomaly.severity} />
      <span className="truncate" title={labels.reason(row.anomaly.reason)}>
        {labels.reason(row.anomaly.reason)}
      </span>
      <span className="ml-auto font-medium">{format.ratio(row.anomaly.rate_ratio)}</span>
    </span>
  );
}

/** The current week is still filling up, so its end is dashed. */
function Trend({ values }: { readonly values: readonly number[] | undefined }) {
  const { t } = useTranslation();
  if (!values) return <span aria-hidden className="skeleton block h-5 w-28" />;
  return (
    <>
      <Sparkline
        points={values.map((value, index) => ({ value, isIncomplete: index === values.length - 1 }))}
        width={112}
        height={24}
        fromZero
      />
      <span className="sr-only">{t("products.trend_label", { values: values.join(", ") })}</span>
    </>
  );
}
