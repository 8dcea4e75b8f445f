import { type Oracle, share } from "./oracle.ts";
import { OUTBOUND } from "./outbound.ts";

/** Anchor: the day of delivery; what is not delivered is in none of it. */
export const transit: Oracle = {
  from: OUTBOUND,
  time: "delivered_at",
  timeColumn: "delivered_at_local",
  groups: ["carrier", "market"],
  measures: {
    delivered_shipments: "count(delivered_at)",
    timed_shipments: "count(transit_days) filter (delivered_at is not null)",
    timing_coverage: share("delivered_at is not null and transit_days is not null", "delivered_at is not null"),
    transit_days_median: "median(transit_days) filter (delivered_at is not null)",
    transit_days_p90: "quantile_cont(transit_days, 0.9) filter (delivered_at is not null)",
    order_to_delivery_days_median: "median(order_to_delivery_days) filter (delivered_at is not null)",
    order_to_delivery_days_p90: "quantile_cont(order_to_delivery_days, 0.9) filter (delivered_at is not null)",
    customs_shipments: "count(customs_days) filter (delivered_at is not null)",
    customs_days_median: "median(customs_days) filter (delivered_at is not null)",
    customs_days_p90: "quantile_cont(customs_days, 0.9) filter (delivered_at is not null)",
    promise_coverage: share(
      "delivered_at is not null and promised_delivery_date is not null and first_attempted_date is not null",
      "delivered_at is not null",
    ),
    estimate_coverage: share(
      "delivered_at is not null and estimated_delivery_date is not null and first_attempted_date is not null",
      "delivered_at is not null",
    ),
  },
};
