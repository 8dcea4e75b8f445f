import { type Oracle, share } from "./oracle.ts";

const outbound = "(select * from shipments where is_return_leg is false)";

export const logistics: Oracle = {
  from: outbound,
  time: "promised_delivery_at",
  timeColumn: "promised_delivery_date",
  groups: ["carrier", "market"],
  measures: {
    shipments: "count(*)",
    delivered_shipments: "count(delivered_at)",
    promised_and_attempted: "count(*) filter (promised_delivery_date is not null and first_attempted_date is not null)",
    late_shipments: "count(*) filter (first_attempted_date > promised_delivery_date)",
    late_rate: share(
      "first_attempted_date > promised_delivery_date",
      "first_attempted_date is not null and promised_delivery_date is not null",
    ),
    on_time_rate: share(
      "first_attempted_date <= promised_delivery_date",
      "first_attempted_date is not null and promised_delivery_date is not null",
    ),
    overdue_shipments: "count(*) filter (is_overdue)",
    promise_coverage: share("is_delivered and has_promise_and_attempt", "is_delivered"),
    lost_shipments: "count(*) filter (is_lost)",
    damaged_shipments: "count(*) filter (is_damaged)",
    transit_days_median: "median(transit_days) filter (is_delivered)",
    transit_days_p90: "quantile_cont(transit_days, 0.9) filter (is_delivered)",
  },
};
