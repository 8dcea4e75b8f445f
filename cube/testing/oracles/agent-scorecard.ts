import type { Oracle } from "./oracle.ts";

/** The fixture's seller wants to hear of nothing below twelve cases. */
const from12 = (count: string, value: string) => `if(${count} >= 12, ${value}, null)`;
const rate = (part: string, whole: string) =>
  from12(`count(*) filter (${whole})`, `count(*) filter (${part}) / count(*) filter (${whole})`);

export const agent_scorecard: Oracle = {
  from: "(select agent_cases.* exclude (agent_name), agents.agent_name from agent_cases left join agents using (agent_id))",
  time: "happened_at",
  timeColumn: "happened_at_local",
  groups: ["agent_name", "market"],
  measures: {
    tickets: "count(*) filter (survey_response_id is null)",
    first_responses: "count(first_reply_minutes)",
    first_response_minutes_median: from12("count(first_reply_minutes)", "median(first_reply_minutes)"),
    first_response_business_minutes_median: from12(
      "count(first_reply_business_minutes)",
      "median(first_reply_business_minutes)",
    ),
    replies_due: "count(*) filter (is_reply_due)",
    response_rate_24h: rate("is_reply_due and first_reply_minutes <= 1440", "is_reply_due"),
    solved_tickets: "count(*) filter (is_solved)",
    resolution_minutes_median: from12(
      "count(full_resolution_minutes) filter (is_solved)",
      "median(full_resolution_minutes) filter (is_solved)",
    ),
    one_touch_rate: rate("is_one_touch", "is_one_touch is not null"),
    reopen_rate: rate("is_solved and reopens > 0", "is_solved and reopens is not null"),
    ratings: "count(score)",
    csat: rate("score >= 4", "score is not null"),
    mean_score: from12("count(score)", "avg(score)"),
  },
};
