import { type Oracle, share } from "./oracle.ts";

/** Anchor: the day of shipping; the state of things as the exports end. */
export const under_way: Oracle = {
  from: "open_shipments",
  time: "shipped_at",
  timeColumn: "shipped_at_local",
  groups: ["carrier", "market"],
  measures: {
    shipments_under_way: "count(*)",
    overdue_under_way: "count(*) filter (late_basis = 'overdue')",
    at_risk_shipments: "count(*) filter (late_probability >= 0.5 and late_basis <> 'overdue')",
    expected_late_shipments: "sum(late_probability)",
    risk_coverage: share("late_probability is not null", "true"),
    scanned_shipments: "count(silent_days)",
    silent_shipments: "count(*) filter (is_silent)",
    silent_rate: share("is_silent", "silent_days is not null"),
    in_customs_shipments: "count(customs_open_days)",
    customs_open_days_median: "median(customs_open_days)",
    customs_open_days_p90: "quantile_cont(customs_open_days, 0.9)",
  },
};
