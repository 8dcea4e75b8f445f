// What pages ask of the metrics, each with the best SQL we can write by hand for the same answer.
import type { Query } from "@cubejs-client/core";

export interface BenchQuery {
  readonly name: string;
  readonly query: Query;
  readonly sql: string;
}

/** Inclusive days. */
export interface Year {
  readonly from: string;
  readonly to: string;
}

const within = (column: string, { from, to }: Year) =>
  `${column} >= timestamp '${from}' and ${column} < timestamp '${to}' + interval 1 day`;
const days = (column: string, { from, to }: Year) => `${column} between date '${from}' and date '${to}'`;

/** A year's questions, light and heavy. */
export function benchQueries(year: Year): BenchQuery[] {
  const dateRange: [string, string] = [year.from, year.to];
  const at = (dimension: string, granularity?: "day" | "week" | "month") => ({
    dimension,
    dateRange,
    ...(granularity && { granularity }),
  });
  return [
    {
      name: "service: totals",
      query: {
        measures: ["service.tickets", "service.solved_tickets", "service.response_rate_24h", "service.reopen_rate"],
        timeDimensions: [at("service.created_at")],
      },
      sql: `select count(*), count(*) filter (is_solved),
        count(*) filter (is_reply_due and is_replied_within_24h) / nullif(count(*) filter (is_reply_due), 0),
        count(*) filter (is_solved and reopens >= 1) / nullif(count(*) filter (is_solved), 0)
        from tickets where ${within("created_at_local", year)}`,
    },
    {
      name: "service: by day",
      query: {
        measures: ["service.tickets", "service.response_rate_24h"],
        timeDimensions: [at("service.created_at", "day")],
      },
      sql: `select date_trunc('day', created_at_local) as day, count(*),
        count(*) filter (is_reply_due and is_replied_within_24h) / nullif(count(*) filter (is_reply_due), 0)
        from tickets where ${within("created_at_local", year)} group by 1 order by 1`,
    },
    {
      name: "first response, median and P90: channel by week",
      query: {
        measures: ["service.first_response_minutes_median", "service.first_response_minutes_p90"],
        dimensions: ["service.channel"],
        timeDimensions: [at("service.created_at", "week")],
      },
      sql: `select channel, date_trunc('week', created_at_local) as week, quantile_cont(first_reply_minutes, 0.5),
        quantile_cont(first_reply_minutes, 0.9) from tickets where ${within("created_at_local", year)} group by 1, 2`,
    },
    {
      name: "CSAT: by week",
      query: {
        measures: ["satisfaction.ratings", "satisfaction.csat"],
        timeDimensions: [at("satisfaction.responded_at", "week")],
      },
      sql: `select date_trunc('week', responded_at_local) as week, count(score),
        count(*) filter (score >= 4) / nullif(count(score), 0)
        from survey_responses where ${within("responded_at_local", year)} group by 1`,
    },
    {
      name: "return rate: totals",
      query: {
        measures: ["deliveries.delivered_units", "deliveries.return_rate_30d"],
        timeDimensions: [at("deliveries.delivered_at")],
      },
      sql: `select sum(delivered_units),
        sum(case when is_delivered and is_matured_30d then returned_units_30d else 0 end) / nullif(sum(matured_units_30d), 0)
        from order_items where ${days("delivered_date", year)}`,
    },
    {
      name: "return rate: 50 worst products",
      query: {
        measures: ["deliveries.matured_units", "deliveries.return_rate_30d"],
        dimensions: ["deliveries.product_id", "deliveries.category"],
        timeDimensions: [at("deliveries.delivered_at")],
        order: { "deliveries.return_rate_30d": "desc" },
        limit: 50,
      },
      sql: `select product_id, category, units, rate from (
          select product_id, sum(matured_units_30d) as units,
            sum(case when is_delivered and is_matured_30d then returned_units_30d else 0 end)
              / nullif(sum(matured_units_30d), 0) as rate
          from order_items where ${days("delivered_date", year)} group by 1)
        left join products using (product_id) order by rate desc limit 50`,
    },
    {
      name: "returns: reasons",
      query: {
        measures: ["product_returns.returns"],
        dimensions: ["product_returns.reason", "product_returns.reason_group"],
        timeDimensions: [at("product_returns.returned_at")],
      },
      sql: `select reason, reason_group, count(*) filter (is_completed) from returns
        where ${within("returned_at_local", year)} group by 1, 2`,
    },
    {
      name: "repurchase within 90 days: by month",
      query: {
        measures: ["product_returns.matured_returners_90d", "product_returns.repurchase_rate_90d"],
        timeDimensions: [at("product_returns.returned_at", "month")],
      },
      sql: `select date_trunc('month', returned_at_local) as month,
        count(distinct case when is_matured_90d then customer_id end),
        count(distinct case when is_matured_90d and is_repurchased_90d then customer_id end)
          / nullif(count(distinct case when is_matured_90d then customer_id end), 0)
        from returns where ${within("returned_at_local", year)} group by 1`,
    },
    {
      name: "late parcels: lanes",
      query: {
        measures: ["logistics.promised_and_attempted", "logistics.late_shipments", "logistics.late_rate"],
        dimensions: ["logistics.lane"],
        timeDimensions: [at("logistics.promised_delivery_at")],
        order: { "logistics.late_shipments": "desc" },
        limit: 200,
      },
      sql: `select lane, count(*) filter (has_promise_and_attempt) as n,
        count(*) filter (has_promise_and_attempt and is_late) as late, late / nullif(n, 0)
        from shipments where not is_return_leg and ${days("promised_delivery_date", year)}
        group by 1 order by late desc limit 200`,
    },
    {
      name: "scans: state by week",
      query: {
        measures: ["carrier_scans.scans"],
        dimensions: ["carrier_scans.event_state"],
        timeDimensions: [at("carrier_scans.occurred_at", "week")],
      },
      sql: `select event_state, date_trunc('week', occurred_at_local) as week, count(*) from carrier_events
        where ${within("occurred_at_local", year)} group by 1, 2`,
    },
    {
      name: "sales: market by month",
      query: {
        measures: ["sales.orders", "sales.gross_sales"],
        dimensions: ["sales.market"],
        timeDimensions: [at("sales.ordered_at", "month")],
      },
      sql: `select market, date_trunc('month', ordered_at_local) as month, count(*) filter (not is_cancelled),
        sum(total_amount_reporting) filter (is_paid) from orders where ${within("ordered_at_local", year)} group by 1, 2`,
    },
  ];
}

/** What the overview asks when it opens: totals of two periods, trends, two rankings. */
export function overviewQueries(last: Year, before: Year, filters: Query["filters"] = []): Query[] {
  const groups: [string, string, string[]][] = [
    [
      "service",
      "created_at",
      [
        "tickets",
        "answered_tickets",
        "awaiting_first_reply",
        "first_response_minutes_median",
        "first_response_minutes_p90",
        "replies_due",
        "response_rate_24h",
        "solved_tickets",
        "resolution_minutes_median",
        "resolution_minutes_p90",
        "quality_complaints",
      ],
    ],
    ["satisfaction", "responded_at", ["ratings", "satisfied", "csat"]],
    ["deliveries", "delivered_at", ["delivered_units", "matured_units", "returned_units_30d", "return_rate_30d"]],
    [
      "product_returns",
      "returned_at",
      ["returns", "returners", "matured_returners_90d", "repurchasers_90d", "repurchase_rate_90d"],
    ],
    ["logistics", "promised_delivery_at", ["shipments", "promised_and_attempted", "late_shipments", "late_rate"]],
    ["sales", "ordered_at", ["orders"]],
  ];
  const ask = (group: (typeof groups)[number], { from, to }: Year, granularity?: "day"): Query => ({
    measures: group[2].map((measure) => `${group[0]}.${measure}`),
    timeDimensions: [
      { dimension: `${group[0]}.${group[1]}`, dateRange: [from, to], ...(granularity && { granularity }) },
    ],
    filters: filters.map((filter) => onView(filter, group[0])),
  });
  return [
    ...groups.map((group) => ask(group, last)),
    ...groups.map((group) => ask(group, before)),
    ...groups.map((group) => ask(group, last, "day")),
    {
      measures: ["product_returns.returns"],
      dimensions: ["product_returns.reason", "product_returns.reason_group"],
      timeDimensions: [{ dimension: "product_returns.returned_at", dateRange: [last.from, last.to] }],
      filters: filters.map((filter) => onView(filter, "product_returns")),
    },
    {
      measures: ["logistics.promised_and_attempted", "logistics.late_shipments", "logistics.late_rate"],
      dimensions: ["logistics.lane"],
      timeDimensions: [{ dimension: "logistics.promised_delivery_at", dateRange: [last.from, last.to] }],
      filters: filters.map((filter) => onView(filter, "logistics")),
      order: { "logistics.late_shipments": "desc" },
      limit: 200,
    },
  ];
}

/** A filter on `market` as the view's own member. */
function onView(filter: NonNullable<Query["filters"]>[number], view: string) {
  return "member" in filter && filter.member ? { ...filter, member: `${view}.${filter.member}` } : filter;
}
