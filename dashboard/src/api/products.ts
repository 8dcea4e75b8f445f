// The product ranking: four grouped queries put together by product id.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import * as z from "zod/mini";
import { addDays, startOfWeek } from "../lib/day.ts";
import { lastReportedDay, maturedPeriod, type Period } from "../lib/period.ts";
import type { Filters } from "../url-state/filters.ts";
import { useAnomalies, type Anomaly } from "./anomalies.ts";
import { anyOf, cubeOptions, inclusive } from "./cube.ts";
import { viewFilters } from "./metrics.ts";
import { count, day, nullableNumber, nullableText, text } from "./parse.ts";
import { useStatus } from "./status.ts";

export interface ProductRow {
  readonly productId: string;
  readonly name: string;
  readonly category: string;
  readonly deliveredUnits: number;
  readonly maturedUnits: number;
  /** Fraction; null while no delivered unit is 30 days old. */
  readonly returnRate30d: number | null;
  readonly returns: number;
  readonly qualityComplaints: number;
  /** The strongest open finding. */
  readonly anomaly: Anomaly | null;
}

const catalogSchema = z.object({
  product_id: text,
  product_name: text,
  category: text,
  brand: text,
  supplier: text,
  first_sold_at: nullableText,
});
export type CatalogProduct = z.output<typeof catalogSchema>;

const CATALOG_MEMBERS = Object.keys(catalogSchema.shape).map((key) => `product_catalog.${key}`);

const deliveredSchema = z.object({ product_id: text, delivered_units: count });
const ratedSchema = z.object({ product_id: text, matured_units: count, return_rate_30d: nullableNumber });
const returnedSchema = z.object({ product_id: text, returns: count });
const complainedSchema = z.object({ product_id: text, quality_complaints: count });

/** All products, or one. */
export function useCatalog(productId?: string) {
  const { version } = useStatus();
  return useQuery(
    cubeOptions(
      version,
      {
        dimensions: CATALOG_MEMBERS,
        filters: anyOf("product_catalog.product_id", productId === undefined ? [] : [productId]),
      },
      catalogSchema,
    ),
  );
}

function useByProduct<Row>(
  view: string,
  time: string,
  measures: readonly string[],
  schema: z.ZodMiniType<Row>,
  filters: Filters,
  period: Period = filters.period,
) {
  const { version } = useStatus();
  return useQuery(
    cubeOptions(
      version,
      {
        dimensions: [`${view}.product_id`],
        measures: measures.map((measure) => `${view}.${measure}`),
        timeDimensions: [{ dimension: `${view}.${time}`, dateRange: inclusive(period) }],
        filters: viewFilters(view, filters),
      },
      schema,
    ),
  );
}

/** Every product with deliveries, returns, complaints or an open finding in the period. */
export function useProductRows(filters: Filters) {
  const catalog = useCatalog();
  const ratePeriod = useRatePeriod(filters);
  const delivered = useByProduct("deliveries", "delivered_at", ["delivered_units"], deliveredSchema, filters);
  const rateMeasures = ["matured_units", "return_rate_30d"];
  const rated = useByProduct("deliveries", "delivered_at", rateMeasures, ratedSchema, filters, ratePeriod);
  const returned = useByProduct("product_returns", "returned_at", ["returns"], returnedSchema, filters);
  const complained = useByProduct("service", "created_at", ["quality_complaints"], complainedSchema, filters);
  const anomalies = useAnomalies({ openOnly: true });
  const queries = [catalog, delivered, rated, returned, complained, anomalies];
  const rows = useMemo(
    () =>
      catalog.data && delivered.data && rated.data && returned.data && complained.data && anomalies.data
        ? joinRows(catalog.data, {
            delivered: delivered.data,
            rated: rated.data,
            returned: returned.data,
            complained: complained.data,
            anomalies: anomalies.data,
          })
        : null,
    [catalog.data, delivered.data, rated.data, returned.data, complained.data, anomalies.data],
  );
  return {
    rows,
    error: queries.find((query) => query.error)?.error ?? null,
    isRefreshing: queries.some((query) => query.isPlaceholderData),
    retry: () => void Promise.all(queries.filter((query) => query.error).map((query) => query.refetch())),
  };
}

/** The days whose deliveries the return rate is of: the selected ones, or the latest matured ones if none of them is. */
export function useRatePeriod(filters: Filters): Period {
  const { dataCompleteTo } = useStatus();
  return maturedPeriod(filters.period, RETURN_WINDOW_DAYS, lastReportedDay(dataCompleteTo));
}

const RETURN_WINDOW_DAYS = 30;

interface ByProduct {
  readonly delivered: readonly z.output<typeof deliveredSchema>[];
  readonly rated: readonly z.output<typeof ratedSchema>[];
  readonly returned: readonly z.output<typeof returnedSchema>[];
  readonly complained: readonly z.output<typeof complainedSchema>[];
  /** Strongest first. */
  readonly anomalies: readonly Anomaly[];
}

function joinRows(catalog: readonly CatalogProduct[], parts: ByProduct): ProductRow[] {
  const deliveredBy = new Map(parts.delivered.map((row) => [row.product_id, row.delivered_units]));
  const ratedBy = new Map(parts.rated.map((row) => [row.product_id, row]));
  const returnsBy = new Map(parts.returned.map((row) => [row.product_id, row.returns]));
  const complaintsBy = new Map(parts.complained.map((row) => [row.product_id, row.quality_complaints]));
  const anomalyBy = new Map<string, Anomaly>();
  for (const anomaly of parts.anomalies)
    if (!anomalyBy.has(anomaly.product_id)) anomalyBy.set(anomaly.product_id, anomaly);
  return catalog
    .map((product) => {
      const rated = ratedBy.get(product.product_id);
      return {
        productId: product.product_id,
        name: product.product_name,
        category: product.category,
        deliveredUnits: deliveredBy.get(product.product_id) ?? 0,
        maturedUnits: rated?.matured_units ?? 0,
        returnRate30d: rated && rated.matured_units > 0 ? rated.return_rate_30d : null,
        returns: returnsBy.get(product.product_id) ?? 0,
        qualityComplaints: complaintsBy.get(product.product_id) ?? 0,
        anomaly: anomalyBy.get(product.product_id) ?? null,
      };
    })
    .filter((row) => row.deliveredUnits + row.returns + row.qualityComplaints > 0 || row.anomaly !== null);
}

const TREND_WEEKS = 13;
const trendSchema = z.object({ product_id: text, "returned_at.week": day, returns: count });

/** The whole weeks that end with the data, oldest first. */
export function trendPeriod(completeTo: string): Period {
  const end = addDays(startOfWeek(lastReportedDay(completeTo)), 7);
  return { from: addDays(end, -7 * TREND_WEEKS), to: end };
}

/** Returns a week of the given products, for the rows on screen only. Keyed by product; weeks without returns are 0. */
export function useReturnTrends(productIds: readonly string[], filters: Filters) {
  const { version, dataCompleteTo } = useStatus();
  const period = trendPeriod(dataCompleteTo);
  return useQuery({
    ...cubeOptions(
      version,
      {
        dimensions: ["product_returns.product_id"],
        measures: ["product_returns.returns"],
        timeDimensions: [
          { dimension: "product_returns.returned_at", dateRange: inclusive(period), granularity: "week" },
        ],
        filters: [...anyOf("product_returns.product_id", productIds), ...viewFilters("product_returns", filters)],
      },
      trendSchema,
    ),
    enabled: productIds.length > 0,
    select: (rows) => {
      const weeks = Array.from({ length: TREND_WEEKS }, (_, index) => addDays(period.from, 7 * index));
      const trends = new Map(productIds.map((id) => [id, weeks.map(() => 0)]));
      for (const row of rows) {
        const trend = trends.get(row.product_id);
        const week = weeks.indexOf(row["returned_at.week"]);
        if (trend && week >= 0) trend[week] = row.returns;
      }
      return trends;
    },
  });
}
