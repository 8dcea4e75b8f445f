import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearch } from "wouter";
import { useTotals } from "../../api/metrics.ts";
import { useRatePeriod, type CatalogProduct } from "../../api/products.ts";
import { useFormat, useLabels } from "../../i18n/labels.ts";
import { cn } from "../../lib/cn.ts";
import { FEW } from "../../lib/statistics.ts";
import { sharedSearch, type Filters } from "../../url-state/filters.ts";
import { PageTitle } from "../shell/page-title.tsx";

export function BackLink() {
  const { t } = useTranslation();
  const search = useSearch();
  return (
    <Link
      href={`/products${sharedSearch(search)}`}
      className="inline-flex w-fit items-center gap-1 text-sm text-ink-2 hover:text-ink"
    >
      <ArrowLeft aria-hidden className="size-3.5" />
      {t("product.back")}
    </Link>
  );
}

export function ProductTitle({ product }: { readonly product: CatalogProduct }) {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  const facts: [string, string][] = [
    [t("product.id"), product.product_id],
    [t("product.category"), labels.plain(product.category)],
    [t("product.brand"), labels.plain(product.brand)],
    [t("product.supplier"), labels.plain(product.supplier)],
    [t("product.first_sold"), format.day(product.first_sold_at)],
  ];
  return (
    <PageTitle title={product.product_name}>
      <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
        {facts.map(([name, value]) => (
          <div key={name} className="flex min-w-0 gap-1">
            <dt className="text-ink-3">{name}</dt>
            <dd className="break-all text-ink-2">{value}</dd>
          </div>
        ))}
      </dl>
    </PageTitle>
  );
}

interface ProductFiguresProps {
  readonly productId: string;
  readonly filters: Filters;
}

/** The product's own key figures in the selected period. */
export function ProductFigures({ productId, filters }: ProductFiguresProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const own = (view: string) => [{ member: `${view}.product_id`, operator: "equals" as const, values: [productId] }];
  const deliveries = useTotals("deliveries", filters.period, filters, own("deliveries")).data;
  const returns = useTotals("product_returns", filters.period, filters, own("product_returns")).data;
  const service = useTotals("service", filters.period, filters, own("service")).data;
  const ratePeriod = useRatePeriod(filters);
  const rated = useTotals("deliveries", ratePeriod, filters, own("deliveries")).data;
  const delivered = rated?.delivered_units ?? 0;
  const matured = rated?.matured_units ?? 0;
  const maturity =
    ratePeriod === filters.period
      ? delivered > 0 && t("product.matured", { share: format.percent(matured / delivered) })
      : t("product.rate_of", { period: format.period(ratePeriod) });
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-5">
      <Fact name={t("product.delivered")} value={format.count(deliveries?.delivered_units ?? null)} />
      <Fact
        name={t("product.return_rate")}
        value={format.percent(matured > 0 ? (rated?.return_rate_30d ?? null) : null)}
        isMuted={matured < FEW}
        note={maturity}
      />
      <Fact name={t("product.returns")} value={format.count(returns?.returns ?? null)} />
      <Fact name={t("product.tickets")} value={format.count(service?.tickets ?? null)} />
      <Fact name={t("product.quality")} value={format.count(service?.quality_complaints ?? null)} />
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly isMuted?: boolean;
  readonly note?: ReactNode;
}

function Fact({ name, value, isMuted = false, note }: FactProps) {
  return (
    <div className="bg-surface px-4 py-2.5 max-sm:last:col-span-2">
      <dt className="text-xs text-ink-3">{name}</dt>
      <dd className={cn("text-lg font-semibold", isMuted && "text-ink-3")}>
        {value}
        {note ? <span className="block text-xs font-normal text-ink-3">{note}</span> : null}
      </dd>
    </div>
  );
}
