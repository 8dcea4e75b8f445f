import { Download, Search } from "lucide-react";
import { parseAsBoolean, parseAsString, useQueryStates } from "nuqs";
import { useDeferredValue, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useProductRows, useRatePeriod, type ProductRow } from "../../api/products.ts";
import { useFormat, useLabels, useLanguage } from "../../i18n/labels.ts";
import { downloadCsv } from "../../lib/csv.ts";
import { cn } from "../../lib/cn.ts";
import type { Filters } from "../../url-state/filters.ts";
import { BUTTON, Button } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { LoadBox } from "../../ui/load-state.tsx";
import { Select } from "../../ui/select.tsx";
import { nextSort, parseSort, sortedBy, sortText } from "../../ui/sort.ts";
import { useProductColumns } from "./product-columns.tsx";
import { useVisibleTrends } from "./use-visible-trends.ts";

const parsers = {
  q: parseAsString.withDefault(""),
  sort: parseAsString.withDefault("-finding"),
  category: parseAsString.withDefault(""),
  findings: parseAsBoolean.withDefault(false),
};

const TEXT_COLUMNS: ReadonlySet<string> = new Set(["name", "category"]);
const NO_ROWS: readonly ProductRow[] = [];

/** All products of the period: searched, filtered and sorted here, drawn only where visible. */
export function ProductRanking({ filters }: { readonly filters: Filters }) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useLanguage();
  const [view, setView] = useQueryStates(parsers);
  const { rows: all, error, isRefreshing, retry } = useProductRows(filters);
  const ratePeriod = useRatePeriod(filters);
  const wanted = useDeferredValue(view.q.trim().toLowerCase());
  const sort = parseSort(view.sort);
  const matching = useMemo(
    () => (all ?? NO_ROWS).filter((row) => matches(row, wanted, view.category, view.findings)),
    [all, wanted, view.category, view.findings],
  );
  // Sorting needs the columns' values, never their cells, so the trends may come later.
  const sortColumns = useProductColumns(NO_TRENDS);
  const sortValue = (sortColumns.find((column) => column.id === sort.columnId) ?? sortColumns[1])?.sortValue;
  const rows = useMemo(
    () =>
      sortValue
        ? sortedBy(
            sortedBy(matching, (row) => row.returns, true, language),
            sortValue,
            sort.descending,
            language,
          )
        : matching,
    [matching, sortValue, sort.descending, language],
  );
  const { trends, onVisibleRange } = useVisibleTrends(rows, filters);
  const columns = useProductColumns(trends);
  const exported = columns.filter((column) => column.id !== "trend");
  const download = () =>
    downloadCsv(
      `aftersight-products-${filters.period.from}.csv`,
      exported.map((column) => column.header),
      rows.map((row) => exported.map((column) => column.csv(row))),
    );
  return (
    <section aria-label={t("pages.products")} className="min-w-0 rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <SearchBox value={view.q} onChange={(q) => void setView({ q: q || null })} />
        <CategorySelect
          rows={all ?? NO_ROWS}
          value={view.category}
          onChange={(category) => void setView({ category: category || null })}
        />
        <label className={cn(BUTTON, "cursor-pointer font-normal")}>
          <input
            type="checkbox"
            className="size-3.5 accent-[var(--accent)]"
            checked={view.findings}
            onChange={(event) => void setView({ findings: event.target.checked || null })}
          />
          {t("products.only_findings")}
        </label>
        <output className="block text-xs text-ink-3">
          {all ? `${format.count(rows.length)} / ${format.count(all.length)}` : ""}
        </output>
        <Button
          className="ml-auto"
          disabled={rows.length === 0}
          onClick={() => void download()}
          data-testid="products-csv"
        >
          <Download aria-hidden className="size-3.5" />
          {t("products.csv")}
        </Button>
      </div>
      <LoadBox state={{ isLoading: all === null && error === null, error, retry, isRefreshing }} className="min-h-96">
        <DataTable
          caption={t("pages.products")}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.productId}
          sort={sort}
          onSort={(id) => void setView({ sort: sortText(nextSort(sort, id, TEXT_COLUMNS.has(id))) })}
          height="max(360px, calc(100dvh - 262px))"
          rowHeight={46}
          minWidth="1080px"
          onVisibleRange={onVisibleRange}
          empty={t("products.none")}
          testId="products-table"
        />
      </LoadBox>
      <p className="border-t border-line px-4 py-2 text-xs text-ink-3">
        {ratePeriod === filters.period ? null : t("products.rate_note", { period: format.period(ratePeriod) })}{" "}
        {t("products.few_note")}
      </p>
    </section>
  );
}

const NO_TRENDS: ReadonlyMap<string, readonly number[]> = new Map();

function matches(row: ProductRow, wanted: string, category: string, onlyFindings: boolean): boolean {
  if (onlyFindings && !row.anomaly) return false;
  if (category && row.category !== category) return false;
  return wanted === "" || `${row.name} ${row.productId}`.toLowerCase().includes(wanted);
}

function SearchBox({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className="relative w-60 max-w-full">
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
      <input
        type="search"
        aria-label={t("products.search")}
        placeholder={t("products.search")}
        aria-keyshortcuts="/"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 w-full rounded-md border border-line bg-surface pr-7 pl-8 text-sm placeholder:text-ink-3"
      />
      {value === "" ? (
        <kbd
          aria-hidden
          className="pointer-events-none absolute top-1.5 right-2 rounded border border-line px-1 font-sans text-xs text-ink-3"
        >
          /
        </kbd>
      ) : null}
    </div>
  );
}

interface CategorySelectProps {
  readonly rows: readonly ProductRow[];
  readonly value: string;
  readonly onChange: (category: string) => void;
}

function CategorySelect({ rows, value, onChange }: CategorySelectProps) {
  const { t } = useTranslation();
  const labels = useLabels();
  const language = useLanguage();
  const options = useMemo(() => {
    const collator = new Intl.Collator(language, { numeric: true });
    const categories = [...new Set(rows.map((row) => row.category))].sort(collator.compare);
    return [
      { value: "", label: t("filter.all") },
      ...categories.map((category) => ({ value: category, label: labels.plain(category) })),
    ];
  }, [rows, language, labels, t]);
  return (
    <Select
      label={t("products.category")}
      showLabel
      value={value}
      options={options}
      onChange={onChange}
      className="max-w-64"
    />
  );
}
