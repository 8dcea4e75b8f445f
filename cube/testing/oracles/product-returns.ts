import { type Oracle, customers, withProducts } from "./oracle.ts";

const repurchase = (days: number) => ({
  [`matured_returners_${days}d`]: customers(`is_matured_${days}d`),
  [`repurchasers_${days}d`]: customers(`is_matured_${days}d and is_repurchased_${days}d`),
  [`repurchase_rate_${days}d`]: `${customers(`is_matured_${days}d and is_repurchased_${days}d`)}
    / nullif(${customers(`is_matured_${days}d`)}, 0)`,
});

export const product_returns: Oracle = {
  from: withProducts("returns"),
  time: "returned_at",
  timeColumn: "returned_at_local",
  groups: ["category", "market"],
  measures: {
    returns: "count(*) - count(*) filter (not is_completed)",
    return_requests: "count(*)",
    returned_units: "coalesce(sum(quantity) filter (is_completed), if(count(*) > 0, 0, null))",
    refund_amount_total: "sum(refund_amount_reporting) filter (is_completed)",
    classified_returns: "count(*) filter (is_completed and reason not in ('unmapped', 'no_reason'))",
    returners: customers("is_completed"),
    ...repurchase(30),
    ...repurchase(60),
    ...repurchase(90),
    unmatured_share_30d: `1 - ${customers("is_matured_30d")} / nullif(${customers("is_completed")}, 0)`,
  },
};
