import { parseAsString, useQueryStates } from "nuqs";
import { useTranslation } from "react-i18next";
import { useParams } from "wouter";
import { useAnomalies, useWatchedSeries } from "../api/anomalies.ts";
import { useCatalog } from "../api/products.ts";
import { useStatus } from "../api/status.ts";
import { AnomalyPanel } from "../features/product/anomaly-panel.tsx";
import { ContributionPanel } from "../features/product/contribution-panel.tsx";
import { FindingList } from "../features/product/finding-list.tsx";
import { FindingSentence } from "../features/product/finding-sentence.tsx";
import { BackLink, ProductFigures, ProductTitle } from "../features/product/product-header.tsx";
import { ReasonPanel } from "../features/product/reason-panel.tsx";
import { RowsPanel } from "../features/product/rows-panel.tsx";
import { selectionOf, type Selection } from "../features/product/selection.ts";
import { productView } from "../features/product/view.ts";
import { PageTitle } from "../features/shell/page-title.tsx";
import { Toolbar } from "../features/toolbar/toolbar.tsx";
import { productIdOf } from "../routes.tsx";
import { lastReportedDay } from "../lib/period.ts";
import { LoadBox, loadStateOf } from "../ui/load-state.tsx";
import { useFilters } from "../url-state/filters.ts";

const parsers = { anomaly: parseAsString, series: parseAsString, day: parseAsString, week: parseAsString };

export default function ProductPage() {
  const { t } = useTranslation();
  const id = productIdOf(useParams<{ id: string }>().id);
  const catalog = useCatalog(id);
  const product = catalog.data?.[0];
  return (
    <>
      <BackLink />
      {product ? (
        <ProductBody product={product} />
      ) : (
        <>
          <PageTitle title={t("pages.product")} />
          <LoadBox
            state={loadStateOf(catalog, catalog.data?.length === 0)}
            empty={t("product.unknown", { id })}
            className="min-h-60"
          >
            {null}
          </LoadBox>
        </>
      )}
    </>
  );
}

function ProductBody({ product }: { readonly product: NonNullable<ReturnType<typeof useCatalog>["data"]>[number] }) {
  const { t } = useTranslation();
  const { dataCompleteTo } = useStatus();
  const filters = useFilters(dataCompleteTo);
  const [state, setState] = useQueryStates(parsers, { history: "push" });
  const anomalies = useAnomalies({ productId: product.product_id });
  const seriesList = useWatchedSeries(product.product_id);
  const selection = selectionOf(state.day, state.week);
  const select = (next: Selection | null) => {
    const isSame = next?.start === selection?.start && next?.grain === selection?.grain;
    const start = isSame ? null : (next?.start ?? null);
    void setState({ day: next?.grain === "day" ? start : null, week: next?.grain === "week" ? start : null });
  };
  const view = productView(
    state,
    anomalies.data ?? [],
    seriesList.data ?? [],
    filters.period,
    lastReportedDay(dataCompleteTo),
  );
  const isReady = anomalies.data !== undefined && seriesList.data !== undefined;
  const findings = anomalies.data ?? [];
  return (
    <>
      <div className="flex flex-col gap-3">
        <ProductTitle product={product} />
        <Toolbar filters={filters} />
      </div>
      <ProductFigures productId={product.product_id} filters={filters} />
      <LoadBox
        state={loadStateOf(anomalies.error ? anomalies : seriesList, false)}
        className={isReady ? "" : "min-h-96"}
      >
        {isReady ? (
          <div className="flex flex-col gap-3">
            {view.anomaly ? (
              <FindingSentence anomaly={view.anomaly} />
            ) : (
              <p className="text-ink-2">{t("product.no_findings")}</p>
            )}
            {findings.length > 1 ? (
              <FindingList
                anomalies={findings}
                selectedId={view.anomaly?.anomaly_id ?? null}
                onSelect={(anomaly) => void setState({ anomaly, series: null, day: null, week: null })}
              />
            ) : null}
            <AnomalyPanel
              view={view}
              seriesList={seriesList.data ?? []}
              selection={selection}
              isFiltered={filters.markets.length + filters.salesChannels.length + filters.contactChannels.length > 0}
              onSeries={(series) => void setState({ series, anomaly: null, day: null, week: null })}
              onSelect={select}
            />
            <div className="grid gap-3 xl:grid-cols-2">
              <ReasonPanel
                productId={product.product_id}
                period={view.chartPeriod}
                filters={filters}
                onWeek={(start) => select({ start, grain: "week" })}
              />
              <ContributionPanel
                key={view.window.from + view.reason}
                productId={product.product_id}
                reason={view.reason}
                window={view.window}
                filters={filters}
              />
            </div>
            <RowsPanel
              key={view.series?.watch}
              productId={product.product_id}
              reason={view.reason}
              window={view.window}
              filters={filters}
              selection={selection}
              onClear={() => select(null)}
              ticketsFirst={view.series?.watch === "product_complaints"}
            />
          </div>
        ) : null}
      </LoadBox>
    </>
  );
}
