// Which series share a market, a reason, a reason × category or a product: integer group numbers for the day loop.
import type { Panel, Series } from "../../series.ts";
import type { ExposureField } from "./exposure.ts";

export interface Grouping {
  readonly count: number;
  /** Group number of each series. */
  readonly of: Int32Array;
}

export interface Groups {
  readonly market: Grouping;
  readonly reason: Grouping;
  /** market × reason */
  readonly cell: Grouping;
  /** Market of each market × reason. */
  readonly marketOfCell: Int32Array;
  /** reason × category, apart for series without known exposure (their rates have another unit). */
  readonly peer: Grouping;
  readonly product: Grouping;
}

export function groupsOf(panel: Panel, field: ExposureField): Groups {
  const market = group(panel.series, (one) => one.market);
  const cell = group(panel.series, (one) => `${one.market}\n${one.reason}`);
  const marketOfCell = new Int32Array(cell.count);
  for (const [row, number] of cell.of.entries()) marketOfCell[number] = market.of[row]!;
  return {
    market,
    cell,
    marketOfCell,
    reason: group(panel.series, (one) => one.reason),
    peer: group(panel.series, (one, row) => {
      const unit = field.isKnown[row] ? "" : one.market;
      return `${one.reason}\n${one.category}\n${unit}`;
    }),
    product: group(panel.series, (one) => `${one.market}\n${one.product}`),
  };
}

function group(series: readonly Series[], key: (one: Series, row: number) => string): Grouping {
  const numbers = new Map<string, number>();
  const of = new Int32Array(series.length);
  for (const [row, one] of series.entries()) {
    const name = key(one, row);
    let number = numbers.get(name);
    if (number === undefined) numbers.set(name, (number = numbers.size));
    of[row] = number;
  }
  return { count: numbers.size, of };
}
