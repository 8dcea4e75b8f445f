// Sorting of table rows; missing values stay last in both directions.

export interface Sort {
  readonly columnId: string;
  readonly descending: boolean;
}

export type SortValue = number | string | null;

/** `-returns` ↔ { columnId: "returns", descending: true }, as kept in the address. */
export function parseSort(text: string): Sort {
  return text.startsWith("-") ? { columnId: text.slice(1), descending: true } : { columnId: text, descending: false };
}

export function sortText(sort: Sort): string {
  return `${sort.descending ? "-" : ""}${sort.columnId}`;
}

/** A new column starts with its largest value first (names with A), the same column turns round. */
export function nextSort(current: Sort, columnId: string, isText: boolean): Sort {
  return current.columnId === columnId
    ? { columnId, descending: !current.descending }
    : { columnId, descending: !isText };
}

/** A sorted copy; stable, so rows of equal value keep their order. */
export function sortedBy<Row>(
  rows: readonly Row[],
  value: (row: Row) => SortValue,
  descending: boolean,
  locale: string,
): Row[] {
  const collator = new Intl.Collator(locale, { numeric: true });
  const sign = descending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const a = value(left);
    const b = value(right);
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * collator.compare(String(a), String(b));
  });
}
