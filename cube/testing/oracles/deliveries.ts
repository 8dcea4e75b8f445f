import { type Oracle, withProducts } from "./oracle.ts";

export const deliveries: Oracle = {
  from: withProducts("order_items"),
  time: "delivered_at",
  timeColumn: "delivered_date",
  groups: ["category", "market"],
  measures: {
    delivered_units: "sum(delivered_units)",
    ordered_units: "coalesce(sum(quantity) filter (not is_cancelled), if(count(*) > 0, 0, null))",
    matured_units: "sum(matured_units_30d)",
    returned_units_30d: `coalesce(sum(returned_units_30d) filter (is_delivered and is_matured_30d),
      if(count(*) > 0, 0, null))`,
    return_rate_30d: `coalesce(sum(returned_units_30d) filter (is_delivered and is_matured_30d), 0)
      / nullif(sum(quantity) filter (is_delivered and is_matured_30d), 0)`,
    delivery_coverage: `coalesce(sum(quantity) filter (is_delivered and delivery_basis <> 'assumed'), 0)
      / nullif(sum(quantity) filter (is_delivered), 0)`,
  },
};
