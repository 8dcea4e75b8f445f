// A small made-up world for tests: anomalies with their days, returns and deliveries, answered the way Cube answers.
import type { CubeQuery, CubeRow, LoadRows } from "../cube-rows.ts";
import { addDays, daysInclusive } from "../dates.ts";

export const COMPLETE_TO = "2026-11-21T23:59:59.000";
const LAST_DAY = COMPLETE_TO.slice(0, 10);

export interface WorldOptions {
  readonly anomalies: readonly CubeRow[];
  readonly status?: CubeRow;
  readonly comments?: readonly (string | null)[];
  /** Keeps the days away, as where a series has none. */
  readonly withoutDays?: boolean;
}

/** One row of `anomaly_report`; numbers are text, as in Cube's answers. */
export function anomalyRow(index: number, changes: CubeRow = {}): CubeRow {
  const severities = ["high", "medium", "low"];
  const reasons = ["quality_defect", "size_too_small", "not_as_described", "damaged_in_transit", "missing_parts"];
  const row = {
    anomaly_id: `a${String(index).padStart(4, "0")}`,
    series_id: `returns|SKU-${index}`,
    watch: "returns",
    product_id: `SKU-${index}`,
    product_name: index === 0 ? "Trail Bottle 1 L, insulated" : `Summer dress Nova ${index}`,
    category: "bottles",
    reason: reasons[index % reasons.length],
    market: "all",
    severity: severities[Math.min(2, Math.floor(index / 4))],
    started_on: "2026-11-03T00:00:00.000",
    last_alarm_on: "2026-11-20T00:00:00.000",
    is_open: true,
    observed: String(32 + index),
    expected: "11.2345",
    excess: String(20.7655 + index),
    rate_ratio: String((32 + index) / 11.2345),
    q_value: "0.0004",
    score: String(9 - index / 10),
    excess_cost: "1250.456",
    ...changes,
  };
  return prefixed("anomaly_report", row);
}

export function statusRow(changes: CubeRow = {}): CubeRow {
  return prefixed("data_status", {
    version: "1795302000000",
    version_name: "20261121T230000000Z",
    data_complete_to: COMPLETE_TO,
    reporting_time_zone: "Europe/Berlin",
    reporting_currency: "USD",
    seller_name: "Nordwind Outdoor",
    is_demo: false,
    ...changes,
  });
}

/** Answers the mail's queries; throws on a view it doesn't know. Keeps what was asked in `queries`. */
export function worldLoad(options: WorldOptions): LoadRows & { readonly queries: CubeQuery[] } {
  const queries: CubeQuery[] = [];
  const load = async (query: CubeQuery): Promise<readonly CubeRow[]> => {
    queries.push(query);
    const member = [...(query.dimensions ?? []), ...(query.measures ?? [])][0] ?? "";
    switch (member.split(".")[0]) {
      case "data_status":
        return options.status ? [options.status] : [statusRow()];
      case "anomaly_report":
        return options.anomalies;
      case "anomaly_days":
        return options.withoutDays ? [] : dayRows(query);
      case "deliveries":
        return sliceRows("deliveries", "delivered_units", [60, 25, 15]);
      case "product_returns":
        return query.measures
          ? sliceRows("product_returns", "returned_units", [3, 24, 5])
          : commentRows(options.comments ?? COMMENTS);
      default:
        throw new Error(`the world has no view for ${member}`);
    }
  };
  return Object.assign(load, { queries });
}

const COMMENTS = [
  "The lid leaks after two days, my whole bag was wet.",
  "Der Deckel schließt nicht richtig und läuft aus, sehr enttäuscht.",
  "盖子漏水，背包全湿了，联系 anna@example.com",
  "Leaks",
  null,
];

function dayRows(query: CubeQuery): CubeRow[] {
  const [from, to] = query.timeDimensions?.[0]?.dateRange ?? [addDays(LAST_DAY, -74), LAST_DAY];
  return daysInclusive(from, to).map((date, index) => {
    const inEpisode = date >= "2026-11-03";
    const observed = inEpisode ? Math.max(0, Math.round(1.8 + 2 * Math.sin(index * 1.7))) : index % 4 === 0 ? 1 : 0;
    return {
      "anomaly_days.day.day": `${date}T00:00:00.000`,
      "anomaly_days.day": `${date}T00:00:00.000`,
      "anomaly_days.is_alarm": inEpisode && observed > 2,
      "anomaly_days.observed": String(observed),
      "anomaly_days.expected": String(0.5 + 0.15 * Math.sin(index / 3)),
      "anomaly_days.lower": "0",
      "anomaly_days.upper": index % 7 === 0 ? "3" : "2",
    };
  });
}

function sliceRows(view: string, measure: string, units: readonly [number, number, number]): CubeRow[] {
  const slices = [
    { market: "DE", carrier: "DHL", lot: "L-2026-09", variant: "Blue" },
    { market: "FR", carrier: "YunExpress", lot: "L-2026-10", variant: "Blue" },
    { market: "unknown", carrier: "4PX", lot: "L-2026-09", variant: "Green" },
  ];
  return slices.map((slice, index) => prefixed(view, { ...slice, [measure]: String(units[index]) }));
}

function commentRows(comments: readonly (string | null)[]): CubeRow[] {
  return comments.map((comment, index) =>
    prefixed("product_returns", {
      return_id: `r${index}`,
      comment,
      market: index % 2 === 0 ? "DE" : "FR",
      returned_at: `2026-11-${10 + (index % 10)}T09:00:00.000`,
    }),
  );
}

function prefixed(view: string, row: CubeRow): CubeRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [`${view}.${name}`, value]));
}
