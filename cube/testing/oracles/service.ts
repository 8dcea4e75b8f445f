import { type Oracle, share, withProducts } from "./oracle.ts";

export const service: Oracle = {
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
};
