// The overview's two rankings: why things come back and which lanes are late.
import { useQuery } from "@tanstack/react-query";
import * as z from "zod/mini";
import type { Period } from "../lib/period.ts";
import type { Filters } from "../url-state/filters.ts";
import { cubeOptions, inclusive } from "./cube.ts";
import { viewFilters } from "./metrics.ts";
import { count, nullableNumber, text } from "./parse.ts";
import { useStatus } from "./status.ts";

const reasonSchema = z.object({ reason: text, reason_group: text, returns: count });
export type ReasonCount = z.output<typeof reasonSchema>;

/** Returns by canonical reason in a period, most frequent first; unclassified ones included. */
export function useReturnReasons(period: Period | null, filters: Filters, productId?: string) {
  const { version } = useStatus();
  const own =
    productId === undefined
      ? []
      : [{ member: "product_returns.product_id", operator: "equals" as const, values: [productId] }];
  return useQuery({
    ...cubeOptions(
      version,
      {
        measures: ["product_returns.returns"],
        dimensions: ["product_returns.reason", "product_returns.reason_group"],
        timeDimensions: [
          {
            dimension: "product_returns.returned_at",
            dateRange: inclusive(period ?? { from: "2000-01-01", to: "2000-01-02" }),
          },
        ],
        filters: [...viewFilters("product_returns", filters), ...own],
        order: { "product_returns.returns": "desc" },
      },
      reasonSchema,
    ),
    enabled: period !== null,
  });
}

const laneSchema = z.object({
  lane: text,
  promised_and_attempted: count,
  late_shipments: count,
  late_rate: nullableNumber,
});
export type LaneLateness = z.output<typeof laneSchema>;

/** Lanes with a promise in the period, the one with most late parcels first. */
export function useLateLanes(filters: Filters) {
  const { version } = useStatus();
  return useQuery(
    cubeOptions(
      version,
      {
        measures: ["logistics.promised_and_attempted", "logistics.late_shipments", "logistics.late_rate"],
        dimensions: ["logistics.lane"],
        timeDimensions: [{ dimension: "logistics.promised_delivery_at", dateRange: inclusive(filters.period) }],
        filters: viewFilters("logistics", filters),
        order: { "logistics.late_shipments": "desc" },
        limit: 200,
      },
      laneSchema,
    ),
  );
}
