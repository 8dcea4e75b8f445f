// What one product's page asks for beyond findings: reasons by week, where the cases come from, the rows themselves.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import * as z from "zod/mini";
import { addDays } from "../lib/day.ts";
import type { Period } from "../lib/period.ts";
import type { Filters } from "../url-state/filters.ts";
import { anyOf, cubeOptions, inclusive, loadRows, type CubeQuery, type MemberFilter } from "./cube.ts";
import { viewFilters } from "./metrics.ts";
import { count, day, nullableNumber, nullableText, text } from "./parse.ts";
import { useStatus } from "./status.ts";

const reasonWeekSchema = z.pipe(
  z.object({ reason: text, "returned_at.week": day, returns: count }),
  z.transform((row) => ({ reason: row.reason, week: row["returned_at.week"], returns: row.returns })),
);
export type ReasonWeek = z.output<typeof reasonWeekSchema>;

export function useReasonWeeks(productId: string, period: Period, shared: Filters) {
  const { version } = useStatus();
  return useQuery(
    cubeOptions(
      version,
      {
        measures: ["product_returns.returns"],
        dimensions: ["product_returns.reason"],
        timeDimensions: [
          { dimension: "product_returns.returned_at", dateRange: inclusive(period), granularity: "week" },
        ],
        filters: [...anyOf("product_returns.product_id", [productId]), ...viewFilters("product_returns", shared)],
      },
      reasonWeekSchema,
    ),
  );
}

export const SLICES = ["market", "carrier", "warehouse", "lot", "variant"] as const;
export type Slice = (typeof SLICES)[number];

export interface Contribution {
  readonly slice: Slice;
  readonly value: string;
  readonly returnedUnits: number;
  /** Of the window's returned units. */
  readonly returnedShare: number;
  readonly deliveredUnits: number;
  /** Of the product's own delivered units; null when none was delivered in the reference period. */
  readonly deliveredShare: number | null;
  /** returnedShare / deliveredShare. */
  readonly lift: number | null;
}

/** Deliveries this long before the window count as where its returns came from. */
export const REFERENCE_DAYS = 60;

export function referencePeriod(window: Period): Period {
  return { from: addDays(window.from, -REFERENCE_DAYS), to: window.to };
}

const sliceSchema = (slice: Slice, measure: string) =>
  z.pipe(
    z.record(z.string(), z.unknown()),
    z.transform((row) => ({ value: text.parse(row[slice]), units: count.parse(row[measure]) })),
  );

/** Where a window's returns come from, against where the product's deliveries went; `reason` null takes all reasons. */
export function useContributions(scope: RowScope) {
  const { productId, reason, window, shared } = scope;
  const { version } = useStatus();
  const returnFilters: MemberFilter[] = [
    ...anyOf("product_returns.product_id", [productId]),
    ...anyOf("product_returns.reason", reason === null ? [] : [reason]),
    ...viewFilters("product_returns", shared),
  ];
  const deliveryFilters = [...anyOf("deliveries.product_id", [productId]), ...viewFilters("deliveries", shared)];
  const queries = SLICES.map((slice): SliceQueries => ({
    slice,
    returned: {
      dimensions: [`product_returns.${slice}`],
      measures: ["product_returns.returned_units"],
      timeDimensions: [{ dimension: "product_returns.returned_at", dateRange: inclusive(window) }],
      filters: returnFilters,
    },
    delivered: {
      dimensions: [`deliveries.${slice}`],
      measures: ["deliveries.delivered_units"],
      timeDimensions: [{ dimension: "deliveries.delivered_at", dateRange: inclusive(referencePeriod(window)) }],
      filters: deliveryFilters,
    },
  }));
  // One question, not ten: several at once can't keep their former answers while a new version's are on their way.
  return useQuery({
    queryKey: ["contributions", version, queries],
    queryFn: async ({ signal }) => (await Promise.all(queries.map((each) => loadSlice(each, signal)))).flat(),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

interface SliceQueries {
  readonly slice: Slice;
  readonly returned: CubeQuery;
  readonly delivered: CubeQuery;
}

async function loadSlice({ slice, returned, delivered }: SliceQueries, signal: AbortSignal): Promise<Contribution[]> {
  const [returnedUnits, deliveredUnits] = await Promise.all([
    loadRows(returned, sliceSchema(slice, "returned_units"), signal),
    loadRows(delivered, sliceSchema(slice, "delivered_units"), signal),
  ]);
  return contributionsOf(slice, returnedUnits, deliveredUnits);
}

interface UnitsOf {
  readonly value: string;
  readonly units: number;
}

/** Shares and lift of each value, the most returned first. Values never returned in the window are left out. */
export function contributionsOf(
  slice: Slice,
  returned: readonly UnitsOf[],
  delivered: readonly UnitsOf[],
): Contribution[] {
  const returnedTotal = total(returned);
  const deliveredTotal = total(delivered);
  const deliveredBy = new Map(delivered.map((row) => [row.value, row.units]));
  return returned
    .filter((row) => row.units > 0)
    .map((row) => {
      const deliveredUnits = deliveredBy.get(row.value) ?? 0;
      const returnedShare = row.units / returnedTotal;
      const deliveredShare = deliveredTotal > 0 ? deliveredUnits / deliveredTotal : null;
      const lift = deliveredShare ? returnedShare / deliveredShare : null;
      return { slice, value: row.value, returnedUnits: row.units, returnedShare, deliveredUnits, deliveredShare, lift };
    })
    .sort((a, b) => b.returnedUnits - a.returnedUnits);
}

function total(rows: readonly UnitsOf[]): number {
  return rows.reduce((sum, row) => sum + row.units, 0);
}

const returnRowSchema = z.object({
  return_id: text,
  returned_at: nullableText,
  order_id: nullableText,
  variant: text,
  market: text,
  carrier: text,
  lot: text,
  reason: text,
  resolution: text,
  comment: nullableText,
  quantity: nullableNumber,
});
export type ReturnRow = z.output<typeof returnRowSchema>;

const ticketRowSchema = z.object({
  ticket_id: text,
  created_at: nullableText,
  order_id: nullableText,
  channel: text,
  market: text,
  language: text,
  reason: text,
  status: text,
  subject: nullableText,
});
export type TicketRow = z.output<typeof ticketRowSchema>;

/** Rows shown at most; the table says when there are more. */
export const ROW_LIMIT = 1000;

function useRows<Row>(
  view: string,
  time: string,
  keys: readonly string[],
  schema: z.ZodMiniType<Row>,
  scope: RowScope,
) {
  const { version } = useStatus();
  return useQuery(
    cubeOptions(
      version,
      {
        dimensions: keys.map((key) => `${view}.${key}`),
        timeDimensions: [{ dimension: `${view}.${time}`, dateRange: inclusive(scope.window) }],
        filters: [
          ...anyOf(`${view}.product_id`, [scope.productId]),
          ...anyOf(`${view}.reason`, scope.reason === null ? [] : [scope.reason]),
          ...viewFilters(view, scope.shared),
        ],
        order: { [`${view}.${time}`]: "desc" },
        limit: ROW_LIMIT,
      },
      schema,
    ),
  );
}

export interface RowScope {
  readonly productId: string;
  /** Null takes all reasons. */
  readonly reason: string | null;
  readonly window: Period;
  /** Market and channels chosen in the toolbar; its period is not used. */
  readonly shared: Filters;
}

export function useReturnRows(scope: RowScope) {
  return useRows("product_returns", "returned_at", Object.keys(returnRowSchema.shape), returnRowSchema, scope);
}

export function useTicketRows(scope: RowScope) {
  return useRows("service", "created_at", Object.keys(ticketRowSchema.shape), ticketRowSchema, scope);
}
