import type { Oracle } from "./oracle.ts";

export const service_backlog: Oracle = {
  from: "service_days",
  time: "day",
  timeColumn: "day_local",
  groups: ["channel", "market"],
  measures: {
    created: "sum(created)",
    solved: "sum(solved)",
    days: "count(distinct day_local)",
    backlog: "sum(backlog) / nullif(count(distinct day_local), 0)",
    awaiting: "sum(awaiting_first_reply) / nullif(count(distinct day_local), 0)",
  },
};
