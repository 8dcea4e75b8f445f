import { Download, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ROW_LIMIT, useReturnRows, useTicketRows, type RowScope } from "../../api/product.ts";
import type { TwinColumn } from "../../charts/chart-frame.tsx";
import { useFormat, useLabels } from "../../i18n/labels.ts";
import { downloadCsv } from "../../lib/csv.ts";
import type { Period } from "../../lib/period.ts";
import type { Filters } from "../../url-state/filters.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { LoadBox, type LoadState, loadStateOf } from "../../ui/load-state.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { selectionPeriod, type Selection } from "./selection.ts";
import { useReturnColumns, useTicketColumns } from "./row-columns.tsx";

interface RowsPanelProps {
  readonly productId: string;
  readonly reason: string | null;
  readonly window: Period;
  readonly filters: Filters;
  readonly selection: Selection | null;
  readonly onClear: () => void;
  /** Tickets first when the watched series counts tickets. */
  readonly ticketsFirst: boolean;
}

/** The single cases behind the chosen day or window. */
export function RowsPanel({ productId, reason, window, filters, selection, onClear, ticketsFirst }: RowsPanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  const [tab, setTab] = useState<"returns" | "tickets">(ticketsFirst ? "tickets" : "returns");
  const [everyReason, setEveryReason] = useState(false);
  const scope: RowScope = {
    productId,
    reason: everyReason ? null : reason,
    window: selection ? selectionPeriod(selection) : window,
    shared: filters,
  };
  const returns = useReturnRows(scope);
  const tickets = useTicketRows(scope);
  const returnColumns = useReturnColumns();
  const ticketColumns = useTicketColumns();
  const tabName = (name: "returns" | "tickets", rows: readonly unknown[] | undefined) =>
    `${t(`product.tab_${name}`)} ${rows ? format.count(rows.length) : ""}`;
  return (
    <Card
      testId="rows"
      title={t("product.rows_title")}
      subtitle={selection?.grain === "day" ? format.day(selection.start) : format.period(scope.window)}
      flush
      actions={
        <>
          {selection ? (
            <Button quiet onClick={onClear}>
              <X aria-hidden className="size-3.5" />
              {t("product.clear_day")}
            </Button>
          ) : null}
          {reason ? (
            <Segmented
              label={t("product.reason")}
              value={everyReason ? "all" : "one"}
              options={[
                { value: "one", label: t("product.only_reason", { reason: labels.reason(reason) }) },
                { value: "all", label: t("product.all_reasons") },
              ]}
              onChange={(value) => setEveryReason(value === "all")}
            />
          ) : null}
          <Segmented
            label={t("product.rows_title")}
            value={tab}
            options={[
              { value: "returns", label: tabName("returns", returns.data) },
              { value: "tickets", label: tabName("tickets", tickets.data) },
            ]}
            onChange={setTab}
          />
        </>
      }
    >
      {tab === "returns" ? (
        <Rows
          key="returns"
          columns={returnColumns}
          rows={returns.data ?? []}
          rowKey={(row) => row.return_id}
          state={loadStateOf(returns)}
          empty={t("product.none_returns")}
          name="returns"
        />
      ) : (
        <Rows
          key="tickets"
          columns={ticketColumns}
          rows={tickets.data ?? []}
          rowKey={(row) => row.ticket_id}
          state={loadStateOf(tickets)}
          empty={t("product.none_tickets")}
          name="tickets"
        />
      )}
    </Card>
  );
}

interface RowsProps<Row> {
  readonly columns: readonly TwinColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly state: LoadState;
  readonly empty: string;
  readonly name: "returns" | "tickets";
}

function Rows<Row>({ columns, rows, rowKey, state, empty, name }: RowsProps<Row>) {
  const { t } = useTranslation();
  const format = useFormat();
  const download = () =>
    downloadCsv(
      `aftersight-${name}.csv`,
      columns.map((column) => column.header),
      rows.map((row) => columns.map((column) => column.csv(row))),
    );
  return (
    <LoadBox state={{ ...state, isEmpty: rows.length === 0 && !state.isLoading }} empty={empty} className="min-h-32">
      <DataTable
        caption={t(`product.tab_${name}`)}
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        maxHeight="480px"
        minWidth="1080px"
        empty={empty}
        testId={`${name}-table`}
      />
      <div className="flex items-center justify-between gap-3 border-t border-line px-4 py-2">
        <p className="text-xs text-ink-3">
          {rows.length >= ROW_LIMIT ? t("product.rows_limit", { formatted: format.count(ROW_LIMIT) }) : ""}
        </p>
        <Button quiet onClick={() => void download()}>
          <Download aria-hidden className="size-3.5" />
          {t("products.csv")}
        </Button>
      </div>
    </LoadBox>
  );
}
