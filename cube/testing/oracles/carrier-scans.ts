import type { Oracle } from "./oracle.ts";

export const carrier_scans: Oracle = {
  from: "carrier_events",
  time: "occurred_at",
  timeColumn: "occurred_at_local",
  groups: ["event_state", "market"],
  measures: { scans: "count(*)" },
};
