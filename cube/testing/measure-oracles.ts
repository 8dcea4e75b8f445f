// What every public measure must answer, as plain SQL over the marts, written from the metric dictionary and not from the model.

export interface Oracle {
  /** Rows with the dimensions of `groups` as columns. */
  readonly from: string;
  /** The view's time dimension and the column behind it. */
  readonly time: string;
  readonly timeColumn: string;
  readonly groups: readonly string[];
  readonly measures: Readonly<Record<string, string>>;
}

const withProducts = (mart: string) =>
  `(select ${mart}.*, category, brand from ${mart} left join products using (product_id))`;

const outbound = "(select * from shipments where is_return_leg is false)";
const share = (part: string, whole: string) => `count(*) filter (${part}) / nullif(count(*) filter (${whole}), 0)`;
const customers = (condition: string) => `count(distinct customer_id) filter (${condition})`;
const repurchase = (days: number) => ({
  [`matured_returners_${days}d`]: customers(`is_matured_${days}d`),
  [`repurchasers_${days}d`]: customers(`is_matured_${days}d and is_repurchased_${days}d`),
  [`repurchase_rate_${days}d`]: `${customers(`is_matured_${days}d and is_repurchased_${days}d`)}
    / nullif(${customers(`is_matured_${days}d`)}, 0)`,
});

export const ORACLES: Readonly<Record<string, Oracle>> = {
  sales: {
    from: "orders",
    time: "ordered_at",
    timeColumn: "ordered_at_local",
    groups: ["sales_channel", "market"],
    measures: {
      orders: "count(*) - count(*) filter (is_cancelled)",
      paid_orders: "count(*) filter (is_paid)",
      cancelled_orders: "count(*) filter (is_cancelled)",
      units: "coalesce(sum(unit_count) filter (not is_cancelled), if(count(*) > 0, 0, null))",
      gross_sales: "sum(total_amount_reporting) filter (is_paid)",
      buyers: customers("is_paid"),
    },
  },
  deliveries: {
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
  },
  service: {
    from: withProducts("tickets"),
    time: "created_at",
    timeColumn: "created_at_local",
    groups: ["channel", "market"],
    measures: {
      tickets: "count(*)",
      answered_tickets: "count(first_reply_minutes)",
      awaiting_first_reply: "count(*) filter (is_awaiting_first_reply)",
      first_response_minutes_median: "median(first_reply_minutes)",
      first_response_minutes_p90: "quantile_cont(first_reply_minutes, 0.9)",
      first_response_minutes_mean: "sum(first_reply_minutes) / nullif(count(first_reply_minutes), 0)",
      replies_due: "count(*) filter (is_reply_due)",
      response_rate_24h: share("is_reply_due and first_reply_minutes <= 24 * 60", "is_reply_due"),
      solved_tickets: "count(*) filter (is_solved)",
      resolution_minutes_median: "median(full_resolution_minutes) filter (is_solved)",
      resolution_minutes_p90: "quantile_cont(full_resolution_minutes, 0.9) filter (is_solved)",
      reopen_rate: share("is_solved and reopens > 0", "is_solved"),
      product_complaints: "count(*) filter (is_product_complaint)",
      quality_complaints: "count(*) filter (reason = 'quality_defect')",
    },
  },
  satisfaction: {
    from: withProducts("survey_responses"),
    time: "sent_at",
    timeColumn: "sent_at_local",
    groups: ["survey_dimension", "market"],
    measures: {
      surveys_sent: "count(sent_at)",
      ratings: "count(score)",
      satisfied: "count(*) filter (score >= 4)",
      csat: share("score >= 4", "score is not null"),
      mean_score: "avg(score)",
      survey_response_rate: share("sent_at is not null and score is not null", "sent_at is not null"),
    },
  },
  product_returns: {
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
  },
  logistics: {
    from: outbound,
    time: "promised_delivery_at",
    timeColumn: "promised_delivery_date",
    groups: ["carrier", "market"],
    measures: {
      shipments: "count(*)",
      delivered_shipments: "count(delivered_at)",
      promised_and_attempted:
        "count(*) filter (promised_delivery_date is not null and first_attempted_date is not null)",
      late_shipments: "count(*) filter (first_attempted_date > promised_delivery_date)",
      late_rate: share(
        "first_attempted_date > promised_delivery_date",
        "first_attempted_date is not null and promised_delivery_date is not null",
      ),
      on_time_rate: share(
        "first_attempted_date <= promised_delivery_date",
        "first_attempted_date is not null and promised_delivery_date is not null",
      ),
      overdue_shipments: "count(*) filter (is_overdue)",
      promise_coverage: share("is_delivered and has_promise_and_attempt", "is_delivered"),
      lost_shipments: "count(*) filter (is_lost)",
      damaged_shipments: "count(*) filter (is_damaged)",
      transit_days_median: "median(transit_days) filter (is_delivered)",
      transit_days_p90: "quantile_cont(transit_days, 0.9) filter (is_delivered)",
    },
  },
  carrier_scans: {
    from: "carrier_events",
    time: "occurred_at",
    timeColumn: "occurred_at_local",
    groups: ["event_state", "market"],
    measures: { scans: "count(*)" },
  },
  anomaly_report: {
    from: "anomalies",
    time: "started_on",
    timeColumn: "started_on",
    groups: ["severity"],
    measures: {
      anomalies: "count(*)",
      open_anomalies: "count(*) filter (ended_on is null)",
      total_excess: "sum(excess)",
    },
  },
  anomaly_days: {
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
  },
  product_catalog: {
    from: "products",
    time: "first_sold_at",
    timeColumn: "first_sold_at",
    groups: ["category"],
    measures: { products: "count(*)" },
  },
};
