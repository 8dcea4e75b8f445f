import { type Oracle, share, withProducts } from "./oracle.ts";

/** Wilson (1927) in its other form: z = 1.96 for 95 %, s satisfied and f others of n. */
const wilson = (sign: "-" | "+") => {
  const z = "1.959963984540054";
  const n = "nullif(count(score), 0)";
  const s = "count(*) filter (score >= 4)";
  const f = "count(*) filter (score < 4)";
  return `(${s} + ${z} * ${z} / 2 ${sign} ${z} * sqrt(${s} * ${f} / ${n} + ${z} * ${z} / 4)) / (${n} + ${z} * ${z})`;
};

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
    csat_lower: wilson("-"),
    csat_upper: wilson("+"),
    mean_score: "avg(score)",
    survey_response_rate: share("sent_at is not null and score is not null", "sent_at is not null"),
  },
};
