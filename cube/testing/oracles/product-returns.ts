import { type Oracle, customers, share, withProducts } from "./oracle.ts";

const repurchase = (days: number) => ({
  [`matured_returners_${days}d`]: customers(`is_matured_${days}d`),
  [`repurchasers_${days}d`]: customers(`is_matured_${days}d and is_repurchased_${days}d`),
  [`repurchase_rate_${days}d`]: `${customers(`is_matured_${days}d and is_repurchased_${days}d`)}
    / nullif(${customers(`is_matured_${days}d`)}, 0)`,
});

const unmatured = (days: number) => ({
  [`unmatured_share_${days}d`]: `1 - ${customers(`is_matured_${days}d`)} / nullif(${customers("is_completed")}, 0)`,
});

const unclassified = "reason in ('unmapped', 'no_reason')";
const resolved = "is_completed and resolution not in ('unknown', 'unmapped')";

const resolutions = Object.fromEntries(
  ["refund", "partial_refund", "exchange", "reship", "store_credit", "keep_item"].map((code) => [
    `${code}_share`,
    share(`is_completed and resolution = '${code}'`, resolved),
  ]),
);

/** Of completed returns: kept by exchange or credit, and paid back. */
const retained = "sum(retained_value_reporting) filter (is_completed)";
const refunded = "sum(refunded_value_reporting) filter (is_completed)";

const costs = Object.fromEntries(
  [
    "label_cost",
    "handling_cost",
    "outbound_cost",
    "goods_cost",
    "recovered_value",
    "duty_loss",
    "customer_contribution",
    "carrier_claim",
  ].map((part) => [`${part}_total`, `sum(${part}_reporting) filter (is_completed)`]),
);

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
    unclassified_returns: `count(*) filter (is_completed and ${unclassified})`,
    unclassified_share: share(`is_completed and ${unclassified}`, "is_completed"),
    known_customer_share: share("is_completed and customer_id is not null", "is_completed"),
    linked_share: share("is_completed and order_item_id is not null", "is_completed"),
    resolved_returns: `count(*) filter (${resolved})`,
    resolution_coverage: share(resolved, "is_completed"),
    ...resolutions,
    retained_value: retained,
    returned_value: `${retained} + ${refunded}`,
    retained_revenue_ratio: `${retained} / nullif(${retained} + ${refunded}, 0)`,
    refund_ratio: `1 - ${retained} / nullif(${retained} + ${refunded}, 0)`,
    returned_value_coverage: share("is_completed and retained_value_reporting is not null", "is_completed"),
    resolution_cost_total: "sum(resolution_cost_reporting) filter (is_completed)",
    cost_per_resolution: "avg(resolution_cost_reporting::double) filter (is_completed)",
    resolution_cost_coverage: share("is_completed and resolution_cost_reporting is not null", "is_completed"),
    ...costs,
    break_even_value: "avg(break_even_value_reporting::double) filter (is_completed)",
    below_break_even_returns: "count(*) filter (keep_item_saving_reporting > 0)",
    keep_item_saving: "sum(keep_item_saving_reporting)",
    refunds_due: "count(*) filter (is_refund_due)",
    refunds_in_time: "count(*) filter (is_refunded_in_time)",
    refunds_overdue: "count(*) filter (is_refund_overdue)",
    refund_in_time_rate: share("is_refunded_in_time", "is_refund_due"),
    returners: customers("is_completed"),
    ...repurchase(30),
    ...repurchase(60),
    ...repurchase(90),
    ...unmatured(60),
    ...unmatured(90),
    unmatured_share_30d: `1 - ${customers("is_matured_30d")} / nullif(${customers("is_completed")}, 0)`,
  },
};
