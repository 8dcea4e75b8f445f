import type { Oracle } from "./oracle.ts";

export const anomaly_report: Oracle = {
  from: "anomalies",
  time: "started_on",
  timeColumn: "started_on",
  groups: ["severity"],
  measures: {
    anomalies: "count(*)",
    open_anomalies: "count(*) filter (ended_on is null)",
    total_excess: "sum(excess)",
  },
};
