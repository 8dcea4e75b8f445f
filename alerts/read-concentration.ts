// Where a finding's returned units concentrate: by market, carrier, lot and variant, beside the same share of the delivered units.
import { z } from "zod";
import type { Anomaly, Concentration, Slice } from "./anomaly.ts";
import { cubeNumber, cubeText, parseRows, type CubeFilter, type LoadRows } from "./cube-rows.ts";
import { addDays } from "./dates.ts";
import { unitOfWatch } from "./watch-unit.ts";

export const SLICES: readonly Slice[] = ["market", "carrier", "lot", "variant"];

/** Returns trail their deliveries: the deliveries compared with begin this many days before the finding. */
const DELIVERIES_BEFORE_DAYS = 60;
const ROW_LIMIT = 50_000;
const NOT_RECORDED = new Set(["unknown", "", "none"]);

type SliceUnits = Readonly<Record<Slice, string>> & { readonly units: number };

export interface SlicedUnits {
  readonly returned: readonly SliceUnits[];
  /** Empty where deliveries are unknown. */
  readonly delivered: readonly SliceUnits[];
}

const sliceShape = { market: cubeText, carrier: cubeText, lot: cubeText, variant: cubeText };
const returnedRow = z.object({ ...sliceShape, returned_units: cubeNumber });
const deliveredRow = z.object({ ...sliceShape, delivered_units: cubeNumber });

/** Filters of the returns that a finding counts. */
export function returnFilters(anomaly: Anomaly): CubeFilter[] {
  const filters: CubeFilter[] = [
    { member: "product_returns.product_id", operator: "equals", values: [anomaly.productId] },
    { member: "product_returns.is_completed", operator: "equals", values: ["true"] },
  ];
  if (anomaly.reason !== "all") {
    filters.push({ member: "product_returns.reason", operator: "equals", values: [anomaly.reason] });
  }
  if (anomaly.market !== "all") {
    filters.push({ member: "product_returns.market", operator: "equals", values: [anomaly.market] });
  }
  return filters;
}

/** Returned and delivered units of the finding's product by all slices at once; nothing where the watch doesn't count returns. */
export async function readSlices(load: LoadRows, anomaly: Anomaly): Promise<SlicedUnits> {
  if (unitOfWatch(anomaly.watch) !== "returns") return { returned: [], delivered: [] };
  const [returned, delivered] = await Promise.all([
    load({
      measures: ["product_returns.returned_units"],
      dimensions: SLICES.map((slice) => `product_returns.${slice}`),
      timeDimensions: [
        { dimension: "product_returns.returned_at", dateRange: [anomaly.startedOn, anomaly.lastAlarmOn] },
      ],
      filters: returnFilters(anomaly),
      limit: ROW_LIMIT,
      timezone: "UTC",
    }),
    load({
      measures: ["deliveries.delivered_units"],
      dimensions: SLICES.map((slice) => `deliveries.${slice}`),
      timeDimensions: [
        {
          dimension: "deliveries.delivered_at",
          dateRange: [addDays(anomaly.startedOn, -DELIVERIES_BEFORE_DAYS), anomaly.lastAlarmOn],
        },
      ],
      filters: [{ member: "deliveries.product_id", operator: "equals", values: [anomaly.productId] }],
      limit: ROW_LIMIT,
      timezone: "UTC",
    }),
  ]);
  return {
    returned: parseRows("product_returns", returned, returnedRow).map(({ returned_units: units, ...rest }) => ({
      ...rest,
      units,
    })),
    delivered: parseRows("deliveries", delivered, deliveredRow).map(({ delivered_units: units, ...rest }) => ({
      ...rest,
      units,
    })),
  };
}

/** How many times its share of the deliveries a value has of the returned units; 1 where deliveries are unknown. */
export function liftOf({ share, deliveredShare }: Concentration): number {
  return deliveredShare === null ? 1 : share / Math.max(deliveredShare, 0.01);
}

/** For each slice the recorded value with most returned units, the most singled out first; slices of one value are left out. */
export function rankConcentration({ returned, delivered }: SlicedUnits): Concentration[] {
  const totalUnits = sum(returned);
  if (totalUnits <= 0) return [];
  const found = SLICES.flatMap((slice) => {
    const units = byValue(returned, slice);
    const deliveredUnits = byValue(delivered, slice);
    const recorded = [...units].filter(([value]) => !NOT_RECORDED.has(value));
    const top = recorded.sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))[0];
    if (!top || top[1] <= 0) return [];
    const values = new Set([...units.keys(), ...deliveredUnits.keys()]);
    if (values.size < 2) return [];
    const deliveredTotal = sum(delivered);
    return [
      {
        slice,
        value: top[0],
        units: top[1],
        totalUnits,
        share: top[1] / totalUnits,
        deliveredShare: deliveredTotal > 0 ? (deliveredUnits.get(top[0]) ?? 0) / deliveredTotal : null,
      },
    ];
  });
  return found.sort((a, b) => liftOf(b) - liftOf(a));
}

function byValue(rows: readonly SliceUnits[], slice: Slice): Map<string, number> {
  const units = new Map<string, number>();
  for (const row of rows) units.set(row[slice], (units.get(row[slice]) ?? 0) + row.units);
  return units;
}

function sum(rows: readonly SliceUnits[]): number {
  return rows.reduce((total, row) => total + row.units, 0);
}
