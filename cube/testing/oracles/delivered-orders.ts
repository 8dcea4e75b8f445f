import { type Oracle, share } from "./oracle.ts";

const window = (days: number) => ({
  [`matured_orders_${days}d`]: `count(*) filter (is_delivered and is_matured_${days}d)`,
  [`returned_orders_${days}d`]: `count(*) filter (is_delivered and is_matured_${days}d and is_returned_${days}d)`,
  [`unmatured_share_${days}d`]: share(`is_delivered and not is_matured_${days}d`, "is_delivered"),
  [`order_return_rate_${days}d`]: share(`is_matured_${days}d and is_returned_${days}d`, `is_matured_${days}d`),
});

const complaint = (kind: string) => share(`is_exposure_over_30d and has_${kind}_complaint_30d`, "is_exposure_over_30d");

const costed = "is_matured_30d and after_sales_cost_reporting is not null";

export const delivered_orders: Oracle = {
  from: "orders",
  time: "delivered_at",
  timeColumn: "exposed_date",
  groups: ["sales_channel", "market"],
  measures: {
    delivered_orders: "count(*) filter (is_delivered)",
    ...window(14),
    ...window(30),
    ...window(60),
    ...window(90),
    exposed_orders: "count(*) filter (is_exposure_over_30d)",
    product_complaint_orders: "count(*) filter (is_exposure_over_30d and has_product_complaint_30d)",
    product_complaint_rate: complaint("product"),
    quality_complaint_rate: complaint("quality"),
    size_complaint_rate: complaint("size"),
    nad_complaint_rate: complaint("nad"),
    after_sales_cost_total: "sum(after_sales_cost_reporting) filter (is_matured_30d)",
    after_sales_cost_per_order: `sum(after_sales_cost_reporting) filter (is_matured_30d)
      / nullif(count(*) filter (${costed}), 0)`,
    after_sales_cost_coverage: share(costed, "is_matured_30d"),
  },
};
