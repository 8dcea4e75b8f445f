import type { Oracle } from "./oracle.ts";

/** Percentiles are of one lane, and unknown of several together. */
const single = (column: string) => `if(count(*) > 1, null, any_value(${column}))`;

export const lane_times: Oracle = {
  from: "lanes",
  time: "latest_shipped_at",
  timeColumn: "latest_shipped_at_local",
  groups: ["lane", "market"],
  measures: {
    lanes: "count(*)",
    lane_shipments: "sum(shipments)",
    matured_shipments: "sum(matured_shipments)",
    basis_shipments: single("basis_shipments"),
    lane_days_p50: single("transit_days_p50"),
    lane_days_p80: single("transit_days_p80"),
    lane_days_p90: single("transit_days_p90"),
  },
};
