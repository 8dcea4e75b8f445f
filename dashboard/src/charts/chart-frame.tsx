// The frame every chart stands in: title, state, and a table of the same numbers to switch to or download.
import { ChartColumn, Download, Table2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { downloadCsv, type CsvValue } from "../lib/csv.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { LoadBox, type LoadState } from "../ui/load-state.tsx";

export interface TwinColumn<Row> extends Column<Row> {
  readonly csv: (row: Row) => CsvValue;
}

interface ChartFrameProps<Row> {
  readonly title: string;
  readonly subtitle?: ReactNode;
  readonly footnote?: ReactNode;
  readonly actions?: ReactNode;
  readonly state: LoadState;
  readonly empty?: string;
  /** Keeps the place while loading, e.g. `h-64`. */
  readonly placeClassName: string;
  readonly columns: readonly TwinColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly fileName: string;
  readonly className?: string;
  readonly testId?: string;
  readonly children: ReactNode;
}

export function ChartFrame<Row>(props: ChartFrameProps<Row>) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const { title, columns, rows, state } = props;
  const hasRows = rows.length > 0 && !state.isLoading && !state.error;
  const Icon = asTable ? ChartColumn : Table2;
  const download = () =>
    downloadCsv(
      props.fileName,
      columns.map((column) => column.header),
      rows.map((row) => columns.map((column) => column.csv(row))),
    );
  return (
    <Card
      title={title}
      subtitle={props.subtitle}
      {...(props.testId ? { testId: props.testId } : {})}
      {...(props.className ? { className: props.className } : {})}
      flush={asTable}
      footnote={props.footnote}
      actions={
        <>
          {props.actions}
          <Button quiet disabled={!hasRows} aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            <Icon aria-hidden className="size-3.5" />
            {asTable ? t("chart.as_chart") : t("chart.as_table")}
          </Button>
          {asTable ? (
            <Button quiet disabled={!hasRows} onClick={() => void download()}>
              <Download aria-hidden className="size-3.5" />
              {t("chart.csv")}
            </Button>
          ) : null}
        </>
      }
    >
      <LoadBox state={state} className={props.placeClassName} {...(props.empty ? { empty: props.empty } : {})}>
        {asTable ? (
          <DataTable
            caption={title}
            columns={columns}
            rows={rows}
            rowKey={props.rowKey}
            maxHeight="320px"
            minWidth={`${Math.max(320, columns.length * 90)}px`}
            empty={t("state.empty")}
          />
        ) : (
          props.children
        )}
      </LoadBox>
    </Card>
  );
}
