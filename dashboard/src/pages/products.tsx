import { useTranslation } from "react-i18next";
import { useStatus } from "../api/status.ts";
import { ProductRanking } from "../features/products/product-ranking.tsx";
import { PageTitle } from "../features/shell/page-title.tsx";
import { Toolbar } from "../features/toolbar/toolbar.tsx";
import { useFormat } from "../i18n/labels.ts";
import { useFilters } from "../url-state/filters.ts";

export default function ProductsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { dataCompleteTo } = useStatus();
  const filters = useFilters(dataCompleteTo);
  return (
    <>
      <div className="flex flex-col gap-3">
        <PageTitle title={t("pages.products")}>
          <p className="text-xs text-ink-3">{format.period(filters.period)}</p>
        </PageTitle>
        <Toolbar filters={filters} />
      </div>
      <ProductRanking filters={filters} />
    </>
  );
}
