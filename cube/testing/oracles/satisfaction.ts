import { type Oracle, share, withProducts } from "./oracle.ts";

export const satisfaction: Oracle = {
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
};
