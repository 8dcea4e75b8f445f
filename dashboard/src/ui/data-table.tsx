// One table for all: real table elements, sortable heads, sticky head and first column, rows virtual when there are many.
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "../lib/cn.ts";
import type { Sort } from "./sort.ts";

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Given: the head sorts by it. */
  readonly sortValue?: (row: Row) => number | string | null;
  readonly align?: "left" | "right";
  /** CSS width, e.g. `120px`; columns without one share the rest. */
  readonly width?: string;
  readonly className?: string;
  /** For columns of bars: the head is said, not written. */
  readonly isHeaderHidden?: boolean;
}

interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly sort?: Sort | null;
  readonly onSort?: (columnId: string) => void;
  /** CSS height of the scrolling box; rows are virtual then, all of `rowHeight` px. */
  readonly height?: string;
  readonly rowHeight?: number;
  readonly maxHeight?: string;
  /** Under this width the table scrolls inside its card. */
  readonly minWidth: string;
  readonly onVisibleRange?: (first: number, last: number) => void;
  readonly empty: string;
  readonly testId?: string;
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const {
    caption,
    columns,
    rows,
    rowKey,
    height,
    maxHeight,
    minWidth,
    rowHeight = 40,
    onVisibleRange,
    empty,
    testId,
  } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const isVirtual = height !== undefined;
  // oxlint-disable-next-line react/incompatible-library -- the React compiler, which this warns about, is not used here.
  const virtualizer = useVirtualizer({
    count: isVirtual ? rows.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const first = isVirtual ? (items[0]?.index ?? 0) : 0;
  const last = isVirtual ? (items.at(-1)?.index ?? -1) : rows.length - 1;
  useEffect(() => onVisibleRange?.(first, last), [onVisibleRange, first, last]);
  const before = isVirtual ? (items[0]?.start ?? 0) : 0;
  const after = isVirtual ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;
  /* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-tabindex -- a scrolling box must be reachable by keyboard. */
  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="group"
      aria-label={caption}
      className="relative overflow-auto focus-visible:-outline-offset-2"
      style={{ height, maxHeight }}
    >
      <table
        data-testid={testId}
        aria-rowcount={rows.length + 1}
        className="w-full table-fixed border-separate border-spacing-0 text-sm"
        style={{ minWidth }}
      >
        <caption className="sr-only">{caption}</caption>
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} style={{ width: column.width }} />
          ))}
        </colgroup>
        <TableHead {...props} />
        <tbody>
          {before > 0 ? <Spacer height={before} /> : null}
          {rows.slice(first, last + 1).map((row, index) => (
            <tr
              key={rowKey(row)}
              aria-rowindex={first + index + 2}
              className="group"
              style={isVirtual ? { height: rowHeight } : undefined}
            >
              {columns.map((column, columnIndex) => (
                <Cell key={column.id} column={column} isFirst={columnIndex === 0}>
                  {column.cell(row)}
                </Cell>
              ))}
            </tr>
          ))}
          {after > 0 ? <Spacer height={after} /> : null}
        </tbody>
      </table>
      {rows.length === 0 ? <p className="sticky left-0 px-4 py-6 text-center text-ink-3">{empty}</p> : null}
    </div>
  );
}

function TableHead<Row>({ columns, sort = null, onSort }: DataTableProps<Row>) {
  const { t } = useTranslation();
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map((column, index) => {
          const isSorted = sort?.columnId === column.id;
          const Arrow = sort?.descending ? ArrowDown : ArrowUp;
          return (
            <th
              key={column.id}
              scope="col"
              aria-sort={isSorted ? (sort.descending ? "descending" : "ascending") : undefined}
              className={cn(
                "sticky top-0 z-10 h-8 border-b border-line bg-surface px-2 text-left align-middle text-xs font-medium text-ink-3 last:pr-4",
                column.align === "right" && "text-right",
                index === 0 && "left-0 z-20 pl-4",
              )}
            >
              {column.sortValue && onSort ? (
                <button
                  type="button"
                  aria-label={t("products.sort_by", { column: column.header })}
                  onClick={() => onSort(column.id)}
                  className={cn(
                    "inline-flex max-w-full items-center gap-1 hover:text-ink",
                    column.align === "right" && "flex-row-reverse",
                    isSorted && "text-ink",
                  )}
                >
                  <span className={cn("leading-4", column.align === "right" && "text-right")}>{column.header}</span>
                  {isSorted ? <Arrow aria-hidden className="size-3 shrink-0" /> : null}
                </button>
              ) : (
                <span className={column.isHeaderHidden ? "sr-only" : ""}>{column.header}</span>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

interface CellProps<Row> {
  readonly column: Column<Row>;
  readonly isFirst: boolean;
  readonly children: ReactNode;
}

function Cell<Row>({ column, isFirst, children }: CellProps<Row>) {
  const className = cn(
    "border-b border-line px-2 py-1.5 align-middle font-normal group-last:border-b-0 group-hover:bg-hover last:pr-4",
    column.align === "right" ? "text-right" : "text-left",
    isFirst && "sticky left-0 z-[5] bg-surface pl-4",
    column.className,
  );
  return isFirst ? (
    <th scope="row" className={className}>
      {children}
    </th>
  ) : (
    <td className={className}>{children}</td>
  );
}

function Spacer({ height }: { readonly height: number }) {
  return <tr aria-hidden style={{ height }} />;
}
