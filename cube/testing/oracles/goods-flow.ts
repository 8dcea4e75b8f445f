import { type Oracle, withProducts } from "./oracle.ts";

export const goods_flow: Oracle = {
  from: withProducts("product_days"),
  time: "day_at",
  timeColumn: "day",
  groups: ["category", "market"],
  measures: {
    units_delivered: "sum(delivered_units) filter (is_complete)",
    units_received_back: "sum(received_units) filter (is_complete)",
    received_per_delivered: `sum(received_units) filter (is_complete)
      / nullif(sum(delivered_units) filter (is_complete), 0)`,
  },
};
