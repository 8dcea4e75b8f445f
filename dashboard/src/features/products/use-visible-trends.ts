// Trends of the rows on screen, asked for in small blocks and kept while scrolling.
import { useCallback, useEffect, useMemo, useState } from "react";
import { useReturnTrends, type ProductRow } from "../../api/products.ts";
import type { Filters } from "../../url-state/filters.ts";
import type { Trends } from "./product-columns.tsx";

/** Rows per question: enough for a screen, few enough for one quick query. */
const BLOCK = 40;
const SETTLE_MS = 120;

/** Trends by product id for the visible rows, and the function the table reports its visible range to. */
export function useVisibleTrends(rows: readonly ProductRow[], filters: Filters) {
  const [range, setRange] = useState({ first: 0, last: 20 });
  const [settled, setSettled] = useState(range);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(range), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [range]);
  const blockStart = Math.floor(settled.first / BLOCK) * BLOCK;
  const ids = (start: number) => rows.slice(start, start + BLOCK).map((row) => row.productId);
  // A screen may straddle two blocks, never three.
  const upper = useReturnTrends(ids(blockStart), filters);
  const lower = useReturnTrends(settled.last >= blockStart + BLOCK ? ids(blockStart + BLOCK) : [], filters);
  const trends: Trends = useMemo(
    () => new Map([...(upper.data ?? []), ...(lower.data ?? [])]),
    [upper.data, lower.data],
  );
  const onVisibleRange = useCallback((first: number, last: number) => setRange({ first, last }), []);
  return { trends, onVisibleRange };
}
