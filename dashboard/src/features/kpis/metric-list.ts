// The key figures in the order they are shown: what each reads, how it is written and which direction is good.
import type { MeasureOf, MetricGroup } from "../../api/metrics.ts";
import type { Better } from "../../lib/delta.ts";

/** Figures that wait for a window to pass: `matured` of `total` cases are old enough. */
export interface Maturity {
  readonly days: number;
  readonly matured: string;
  readonly total: string;
  readonly kind: "units" | "customers";
}

export interface Metric {
  /** Also its key under `kpi` in the catalogues and its name in the address. */
  readonly id:
    | "first_response"
    | "response_24h"
    | "resolution"
    | "csat"
    | "return_rate"
    | "late_rate"
    | "repurchase"
    | "orders";
  /** Id of the definition card. */
  readonly definition: string;
  readonly group: MetricGroup;
  readonly value: string;
  readonly kind: "minutes" | "percent" | "count";
  readonly better: Better;
  /** How many cases stand behind the value; null for a count, which is its own number. */
  readonly n: { readonly measure: string; readonly key: CaseKey } | null;
  readonly maturity?: Maturity;
}

export type CaseKey = "tickets" | "due" | "solved" | "ratings" | "units" | "promised" | "returners" | "delivered";

/** Keeps a metric's measures inside its group: a typo doesn't compile. */
function metric<Group extends MetricGroup>(
  spec: Omit<Metric, "group" | "value" | "n" | "maturity"> & {
    readonly group: Group;
    readonly value: MeasureOf<Group>;
    readonly n: { readonly measure: MeasureOf<Group>; readonly key: CaseKey } | null;
    readonly maturity?: Maturity & { readonly matured: MeasureOf<Group>; readonly total: MeasureOf<Group> };
  },
): Metric {
  return spec;
}

export const METRICS: readonly Metric[] = [
  metric({
    id: "first_response",
    definition: "service.first_response_minutes_median",
    group: "service",
    value: "first_response_minutes_median",
    kind: "minutes",
    better: "down",
    n: { measure: "answered_tickets", key: "tickets" },
  }),
  metric({
    id: "response_24h",
    definition: "service.response_rate_24h",
    group: "service",
    value: "response_rate_24h",
    kind: "percent",
    better: "up",
    n: { measure: "replies_due", key: "due" },
  }),
  metric({
    id: "resolution",
    definition: "service.resolution_minutes_median",
    group: "service",
    value: "resolution_minutes_median",
    kind: "minutes",
    better: "down",
    n: { measure: "solved_tickets", key: "solved" },
  }),
  metric({
    id: "csat",
    definition: "satisfaction.csat",
    group: "satisfaction",
    value: "csat",
    kind: "percent",
    better: "up",
    n: { measure: "ratings", key: "ratings" },
  }),
  metric({
    id: "return_rate",
    definition: "deliveries.return_rate_30d",
    group: "deliveries",
    value: "return_rate_30d",
    kind: "percent",
    better: "down",
    n: { measure: "matured_units", key: "units" },
    maturity: { days: 30, matured: "matured_units", total: "delivered_units", kind: "units" },
  }),
  metric({
    id: "repurchase",
    definition: "product_returns.repurchase_rate_90d",
    group: "product_returns",
    value: "repurchase_rate_90d",
    kind: "percent",
    better: "up",
    n: { measure: "matured_returners_90d", key: "returners" },
    maturity: { days: 90, matured: "matured_returners_90d", total: "returners", kind: "customers" },
  }),
  metric({
    id: "late_rate",
    definition: "logistics.late_rate",
    group: "logistics",
    value: "late_rate",
    kind: "percent",
    better: "down",
    n: { measure: "promised_and_attempted", key: "promised" },
  }),
  metric({
    id: "orders",
    definition: "sales.orders",
    group: "sales",
    value: "orders",
    kind: "count",
    better: "neutral",
    n: null,
  }),
];
