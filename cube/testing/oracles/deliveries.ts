import { type Oracle, share, withProducts } from "./oracle.ts";

const unmatured = (days: number) => `coalesce(sum(quantity) filter (is_delivered and not is_matured_${days}d), 0)
  / nullif(sum(quantity) filter (is_delivered), 0)`;

/** The rate of 30 days has older names. */
const window = (days: number) => {
  const matured = `is_delivered and is_matured_${days}d`;
  return {
    [`matured_units_${days}d`]: `coalesce(sum(quantity) filter (${matured}), if(count(*) > 0, 0, null))`,
    [`returned_units_${days}d`]: `coalesce(sum(returned_units_${days}d) filter (${matured}), if(count(*) > 0, 0, null))`,
    [`unmatured_share_${days}d`]: unmatured(days),
    [`return_rate_${days}d`]: `coalesce(sum(returned_units_${days}d) filter (${matured}), 0)
      / nullif(sum(quantity) filter (${matured}), 0)`,
  };
};

const complaint = (kind: string) => share(`is_exposure_over_30d and has_${kind}_complaint_30d`, "is_exposure_over_30d");

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
    unmatured_share_30d: unmatured(30),
    ...window(14),
    ...window(60),
    ...window(90),
    delivery_coverage: `coalesce(sum(quantity) filter (is_delivered and delivery_basis <> 'assumed'), 0)
      / nullif(sum(quantity) filter (is_delivered), 0)`,
    exposed_lines: "count(*) filter (is_exposure_over_30d)",
    product_complaint_lines: "count(*) filter (is_exposure_over_30d and has_product_complaint_30d)",
    product_complaint_rate: complaint("product"),
    quality_complaint_rate: complaint("quality"),
    size_complaint_rate: complaint("size"),
    nad_complaint_rate: complaint("nad"),
  },
};
