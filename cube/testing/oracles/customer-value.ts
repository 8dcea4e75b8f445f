import { type Oracle, share } from "./oracle.ts";

const value = (condition: string) => `avg(value_365d_reporting::double) filter (is_matured_365d and ${condition})`;

export const customer_value: Oracle = {
  from: "customers",
  time: "first_ordered_at",
  timeColumn: "first_paid_at_local",
  groups: ["is_returner", "country"],
  measures: {
    buyers: "count(*) filter (paid_order_count > 0)",
    returners: "count(*) filter (paid_order_count > 0 and is_returner)",
    returner_share: share("paid_order_count > 0 and is_returner", "paid_order_count > 0"),
    ltv_365d: value("true"),
    ltv_365d_returners: value("is_returner"),
    ltv_365d_non_returners: value("not is_returner"),
    matured_customers_365d: "count(*) filter (is_matured_365d)",
    matured_returners_365d: "count(*) filter (is_matured_365d and is_returner)",
    matured_non_returners_365d: "count(*) filter (is_matured_365d and not is_returner)",
    unmatured_share_365d: share("paid_order_count > 0 and not is_matured_365d", "paid_order_count > 0"),
    ordered_units_total: "sum(ordered_units)",
    returned_units_total: "sum(returned_units)",
    returned_unit_share: "sum(returned_units) / nullif(sum(ordered_units), 0)",
    returned_value_total: "sum(returned_value_reporting)",
    claims_without_scan: "sum(claim_without_scan_count)",
  },
};
