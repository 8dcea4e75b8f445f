import { type Oracle, share } from "./oracle.ts";
import { OUTBOUND } from "./outbound.ts";

const judged = "first_attempted_date is not null and promised_delivery_date is not null";
const estimated = "first_attempted_date is not null and estimated_delivery_date is not null";
const missed = "(first_attempted_date > promised_delivery_date or is_overdue)";

/** Anchor: the promised day. */
export const logistics: Oracle = {
  from: OUTBOUND,
  time: "promised_delivery_at",
  timeColumn: "promised_delivery_date",
  groups: ["carrier", "market"],
  measures: {
    shipments: "count(*)",
    promised_and_attempted: `count(*) filter (${judged})`,
    late_shipments: "count(*) filter (first_attempted_date > promised_delivery_date)",
    late_rate: share("first_attempted_date > promised_delivery_date", judged),
    on_time_rate: share("first_attempted_date <= promised_delivery_date", judged),
    estimated_and_attempted: `count(*) filter (${estimated})`,
    on_time_rate_by_estimate: share("first_attempted_date <= estimated_delivery_date", estimated),
    attempted_share: share(judged, "true"),
    estimated_share: share(estimated, "true"),
    overdue_shipments: "count(*) filter (is_overdue)",
    late_or_overdue_shipments: `count(*) filter (${missed})`,
    delay_cause_coverage: share(`${missed} and delay_cause <> 'untold'`, missed),
  },
};
