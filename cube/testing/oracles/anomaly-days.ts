import type { Oracle } from "./oracle.ts";

export const anomaly_days: Oracle = {
  from: "(select anomaly_points.*, product_id from anomaly_points join anomaly_series using (series_id))",
  time: "day",
  timeColumn: "date",
  groups: ["product_id", "is_alarm"],
  measures: {
    observed: "sum(observed)",
    exposure: "sum(exposure)",
    expected: "sum(expected)",
    lower: "sum(lower)",
    upper: "sum(upper)",
    q_value_min: "min(q_value)",
  },
};
